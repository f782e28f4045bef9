"""What the plan itself says of where people are.

Other courses, other offerings, other parts of the course (pure).

    dated session of                                       for the audience that a date is looked for
    another course, an audience in common                  the day is taken
    another course, people in common but no audience       those people are taken in its time
    another offering of the same course                    the day is taken: never two on one day
    the same offering                                      its time is taken
    the session itself                                     nothing: it is to have another date
    a draft, proposed or cancelled course                  nothing: it is not to be counted on
    a course whose decision is open, or was another one    nothing (`plan` is the plan as it is decided)

Undated sessions are nowhere. A course of status `listed`, which others arrange, counts: its people are there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.domain.participation import people_in
from bot.domain.plan import Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.domain.schedules import Span

COUNTS = frozenset({CourseStatus.LISTED, CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Days that are taken, by the titles of what takes them.

    Times (UTC) for everybody, and for single people by address.
    """

    days: Mapping[date, tuple[str, ...]]
    times: tuple[Span, ...]
    people: Mapping[str, tuple[Span, ...]]


def find_elsewhere(
    plan: CoursePlan,
    course: Course,
    asked: Collection[tuple[str, str]],
    audience: Collection[str],
    members: Mapping[str, frozenset[str]],
) -> Elsewhere:
    """The table above for sessions (offering id, session id) of a course and the ids of their audiences.

    `members` has the addresses of every audience that is known.
    """
    days: dict[date, dict[str, None]] = {}
    times: list[Span] = []
    people: dict[str, list[Span]] = {}
    ours = people_in(audience, members)
    offerings = {offering for offering, _ in asked}
    for other, offering, session, start, end in _dated(plan, course):
        span, required = (
            (_instant(start, plan.timezone), _instant(end, plan.timezone)),
            frozenset(other.required_of(session)),
        )
        if other.id == course.id and offering.id in offerings:
            if (offering.id, session.id) not in asked:
                times.append(span)
        elif other.id == course.id or required & set(audience):
            for day in _days(start, end):
                days.setdefault(day, {})[other.title] = None
        else:
            for email in ours & people_in(required, members):
                people.setdefault(email, []).append(span)
    return Elsewhere(
        days=MappingProxyType({day: tuple(titles) for day, titles in days.items()}),
        times=tuple(times),
        people=MappingProxyType({email: tuple(spans) for email, spans in people.items()}),
    )


def audiences_elsewhere(plan: CoursePlan, course: Course, first: date, last: date) -> frozenset[str]:
    """The audiences that are in something else of the plan between two days.

    Whose members it takes to know.
    """
    return frozenset(
        audience
        for other, _, session, start, end in _dated(plan, course)
        if other.id != course.id and start.date() <= last and end.date() >= first
        for audience in other.required_of(session)
    )


def _dated(
    plan: CoursePlan, asked: Course
) -> Iterator[tuple[Course, Offering, CourseSession, datetime, datetime]]:
    """The dated sessions of the course itself and of what counts, with their wall times."""
    for course in (asked, *(one for one in plan.courses if one.id != asked.id and one.status in COUNTS)):
        for offering, session in course.sessions():
            if session.start is not None and session.end is not None:
                yield course, offering, session, session.start, session.end


def _instant(wall: datetime, zone: str) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _days(start: datetime, end: datetime) -> Iterator[date]:
    """The days of a session; an end at midnight is the end of the day before."""
    last = max(start, end - timedelta(microseconds=1)).date()
    day = start.date()
    while day <= last:
        yield day
        day += timedelta(days=1)
