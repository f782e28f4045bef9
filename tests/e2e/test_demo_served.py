"""The demonstration that goes on living, from outside: started, signed in to by everybody, approved in, moved on a week, ended."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from jobs.demonstration import free_port as port_for
from tests.builders.signing_in import free_port, pressed
from tests.e2e.desk_driver import Person, checksums
from tests.e2e.driver import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

LONGEST_SECONDS = 240.0


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[tuple[subprocess.Popen[str], str, str, Path]]:
    """The process, its address and what it said, in a folder whose settings would spoil it if it read them."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    (folder / "kursusbot.toml").write_text('plan = "nothing.yaml"\n', encoding="utf-8")
    machine = {name: value for name, value in os.environ.items() if not name.upper().startswith("KURSUSBOT_")}
    (folder / "tmp").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli.main", "--lang", "da", "demo", "--serve", "--port", str(port), "--leaders", "80"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env=machine | {"PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1", "TMPDIR": str(folder / "tmp")},
    )  # fmt: skip
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            break
    yield process, f"http://127.0.0.1:{port}", "".join(said), folder
    if process.poll() is None:
        process.kill()
    process.wait()


@pytest.fixture
def signed_in() -> Iterator[Callable[[str, str], Person]]:
    """Somebody who pressed the button with this name."""
    opened: list[Person] = []

    def sign_in(home: str, name: str) -> Person:
        opened.append(Person(home))
        return _pressed(opened[-1], name)

    yield sign_in
    for one in opened:
        one.browser.close()


def _pressed(person: Person, name: str) -> Person:
    asked = httpx.get(person.browser.get("/signin").headers["location"]).text
    who = re.search(rf'value="([^"]+)"><strong>{name}', asked)[1]
    assert person.browser.get(pressed(person.browser, who)).status_code == 303
    return person


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + LONGEST_SECONDS
    while not holds():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.5)


def test_it_says_in_words_what_to_open_and_who_is_who(served) -> None:
    """Whoever never saw it knows where to begin."""
    _, home, said, _ = served
    assert f"Åbn {home} i din browser" in said
    assert [word for word in ("HR:", "direktør:", "læser:", "leder:") if word not in said] == []


def test_each_of_the_four_signs_in_and_sees_what_is_theirs(served, signed_in) -> None:
    """And the strip that says what it is; HR finds something to do."""
    _, home, said, _ = served
    leader = re.search(r"^ +(\S.*?) {2,}leder:", said, re.MULTILINE)[1]
    seen = {"Hanne Prøve": "/", "Dorte Prøve": "/overview", "Laila Prøve": "/me", leader: "/me"}
    for name, address in seen.items():
        page = signed_in(home, name).read(address)
        assert ("Gå en uge frem" in page, "Alle personer er opdigtede" in page) == (True, True)
    today = signed_in(home, "Hanne Prøve").read("/")
    assert ("/changes" in today, "Signe Skabelonsen" in today) == (True, True)
    assert "Psykologisk tryghed" in signed_in(home, leader).read("/me")


def test_there_is_a_course_in_each_phase_of_its_life(served, signed_in) -> None:
    """From what is to be decided to what was said: HR opens the door, the numbers, the evaluations and the certificates."""
    _, home, said, _ = served
    hr, director = signed_in(home, "Hanne Prøve"), signed_in(home, "Dorte Prøve")
    assert "Skal psykologisk tryghed også være tema på et fyraftensarrangement?" in director.read("/overview")
    door = hr.read("/courses/ny-som-leder/door?plan=norddjurs&offering=main&session=dag")
    assert door.count('class="door-name"') >= 5
    assert re.search(r"href=\"(http[^\"]+/d/[^\"]+)\"", door), "a helper's link"
    assert "Coachende ledelse" in hr.read("/attendance?plan=norddjurs")
    listed = hr.read("/evaluations?plan=norddjurs")
    for course in ("Ledelse og data", "Coachende ledelse", "Den svære samtale"):
        assert course in listed
    assert re.search(r"9 af \d+ har svaret", hr.read("/courses/coachende-ledelse/evaluation?plan=norddjurs"))
    assert "færre end 5 har svaret" in hr.read("/courses/ledelse-og-data/evaluation?plan=norddjurs")
    assert "Åbent til" in hr.read("/courses/svaer-samtale/evaluation?plan=norddjurs")
    assert "Nej, fremmødet er taget tilbage" in hr.read("/courses/coachende-ledelse/certificates?plan=norddjurs")
    assert re.search(r"Godkend, og send mailen til \d+ personer", hr.read("/courses/svaer-samtale/certificates?plan=norddjurs"))
    leader = signed_in(home, re.search(r"^ +(\S.*?) {2,}leder:", said, re.MULTILINE)[1])
    own = leader.read("/me")
    assert "Ny som leder" in own
    assert "Coachende ledelse" in own


def test_what_is_approved_is_answered_when_time_has_moved_on(served, signed_in) -> None:
    """Days pass as they would: reminders go, people answer, and the page says which day it is."""
    _, home, _, _ = served
    hr = signed_in(home, "Hanne Prøve")
    page = hr.read("/changes")
    waiting = checksums(page)
    assert len(waiting) == 2
    assert hr.send("/changes", page, shown=waiting, decision="approve").status_code == 303
    until(lambda: not checksums(hr.read("/changes")))
    moved = hr.send("/demo/time", hr.read("/overview"), days=7, back="/overview")
    assert moved.headers["location"] == "/overview"
    until(lambda: "Tiden går" in hr.read("/demo/time"))
    until(lambda: "Tiden går" not in hr.read("/demo/time"))
    assert "torsdag den 10. april 2025" in hr.read("/overview").replace("\xa0", " ")
    assert re.search(r"Fælles lederdag 2025.{0,200}?Svar: \d*[1-9]\d* ja", hr.read("/"), re.DOTALL)


def test_time_is_moved_from_our_own_pages_only_and_leads_nowhere_else(served, signed_in) -> None:
    """It is a form like any other."""
    _, home, _, _ = served
    hr = signed_in(home, "Hanne Prøve")
    page = hr.read("/overview")
    assert hr.send("/demo/time", "", days=1).status_code == 403
    for back in ("//evil.example", "https://evil.example", "/\\evil.example"):
        assert hr.send("/demo/time", page, days=3, back=back).headers["location"] == "/"
    nobody = httpx.post(f"{home}/demo/time", data={"days": 1}, headers={"Origin": home})
    assert nobody.status_code == 403


def test_ctrl_c_ends_it_well_and_leaves_nothing(served) -> None:
    """The last test: nothing of it stays."""
    process, _, _, folder = served
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, "alt er slettet" in out, "Traceback" in err) == (0, True, False)
    assert [one.name for one in (folder / "tmp").iterdir() if one.name.startswith("kursusbot-demo")] == []


@pytest.mark.parametrize("is_taken", [False, True])
def test_a_port_that_is_taken_makes_way_for_a_free_one(is_taken: bool) -> None:
    """Whoever tries the demonstration has other things running."""
    wished = free_port()
    with socket.socket() as other:
        if is_taken:
            other.bind(("127.0.0.1", wished))
            other.listen()
        assert (port_for(wished) == wished) is not is_taken
