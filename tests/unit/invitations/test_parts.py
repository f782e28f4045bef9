"""Splitting by example; what holds for every history is in tests/property/invitations/test_parts.py."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.events import Attendee
from bot.invitations.parts import MAX_ATTENDEES, split_people
from tests.builders.samples import KEY


def people(count, start=0):
    return [Attendee(email=f"p{number:04}@demo.example") for number in range(start, start + count)]


def sizes(parts):
    return {key.part: len(members) for key, members in parts}


def seats(parts):
    return {key.part: frozenset(one.email for one in members) for key, members in parts}


def test_as_many_as_an_event_holds_are_one_part():
    assert sizes(split_people(KEY, people(MAX_ATTENDEES), {})) == {1: 500}


def test_one_more_is_a_part_of_its_own():
    assert sizes(split_people(KEY, people(501), {})) == {1: 500, 2: 1}


def test_rooms_take_places_in_the_first_part():
    assert sizes(split_people(KEY, people(500), {}, rooms=1)) == {1: 499, 2: 1}


def test_nobody_is_one_empty_part():
    assert split_people(KEY, [], {}) == [(KEY, [])]


def test_a_newcomer_takes_the_first_free_place_and_nobody_moves():
    before = seats(split_people(KEY, people(600), {}))
    stayed = [one for one in people(600) if one.email not in {"p0003@demo.example", "p0004@demo.example"}]
    newcomers = [Attendee(email=f"ny{number}@demo.example") for number in range(3)]
    after = seats(split_people(KEY, sorted([*stayed, *newcomers], key=lambda one: one.email), before))
    assert after[1] - before[1] == {"ny0@demo.example", "ny1@demo.example"}
    assert after[2] - before[2] == {"ny2@demo.example"}


def test_a_part_that_everybody_left_is_gone_and_the_others_keep_their_numbers():
    before = seats(split_people(KEY, people(1100), {}))
    after = split_people(KEY, [*people(500), *people(100, start=1000)], before)
    assert sizes(after) == {1: 500, 3: 100}


def test_the_first_part_stays_also_when_everybody_left_it():
    """It has the room and the meeting."""
    before = seats(split_people(KEY, people(600), {}))
    after = split_people(KEY, people(100, start=500), before)
    assert sizes(after) == {1: 0, 2: 100}


def test_a_session_that_shrinks_below_the_limit_stays_in_its_parts():
    """Putting two parts together would move people."""
    before = seats(split_people(KEY, people(600), {}))
    after = split_people(KEY, [*people(10), *people(10, start=500)], before)
    assert sizes(after) == {1: 10, 2: 10}


def test_the_parts_are_numbered_on_the_key():
    assert [key for key, _ in split_people(KEY, people(501), {})] == [KEY, replace(KEY, part=2)]


def test_when_a_room_takes_the_last_place_one_person_moves():
    """501 do not fit; the last by address goes to the next part."""
    before = seats(split_people(KEY, people(500), {}))
    after = seats(split_people(KEY, people(500), before, rooms=1))
    assert after == {1: before[1] - {"p0499@demo.example"}, 2: {"p0499@demo.example"}}
