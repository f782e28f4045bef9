"""Whatever a plan has: each session that is placed in time stands exactly once in the years, and where it says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.closing_days import ClosingDay, SchoolHoliday
from bot.domain.enrolment import Enrolment
from bot.domain.people import Language
from bot.domain.plan import Course, CourseSession, CourseStatus, Offering
from bot.overview.compose import overview_of
from bot.overview.paper import paper
from bot.overview.periods import days_of_period
from bot.overview.year import year_of, years_of
from bot.working_days import is_working_day
from tests.builders.overviews import NOTHING_KNOWN, NOW, plan_of

MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2026, 12, 31))
PERIODS = st.integers(2023, 2026).flatmap(
    lambda year: st.sampled_from(
        ["", *(f"-H{n}" for n in (1, 2)), *(f"-Q{n}" for n in range(1, 5)), *(f"-{n:02}" for n in range(1, 13))]
    ).map(lambda part: f"{year}{part}")
)
DATED = st.builds(
    lambda start, length: CourseSession(id="x", start=start, end=start + length),
    MOMENTS,
    st.timedeltas(timedelta(minutes=1), timedelta(days=40)),
)
SESSIONS = DATED | PERIODS.map(lambda period: CourseSession(id="x", period=period)) | st.just(CourseSession(id="x"))
COURSES = st.lists(
    st.tuples(st.lists(SESSIONS, max_size=4), st.sampled_from(CourseStatus), st.none() | MOMENTS), max_size=8
).map(
    lambda made: tuple(
        Course(
            id=f"k{at}",
            title=f"Kursus {at}",
            status=status,
            enrolment=Enrolment(deadline=deadline),
            offerings=(Offering(id="main", sessions=tuple(replace(one, id=f"s{n}") for n, one in enumerate(sessions))),),
        )
        for at, (sessions, status, deadline) in enumerate(made)
    )
)  # fmt: skip
CLOSING = st.lists(st.builds(ClosingDay, month=st.integers(1, 12), day=st.integers(1, 28), year=st.sampled_from([None, 2024])), max_size=5)


def each_session_stands_once_in_its_month_or_its_period(courses):
    overview = overview_of(plan_of(*courses), NOTHING_KNOWN, now=NOW)
    years = {year: year_of(overview, year) for year in years_of(overview)}
    stands = Counter()
    for year, spans in years.items():
        assert [span.month for span in spans if span.month] == list(range(1, 13))
        for span in spans:
            first, after = days_of_period(span.period)
            assert first.year == year
            assert span.month or span.meetings
            stands.update(one.session.place for one in span.meetings)
            for one in span.meetings:
                start = one.session.start
                assert first <= start.date() < after if start else one.session.period == span.period
            assert all(first <= one.day < after for one in span.answers)
        begins = [days_of_period(span.period) for span in spans]
        assert begins == sorted(begins, key=lambda days: (days[0], -days[1].toordinal()))
    placed = [one.place for line in overview.courses for one in line.sessions if one.start or one.period]
    assert stands == Counter(placed)
    due = [one.course.id for spans in years.values() for span in spans for one in span.answers]
    asks = {CourseStatus.PROPOSED, CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED}
    assert sorted(due) == sorted(one.id for one in courses if one.enrolment.deadline and one.status in asks)


def a_year_alone_is_as_it_is_among_the_others(courses, years):
    """Deadlines apart: one of a course of the next year is only seen where that year is asked for too."""
    plan = plan_of(*courses)
    whole, some = overview_of(plan, NOTHING_KNOWN, now=NOW), overview_of(plan, NOTHING_KNOWN, now=NOW, years=years)
    for year in years or years_of(whole):
        for ours, theirs in zip(year_of(some, year), year_of(whole, year), strict=True):
            assert Counter(one.session.place for one in ours.meetings) == Counter(one.session.place for one in theirs.meetings)


@given(CLOSING, st.sampled_from(["DK", "SE", None]), st.integers(2023, 2026))
def test_a_day_off_is_every_weekday_on_which_nobody_works(closing, country, year):
    overview = overview_of(replace(plan_of(), holidays=country, closing_days=tuple(closing)), NOTHING_KNOWN, now=NOW)
    free = [one.day for span in year_of(overview, year) for one in span.free]
    first, after = days_of_period(str(year))
    days = [first + timedelta(days=at) for at in range((after - first).days)]
    assert free == [day for day in days if day.weekday() < 5 and not is_working_day(day, country, tuple(closing))]


@given(
    st.lists(st.tuples(st.dates(date(2022, 12, 1), date(2025, 2, 1)), st.integers(0, 60)), max_size=4),
    st.integers(2023, 2024),
)
def test_a_day_of_a_school_holiday_stands_in_its_month_and_no_other_day_does(spans, year):
    """Whatever they overlap, and wherever a month or a year turns in them."""
    school = tuple(SchoolHoliday(first=first, last=first + timedelta(days=length)) for first, length in spans)
    overview = overview_of(replace(plan_of(), school_holidays=school), NOTHING_KNOWN, now=NOW)
    for span in year_of(overview, year):
        first, after = days_of_period(span.period)
        days = [first + timedelta(days=at) for at in range((after - first).days)]
        assert all(first <= one.first <= one.last < after for one in span.school)
        assert [day for day in days if any(day in one for one in span.school)] == [day for day in days if any(day in one for one in school)]


def the_paper_has_a_table_of_the_months_for_each_year(courses):
    overview = overview_of(plan_of(*courses), NOTHING_KNOWN, now=NOW)
    sections = [one for one in paper(overview, Language.DA).sections if one.begins_page]
    assert [one.heading for one in sections] == [f"Årshjul {year}" for year in years_of(overview)]


@given(COURSES, st.sets(st.integers(2023, 2026)))
def test_whatever_is_in_a_year(courses, years):
    """Each of these of what is drawn once, which takes longer than to look at it; whoever fails is named by where it does."""
    each_session_stands_once_in_its_month_or_its_period(courses)
    a_year_alone_is_as_it_is_among_the_others(courses, years)
    the_paper_has_a_table_of_the_months_for_each_year(courses)
