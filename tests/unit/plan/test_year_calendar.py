"""The year day by day: every session where it is held, every day on which nobody works, every clash where it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.plan import parse_plan
from bot.plan.year_calendar import calendar_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLAN = """
version: 1
id: norddjurs
organisation: Norddjurs Kommune
timezone: Europe/Copenhagen
language: da
holidays: DK
closing_days: [12-24]
school_holidays: ["2027-02-13..2027-02-21"]
organiser: kurser@norddjurs.example
contact: hr@norddjurs.example
audiences: {ledere: {name: Alle ledere, groups: [ledere@norddjurs.example]}}
courses:
  - id: lederdag
    title: Lederdag
    status: approved
    audience: ledere
    enrolment: {deadline: 2027-06-02T12:00}
    sessions: [{id: dag, title: Dagen, start: 2027-06-16T09:00, end: 2027-06-16T15:30}]
  - id: trivsel
    title: Trivsel
    status: approved
    audience: ledere
    enrolment: {mode: choose}
    offerings:
      - {id: hold-1, title: Hold 1, sessions: [{id: dag, start: 2027-06-16T13:00, end: 2027-06-16T16:00}]}
      - {id: hold-2, title: Hold 2, sessions: [{id: dag, start: 2027-12-24, end: 2027-12-26}]}
  - {id: talent, title: Talent, status: proposed, audience: ledere, sessions: [{id: forløb, period: 2027-H2}]}
  - {id: kladde, title: Kladde, status: draft, sessions: [{id: dag, start: 2027-03-03}]}
"""


def calendar(year=2027):
    plan = parse_plan(PLAN.encode(), name="plan.yaml", now=NOW).usable()
    return calendar_of(plan, year, now=NOW, courses_a_week=3)


def day(found, month, number):
    return next(one for one in found.months[month - 1].days if one.day.day == number)


def test_a_session_stands_on_its_day_with_what_stands_in_its_way():
    first, second = day(calendar(), 6, 16).entries
    assert (first.title, second.title) == ("Lederdag, Dagen", "Trivsel, Hold 1")
    assert [one.code for one in (*first.problems, *second.problems)] == ["session.overlap"]


def test_a_session_of_several_days_stands_on_each_of_them():
    entries = [day(calendar(), 12, number).entries[0] for number in (24, 25, 26)]
    assert [(one.number, one.days) for one in entries] == [(1, 3), (2, 3), (3, 3)]
    assert [one.title for one in calendar().troubled].count("Trivsel, Hold 2") == 1


@pytest.mark.parametrize(
    ("month", "number", "free", "school"),
    [(1, 1, "Nytårsdag", False), (12, 24, "", False), (6, 19, "", False), (2, 15, None, True), (6, 16, None, False)],
)
def test_days_on_which_nobody_works_are_told_from_the_others(month, number, free, school):
    found = day(calendar(), month, number)
    assert (found.free, found.is_school_holiday) == (free, school)
    assert found.says_something == bool(free or found.entries or found.answers)


def test_answers_are_due_on_their_day_and_what_has_no_day_stands_apart():
    assert day(calendar(), 6, 2).answers == ("Lederdag",)
    assert [(one.title, one.period) for one in calendar().undated] == [("Talent", "2027-H2")]
    assert calendar(2031).undated == ()


def test_a_draft_stands_nowhere():
    assert day(calendar(), 3, 3).entries == ()


def test_years_that_have_something_can_be_gone_to():
    assert calendar(2031).years == (2027, 2031)


def test_every_month_has_all_its_days():
    assert sum(len(month.days) for month in calendar(2028).months) == 366
    assert calendar(2028).months[1].days[-1].day == date(2028, 2, 29)
