"""When a person may say themselves that they are there, and what they are answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.check_in import CLOSES_AFTER, OPENS_BEFORE, CheckInAnswer, answer_to, why_not_yet
from bot.domain.participation import Part

NINE = datetime(2027, 1, 12, 8, tzinfo=UTC)
NOON = NINE + timedelta(hours=3)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("now", "answer"),
    [
        (NINE - OPENS_BEFORE - MINUTE, CheckInAnswer.TOO_EARLY),
        (NINE - OPENS_BEFORE, None),
        (NOON + CLOSES_AFTER, None),
        (NOON + CLOSES_AFTER + MINUTE, CheckInAnswer.OVER),
    ],
)
def test_it_is_open_in_the_hours_around_the_session(now, answer):
    assert why_not_yet(is_on=True, start=NINE, end=NOON, now=now) is answer


def test_a_course_that_is_off_or_has_no_date_is_never_open():
    assert why_not_yet(is_on=False, start=NINE, end=NOON, now=NINE) is CheckInAnswer.OFF
    assert why_not_yet(is_on=True, start=None, end=NOON, now=NINE) is CheckInAnswer.OFF
    assert why_not_yet(is_on=True, start=NINE, end=None, now=NINE) is CheckInAnswer.OFF


@pytest.mark.parametrize("part", [*Part, None])
def test_who_has_a_seat_or_said_maybe_checks_in_and_all_others_go_to_the_door(part):
    answer = CheckInAnswer.DONE if part in {Part.SEATED, Part.MAYBE} else CheckInAnswer.AT_THE_DOOR
    assert answer_to(part, said_absent=False) is answer


def test_who_was_said_not_to_have_come_goes_to_the_door():
    assert answer_to(Part.SEATED, said_absent=True) is CheckInAnswer.AT_THE_DOOR
