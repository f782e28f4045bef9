"""Whom Exchange shows by a directory name: found by it, or by a name that only one can have, or by nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.directory_names import plain_name, unresolved, with_addresses
from bot.domain.events import ObservedAttendee, ResponseStatus
from bot.domain.people import PeopleIndex, Person
from tests.builders.samples import make_desired, make_observed

NAME = "/o=ExchangeLabs/ou=Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=0a1b-"
ANE = Person(email="ane@by.example", name="Ane Prøve", aliases=frozenset({f"{NAME}ane".lower()}))
BO = Person(email="bo@by.example", name="Bo Prøve")
BO_TOO = Person(email="bo2@by.example", name=" bo  PRØVE")
EVENT = replace(make_observed(make_desired()), attendees=())


def shown(number: str, name: str) -> ObservedAttendee:
    return ObservedAttendee(email=f"{NAME}{number}", name=name, response=ResponseStatus.ACCEPTED)


def found(*attendees: ObservedAttendee, people: tuple[Person, ...] = (ANE, BO), invited: tuple[str, ...] = ()) -> list[str]:
    return [one.email for one in with_addresses(replace(EVENT, attendees=attendees), PeopleIndex(people), invited).attendees]


def test_an_event_without_such_names_is_the_same() -> None:
    event = replace(EVENT, attendees=(ObservedAttendee(email="Ane@by.example"),))
    assert with_addresses(event, PeopleIndex([ANE]), ()) is event


def test_the_directorys_own_name_is_the_person_whatever_they_are_called_and_keeps_the_answer() -> None:
    event = replace(EVENT, attendees=(shown("ANE", "Noget andet"),))
    (attendee,) = with_addresses(event, PeopleIndex([ANE]), ()).attendees
    assert attendee == ObservedAttendee(email=ANE.email, name="Noget andet", response=ResponseStatus.ACCEPTED)


@pytest.mark.parametrize(
    ("people", "invited", "expected"),
    [
        ((ANE, BO), (), BO.email),
        ((BO, BO_TOO), (BO_TOO.email,), BO_TOO.email),
        ((BO, BO_TOO), (BO.email, BO_TOO.email), f"{NAME}x"),
        ((BO, BO_TOO), (), f"{NAME}x"),
        ((ANE,), ("fremmed@by.example",), f"{NAME}x"),
    ],
)
def test_else_a_name_that_one_of_those_invited_has_or_one_of_all(
    people: tuple[Person, ...], invited: tuple[str, ...], expected: str
) -> None:
    assert found(shown("x", "Bo Prøve"), people=people, invited=invited) == [expected]


def test_two_of_one_name_and_somebody_who_is_there_already_are_never_guessed() -> None:
    assert found(shown("x", "Bo Prøve"), shown("y", "BO prøve")) == [f"{NAME}x", f"{NAME}y"]
    assert found(shown("x", "Bo Prøve"), ObservedAttendee(email="BO@by.example")) == [f"{NAME}x", "BO@by.example"]


def test_one_of_two_namesakes_whom_the_directory_knows_leaves_the_other_alone() -> None:
    assert found(shown("ane", "Bo Prøve"), shown("x", "Bo Prøve")) == [ANE.email, BO.email]


@pytest.mark.parametrize("name", ["", "bo@by.example", "/o=ExchangeLabs/cn=bo"])
def test_who_has_no_name_is_nobody(name: str) -> None:
    nameless = Person(email="u@by.example", name=name)
    assert found(shown("x", name), people=(nameless,), invited=("u@by.example",)) == [f"{NAME}x"]
    assert plain_name(name) == ""


def test_who_is_nobody_is_told_by_name_or_by_the_end_of_the_directory_name() -> None:
    event = replace(EVENT, attendees=(shown("x", ""), shown("y", "Bo"), ObservedAttendee(email="a@by.example", name="A")))
    assert unresolved(event) == ("0a1b-x", "Bo")
