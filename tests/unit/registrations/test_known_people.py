"""Who is found among all that the plans know: each person once, and by any words of theirs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Person
from bot.registrations.known_people import known_people, matching

AASE = Person(email="aase@by.example", name="Åse Ægir", directory_id="1", department="Børn og Unge")
BO = Person(email="bo@by.example", name="Bo Bro")


@pytest.mark.parametrize(
    ("by_plan", "found"),
    [
        ({}, []),
        ({"a": [AASE, BO]}, [("bo@by.example", ("a",)), ("aase@by.example", ("a",))]),
        ({"a": [AASE], "b": [Person(email="ny@by.example", directory_id="1")]}, [("aase@by.example", ("a", "b"))]),
        ({"a": [Person(email="aase@by.example")], "b": [AASE]}, [("aase@by.example", ("a", "b"))]),
        ({"a": [Person(email="bo@by.example")], "b": [BO]}, [("bo@by.example", ("a", "b"))]),
        (
            {"a": [AASE], "b": [Person(email="aase@by.example", name="Ny", directory_id="2")]},
            [("aase@by.example", ("b",)), ("aase@by.example", ("a",))],
        ),
    ],
    ids=["nobody", "two", "moved", "id in one plan", "no id", "taken over"],
)
def test_two_rows_are_one_person_by_directory_id_or_by_address(by_plan, found):
    assert [(one.email, one.plans) for one in known_people(by_plan)] == found


def test_what_one_plan_does_not_know_another_may():
    (one,) = known_people({"a": [Person(email="bo@by.example")], "b": [Person(email="bo@by.example", name="Bo", department="Skole")]})
    assert (one.name, one.department) == ("Bo", "Skole")


@pytest.mark.parametrize("words", ["", "åse", "ÆGIR ås", "børn", "aase@by", "BY.EXAMPLE", " unge  åse "])
def test_somebody_is_found_by_any_words_of_theirs(words):
    assert AASE.email in {one.email for one in matching(known_people({"a": [AASE, BO]}), words)}


@pytest.mark.parametrize("words", ["åse bo", "xyz", "%", "*", "a.se", "åse\\"])
def test_all_words_have_to_fit_and_none_is_a_pattern(words):
    assert matching(known_people({"a": [AASE, BO]}), words) == ()


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["1", "2", None]), st.sampled_from(["x@y.example", "z@y.example"]))))
def test_nobody_is_lost_and_nobody_is_there_twice(rows):
    """Every address is somebody's, and no directory id two people's."""
    by_plan = {plan: [Person(email=email, directory_id=an_id) for one, an_id, email in rows if one == plan] for plan in "ab"}
    found = known_people(by_plan)
    assert {address for one in found for address in one.addresses} == {email for _, _, email in rows}
    ids = [an_id for one in found for an_id in one.ids]
    assert sorted(ids) == sorted({an_id for _, an_id, _ in rows if an_id})
