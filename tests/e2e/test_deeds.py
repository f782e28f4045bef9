"""Who did what with people's data: written down by each command of HR, and shown by `actions`."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from bot.cli.main import Options
from bot.cli.who import person_at_the_terminal
from bot.domain.people import Language
from bot.i18n.catalogue import load_area
from bot.store.schema import metadata
from config.settings import Settings
from tests.contract.known_people import WITHOUT_ADDRESSES
from tests.e2e.test_seats import ANNA, BO, CARL, begin, limited

if TYPE_CHECKING:
    from tests.e2e.driver import World


def test_each_deed_is_written_down_with_who_and_about_whom_and_what_is_tried_out_is_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind sudo it is the person, not the user of the service; the address is shown masked, and several people are a number."""
    monkeypatch.setenv("SUDO_USER", "anne.hr")
    begin(world, limited(4))
    world.run("enrol", "kursus", ANNA, "--dry-run")
    world.run("enrol", "kursus", ANNA)
    world.run("withdraw", "kursus", BO, "--by", "Bente fra HR")
    world.run("withdraw", "kursus", "ingen@norddjurs.example")
    (world.folder / "liste.csv").write_text(f"Kursus;E-mail;Handling\nkursus;{CARL};tilmeld\nkursus;{BO};tilmeld\n", encoding="utf-8")
    world.run("import", "liste.csv")
    world.run("import", "liste.csv", "--yes")
    world.run("registrations", "kursus", "--format", "csv", "--out", str(world.folder / "ud.csv"), BY="Carl")
    world.run("person", ANNA)
    assert {"enrol", "person"} == {one["command"] for one in world.run("actions", "--about", ANNA.upper(), "--format", "json").json}
    world.run("erase", ANNA)
    deeds = world.run("actions", "--format", "json").json
    stand_ins = {one["subject"] for one in deeds if (one["subject"] or "").startswith("erased-")}
    assert len(stand_ins) == 1
    (gone,) = stand_ins
    assert [(one["command"], one["by"], one["course"], one["subject"]) for one in sorted(deeds, key=lambda one: str(one["command"]))] == [
        ("actions", "anne.hr", None, gone),
        ("enrol", "anne.hr", "kursus", gone),
        ("erase", "anne.hr", None, gone),
        ("import", "anne.hr", "kursus", "2"),
        ("person", "anne.hr", None, gone),
        ("registrations", "Carl", "kursus", "4"),
        ("sync", "anne.hr", "kursus", None),
        ("withdraw", "Bente fra HR", "kursus", "b…@partner.example"),
    ]
    shown = world.run("actions")
    assert shown.out.splitlines()[0].split() == ["Tidspunkt", "Hvem", "Gjorde", "Kursus", "Om", "Nærmere", "Hvorfra"]
    assert "ANNA".lower() not in shown.out.lower().replace("anne.hr", "")


@pytest.mark.parametrize(
    ("account", "said", "noted"),
    [
        ("bente", "", "bente"),
        ("root", "", "root"),
        ("kursusbot", "", "ukendt (kursusbot)"),
        ("kursusbot", "Bente Hansen", "Bente Hansen"),
        (None, "", "ukendt (1001)"),
    ],
)
def test_an_account_of_several_people_says_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, account: str | None, said: str, noted: str
) -> None:
    """The service's user is everybody who may become it: then it is written down, and said, that nobody knows who it was."""

    def found(user: int) -> SimpleNamespace:
        if account is None:
            raise KeyError(user)
        return SimpleNamespace(pw_name=account)

    begin(world, limited(4))
    monkeypatch.delenv("SUDO_USER", raising=False)
    monkeypatch.setattr("pwd.getpwuid", found)
    monkeypatch.setattr("os.geteuid", lambda: 1001)
    ran = world.run("person", ANNA, BY=said)
    assert ("KURSUSBOT_BY" in ran.err) == noted.startswith("ukendt")
    assert [one["by"] for one in world.run("actions", "--format", "json", BY="x").json if one["command"] == "person"] == [noted]


def test_whoever_sits_at_a_terminal_of_an_account_of_several_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, and until there is an answer."""
    answers = iter(["", "  Bente\tHansen "])
    monkeypatch.setattr("click.prompt", lambda *_args, **_facts: next(answers))
    monkeypatch.delenv("SUDO_USER", raising=False)
    monkeypatch.setattr("pwd.getpwuid", lambda _user: SimpleNamespace(pw_name="kursusbot"))
    for stream in ("stdin", "stderr"):
        monkeypatch.setattr(sys, stream, SimpleNamespace(isatty=lambda: True))
    options = Options(plan=None, now=None, lang=None)
    assert [person_at_the_terminal(options, Settings()) for _ in range(2)] == ["Bente Hansen", "Bente Hansen"]


def test_what_hr_wrote_is_left_out_of_what_is_handed_out_until_somebody_has_read_it(world: World) -> None:
    """A reason may tell of a third person's health."""
    begin(world, limited(4))
    world.run("enrol", "kursus", ANNA, "--reason", "Bo er syg, Anna tager over")
    for form in ("text", "json"):
        ran = world.run("person", ANNA, "--format", form)
        assert "Bo er syg" not in ran.out
        assert "--reasons" in ran.err
        assert "Bo er syg" in world.run("person", ANNA, "--format", form, "--reasons").out
    assert json.loads(world.run("person", ANNA, "--format", "json").out)["tables"]["seat_log"][0]["reason"] == "(udeladt: HR's egne ord)"


def test_every_table_that_may_hold_a_person_has_a_heading_in_both_languages() -> None:
    """`person` shows whatever it finds, whoever made the table."""
    tables = metadata.tables.keys() - WITHOUT_ADDRESSES
    missing = [(language, name) for language in Language for name in tables if f"held_{name}" not in load_area(language, "cli")]
    assert missing == []
