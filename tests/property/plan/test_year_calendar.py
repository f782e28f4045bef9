"""Whatever a plan holds: its calendar has each dated session on each of its days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings

from bot.plan.year_calendar import UNSEEN, calendar_of
from tests.property.plan.plans import course_plans

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@settings(max_examples=15)
@given(plan=course_plans())
def test_every_dated_session_stands_on_each_of_its_days_and_nowhere_else(plan):
    for year in (2024, 2025):
        found = [
            (one.course, shown.day) for month in calendar_of(plan, year, now=NOW, courses_a_week=3).months for shown in month.days
            for one in shown.entries
        ]  # fmt: skip
        expected = [
            (course.id, moment)
            for course in plan.courses if course.status not in UNSEEN
            for _, session in course.sessions() if session.start is not None
            for moment in days_of(session) if moment.year == year
        ]  # fmt: skip
        assert sorted(found) == sorted(expected)


def days_of(session):
    days, last = [session.start.date()], (session.end - timedelta(microseconds=1)).date()
    while days[-1] < last:
        days.append(days[-1] + timedelta(days=1))
    return days
