"""When a report is due, on days that are told apart."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from bot.domain.closing_days import ClosingDay
from bot.hr_report.due import ReportTiming, due_moment, may_go, next_moment
from tests.builders.occasions import at, plan

MADE = plan()
DAILY = ReportTiming(weekday=None, at=time(7, 30))
MONDAYS = ReportTiming(weekday=0, at=time(7, 30))
NO_WORKING_DAY = plan(closing_days=tuple(ClosingDay(month=month, day=day) for month in range(1, 13) for day in range(1, 32)))


@pytest.mark.parametrize(
    ("timing", "now", "moment"),
    [
        (DAILY, at(3, "07:29"), None),
        (DAILY, at(3, "07:30"), at(3, "07:30")),
        (DAILY, at(3, "23:59"), at(3, "07:30")),
        (DAILY, at(7, "12:00"), None),  # Saturday
        (DAILY, at(9, "12:00"), None),  # Whit Monday
        (MONDAYS, at(2, "07:30"), at(2, "07:30")),
        (MONDAYS, at(3, "07:29"), None),
        (MONDAYS, at(3, "08:00"), at(2, "07:30")),
        (MONDAYS, at(9, "08:00"), None),
        (MONDAYS, at(10, "08:00"), at(10, "07:30")),
    ],
)
def test_a_first_report_is_due_for_the_last_moment_once_people_are_at_work(timing, now, moment):
    assert due_moment(None, now, timing, MADE) == moment


@pytest.mark.parametrize(("last", "is_due"), [(at(2, "07:29"), True), (at(2, "07:30"), False), (at(2, "16:00"), False)])
def test_one_that_was_made_since_the_moment_is_enough(last, is_due):
    assert (due_moment(last, at(5), MONDAYS, MADE) is not None) is is_due


@pytest.mark.parametrize(
    ("timing", "now", "moment"),
    [
        (DAILY, at(6, "07:29"), at(6, "07:30")),
        (DAILY, at(6, "07:30"), at(10, "07:30")),
        (DAILY, at(8), at(10, "07:30")),
        (MONDAYS, at(2, "07:30"), at(10, "07:30")),
        (MONDAYS, at(9, "12:00"), at(10, "07:30")),
        (MONDAYS, at(10, "07:30"), at(16, "07:30")),
    ],
)
def test_the_next_moment_is_moved_to_the_next_working_day(timing, now, moment):
    """9 June is Whit Monday, so that Monday's report goes on the tenth."""
    assert next_moment(now, timing, MADE) == moment


def test_without_any_working_day_nothing_is_ever_due():
    assert next_moment(at(3), DAILY, NO_WORKING_DAY) is None
    assert due_moment(None, at(3), DAILY, NO_WORKING_DAY) is None
    assert not may_go(at(3), DAILY, NO_WORKING_DAY)


def test_of_a_year_of_closed_days_there_is_one_report():
    """Open on one Tuesday in the year: every Monday's report goes then."""
    closing = tuple(ClosingDay(month=month, day=day) for month in range(1, 13) for day in range(1, 32) if (month, day) != (6, 3))
    made = plan(closing_days=closing)
    assert due_moment(None, at(3), MONDAYS, made) == at(3, "07:30")
    assert due_moment(at(3) - timedelta(days=1), at(3), MONDAYS, made) == at(3, "07:30")
