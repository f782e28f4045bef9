"""Who did what with people's data: written down by each command of HR, and shown by `actions`."""

from __future__ import annotations

import json
import sqlite3
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
from tests.builders.known_people import WITHOUT_ADDRESSES
from tests.e2e.asking import asked, words
from tests.e2e.seats import ANNA, BO, CARL, WEB, begin, limited, statuses

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


def test_whoever_names_somebody_else_in_a_reason_is_asked_first(world: World) -> None:
    """The person it is about reads it, and it may tell of the other's health."""
    begin(world, limited(4))
    reason = ("--reason", "Bo er syg, Anna tager over")
    tried = world.run("enrol", "kursus", ANNA, *reason, "--dry-run")
    assert (tried.code, "nævner andre: Bo." in tried.err) == (0, True)
    refused = world.run("enrol", "kursus", ANNA, *reason)
    assert (refused.code, refused.writes, "nævner andre: Bo." in refused.err) == (3, (), True)
    (world.folder / "liste.csv").write_text(f"Kursus;E-mail;Begrundelse\nkursus;{CARL};Ny\nkursus;{ANNA};{reason[1]}\n", encoding="utf-8")
    listed = world.run("import", "liste.csv", "--yes")
    assert (listed.code, "nævner andre: Bo." in listed.err) == (3, True)
    assert statuses(world)["anna/main"] == "invited"
    assert world.run("import", "liste.csv", "--yes", "--names-others").code == 0
    assert statuses(world)["anna/main"] == "registered"
    assert world.run("withdraw", "kursus", CARL, "--reason", "Sygdom").code == 0


def test_a_reason_is_shown_to_the_person_it_is_about_and_to_nobody_else(world: World) -> None:
    """On their page, and in what is handed out to them; what was written before that was said is shown to nobody unread."""
    world.settings |= WEB
    begin(world, limited(4))
    world.run("enrol", "kursus", ANNA, "--reason", "Ny leder")
    world.run("enrol", "kursus", BO)
    (hers,), (his,) = asked(world, ANNA, "kursus"), asked(world, BO, "kursus")
    assert "HR's begrundelse: Ny leder" in words(world, hers)
    assert "Ny leder" not in words(world, his)
    assert "Ny leder" in world.run("person", ANNA).out
    assert "Ny leder" not in world.run("person", BO).out
    with sqlite3.connect(world.database_file) as database:
        database.execute("UPDATE seat_log SET reason_open = 0")
    assert "Ny leder" not in words(world, hers)
    for form in ("text", "json"):
        ran = world.run("person", ANNA, "--format", form)
        assert "Ny leder" not in ran.out
        assert "--reasons" in ran.err
        assert "Ny leder" in world.run("person", ANNA, "--format", form, "--reasons").out
    assert json.loads(world.run("person", ANNA, "--format", "json").out)["tables"]["seat_log"][0]["reason"] == "(udeladt: HR's egne ord)"


def test_who_is_erased_is_taken_out_of_other_peoples_reasons_by_first_name_too(world: World) -> None:
    begin(world, limited(4))
    world.run("withdraw", "kursus", BO, "--reason", "bytter med Anna, som er syg", "--names-others")
    with sqlite3.connect(world.database_file) as database:
        database.execute("UPDATE people SET name = 'Anna Eksempel' WHERE email = ?", (ANNA,))
    assert "Anna" in world.run("seats", "kursus").out
    assert world.run("erase", ANNA).code == 0
    assert "Anna" not in world.run("seats", "kursus").out
    assert "bo" in world.run("seats", "kursus").out


def test_every_table_that_may_hold_a_person_has_a_heading_in_both_languages() -> None:
    """`person` shows whatever it finds, whoever made the table."""
    tables = metadata.tables.keys() - WITHOUT_ADDRESSES
    missing = [(language, name) for language in Language for name in tables if f"held_{name}" not in load_area(language, "cli")]
    assert missing == []
