"""A list that was filled in: whom each row means, what its cell says, and what is wrong is told with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attendance import AttendanceSaid
from bot.registrations.door_sheet import Listed, SheetComplaint, SheetProblem, SheetRow, read_sheet

CAME, ABSENT = AttendanceSaid.CAME, AttendanceSaid.ABSENT
ANNA = Listed(id="a", email="anna@by.example", name="Anna Prøve", came=None)
BO = Listed(id="b", email="bo@by.example", name="Bo Prøve", came=True)
OTHER_BO = Listed(id="c", email="bo2@by.example", name="bo  prøve", came=None)
GUEST = Listed(id="name:gæst", email="", name="Gæst", came=True)
LISTED = (ANNA, BO, GUEST)
KNOWN = {"anna@by.example": "Anna Prøve", "dorte@by.example": "Dorte Prøve"}
HEADINGS = ("Navn", "E-mail", "Afdeling", "Mødt")


def sheet(*rows, headings=HEADINGS, hidden=(), listed=LISTED):
    lines = [headings, *rows]
    return read_sheet(
        [
            SheetRow(
                cells=cells,
                places=tuple(f"Ark1!{'ABCDEFGH'[at]}{number}" for at in range(len(cells))),
                hidden=frozenset(at for line, at in hidden if line == number),
            )
            for number, cells in enumerate(lines, start=1)
        ],
        listed,
        KNOWN,
    )


def said(found):
    return [(one.who, one.name, one.said, one.place) for one in found.marks]


def wrong(found):
    return [(one.place, one.problem, one.value) for one in found.complaints]


def test_a_row_is_known_by_its_address_or_its_name():
    found = sheet(("Kaldet noget andet", "ANNA@by.example ", "", "ja"), ("bo prøve", "", "", "nej"))
    assert said(found) == [("a", "Anna Prøve", CAME, "Ark1!D2"), ("b", "Bo Prøve", ABSENT, "Ark1!D3")]
    assert ([one.who for one in found.came], [one.who for one in found.absent], found.walk_ins) == (["a"], ["b"], ())


@pytest.mark.parametrize("word", ["ja", "JA", "x", "1", "1.0", "Kommet", "mødt", "✓", "yes", "true"])
def test_words_for_coming(word):
    assert [one.said for one in sheet(("Anna Prøve", "", "", word)).marks] == [CAME]


@pytest.mark.parametrize("word", ["nej", "0", "Ikke  kommet", "udeblev", "no", "false"])
def test_words_for_staying_away(word):
    assert [one.said for one in sheet(("Anna Prøve", "", "", word)).marks] == [ABSENT]


def test_an_empty_cell_is_no_answer_and_what_stands_already_is_no_change():
    found = sheet(("Anna Prøve", "", "", " "), ("Bo Prøve", "", "", "ja"), ("Gæst", "", "", "ja"))
    assert (found.marks, found.complaints, found.unchanged) == ((), (), 2)


def test_walk_ins_by_address_where_the_books_know_it_and_by_name_else():
    rows = (
        ("Dorte", "dorte@by.example", "", "ja"),
        ("Ny Gæst", "ny@udefra.example", "", "x"),
        ("", "kun@udefra.example", "", "ja"),
        ("Aldrig Set", "", "", "nej"),
    )
    found = sheet(*rows)
    assert [(one.who, one.name) for one in found.marks] == [("", "dorte@by.example"), ("", "Ny Gæst"), ("", "kun@udefra.example")]
    assert found.walk_ins == found.marks


def test_the_same_row_twice_is_one_and_two_answers_are_an_error():
    assert len(sheet(("Anna Prøve", "", "", "ja"), ("Anna Prøve", "", "", "x")).marks) == 1
    found = sheet(("Anna Prøve", "", "", "ja"), ("", "anna@by.example", "", "nej"))
    assert wrong(found) == [("Ark1!D3", SheetProblem.CONTRADICTION, "nej")]


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_taken():
    rows = (("Anna Prøve", "", "", "måske"), ("Bo Prøve", "", "", "ja"), ("", "", "", "ja"), ("Anna Prøve", "", "", ""))
    found = sheet(*rows, hidden=[(5, 3)], listed=(*LISTED, OTHER_BO))
    assert found.marks == ()
    assert wrong(found) == [
        ("Ark1!D2", SheetProblem.WORD_UNKNOWN, "måske"),
        ("Ark1!A3", SheetProblem.AMBIGUOUS, "Bo Prøve"),
        ("Ark1!A4", SheetProblem.NAMELESS, ""),
        ("Ark1!D5", SheetProblem.HIDDEN, ""),
    ]


def test_a_name_that_two_have_is_told_apart_by_the_address():
    assert [one.who for one in sheet(("Bo Prøve", "bo2@by.example", "", "ja"), listed=(*LISTED, OTHER_BO)).marks] == ["c"]


def test_the_columns_may_stand_anywhere_in_either_language():
    assert said(sheet(("yes", "Anna Prøve"), headings=(" Came: ", "Name"))) == [("a", "Anna Prøve", CAME, "Ark1!A2")]
    assert said(sheet(("anna@by.example", "ja"), headings=("Mail", "Kommet"))) == [("a", "Anna Prøve", CAME, "Ark1!B2")]


def test_without_its_columns_the_list_is_none():
    assert wrong(sheet(headings=("Navn", "Svar"))) == [("Ark1!A1", SheetProblem.NO_COLUMN, "")]
    assert wrong(sheet(headings=("Mødt", "Svar"))) == [("Ark1!A1", SheetProblem.NO_WHO, "")]
    assert read_sheet([SheetRow(cells=(), places=())], (), {}).complaints == (SheetComplaint(place="", problem=SheetProblem.NO_COLUMN),)


@given(st.lists(st.tuples(st.sampled_from(["Anna Prøve", "Bo Prøve", "Ny"]), st.sampled_from(["ja", "nej", "", "?"])), max_size=8))
def test_each_person_is_said_at_most_one_thing_of(rows):
    found = sheet(*((name, "", "", word) for name, word in rows))
    assert not (found.marks and found.complaints)
    assert len({one.who or one.name for one in found.marks}) == len(found.marks)
    if any(word == "?" for _, word in rows):
        assert found.complaints
