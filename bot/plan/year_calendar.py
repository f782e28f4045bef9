"""The year of a plan day by day: what is held, when nobody works, what stands in each other's way (pure).

    of a plan                              stands
    a session with a day                   on each of its days, with every warning about it
    a session with a period                apart, undated
    a session with neither                 nowhere
    the last day for answers               on it, where the course invites
    a course that is a draft or cancelled  nowhere
    a holiday, a closing day, a weekend    on their days, as days on which nobody works
    a school holiday                       on each of its days, which are working days

The warnings are those of `check` (`bot.plan.checks`), by the same words.
"""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.plan import MAIN_OFFERING, CourseStatus
from bot.plan.desk_rows import place_of, read_rows, rows_of
from bot.plan.sheets import SESSIONS
from bot.working_days import holiday_name, is_weekend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.domain.plan import CoursePlan, PlannedSession
    from bot.domain.problems import Problem

UNSEEN = frozenset({CourseStatus.DRAFT, CourseStatus.CANCELLED})
ASKS_NOBODY = frozenset({CourseStatus.LISTED, CourseStatus.PROPOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """A session on one of its days, wall times of the plan's zone; `problems` are what `check` warns of.

    `number` counts its days from 1, `days` is how many it has.
    """

    course: str
    title: str
    status: CourseStatus
    start: datetime
    end: datetime
    all_day: bool
    number: int
    days: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One day; `free` is why nobody works, "" a closing day of the plan or a weekend, None a working day.

    `answers` are the titles of the courses whose answers are due.
    """

    day: date
    entries: tuple[CalendarEntry, ...]
    answers: tuple[str, ...]
    free: str | None
    is_school_holiday: bool

    @property
    def says_something(self) -> bool:
        """Whether there is more to it than the date."""
        return bool(self.entries or self.answers or self.free)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarMonth:
    """A month; each week its seven days, None where they are of another month."""

    first: date
    weeks: tuple[tuple[CalendarDay | None, ...], ...]

    @property
    def days(self) -> tuple[CalendarDay, ...]:
        """Its days in order."""
        return tuple(day for week in self.weeks for day in week if day is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undated:
    """What is planned for a period of the year, and has no day yet."""

    course: str
    title: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCalendar:
    """Twelve months, and what has no day yet; `years` are those in which the plan has anything."""

    year: int
    years: tuple[int, ...]
    months: tuple[CalendarMonth, ...]
    undated: tuple[Undated, ...]

    @property
    def troubled(self) -> tuple[CalendarEntry, ...]:
        """What something is wrong with, each session once."""
        entries = (one for month in self.months for day in month.days for one in day.entries)
        return tuple(one for one in entries if one.problems and one.number == 1)


def calendar_of(plan: CoursePlan, year: int, *, now: datetime, courses_a_week: int) -> YearCalendar:
    """The year's calendar; `now` (aware) decides what is past and no longer warned of."""
    shown = [one for one in plan.sessions() if one.course.status not in UNSEEN]
    told = _told(plan, now=now, courses_a_week=courses_a_week)
    entries: defaultdict[date, list[CalendarEntry]] = defaultdict(list)
    for one in shown:
        for entry in _entries(one, told.get((one.course.id, one.offering.id, one.session.id), ())):
            entries[(entry.start + timedelta(days=entry.number - 1)).date()].append(entry)
    answers = _answers(plan)
    periods = [
        Undated(course=one.course.id, title=_title(one), period=one.session.period)
        for one in shown
        if one.session.period is not None
    ]
    years = {day.year for day in (*entries, *answers)} | {int(one.period[:4]) for one in periods}
    return YearCalendar(
        year=year,
        years=tuple(sorted(years | {year})),
        months=tuple(_month(plan, year, month, entries, answers) for month in range(1, 13)),
        undated=tuple(one for one in periods if int(one.period[:4]) == year),
    )


def _told(
    plan: CoursePlan, *, now: datetime, courses_a_week: int
) -> Mapping[tuple[str, str, str], tuple[Problem, ...]]:
    """What `check` says of each session, by course, offering and session."""
    found: defaultdict[tuple[str, str, str], list[Problem]] = defaultdict(list)
    for problem in read_rows(rows_of(plan), now=now, courses_a_week=courses_a_week).problems:
        place = place_of(problem)
        if place is not None and place[0][0] == SESSIONS.key and not problem.is_note:
            course, offering, session = place[0][1].split("/")
            found[course, offering or MAIN_OFFERING, session].append(problem)
    return {key: tuple(problems) for key, problems in found.items()}


def _entries(planned: PlannedSession, problems: tuple[Problem, ...]) -> Iterator[CalendarEntry]:
    session = planned.session
    if session.start is None or session.end is None:
        return
    last = (session.end - timedelta(microseconds=1)).date()
    days = (last - session.start.date()).days + 1
    for number in range(1, days + 1):
        yield CalendarEntry(
            course=planned.course.id,
            title=_title(planned),
            status=planned.course.status,
            start=session.start,
            end=session.end,
            all_day=session.all_day,
            number=number,
            days=days,
            problems=problems,
        )


def _title(planned: PlannedSession) -> str:
    """Course, offering and session by their titles, each once."""
    parts = (planned.course.title, planned.offering.title, planned.session.title)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _answers(plan: CoursePlan) -> Mapping[date, tuple[str, ...]]:
    """By day the titles of the courses whose answers are due then."""
    found: defaultdict[date, list[str]] = defaultdict(list)
    for course in plan.courses:
        deadline = course.enrolment.deadline
        if deadline is not None and course.status not in UNSEEN | ASKS_NOBODY:
            found[deadline.date()].append(course.title)
    return {day: tuple(titles) for day, titles in found.items()}


def _month(
    plan: CoursePlan,
    year: int,
    month: int,
    entries: Mapping[date, Iterable[CalendarEntry]],
    answers: Mapping[date, tuple[str, ...]],
) -> CalendarMonth:
    def day_of(day: date) -> CalendarDay | None:
        if day.month != month:
            return None
        holiday = holiday_name(day, plan.holidays, plan.closing_days)
        return CalendarDay(
            day=day,
            entries=tuple(sorted(entries.get(day, ()), key=lambda one: (one.start, one.title))),
            answers=answers.get(day, ()),
            free="" if holiday is None and is_weekend(day) else holiday,
            is_school_holiday=any(day in days for days in plan.school_holidays),
        )

    weeks = Calendar().monthdatescalendar(year, month)
    return CalendarMonth(first=date(year, month, 1), weeks=tuple(tuple(map(day_of, week)) for week in weeks))
