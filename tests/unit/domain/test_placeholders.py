"""Days that were only reserved and are over: told, for a while, and only those."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.placeholders import TOLD_FOR, lapsed_dates
from bot.domain.plan import CourseStatus
from tests.builders.registrations import PLAN

FIRST = datetime(2026, 12, 2, 9)
_COURSE = next(course for course in PLAN.courses if any(one.sessions for one in course.offerings))
COURSE = replace(
    _COURSE,
    offerings=tuple(
        replace(
            offering,
            sessions=tuple(
                replace(one, start=FIRST + timedelta(days=number), end=FIRST + timedelta(days=number, hours=2), period=None)
                for one in offering.sessions
            ),
        )
        for number, offering in reversed([*enumerate(_COURSE.offerings)])
    ),
)
RESERVED = replace(COURSE, status=CourseStatus.SAVE_THE_DATE)
STARTS = sorted(session.start for offering in COURSE.offerings for session in offering.sessions if session.start)


def test_a_reserved_day_is_told_from_when_it_begins_and_for_a_month():
    first = STARTS[0]
    for now, told in (
        (first - timedelta(minutes=1), False),
        (first, True),
        (first + TOLD_FOR, True),
        (first + TOLD_FOR + timedelta(minutes=1), False),
    ):
        found = [one.start for one in lapsed_dates([RESERVED], now=now)]
        assert (first in found, found) == (told, sorted(found))
    (told_first, *_) = lapsed_dates([RESERVED], now=first)
    assert (told_first.course, told_first.title) == (COURSE.id, COURSE.title)


@pytest.mark.parametrize("status", [one for one in CourseStatus if one is not CourseStatus.SAVE_THE_DATE])
def test_what_was_held_or_never_sent_is_not(status):
    """Nor what has no date at all."""
    assert lapsed_dates([replace(COURSE, status=status)], now=STARTS[-1]) == ()
    undated = tuple(
        replace(offering, sessions=tuple(replace(one, start=None, end=None, period="2026") for one in offering.sessions))
        for offering in COURSE.offerings
    )
    assert lapsed_dates([replace(RESERVED, offerings=undated)], now=datetime(2026, 12, 31, 12)) == ()
