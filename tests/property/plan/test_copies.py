"""Whatever stands in a plan: copies add to it, change nothing of it, and can be read."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.plan.copies import copied_course, copied_offering, copied_year
from bot.plan.desk_rows import read_rows, rows_of
from tests.property.plan.plans import course_plans

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def copies_leave_the_old_rows_as_they_were(plan, year, days):
    rows = rows_of(plan)
    year_later = copied_year(rows, year, year + 1)
    assert {key: year_later.rows.get(key) for key in rows} == rows
    assert len({new for _, new in year_later.courses} - {course.id for course in plan.courses}) == len(year_later.courses)
    for course in plan.courses:
        copied, new = copied_course(rows, course.id, title="Ny", days=days)
        assert {key: copied.get(key) for key in rows} == rows
        assert new not in {one.id for one in plan.courses}


def another_offering_keeps_the_calendar_entries_of_those_there_are(plan):
    for course in (one for one in plan.courses if one.offerings):
        offering = course.offerings[0].id
        rows, new = copied_offering(rows_of(plan), course.id, offering, title="Endnu et", first="Hold 1", days=14)
        before = {(offering.id, session.id) for offering, session in course.sessions()}
        parsed = read_rows(rows, now=NOW)
        if parsed.plan is None:
            continue  # the moved dates clash with what the course says of its deadline
        after = {(offering.id, session.id) for offering, session in parsed.plan.known_course(course.id).sessions()}
        assert before <= after
        assert {session for owner, session in after if owner == new} == {session for owner, session in before if owner == offering}


@settings(max_examples=40)
@given(plan=course_plans(), year=st.sampled_from((2024, 2026, 2028)), days=st.integers(-400, 400))
def test_whatever_is_copied_in_a_plan(plan, year, days):
    copies_leave_the_old_rows_as_they_were(plan, year, days)
    another_offering_keeps_the_calendar_entries_of_those_there_are(plan)
