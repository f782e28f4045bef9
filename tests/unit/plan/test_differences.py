"""What stands otherwise in two plans is told by sheet, row and cell, in the words of the workbook."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.domain.people import Language
from bot.plan import parse_plan
from bot.plan.differences import RowFate, changed_rows

SESSION = {"id": "dag", "start": "2026-05-01T09:00", "end": "2026-05-01T12:00"}
COURSE = {"id": "a", "title": "Lederdag", "status": "approved", "audience": "ledere", "sessions": [SESSION]}
PLAN = {
    "version": 1, "id": "by", "organisation": "By", "timezone": "Europe/Copenhagen", "language": "da", "organiser": "kurser@by.example",
    "contact": "hr@by.example", "audiences": {"ledere": {"groups": ["ledere@by.example"]}}, "courses": [COURSE],
    "assumptions": {"penge": {"question": "Er der penge?", "value": "undecided"}}, "closing_days": ["12-24"],
}  # fmt: skip
DECIDED = {"penge": {"question": "Er der penge?", "value": True}}


def plan(course=(), **changes):
    document = PLAN | changes
    document = document | {"courses": [{**COURSE, **dict(course)}]} if course else document
    return parse_plan(json.dumps(document).encode(), name="x.yaml", now=datetime(2025, 1, 1, tzinfo=UTC)).usable()


def told(after, language=Language.DA, before=None):
    rows = changed_rows(before or plan(), after, language)
    return [(one.sheet, one.name, one.change, [cell.told(language) for cell in one.cells]) for one in rows]


@pytest.mark.parametrize(
    ("after", "row"),
    [
        (plan({"title": "Ny titel"}), ("Kurser", "Ny titel", RowFate.CHANGED, ["Titel: Lederdag → Ny titel"])),
        (plan({"status": "cancelled"}), ("Kurser", "Lederdag", RowFate.CHANGED, ["Status: godkendt → aflyst"])),
        (plan({"responsible": "bo@by.example"}), ("Kurser", "Lederdag", RowFate.CHANGED, ["Ansvarlig: (intet) → bo@by.example"])),
        (plan({"description": "x" * 200}), ("Kurser", "Lederdag", RowFate.CHANGED, ["Beskrivelse"])),
        (plan({"hide_attendees": False}), ("Kurser", "Lederdag", RowFate.CHANGED, ["Skjul deltagere: (intet) → nej"])),
        (plan({"speakers": [{"name": "Bo"}]}), ("Oplægsholdere", "Lederdag, Bo", RowFate.NEW, [])),
        (plan(organisation="Byen"), ("Plan", "Byen", RowFate.CHANGED, ["Organisation: By → Byen"])),
        (plan(assumptions=DECIDED), ("Forudsætninger", "penge", RowFate.CHANGED, ["Værdi: uafklaret → ja"])),
    ],
)  # fmt: skip
def test_a_change_is_told_at_its_cell(after, row):
    assert told(after) == [row]


def test_moments_are_written_as_people_write_them():
    after = plan({"sessions": [SESSION | {"start": "2026-05-02T09:00", "end": "2026-05-02T12:00"}]})
    (row,) = told(after)
    assert row[3] == ["Start: 01-05-2026 kl. 09.00 → 02-05-2026 kl. 09.00", "Slut: 01-05-2026 kl. 12.00 → 02-05-2026 kl. 12.00"]


def test_a_row_without_an_id_comes_and_goes():
    rows = told(plan(closing_days=["12-31"]))
    assert rows == [("Lukkedage", "31/12", RowFate.NEW, []), ("Lukkedage", "24/12", RowFate.GONE, [])]


def test_in_english_the_choices_are_those_of_the_format():
    after = plan({"status": "cancelled", "hide_attendees": False}, assumptions=DECIDED)
    rows = told(after, Language.EN)
    assert rows[0][:2] == ("Courses", "Lederdag")
    assert rows[0][3] == ["Status: approved → cancelled", "Hide attendees: (nothing) → false"]
    assert rows[1][3] == ["Value: undecided → true"]


AUDIENCES = {
    "ledere": {"name": "Alle ledere", "groups": ["ledere@by.example"]},
    "nye": {"name": "Nye ledere", "groups": ["nye@by.example"]},
}
POOLS = {"p-25": {"name": "Puljen 2025", "amount": 100}, "p-26": {"name": "Puljen 2026", "amount": 100}}


FIVE, SEVEN = ({"funding": [{"pool": "p-25", "amount": amount}]} for amount in (5, 7))


@pytest.mark.parametrize(
    ("before", "after", "rows"),
    [
        ({}, {"audience": ["nye", "ledere"]}, [("Kurser", "Lederdag", ["Målgruppe: Alle ledere → Nye ledere, Alle ledere"])]),
        ({}, {"optional_audience": "nye"}, [("Kurser", "Lederdag", ["Valgfri målgruppe: (intet) → Nye ledere"])]),
        (FIVE, SEVEN, [("Finansiering", "Lederdag, Puljen 2025", []), ("Finansiering", "Lederdag, Puljen 2025", [])]),
    ],
)  # fmt: skip
def test_what_a_cell_names_is_called_as_in_a_workbook(before, after, rows):
    plans = [plan(one, audiences=AUDIENCES, funding=POOLS) for one in (before, after)]
    assert [(sheet, name, cells) for sheet, name, _, cells in told(plans[1], before=plans[0])] == rows


def test_each_plan_has_its_own_names_and_ids_where_those_say_nothing():
    """Nobody is left with `Ledere → Ledere`, and a new name alone is no change of who comes."""
    before = plan(audiences=AUDIENCES)
    renamed = plan(audiences={**AUDIENCES, "ledere": {**AUDIENCES["ledere"], "name": "Ledere i alt"}})
    assert [(row[0], row[3]) for row in told(renamed, before=before)] == [("Målgrupper", ["Navn: Alle ledere → Ledere i alt"])]
    other = plan({"audience": "l-2"}, audiences={"l-2": AUDIENCES["ledere"], "nye": AUDIENCES["nye"]})
    assert ("Kurser", "Lederdag", RowFate.CHANGED, ["Målgruppe: ledere → l-2"]) in told(other, before=before)


def test_equal_plans_have_no_difference():
    assert told(plan()) == []
