"""Managers' copies: one a period at most, and only when something is otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.manager_pages import PersonOfManager, PlaceOfPerson, PlaceWord
from bot.domain.manager_people import ManagersGet
from bot.domain.templates import MessageKind
from bot.registrations.manager_copies import SIGNED_UP, copying, digest_of, period_of, signed_up

NOW = datetime(2025, 6, 2, 7, tzinfo=UTC)
LEA = "lea@by.example"
PLACE = PlaceOfPerson(what="Lederdag", dates=(("18. juni", "Salen"),), word=PlaceWord.REGISTERED)
BO = PersonOfManager(email="bo@by.example", name="Bo", department="", coming=(PLACE,), past=(PLACE,))


def with_word(word):
    return replace(BO, coming=(replace(PLACE, word=word),))


@pytest.mark.parametrize(
    ("get", "day", "period"),
    [
        (ManagersGet.WEEKLY, datetime(2025, 6, 2), "2025-W23"),
        (ManagersGet.WEEKLY, datetime(2024, 12, 30), "2025-W01"),
        (ManagersGet.MONTHLY, datetime(2025, 6, 30), "2025-06"),
    ],
)
def test_a_period_is_a_week_or_a_month(get, day, period):
    assert period_of(get, day) == period
    assert get.is_mailed
    assert not ManagersGet.PAGE.is_mailed


def test_a_copy_has_who_is_signed_up_and_their_courses_to_come_alone():
    mixed = replace(BO, coming=(PLACE, replace(PLACE, word=PlaceWord.DECLINED)))
    assert signed_up([mixed, with_word(PlaceWord.INVITED), replace(BO, coming=())]) == (replace(BO, past=()),)
    assert {word for word in PlaceWord if signed_up([with_word(word)])} == SIGNED_UP


def test_what_makes_a_copy_another_one_and_what_does_not():
    same = digest_of([BO])
    assert digest_of([replace(BO, name="Bo Ny", past=()), with_word(PlaceWord.INVITED)]) == same
    assert digest_of([replace(BO, coming=(replace(PLACE, position=4),))]) == same
    assert digest_of([]) == digest_of([with_word(PlaceWord.DECLINED)]) == ""
    others = [with_word(PlaceWord.WAITLISTED), replace(BO, email="x@by.example"), replace(BO, coming=(replace(PLACE, dates=()),))]
    assert len({same, *(digest_of([one]) for one in others)}) == 4


def test_who_had_nothing_gets_nothing_and_who_has_nothing_any_more_is_told_once():
    first = copying("by", "2025-W23", {LEA: ()}, (), now=NOW)
    assert (first.messages, [one.digest for one in first.copies]) == ((), [""])
    told = copying("by", "2025-W24", {LEA: (BO,)}, first.copies, now=NOW)
    (message,) = told.messages
    assert (message.key, message.email, message.kind) == (f"manager_copy//{LEA}/2025-W24", LEA, MessageKind.MANAGER_COPY)
    again = copying("by", "2025-W25", {LEA: ()}, told.copies, now=NOW)
    assert len(again.messages) == 1
    assert copying("by", "2025-W26", {LEA: ()}, again.copies, now=NOW).messages == ()
    assert copying("by", "2025-W27", {}, again.copies, now=NOW).copies == ()


@given(rounds=st.lists(st.tuples(st.integers(0, 3), st.sampled_from([None, *sorted(SIGNED_UP)])), max_size=30))
def test_one_a_period_at_most_and_none_where_nothing_is_otherwise(rounds):
    """However often a round is made, what was mailed last is what stood there when it was mailed."""
    copies, period, mailed, said = (), 0, [], ""
    for days, word in rounds:
        period += days
        people = (with_word(word),) if word else ()
        found = copying("by", f"p{period:03}", {LEA: people}, copies, now=NOW + timedelta(days=period))
        copies = found.copies
        if found.messages:
            assert digest_of(people) != said
            said = digest_of(people)
            mailed += [one.key for one in found.messages]
    assert len(mailed) == len({*mailed})
