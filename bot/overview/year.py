"""A year as a strip of months: what begins when, what is due, and which working days are free (pure).

span                          stands                         has
a month                       always                         what begins in it, and what is planned for it without a day
a quarter, half-year, year    before its first month, the    what is planned for just that, without a day
                              longest first, if it has any

of an overview                stands in the year             unless
a session with a date         in the month of its first day  it is of another year
a session with a period       in that span                   it is of another year
a session with neither        nowhere                        -
the deadline of answers       in its month                   the course is cancelled, or listed
an open decision              in the month before which it   no course depends on it that has a day or a period,
                              is needed                      or all that do are over
a holiday or a closing day    in its month                   it is on a Saturday or Sunday
a school holiday              in each month that it has      -
                              days of, with those days
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from bot.domain.closing_days import SchoolHoliday
from bot.domain.plan import CourseStatus
from bot.working_days import holiday_name, is_weekend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.overview.lines import CourseLine, Overview, SessionLine

MONTHS = range(1, 13)
ASKS_NOBODY = frozenset({CourseStatus.CANCELLED, CourseStatus.LISTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A session with the course that it is of."""

    course: CourseLine
    session: SessionLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The last day of a course's answers."""

    day: date
    course: CourseLine


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDay:
    """An open decision by its id.

    It is needed before `day`, on which the first course that depends on it may begin.
    """

    day: date
    assumption: str


_Dated = TypeVar("_Dated", Answers, DecisionDay)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeDay:
    """A weekday on which nobody works: a holiday by its name, "" for a closing day of the plan."""

    day: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of the year by its period (`2024-03`, `2024-Q1`, `2024-H1`, `2024`).

    All in the order of days, those without one last.
    """

    period: str
    month: int | None
    meetings: tuple[Meeting, ...] = ()
    answers: tuple[Answers, ...] = ()
    decisions: tuple[DecisionDay, ...] = ()
    free: tuple[FreeDay, ...] = ()
    school: tuple[SchoolHoliday, ...] = ()


def years_of(overview: Overview) -> tuple[int, ...]:
    """The years to show, in order.

    Those in which a session may begin or answers are due, of those that were asked for.
    """
    days = [meeting.session.begins for meeting in _meetings(overview) if meeting.session.begins]
    found = {day.year for day in (*days, *(answer.day for answer in _answers(overview)))}
    return tuple(sorted(found & set(overview.years) if overview.years else found))


def year_of(overview: Overview, year: int) -> tuple[Span, ...]:
    """The year's spans, by the tables above."""
    meetings: defaultdict[str, list[Meeting]] = defaultdict(list)
    for meeting in _meetings(overview):
        start, period = meeting.session.start, meeting.session.period
        if start is not None or period is not None:
            meetings[_month(start.date()) if start is not None else period or ""].append(meeting)
    answers, decisions = _by_month(_answers(overview)), _by_month(_decisions(overview))
    spans = []
    for month in MONTHS:
        longer = (
            Span(period=name, month=None, meetings=tuple(meetings[name])) for name in _longer(year, month)
        )
        spans += [span for span in longer if span.meetings]
        name = _month(date(year, month, 1))
        spans.append(
            Span(
                period=name,
                month=month,
                meetings=tuple(sorted(meetings[name], key=_begins)),
                answers=tuple(answers[name]),
                decisions=tuple(decisions[name]),
                free=tuple(_free(overview, year, month)),
                school=tuple(_school(overview, year, month)),
            )
        )
    return tuple(spans)


def _meetings(overview: Overview) -> Iterator[Meeting]:
    return (
        Meeting(course=course, session=session) for course in overview.courses for session in course.sessions
    )


def _answers(overview: Overview) -> Iterator[Answers]:
    for course in overview.courses:
        if course.deadline is not None and course.status not in ASKS_NOBODY:
            yield Answers(day=course.deadline.date(), course=course)


def _decisions(overview: Overview) -> Iterator[DecisionDay]:
    for decision in overview.open_decisions:
        if decision.needed_by is not None:
            yield DecisionDay(day=decision.needed_by, assumption=decision.assumption.id)


def _by_month(dated: Iterable[_Dated]) -> Mapping[str, list[_Dated]]:
    """What each month has, by days."""
    found: defaultdict[str, list[_Dated]] = defaultdict(list)
    for one in sorted(dated, key=lambda one: one.day):
        found[_month(one.day)].append(one)
    return found


def _free(overview: Overview, year: int, month: int) -> Iterator[FreeDay]:
    for number in range(1, monthrange(year, month)[1] + 1):
        day = date(year, month, number)
        if (
            not is_weekend(day)
            and (name := holiday_name(day, overview.holidays, overview.closing_days)) is not None
        ):
            yield FreeDay(day=day, name=name)


def _school(overview: Overview, year: int, month: int) -> Iterator[SchoolHoliday]:
    """What the month has of each, in the order of days; the days themselves are working days."""
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    for holiday in sorted(overview.school_holidays, key=lambda one: (one.first, one.last)):
        if holiday.first <= last and holiday.last >= first:
            yield SchoolHoliday(first=max(first, holiday.first), last=min(last, holiday.last))


def _longer(year: int, month: int) -> Iterator[str]:
    """The spans of more than a month that begin with this one, the longest first."""
    if month == 1:
        yield f"{year}"
    for letter, length in (("H", 6), ("Q", 3)):
        if month % length == 1:
            yield f"{year}-{letter}{month // length + 1}"


def _month(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def _begins(meeting: Meeting) -> tuple[bool, str]:
    """Those with a date first, by its time."""
    start = meeting.session.start
    return start is None, start.isoformat() if start else ""
