"""How a person is named in an address of the desk: never by their mail address, and found again whatever became of it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import PeopleIndex, Person
from bot.domain.person_ids import DIGITS, PersonIds

ANE = Person(email="ane@by.example", directory_id="11111111-0000-4000-8000-000000000001", aliases=frozenset({"ane.gammel@by.example"}))
OUTSIDER = Person(email="bo@partner.example", aliases=frozenset({"bo.gammel@partner.example"}))

SECRET = "hemmelig"


def ids(*people: Person, secret: str = SECRET) -> PersonIds:
    return PersonIds(people=PeopleIndex(people), secret=secret)


def test_a_directory_id_names_whoever_has_one_under_every_address() -> None:
    known = ids(ANE, OUTSIDER)
    assert {known.of(address) for address in ("ane@by.example", "ANE.gammel@by.example")} == {ANE.directory_id}
    assert known.find(ANE.directory_id or "") == ANE.email


def test_an_outsider_is_named_by_a_digest_that_says_nothing_without_the_secret() -> None:
    known = ids(ANE, OUTSIDER)
    name = known.of(OUTSIDER.email)
    assert (len(name), "bo" in name, known.find(name)) == (DIGITS, False, OUTSIDER.email)
    assert ids(OUTSIDER, secret="en anden").of(OUTSIDER.email) != name
    assert ids(OUTSIDER, secret="en anden").find(name) is None


def test_a_name_from_before_an_address_changed_finds_the_person_still() -> None:
    before = ids(Person(email="bo.gammel@partner.example"))
    assert ids(OUTSIDER).find(before.of("bo.gammel@partner.example")) == OUTSIDER.email


def test_a_name_from_before_the_directory_was_asked_finds_the_person_still() -> None:
    before = ids(Person(email=ANE.email))
    assert ids(ANE).find(before.of(ANE.email)) == ANE.email


def test_an_address_that_passed_on_names_its_owner_now() -> None:
    newcomer = Person(email="bo.gammel@partner.example")
    known = ids(OUTSIDER, newcomer)
    assert known.find(known.of("bo.gammel@partner.example")) == newcomer.email


def test_who_is_only_an_address_in_the_books_is_found_where_it_is_given_along() -> None:
    known = ids(ANE)
    name = known.of(" Fremmed@Sted.example ")
    assert known.find(name) is None
    assert known.find(name, among=["x@sted.example", "FREMMED@sted.example"]) == "fremmed@sted.example"


@pytest.mark.parametrize("name", ["", "..", "ane@by.example", "x" * DIGITS, "æ" * DIGITS, "\ud800" * DIGITS, "a" * 5000])
def test_what_names_nobody_finds_nobody(name: str) -> None:
    assert ids(ANE, OUTSIDER).find(name) is None


@given(address=st.emails() | st.text(min_size=1, max_size=80), secret=st.text(min_size=1, max_size=20))
def test_any_address_is_found_again_by_its_name_and_stands_in_no_url(address: str, secret: str) -> None:
    """In any case, and by no other secret's name."""
    known = ids(Person(email=PeopleIndex().canonical(address)), secret=secret)
    name = known.of(address)
    assert name == quote(name, safe="") == known.of(f" {address.lower()} ")
    assert known.find(name) == PeopleIndex().canonical(address)
