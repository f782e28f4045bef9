"""Sheets and columns that are misspelt, HR's own, or gone: what is told, and what the plan's shape says of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.people import Language
from bot.domain.shape import NO_SHAPE, shape_key, vanished
from bot.plan import problem_text, vanished_text
from bot.plan.columns import folded
from bot.plan.sheets import SHEETS
from tests.builders.documents import AUDIENCE_ROWS, COURSE_ROWS, PLAN_ROWS, SESSION_ROWS, found, parse, plan_of, with_sessions, workbook


def with_column(heading, cell="x", *, beside=()):
    """A plan whose sheet of courses has one more column, and perhaps others before it."""
    headings = (*COURSE_ROWS[0], *(name for name, _ in beside), heading)
    return workbook(Kurser=(headings, (*COURSE_ROWS[1], *(value for _, value in beside), cell)))


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("Antal pladser", "Pladser"),
        ("Pladser i alt", "Pladser"),
        ("Plads", "Pladser"),
        ("Pladserne", "Pladser"),
        ("Pldaser", "Pladser"),
        ("Antal seats", "Seats"),
        ("Seat", "Seats"),
        ("capacity", "Pladser"),
        ("Kapacitet", "Pladser"),
        ("Lokaler", "Lokale"),
        ("Lokalet", "Lokale"),
        ("Mødelokale", "Lokale"),
        ("Rooms", "Room"),
        ("Svar frist", "Svarfrist"),
        ("Svarfist", "Svarfrist"),
        ("SVARFRIST:", "Svarfrist"),
        ("Tilmeldingsfrist", "Svarfrist"),
        ("Valgfri målgrupper", "Valgfri målgruppe"),
        ("Valgfri-målgruppe", "Valgfri målgruppe"),
        ("Teams kanal", "Teams-kanal"),
        ("waiting_list", "Waiting list"),
        ("Temaer", "Tema"),
    ],
)
def test_a_column_that_looks_like_a_known_one_is_an_error_with_the_heading_to_write(heading, meant):
    """Case, plural, singular, blanks, the other language, other letters: its values would be lost in silence."""
    data = with_column(heading)
    assert found(data) == [("column.unknown", "near", "Kurser!E1", 1)]
    parsed = parse(data)
    assert parsed.plan is None
    assert all(meant in problem_text(language, parsed.problems[0]) for language in Language)


@pytest.mark.parametrize(
    "heading",
    [
        "Noter om forplejning", "Bemærkninger", "Forbrugt", "Caseholder", "Journalnr.", "Kontering", "Team",
        "Budget", "Tilmeldte",
        "Dato for beslutning", "Sidst ændret dato", "Datoer", "Til orientering",
        "Aktør", "Bestilt forplejning", "Uge", "2027", "?", "", "  ", "x" * 500,
    ],
)  # fmt: skip
def test_other_columns_are_hrs_own_and_nobody_is_told(heading):
    """Their values are not looked at either."""
    data = with_column(heading, 4.5)
    assert found(data) == []
    assert replace(plan_of(data), revision="") == replace(plan_of(workbook()), revision="")


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Note", "note"),
        ("noter", "note"),
        ("NOTES", "note"),
        ("Sagsnr.", "case"),
        ("sagsnr", "case"),
        ("Sagsnummer", "case"),
        ("Case", "case"),
    ],
)
def test_the_note_and_the_case_are_read_under_the_headings_that_offices_give_them(heading, key):
    """A number too, as Excel keeps it."""
    assert getattr(plan_of(with_column(heading, 2025117)).courses[0], key) == "2025117"


def test_what_a_course_has_cost_is_read_as_offices_call_it():
    """`Forbrugt` is `Brugt`; on the sheet of courses it is HR's own."""
    pages = {"Puljer": (("Id", "Beløb"), ("pulje", 100)), "Finansiering": (("Kursus", "Pulje", "Forbrugt"), ("kursus", "pulje", 40.5))}
    assert str(plan_of(workbook(**pages)).courses[0].funding[0].spent) == "40.5"


def test_what_stands_beside_the_known_column_is_hrs_own_unless_it_is_the_same_word():
    """A count beside the seats is a count; the same word once more is a second place for the same thing."""
    seats = ("Pladser", 20)
    for own in ("Antal pladser", "Kapacitet", "Pladser i alt"):
        assert found(with_column(own, 4, beside=[seats])) == []
    for twice in ("Plads", "Pladser:", "Pladsre"):
        assert found(with_column(twice, 4, beside=[seats])) == [("column.unknown", "near", "Kurser!F1", 1)]
    for same in ("pladser", "Seats", " PLADSER "):
        assert found(with_column(same, 4, beside=[seats])) == [("cell.invalid", "double_heading", "Kurser!F1", 1)]


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if sheet.key != "plan"], ids=lambda sheet: sheet.key)
def test_each_known_heading_has_an_owner_and_none_is_mistaken_for_another_column(sheet):
    """No known heading looks like another column of its sheet, and none has two meanings."""
    names = [folded(name) for column in sheet.columns for name in {*map(folded, column.names)}]
    assert len(names) == len(set(names))
    keys = [shape_key(sheet.key, column.key) for column in sheet.columns]
    assert len(keys) == len(set(keys))


def test_unknown_sheets_are_fine_unless_they_look_like_one_that_is_missing():
    """Then its rows would be lost in silence."""
    own = workbook(Noter=(("x",),), Datoer=(("x",),), Kursusliste=(("x",),))
    assert found(own) == []
    people = (("Målgruppe", "E-mail"), ("tr", "a@demo.example"))
    for misspelt in ("Person", "Personre", "Persons", "personer_"):
        assert found(workbook(**{misspelt: people})) == [("sheet.unknown", None, f"{misspelt}!A1", 1)]
    assert found(workbook(Personer=people, Person=people)) == []


FULL = {"Plan": PLAN_ROWS, "Målgrupper": AUDIENCE_ROWS, "Kurser": COURSE_ROWS, "Sessioner": SESSION_ROWS}


def test_the_shape_of_a_workbook_is_its_known_sheets_and_columns_and_which_have_values():
    """Whatever language the headings have; YAML has none."""
    data = with_column("Vores", "x", beside=[("Pladser", 20), ("Svarfrist", None)])
    shape = plan_of(data).shape
    assert {key for key in shape if key.startswith("courses")} == {
        "courses", "courses.id", "courses.title", "courses.status", "courses.audience", "courses.capacity", "courses.deadline?",
    }  # fmt: skip
    assert {"plan", "plan.organiser", "sessions", "sessions.offering?"} <= shape
    assert "speakers" not in shape
    english = workbook(Kurser=None, Courses=(("Id", "Title", "Status", "Audience", "Seats"), (*COURSE_ROWS[1], 20)))
    assert {"courses.title", "courses.capacity"} <= plan_of(english).shape
    assert plan_of(with_sessions("id: dag, start: 2025-06-17")).shape == NO_SHAPE


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        ({"a", "a.x"}, {"a", "a.x"}, ()),
        ({"a", "a.x"}, {"a"}, ("a.x",)),
        ({"a", "a.x"}, {"a", "a.x?"}, ()),
        ({"a", "a.x?"}, {"a"}, ()),
        ({"a", "a.x", "b", "b.y", "b.z"}, {"a"}, ("a.x", "b")),
        ({"a", "a.x"}, set(), ()),
        (set(), {"a"}, ()),
    ],
)
def test_what_had_values_and_is_gone_has_vanished_and_what_was_emptied_has_not(before, after, gone):
    """The table of the shape."""
    assert vanished(frozenset(before), frozenset(after)) == gone


def test_what_vanished_is_named_as_the_workbook_names_it():
    """Sheet, column, and on the sheet Plan a row."""
    kept = {**FULL, "Plan": (*PLAN_ROWS, ("Helligdage", "DK")), "Personer": (("Målgruppe", "E-mail"), ("tr", "a@demo.example"))}
    seats = ((*COURSE_ROWS[0], "Pladser"), (*COURSE_ROWS[1], 20))
    gone = vanished(plan_of(workbook(**kept)).shape, plan_of(workbook()).shape)
    assert gone == ("people", "plan.holidays")
    gone = vanished(plan_of(workbook(Kurser=seats)).shape, plan_of(workbook()).shape)
    assert [vanished_text(Language.DA, key) for key in gone] == ["Arket Kurser har ikke længere kolonnen Pladser."]
    assert vanished_text(Language.EN, "courses.capacity") == "The sheet Kurser (Courses) no longer has the column Pladser (Seats)."
    assert vanished_text(Language.DA, "people") == "Projektmappen har ikke længere arket Personer."
    assert vanished_text(Language.DA, "plan.holidays") == "Arket Plan har ikke længere rækken Helligdage."
