"""What HR is told at once: each change once to each reader, within the sending hours, and only what still waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import DeliveryState
from bot.hr_report.at_once import about, begun_to_wait, still_to_tell
from tests.builders.known_people import waiting_change
from tests.builders.occasions import at, plan

MADE = plan()
CONTACT = MADE.contact.lower()
A, B = replace(waiting_change("a"), checksum="a1"), replace(waiting_change("b"), checksum="b1")
NOON, NIGHT, SATURDAY = at(3, "12:00"), at(3, "22:00"), at(7, "12:00")


def test_what_begins_to_wait_in_one_round_is_one_mail():
    """To the contact, where nobody looks after the courses."""
    (message,) = begun_to_wait(MADE, [A, B], (), now=NOON)
    assert (message.email, about(message)) == (CONTACT, {("a", "a1"), ("b", "b1")})
    assert (message.is_report, message.is_at_once, message.is_paper) == (True, True, True)


@pytest.mark.parametrize("state", DeliveryState)
def test_it_is_told_once_whatever_became_of_the_mail(state):
    """It stands in the report all the same."""
    before = [replace(one, state=state) for one in begun_to_wait(MADE, [A], (), now=NOON)]
    assert begun_to_wait(MADE, [A], before, now=NOON + timedelta(hours=1)) == ()
    (more,) = begun_to_wait(MADE, [A, B], before, now=NOON)
    assert about(more) == {("b", "b1")}


def test_an_edit_makes_another_change_of_it():
    """Whoever read of the first has not seen the second."""
    before = begun_to_wait(MADE, [A], (), now=NOON)
    (more,) = begun_to_wait(MADE, [replace(A, checksum="a2")], before, now=NOON)
    assert (about(more), more.key == before[0].key) == ({("a", "a2")}, False)


@pytest.mark.parametrize(("now", "goes"), [(NOON, True), (NIGHT, False), (SATURDAY, False)])
def test_it_keeps_the_sending_hours(now, goes):
    """The plan's."""
    assert bool(begun_to_wait(MADE, [A], (), now=now)) is goes


def test_each_reader_is_told_of_their_own_courses():
    """The contact of those that nobody else looks after."""
    first = MADE.courses[0]
    mine = replace(MADE, courses=(replace(first, id="a", responsible=("line@aadal.example",)), replace(first, id="b")))
    told = {one.email: about(one) for one in begun_to_wait(mine, [A, B], (), now=NOON)}
    assert told == {CONTACT: {("b", "b1")}, "line@aadal.example": {("a", "a1")}}


def test_a_mail_says_what_of_it_still_waits():
    """What was decided meanwhile is not in it; with nothing left there is nothing to say."""
    (message,) = begun_to_wait(MADE, [A, B], (), now=NOON)
    assert still_to_tell(message, [A, replace(B, checksum="b2")]) == (A,)
    assert still_to_tell(message, []) == ()


def test_a_report_is_about_no_change():
    """And counts for nothing here."""
    (message,) = begun_to_wait(MADE, [A], (), now=NOON)
    weekly = replace(message, key="report/2025-06-03/x", params={})
    assert about(weekly) == frozenset()
    assert len(begun_to_wait(MADE, [A], [weekly], now=NOON)) == 1


@given(rounds=st.lists(st.sets(st.tuples(st.sampled_from("abc"), st.integers(0, 2))), max_size=6))
def test_no_change_is_told_to_anybody_twice(rounds):
    """Whatever waits when."""
    sent = []
    for waits in rounds:
        waiting = [replace(waiting_change(course), checksum=f"{course}{number}") for course, number in sorted(waits)]
        sent += begun_to_wait(MADE, waiting, sent, now=NOON)
    told = [(message.email, change) for message in sent for change in about(message)]
    assert len(told) == len(set(told))
    assert {change for _, change in told} == {(course, f"{course}{number}") for waits in rounds for course, number in waits}


def test_hrs_channel_is_told_of_every_course_once_beside_the_readers():
    first = MADE.courses[0]
    mine = replace(MADE, courses=(replace(first, id="a", responsible=("line@aadal.example",)), replace(first, id="b")))
    made = begun_to_wait(mine, [A, B], (), now=NOON, in_channel=True)
    told = {one.email: about(one) for one in made}
    assert told == {CONTACT: {("b", "b1")}, "line@aadal.example": {("a", "a1")}, "": {("a", "a1"), ("b", "b1")}}
    assert len({one.key for one in made}) == 3
    assert begun_to_wait(mine, [A, B], made, now=NOON, in_channel=True) == ()
