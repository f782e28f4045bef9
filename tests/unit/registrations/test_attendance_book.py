"""The registrations workbook that was ticked: whom each row means, what its cell says, and what is wrong is told with its place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.attendance import AttendanceSaid
from bot.registrations.attendance_book import MOST_TOLD, BookProblem, BookRow, BookSession, read_book
from bot.registrations.door_sheet import SheetRow

CAME, ABSENT = AttendanceSaid.CAME, AttendanceSaid.ABSENT
HEADINGS = {"email": frozenset({"e-mail", "email"}), "offering": frozenset({"hold"}), "attendance": frozenset({"fremmøde", "attendance"})}
HEADINGS |= {"status": frozenset({"status"})}
HEAD = ("Hold", "E-mail", "Status", "Fremmøde")


def session(id, came=None, is_open=True):  # noqa: A002 - as a session calls it
    return BookSession(id=id, names=frozenset({id, f"{id} titel"}), came=came, is_open=is_open)


def listed(email, *sessions, offering="", said="", is_expected=True):
    return BookRow(
        course="k", offering=offering or "main", offering_titles=frozenset({offering}), email=email, name=email.partition("@")[0],
        sessions=sessions or (session("dag"),), attendance=frozenset({said}), cells={"status": frozenset({"Tilmeldt", "Registered"})},
        is_expected=is_expected,
    )  # fmt: skip


ANNA, BO = listed("anna@by.example"), listed("bo@by.example", session("dag", came=True), said="Kom (i Teams, 55 minutter)")


def book(*rows, head=HEAD, title="Kursus", hidden=(), people=(ANNA, BO), others=()):
    lines = [
        SheetRow(
            cells=cells,
            places=tuple(f"{title}!{'ABCDEFGH'[at]}{number}" for at in range(len(cells))),
            hidden=frozenset(at for line, at in hidden if line == number),
        )
        for number, cells in enumerate([head, *rows], start=1)
    ]
    return read_book([(title, lines), *others], {"Kursus": people}, HEADINGS)


def row(email, word, status="Tilmeldt", offering=""):
    return (offering, email, status, word)


def said(found):
    return [(one.row.name, one.session, one.said, one.place) for one in found.marks]


def wrong(found):
    return [(one.place, one.problem, one.value) for one in found.complaints]


def test_a_tick_is_what_hr_says_and_what_stands_and_an_empty_cell_are_nothing():
    found = book(row("ANNA@by.example", "x"), row("bo@by.example", "kom (i Teams, 55 minutter)"))
    assert (said(found), found.unchanged) == ([("anna", "dag", CAME, "Kursus!D2")], 1)
    assert said(book(row("anna@by.example", ""), row("bo@by.example", "nej"))) == [("bo", "dag", ABSENT, "Kursus!D3")]
    found = book(row("bo@by.example", "ja"), row("anna@by.example", "dag: nej"))
    assert (said(found), found.unchanged) == ([("anna", "dag", ABSENT, "Kursus!D3")], 1)


def test_of_several_sessions_each_is_named():
    two = listed("anna@by.example", session("dag-1", came=True), session("dag-2"), said="dag-1: Kom")
    found = book(row("anna@by.example", "dag-1: Kom (i Teams, 5 minutter); Dag-2 titel: nej"), people=(two,))
    assert said(found) == [("anna", "dag-2", ABSENT, "Kursus!D2")]
    for word, problem, value in (
        ("ja", BookProblem.WHICH_SESSION, "dag-1, dag-2"),
        ("måske", BookProblem.WORD_UNKNOWN, "måske"),
        ("dag-3: ja", BookProblem.SESSION_UNKNOWN, "dag-3"),
        ("dag-2: måske", BookProblem.WORD_UNKNOWN, "dag-2: måske"),
    ):
        assert wrong(book(row("anna@by.example", word), people=(two,))) == [("Kursus!D2", problem, value)]


def test_somebody_with_several_dates_is_known_by_the_date():
    both = (listed("anna@by.example", offering="Hold 1"), listed("anna@by.example", offering="Hold 2"))
    assert [one.row.offering for one in book(row("anna@by.example", "ja", offering="hold 2"), people=both).marks] == ["Hold 2"]
    lacking = book(("anna@by.example", "ja"), head=("E-mail", "Fremmøde"), people=both)
    assert wrong(lacking) == [("Kursus!A2", BookProblem.STRANGER, "anna@by.example")]
    assert said(book(("anna@by.example", "ja"), head=("E-mail", "Fremmøde"))) == [("anna", "dag", CAME, "Kursus!B2")]


@pytest.mark.parametrize(
    ("rows", "more", "expected"),
    [
        ([row("anna@by.example", "måske")], {}, ("Kursus!D2", BookProblem.WORD_UNKNOWN, "måske")),
        ([row("ukendt@by.example", "ja")], {}, ("Kursus!B2", BookProblem.STRANGER, "ukendt@by.example")),
        ([row("anna@by.example", "")], {"hidden": [(2, 3)]}, ("Kursus!D2", BookProblem.HIDDEN, "")),
        ([row("anna@by.example", "ja")], {"title": "Omdøbt"}, ("Omdøbt!A1", BookProblem.SHEET_UNKNOWN, "Omdøbt")),
        ([("anna@by.example",)], {"head": ("E-mail",)}, ("Kursus!A1", BookProblem.NO_COLUMN, "Kursus")),
        ([row("anna@by.example", "ja"), row("anna@by.example", "nej")], {}, ("Kursus!D3", BookProblem.CONTRADICTION, "")),
        ([("x",)], {"head": ("Noget",), "title": "Andet"}, ("", BookProblem.FOREIGN, "")),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_nothing_is_taken(rows, more, expected):
    found = book(*rows, **more)
    assert (wrong(found), found.marks) == ([expected], ())


def test_a_stranger_of_whom_nothing_is_said_and_a_sheet_without_the_column_are_left_alone():
    sheet = ("Oversigt", [SheetRow(cells=("Kursus", "Pladser"), places=("Oversigt!A1", "Oversigt!B1"))])
    assert said(book(row("ukendt@by.example", ""), row("anna@by.example", "ja"), others=[sheet])) == [("anna", "dag", CAME, "Kursus!D3")]


def test_of_a_session_that_is_not_open_nothing_can_be_said():
    later = (listed("anna@by.example", session("dag", is_open=False)),)
    assert wrong(book(row("anna@by.example", "ja"), people=later)) == [("Kursus!D2", BookProblem.NOT_OPEN, "dag")]


def test_who_was_not_expected_may_have_come_and_is_not_missed():
    out = (replace(ANNA, is_expected=False),)
    assert [one.said for one in book(row("anna@by.example", "ja"), people=out).marks] == [CAME]
    assert book(row("anna@by.example", "nej"), people=out).marks == ()


def test_another_text_in_a_cell_that_is_not_read_is_told_and_left_alone():
    found = book(row("anna@by.example", "ja", status="Afmeldt"), row("bo@by.example", "", status="registered"))
    assert (found.other_cells, found.more_cells, len(found.marks)) == (("Kursus!C2",), 0, 1)
    many = book(*(row("anna@by.example", "", status="x") for _ in range(MOST_TOLD + 3)))
    assert (len(many.other_cells), many.more_cells) == (MOST_TOLD, 3)
