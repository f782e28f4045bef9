"""The courses of a plan as HR reads them through, with what may need a look; and choosing among them (pure).

| what to look at | the course |
|---|---|
| waits | a change of it waits, a guest has come, somebody lost a place, a speaker or a room said no to what is to come |
| line | somebody is in line |
| minimum | is approved and to come, and fewer have a seat than are needed |
| silent | is approved and to come, wants an answer, and somebody has given none |
| deadline | its deadline is within a fortnight |

Courses to come stand first, by their next date; then those without a date, those that have been (the latest
first), and at last what is cancelled or no longer in the plan. Times are wall times of the plan.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.enrolment import EnrolmentMode
from bot.domain.plan import CourseStatus
from bot.i18n.sorting import danish_key
from bot.overview.lines import CourseNumbers, Seats
from bot.overview.periods import days_of_session, half_of
from bot.overview.seats import capacity_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from bot.domain.plan import Course, CourseSession, Offering

NEAR = timedelta(days=14)
NEXT_DATES = 2
"""So many dates stand in the list; the others are a number."""
GONE = "gone"
"""The status of what the books know and the plan has no more."""
ENDED = frozenset({CourseStatus.CANCELLED.value, GONE})


class Concern(StrEnum):
    """Why somebody may want to look at a course, by the table above."""

    WAITS = "waits"
    LINE = "line"
    MINIMUM = "minimum"
    SILENT = "silent"
    DEADLINE = "deadline"


class Waits(StrEnum):
    """What of a course waits for a person."""

    CHANGES = "changes"
    GUESTS = "guests"
    WITHOUT_PLACE = "without_place"
    SPEAKER = "speaker"
    ROOM = "room"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDate:
    """When a part of a course is: wall times, or a `period` where there is no date; `end` as in the plan."""

    start: datetime | None
    end: datetime | None
    all_day: bool
    period: str | None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseInList:
    """One course of the list.

    `status` is a `CourseStatus` or `GONE`. `dates` are the next ones, of a course that has been the last;
    `more` how many there are besides. `half` is year and half (0: either) of its next date. `waits` are
    counted.
    """

    id: str
    title: str
    theme: str
    status: str
    dates: tuple[ListedDate, ...]
    more: int
    is_over: bool
    half: tuple[int, int] | None
    deadline: datetime | None
    minimum: int | None
    seats: Seats
    waits: tuple[tuple[Waits, int], ...]
    looks: frozenset[Concern]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody wants to see of the list; "" is everything. `half` is `2025-1`, `words` of the title."""

    status: str = ""
    half: str = ""
    look: str = ""
    words: str = ""

    def has(self, course: CourseInList) -> bool:
        """Whether the course is among it."""
        title = course.title.casefold()
        return (
            self.status in {"", course.status}
            and self.half in {"", half_word(course.half)}
            and (not self.look or self.look in course.looks)
            and all(word in title for word in self.words.casefold().split())
        )


def half_word(half: tuple[int, int] | None) -> str:
    """`2025-1`; `2025-0` where it may be either half, "none" without a time."""
    return f"{half[0]}-{half[1]}" if half else "none"


def listed_courses(
    courses: Iterable[Course],
    numbers: Mapping[str, CourseNumbers],
    changing: Collection[str],
    gone: Mapping[str, str],
    *,
    wall: datetime,
) -> tuple[CourseInList, ...]:
    """The list in its order; `changing` have a change that waits, `gone` are titles by id; `wall` is now."""
    listed = [
        _listed(course, numbers.get(course.id, CourseNumbers()), changing, wall) for course in courses
    ] + [_gone(course, title) for course, title in gone.items()]
    return tuple(sorted(listed, key=lambda course: _place(course, wall)))


def counted_choices(courses: Sequence[CourseInList], choice: Choice) -> dict[str, Counter[str]]:
    """How many there are of each status, half and look, with what else is chosen left as it is."""
    statuses = [one for one in courses if replace(choice, status="").has(one)]
    halves = [one for one in courses if replace(choice, half="").has(one)]
    looks = [one for one in courses if replace(choice, look="").has(one)]
    return {
        "status": Counter(one.status for one in statuses),
        "half": Counter(half_word(one.half) for one in halves),
        "look": Counter(look.value for one in looks for look in one.looks),
    }


def _listed(
    course: Course, numbers: CourseNumbers, changing: Collection[str], wall: datetime
) -> CourseInList:
    dates = [_date(course, offering, session) for offering, session in course.sessions()]
    ahead = sorted(
        (one for one in dates if one.end is not None and one.end > wall), key=lambda one: one.start or wall
    )
    undated = [one for one in dates if one.start is None]
    past = sorted(
        (one for one in dates if one.end is not None and one.end <= wall), key=lambda one: one.end or wall
    )
    is_over = bool(past) and not ahead and not undated
    shown = (*ahead, *undated)[:NEXT_DATES] or tuple(past[-1:])
    waits = tuple(_waits(course, numbers, changing, wall))
    return CourseInList(
        id=course.id,
        title=course.title,
        theme=course.theme,
        status=course.status.value,
        dates=shown,
        more=len(dates) - len(shown),
        is_over=is_over,
        half=_half(shown),
        deadline=course.enrolment.deadline,
        minimum=course.enrolment.minimum,
        seats=replace(numbers.seats, capacity=capacity_of(course)),
        waits=waits,
        looks=frozenset(_looks(course, numbers.seats, waits, is_over=is_over, wall=wall)),
    )


def _gone(course: str, title: str) -> CourseInList:
    return CourseInList(
        id=course,
        title=title,
        theme="",
        status=GONE,
        dates=(),
        more=0,
        is_over=True,
        half=None,
        deadline=None,
        minimum=None,
        seats=Seats(),
        waits=(),
        looks=frozenset(),
    )


def _date(course: Course, offering: Offering, session: CourseSession) -> ListedDate:
    which = (offering.title or offering.id) if len(course.offerings) > 1 else ""
    return ListedDate(
        start=session.start,
        end=session.end,
        all_day=session.all_day,
        period=session.period,
        title=which,
    )


def _half(dates: Sequence[ListedDate]) -> tuple[int, int] | None:
    if not dates:
        return None
    from bot.domain.plan import CourseSession

    first = dates[0]
    begins, ends = days_of_session(
        CourseSession(id="", start=first.start, end=first.end, period=first.period)
    )
    return half_of(begins, ends)


def _waits(
    course: Course, numbers: CourseNumbers, changing: Collection[str], wall: datetime
) -> Iterable[tuple[Waits, int]]:
    ahead = {
        offering.id for offering in course.offerings if offering.begins is None or offering.begins > wall
    }
    counted = (
        (Waits.CHANGES, int(course.id in changing)),
        (Waits.GUESTS, sum(count for offering, count in numbers.guests.items() if offering in ahead)),
        (Waits.WITHOUT_PLACE, numbers.without_place),
        (Waits.SPEAKER, sum(1 for start in numbers.speakers_off if start is not None and start > wall)),
        (Waits.ROOM, sum(1 for start in numbers.rooms_off if start is not None and start > wall)),
    )
    return ((what, count) for what, count in counted if count)


def _looks(
    course: Course, seats: Seats, waits: Sequence[object], *, is_over: bool, wall: datetime
) -> Iterable[Concern]:
    enrolment = course.enrolment
    to_come = course.status is CourseStatus.APPROVED and not is_over
    found = {
        Concern.WAITS: bool(waits),
        Concern.LINE: seats.waitlisted > 0,
        Concern.MINIMUM: to_come and enrolment.minimum is not None and seats.registered < enrolment.minimum,
        Concern.SILENT: to_come and enrolment.mode is not EnrolmentMode.SIGNUP and seats.unanswered > 0,
        Concern.DEADLINE: enrolment.deadline is not None and wall < enrolment.deadline <= wall + NEAR,
    }
    return (look for look, is_so in found.items() if is_so)


def _place(course: CourseInList, wall: datetime) -> tuple[int, float, object]:
    """Which of the groups, where in it, and by title."""
    start = course.dates[0].start if course.dates else None
    title = danish_key(course.title)
    if course.status in ENDED:
        return 3, 0.0, title
    if course.is_over:
        return 2, (wall - start).total_seconds() if start else 0.0, title
    return (1, 0.0, title) if start is None else (0, (start - wall).total_seconds(), title)
