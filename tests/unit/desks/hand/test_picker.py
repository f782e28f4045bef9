"""Whom HR may have meant by what was typed."""

from __future__ import annotations

import pytest

from bot.desks.hand.picker import MOST_SHOWN, Belonging, candidates
from bot.domain.people import Language, Person
from bot.i18n.catalogue import load_area

ANE = Person(email="ane@by.example", name="Ane Eksempel", department="Skole", aliases=frozenset({"ae@by.example"}))
BO = Person(email="bo@by.example", name="Bo Eksempel", department="Teknik")
GUEST = Person(email="gert@firma.example", name="Gert Eksempel", is_guest=True, directory_id="g")
MEMBERS = {BO.email}


def found(words, books=(ANE, BO), directory=(), **more):
    return [(one.email, one.belongs.value) for one in candidates(words, books, directory, members=MEMBERS, **more)]


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("eksempel", [("bo@by.example", "audience"), ("ane@by.example", "others")]),
        ("EKSEMPEL ane", [("ane@by.example", "others")]),
        ("skole", [("ane@by.example", "others")]),
        ("ae@by.example", [("ane@by.example", "others")]),
        ("ingen", []),
        ("  ", []),
        ("Ny@Firma.example", [("ny@firma.example", "outside")]),
    ],
)
def test_somebody_is_found_by_every_word_in_name_department_or_address(words, who):
    assert found(words) == who


def test_the_directory_adds_those_whom_the_books_do_not_know_and_says_who_is_a_guest():
    same = Person(email="ae@by.example", name="Ane E.")
    assert found("eksempel", directory=(same, GUEST))[-1] == ("gert@firma.example", "guest")
    assert len(found("eksempel", directory=(same, GUEST))) == 3
    assert found("gert@firma.example", directory=(GUEST,)) == [("gert@firma.example", "guest")]


def test_a_seat_is_handed_to_somebody_of_the_audience_alone():
    assert found("eksempel", only_members=True) == [("bo@by.example", "audience")]
    assert found("ny@firma.example", only_members=True) == []


def test_of_many_the_first_are_shown():
    many = [Person(email=f"{number}@by.example", name=f"Eksempel {number:02}") for number in range(30)]
    assert len(candidates("eksempel", many, members=())) == MOST_SHOWN


def test_how_somebody_belongs_has_words():
    for language in Language:
        assert {f"belongs.{one.value}" for one in Belonging} <= load_area(language, "hand").keys()
