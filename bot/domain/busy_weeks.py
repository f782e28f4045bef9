"""More courses in one week than somebody should have, by the people as they are known (pure).

    somebody is to come to                            the course counts for them in an ISO week where
    sessions of a course that everybody comes to      any of those is
    alternatives: a person takes one offering         each offering that is open to them has one: whatever they choose, it is in that week

A session over several days counts in each of its weeks, the first five of them. To speak is no course.
`bot.plan.busy_weeks` says the same of audiences, by the plan alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from bot.domain.clashes import Stay

WEEKS_LOOKED_AT = 5

Week = tuple[int, int]
"""ISO year and week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyWeek:
    """The people who have more than `most` courses in a week, and what of those courses is then, by start.

    `courses` are their ids.
    """

    week: Week
    most: int
    people: frozenset[str]
    courses: tuple[str, ...]
    stays: tuple[Stay, ...]


def find_busy_weeks(stays: Iterable[Stay], *, most: int) -> tuple[BusyWeek, ...]:
    """Each week once, with everybody for whom it is too much, in the order of the calendar."""
    then: defaultdict[Week, list[Stay]] = defaultdict(list)
    open_to: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for stay in sorted(stays, key=lambda one: (one.start, one.end, str(one.key))):
        for week in weeks_of(stay.start, stay.end):
            then[week].append(stay)
        for person in stay.people if stay.to_choose else ():
            open_to[person, stay.key.course].add(stay.key.offering)
    found = (_busy_week(week, those, open_to, most=most) for week, those in sorted(then.items()))
    return tuple(week for week in found if week is not None)


def _busy_week(
    week: Week, stays: list[Stay], open_to: defaultdict[tuple[str, str], set[str]], *, most: int
) -> BusyWeek | None:
    """The week with what is in it, None where it is too full for nobody."""
    # Of too few courses nobody can have too many.
    if len({stay.key.course for stay in stays}) <= most:
        return None
    courses = _courses_of_each(stays, open_to)
    people = frozenset(person for person, theirs in courses.items() if len(theirs) > most)
    if not people:
        return None
    too_many = frozenset[str]().union(*(courses[person] for person in people))
    return BusyWeek(
        week=week,
        most=most,
        people=people,
        courses=tuple(dict.fromkeys(stay.key.course for stay in stays if stay.key.course in too_many)),
        stays=tuple(
            stay
            for stay in stays
            if any(stay.key.course in courses[person] for person in stay.people & people)
        ),
    )


def weeks_of(start: datetime, end: datetime) -> Iterator[Week]:
    """The ISO weeks from start to end, the first five of them.

    An end at midnight is the end of the day before.
    """
    first, last = start.date(), (end - timedelta(microseconds=1)).date()
    monday = first - timedelta(days=first.weekday())
    for number in range(min((last - monday).days // 7 + 1, WEEKS_LOOKED_AT)):
        year, week, _ = (monday + timedelta(weeks=number)).isocalendar()
        yield year, week


def _courses_of_each(
    stays: Iterable[Stay], open_to: defaultdict[tuple[str, str], set[str]]
) -> dict[str, set[str]]:
    """Person to the courses that count for them in the week of these stays."""
    courses: defaultdict[str, set[str]] = defaultdict(set)
    offerings: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for stay in stays:
        for person in stay.people:
            if stay.to_choose:
                offerings[person, stay.key.course].add(stay.key.offering)
            else:
                courses[person].add(stay.key.course)
    for (person, course), those in offerings.items():
        if those == open_to[person, course]:
            courses[person].add(course)
    return courses
