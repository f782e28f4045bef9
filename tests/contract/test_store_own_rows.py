"""What stands under a person's own addresses, found quickly: the same as the access request finds, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.store.answers import SqlAnswerLog
from bot.store.own_rows import BY_ADDRESS, load_address_of, load_known_people, load_own_rows, load_plans_with
from bot.store.person import load_person
from tests.builders.known_people import ALIAS, GONE, STAYS, fill, registration

HOSTILE = ('a"b@by.example', "a\\b@by.example", "%", "' OR 1=1 --", '$."x"')


def keys(table, rows):
    # A key with an address in it is masked for whoever asks.
    names = [column.name for column in table.primary_key.columns if column.name != "key"]
    return sorted(tuple(str(row[name]) for name in names) for row in rows)


@pytest.mark.parametrize("table", BY_ADDRESS, ids=lambda table: table.name)
def test_the_rows_of_a_person_are_those_that_they_are_given_when_they_ask(known_people, table):
    addresses, held = load_person(known_people, GONE)
    mine = [row for row in held.get(table.name, ()) if row["email"] in addresses]
    found = load_own_rows(known_people, addresses, {"1"}, {"by", "andenby"})
    assert keys(table, found.get(table.name, ())) == keys(table, mine)


def test_events_and_links_are_found_too_and_say_since_when(known_people):
    """Also where an address has letters that JSON writes as numbers."""
    found = load_own_rows(known_people, {GONE, ALIAS}, {"1"}, {"by"})
    assert sorted(row["course"] for row in found["ledger"]) == ["i-fjor", "i-år"]
    assert all([*row["invited_since"]] == [GONE] for row in found["ledger"])
    assert not {"desired_attendees", "observed_fields"} & {name for row in found["ledger"] for name in row}
    assert {row["plan"] for row in found["person_links"]} == {"by"}


def test_nothing_is_found_of_other_plans_or_of_others(known_people):
    assert load_own_rows(known_people, {GONE, ALIAS}, {"1"}, {"andenby"}).keys() == {"people"}
    assert load_own_rows(known_people, {"nobody@by.example"}, set(), {"by", "andenby"}) == {}


@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_that_is_none_finds_nothing_and_breaks_nothing(known_people, address):
    assert load_own_rows(known_people, {address}, {address}, {"by"}) == {}
    assert load_plans_with(known_people, {address}) == ()
    assert load_address_of(known_people, address) is None


def test_everybody_whom_a_plan_knows_is_there_once_and_outsiders_too(database):
    """Who is not invited has a registration and nothing else; who was erased is nobody."""
    fill(database)
    outside = replace(registration("i-år", "ude@sted.example"), invited=False, name="Ude Fra")
    erased = replace(registration("i-år", "erased-1"), invited=False)
    log = SqlAnswerLog(database)
    log.save_registrations("by", [*log.load_registrations("by"), outside, erased])
    found = load_known_people(database, {"by"})
    assert found.keys() == {"by"}
    emails = [person.email for person in found["by"]]
    assert len(emails) == len({*emails})
    assert {GONE, STAYS, "ude@sted.example", "p7@by.example"} <= {*emails}
    assert "erased-1" not in emails
    assert load_known_people(database, set()) == {}


def test_the_plans_that_have_somebody_and_who_is_behind_a_directory_id(known_people):
    assert load_plans_with(known_people, {GONE, ALIAS}) == ("andenby", "by")
    assert load_plans_with(known_people, {STAYS}) == ("by",)
    assert load_address_of(known_people, "1") in {GONE, ALIAS}
