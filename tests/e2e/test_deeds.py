"""Who did what with people's data: written down by each command of HR, and shown by `actions`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.domain.people import Language
from bot.i18n.catalogue import load_area
from bot.store.schema import metadata
from tests.contract.known_people import WITHOUT_ADDRESSES
from tests.e2e.test_seats import ANNA, BO, CARL, begin, limited

if TYPE_CHECKING:
    import pytest

    from tests.e2e.driver import World


def test_each_deed_is_written_down_with_who_and_about_whom_and_looking_is_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind sudo it is the person, not the user of the service; the address is masked, and several people are a number."""
    monkeypatch.setenv("SUDO_USER", "anne.hr")
    begin(world, limited(4))
    world.run("enrol", "kursus", ANNA, "--dry-run")
    world.run("enrol", "kursus", ANNA)
    world.run("withdraw", "kursus", BO, "--by", "Bente fra HR")
    world.run("withdraw", "kursus", "ingen@norddjurs.example")
    (world.folder / "liste.csv").write_text(f"Kursus;E-mail;Handling\nkursus;{CARL};tilmeld\nkursus;{BO};tilmeld\n", encoding="utf-8")
    world.run("import", "liste.csv")
    world.run("import", "liste.csv", "--yes")
    world.run("registrations", "kursus", "--format", "csv", "--out", str(world.folder / "ud.csv"))
    world.run("registrations", "kursus")
    world.run("person", ANNA)
    world.run("erase", ANNA)
    deeds = world.run("actions", "--format", "json").json
    assert [(one["command"], one["by"], one["course"], one["subject"]) for one in sorted(deeds, key=lambda one: str(one["command"]))] == [
        ("enrol", "anne.hr", "kursus", "a…@partner.example"),
        ("erase", "anne.hr", None, "a…@partner.example"),
        ("import", "anne.hr", "kursus", "2"),
        ("person", "anne.hr", None, "a…@partner.example"),
        ("registrations", "anne.hr", "kursus", "4"),
        ("withdraw", "Bente fra HR", "kursus", "b…@partner.example"),
    ]
    shown = world.run("actions")
    assert shown.out.splitlines()[0].split() == ["Tidspunkt", "Hvem", "Gjorde", "Kursus", "Om", "Hvorfra"]
    assert "ANNA".lower() not in shown.out.lower().replace("anne.hr", "")


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
