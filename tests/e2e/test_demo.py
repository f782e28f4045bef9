"""The demonstration from outside: it ends well and by itself, its sums are right, and it gives nobody away.

The story is played once, as a process of its own, in a folder whose settings would spoil it if it read them.
That it would notice if kursusbot went wrong is shown on a tenant that mails everybody about everything.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import secrets
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import openpyxl
import pytest

from bot.demo.acts import (
    Decide,
    EditPlan,
    FillInForms,
    LookAtEvaluations,
    OneEventEach,
    Round,
    SameRegistrations,
    Step,
    Sync,
)
from bot.demo.control import ControlPlane
from bot.demo.performed import Performed, Wrote
from bot.demo.stage import PLAN_ZONE, Stage
from bot.demo.story import STORY
from bot.demo.telling import Narrator
from bot.domain.approvals import WaitReason
from bot.domain.people import Language
from bot.domain.times import instant
from bot.i18n.catalogue import load_area
from bot.sandbox.municipality import municipality
from bot.sandbox.serve import TOKEN, running_sandbox
from tests.e2e.driver import PATIENCE_SECONDS, REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.tenant import Tenant

pytestmark = pytest.mark.e2e

FEW = 30
PLAN = REPOSITORY / "config" / "plans" / "norddjurs.yaml"
WEB = {"base_url": "https://kurser.norddjurs.example", "secret_key": secrets.token_hex(32)}
LOOKED_AT = Round(exit_code=3, silent=True, show=0)
ROW = re.compile(r"^ ?(?P<number>\d+|  ) +(?P<title>\S.*?) {2,}(?P<numbers>[\d.]+(?: +[\d.]+){6})$", re.MULTILINE)


class Played(NamedTuple):
    leaders: int
    code: int
    out: str
    err: str
    folder: Path


def environment(**settings: str) -> dict[str, str]:
    machine = {name: value for name, value in os.environ.items() if not name.upper().startswith("KURSUSBOT_")}
    return machine | {"PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1"} | settings


@pytest.fixture(scope="module", params=[60, pytest.param(400, marks=pytest.mark.long)])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The whole demonstration, once for a small municipality and once as it is shown: `kursusbot demo --verbose --out kept`."""
    leaders: int = request.param
    folder = tmp_path_factory.mktemp("demo")
    (folder / "tmp").mkdir()
    (folder / "kursusbot.toml").write_text('drift = "restore"\nnonsense = 1\n', encoding="utf-8")
    (folder / ".env").write_text("KURSUSBOT_SAFETY__MAX_MAILS=1\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli.main", "demo", "--leaders", str(leaders), "--verbose", "--out", "kept"],
        cwd=folder,
        env=environment(TMPDIR=str(folder / "tmp"), KURSUSBOT_DATABASE_URL="sqlite:///mine.db", KURSUSBOT_LOG__LEVEL="debug"),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE_SECONDS * 6,
    )
    return Played(leaders, done.returncode, done.stdout, done.stderr, folder)


def test_the_demonstration_ends_by_itself_and_everything_came_true(played: Played) -> None:
    assert played.code == 0, played.out[-3000:] + played.err[-3000:]
    assert "✗" not in played.out
    assert played.out.rstrip().endswith(load_area(Language.DA, "demo")["well"])
    assert re.findall(r"^━━ (\d+)/", played.out, flags=re.MULTILINE) == [str(number) for number in range(1, len(STORY) + 1)]


def test_every_mail_was_foretold_and_every_sum_is_right(played: Played) -> None:
    """Each step, each kind and the total: what the preview said is what people got."""
    rows = [[int(number.replace(".", "")) for number in found["numbers"].split()] for found in ROW.finditer(played.out)]
    assert len(rows) == len(STORY) + 1
    for _, foretold, sent, *kinds in rows:
        assert foretold == sent == sum(kinds)
    *steps, total = rows
    assert total == [sum(column) for column in zip(*steps, strict=True)]
    assert total[1] > 10 * played.leaders
    in_flight = re.search(r"Højst (\d+) forespørgsler", played.out)
    assert in_flight
    assert 1 <= int(in_flight[1]) <= 4


def test_a_courses_whole_life_is_told_from_the_idea_to_the_certificate_and_what_was_said(played: Played) -> None:
    """The numbers of the day agree; certificates hold or not; what too few have said is not told."""
    told = re.sub(r"\s+", " ", played.out)
    came = re.search(r"Kom: (\d+) af (\d+) tilmeldte. (\d+) tjekkede selv ind med koden, (\d+) blev krydset af", told)
    assert came
    there, seats, by_code, ticked = map(int, came.groups())
    assert (there, by_code) == (by_code + ticked, 12)
    assert f"Blev væk: {seats - there}." in told
    assert f"{there} har fortjent et kursusbevis" in told
    assert re.search(r"Kontrol af koden [\w-]{24}: Ja, beviset gælder. Efter rettelsen, kontrol af koden [\w-]{24}: Nej,", told)
    filled = min(250, there - 1)
    assert f"{filled} af {there - 1} har svaret" in told, "of whom HR took back that they came nobody asks"
    assert "oplægget af […]." in told, "the speaker's name is struck"
    assert told.count("færre end 5 har svaret") == 1
    assert "Senest besluttet: Hvad skal temaet være på den fælles lederdag 2025?" in told


def test_the_log_of_the_demonstration_masks_every_address_and_shows_no_secret(played: Played) -> None:
    """Every line is JSON; before an @ stands the mark of what was left out."""
    lines = played.err.splitlines()
    assert {json.loads(line)["event"] for line in lines} >= {"sync.changed", "sync.waits", "graph.answered"}
    assert re.search(r"[^…](@|%40)", played.err) is None
    assert not re.search(r"bearer|authorization", played.err, flags=re.IGNORECASE)


def test_the_demonstration_leaves_what_was_asked_for_and_nothing_else(played: Played) -> None:
    """A workbook with a sheet for each course that people answered, and the plan as it stood at the end."""
    assert {path.name for path in played.folder.iterdir()} == {"kept", "tmp", "kursusbot.toml", ".env"}
    assert list((played.folder / "tmp").iterdir()) == []
    assert {path.name for path in (played.folder / "kept").iterdir()} == {"plan.yaml", "tilmeldinger.xlsx"}
    book = openpyxl.load_workbook(io.BytesIO((played.folder / "kept" / "tilmeldinger.xlsx").read_bytes()), read_only=True)
    assert len(book.sheetnames) >= 5
    plan = (played.folder / "kept" / "plan.yaml").read_text(encoding="utf-8")
    assert "status: cancelled" in plan
    assert plan != PLAN.read_text(encoding="utf-8")


def test_an_interrupted_demonstration_ends_without_a_traceback(tmp_path: Path) -> None:
    """130 is what a shell calls an interrupt; the temporary folder goes all the same."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli.main", "demo"],
        cwd=tmp_path,
        env=environment(PYTHONUNBUFFERED="1", TMPDIR=str(tmp_path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline().startswith("Demo")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, err.strip()) == (130, "")
    assert list(tmp_path.iterdir()) == []


def test_every_step_has_its_texts_and_no_text_is_left_over() -> None:
    told = {key.split(".")[1] for key in load_area(Language.DA, "demo") if key.startswith("step.")}
    assert told == {step.id for step in STORY}


async def perform(tenant: Tenant, folder: Path, *steps: Step) -> list[Performed]:
    with running_sandbox(tenant) as url:
        graph = {"base_url": url, "credential": "static_token", "static_token": TOKEN}
        plan = PLAN.read_text(encoding="utf-8")
        stage = Stage(
            control=ControlPlane(url), graph=graph, web=WEB, folder=folder, plan_text=plan, language=Language.EN,
            leaders=FEW, told=lambda _done, _of: None,
        )  # fmt: skip
        return [await stage.perform(step) for step in steps]


def small_municipality() -> Tenant:
    return municipality(leaders=FEW, now=instant(STORY[0].at, PLAN_ZONE))


def test_a_mail_that_was_not_foretold_is_a_disappointment(tmp_path: Path) -> None:
    """Users of Graph have seen everybody mailed about a change of one attendee: the demonstration would see it too."""
    tenant = small_municipality()
    tenant.settings.attendee_patch_mails_everyone = True
    first, staff = (step for step in STORY if step.id in {"save_the_date", "staff"})
    went_well, went_wrong = asyncio.run(perform(tenant, tmp_path, first, staff))
    assert went_well.disappointments == []
    (said,) = went_wrong.disappointments
    assert "without being foretold" in said
    page = Narrator(Language.EN, 2).page(went_wrong)
    assert f"✗  {said}" in page
    assert "1 invitation" in page


def test_what_was_expected_and_did_not_come_true_is_a_disappointment(tmp_path: Path) -> None:
    """An exit code, a silence that was broken, an event that stands twice or not at all."""
    at = STORY[0].at
    steps = (Step(id="quiet", at=at, acts=(OneEventEach(),)), Step(id="quiet", at=at, acts=(Sync(exit_code=3, silent=True),)))
    empty, loud = asyncio.run(perform(small_municipality(), tmp_path, *steps))
    assert len(empty.disappointments) == 1
    assert len(loud.disappointments) == 2


def test_an_evaluation_that_is_not_there_is_a_disappointment(tmp_path: Path) -> None:
    """Nothing was filled in of a course without a form, and nothing is to be seen of it."""
    acts = (FillInForms(course="lederdag-2025", forms=3), LookAtEvaluations(courses=("lederdag-2025",)))
    (performed,) = asyncio.run(perform(small_municipality(), tmp_path, Step(id="idea", at=STORY[0].at, acts=acts)))
    assert len(performed.disappointments) == 3


def test_what_waits_otherwise_than_expected_is_a_disappointment(tmp_path: Path) -> None:
    """A course that waits unexpectedly, one that waits for another reason, and registrations that are not there."""
    at = STORY[0].at
    for_its_id = Round(exit_code=3, silent=True, waits=(("lederdag-2025", WaitReason.ID),))
    surprised, wrong, lost = asyncio.run(
        perform(
            small_municipality(), tmp_path, Step(id="quiet", at=at, acts=(Round(exit_code=3, silent=True),)),
            Step(id="quiet", at=at, acts=(for_its_id,)),
            Step(id="quiet", at=at, acts=(SameRegistrations(old="lederdag-2025", new="lederdag"),)),
        )
    )  # fmt: skip
    for performed in (surprised, wrong):
        (said,) = performed.disappointments
        assert "lederdag-2025 (plan)" in said
    assert len(lost.disappointments) == 1


def test_what_waits_is_told_with_its_checksum_and_approving_it_mails_what_was_shown(tmp_path: Path) -> None:
    """The page shows the command that HR types, and what it is typed about; what HR writes in between is shown too."""
    title, other = "title: Fælles lederdag 2025 – Sammen om ledelse\n", "title: Lederdag\n"
    waits = Round(exit_code=3, silent=True, waits=(("lederdag-2025", WaitReason.PLAN),))
    acts = (
        waits, Decide(course="lederdag-2025", approved=False), Round(silent=True), EditPlan(before=title, after=other), waits,
        Decide(), Round(show=0),
    )  # fmt: skip
    (performed,) = asyncio.run(perform(small_municipality(), tmp_path, Step(id="save_the_date", at=STORY[0].at, acts=acts)))
    assert performed.disappointments == []
    assert performed.sent.invitation == performed.foretold.total > 20
    page = Narrator(Language.EN, 1).page(performed)
    rejected, approved = re.findall(r"HR (?:rejects|approves): kursusbot (?:reject|approve) (\w{16})", page)
    assert page.count(rejected) == 3
    assert page.count(approved) >= 2
    assert "title: Lederdag" in page
    performed.said.append(Wrote(lines=None))
    assert "previous version" in Narrator(Language.EN, 1).page(performed)


def test_two_courses_that_wait_for_one_reason_say_it_once_and_each_whom_it_reaches(tmp_path: Path) -> None:
    spring = next(step for step in STORY if step.id == "spring")
    first_round = next(place for place, act in enumerate(spring.acts) if isinstance(act, Round))
    acts = (*spring.acts[:first_round], LOOKED_AT)
    (performed,) = asyncio.run(perform(small_municipality(), tmp_path, Step(id="spring", at=spring.at, acts=acts)))
    _, waits = Narrator(Language.EN, 1).page(performed).split("Waiting for your approval (3)")
    assert waits.count("because the plan was changed") == 1
    assert len(re.findall(r"^ +\d+ mails to \d+ people\.$", waits, flags=re.MULTILINE)) == 2


def test_the_sandbox_says_how_to_use_it_and_stops_on_an_interrupt(tmp_path: Path) -> None:
    """What it prints is enough to run another command against it."""
    command = [sys.executable, "-m", "bot.cli.main"]
    process = subprocess.Popen(
        [*command, "--lang", "en", "sandbox", "--leaders", "10", "--now", "2025-01-06T09:00:00+01:00"],
        cwd=tmp_path, env=environment(PYTHONUNBUFFERED="1"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout
        lines = [process.stdout.readline()]
        while "PATCH" not in lines[-1]:
            lines.append(process.stdout.readline())
            assert lines[-1], "the sandbox ended"
        exports = dict(re.findall(r"export (\w+)=(\S+)", "".join(lines)))
        examined = subprocess.run(
            [*command, "doctor"], cwd=tmp_path, env=environment(**exports), capture_output=True, text=True, check=False
        )
        assert examined.returncode == 0, examined.stdout
        (state,) = re.findall(r"curl (\S+)", "".join(lines))
        assert ControlPlane(state).fetch_state()["now"] == "2025-01-06T08:00:00+00:00"
        taken = [*command, "sandbox", "--port", str(state.split(":")[2].split("/")[0])]
        refused = subprocess.run(taken, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
        assert (refused.returncode, "--port" in refused.stderr, "Traceback" in refused.stderr) == (2, True, False)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.communicate()
