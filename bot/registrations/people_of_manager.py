"""What a manager is told of their people's courses (pure).

One row of a registration, the first line that fits; a year back, and as long as it is kept:

| the row | the manager is told |
|---|---|
| of who was not invited; of a course that is not on and is not cancelled | nothing |
| ahead, the course is cancelled, and there was a place | that it is cancelled |
| ahead, the course is cancelled | nothing |
| ahead, or under way, or without a date | where they stand; of a no, whether it was the manager's, or there was no seat |
| over, and they came to any of it | that they came |
| over, and they had a seat | that they were signed up; whether they were missed is HR's to know |
| over | nothing |

Never why somebody said no, what they wrote, or what they thought of it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.attendance import Presence
from bot.domain.manager_pages import PersonOfManager, PlaceOfPerson, PlaceWord
from bot.domain.participation import COMING, IN_PLAY, is_on, lost_seat, not_their_no, part_of
from bot.domain.plan import CourseStatus
from bot.messages.characters import one_line
from bot.messages.notice import named, times_of
from bot.registrations.attendance import NOTHING_KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.domain.people import Language, Person
    from bot.domain.plan import Course, CoursePlan, Offering
    from bot.domain.registrations import Registration
    from bot.registrations.attendance import CourseAttendance

A_YEAR = timedelta(days=365)


def people_of_manager(
    plan: CoursePlan,
    people: Iterable[Person],
    rows: Iterable[Registration],
    attendance: Mapping[str, CourseAttendance],
    language: Language,
    *,
    now: datetime,
) -> tuple[PersonOfManager, ...]:
    """Each of `people` with their courses, sorted by name, by the table above.

    `rows` of any of them (canonical addresses), `attendance` by course, `now` wall time of the plan.
    """
    theirs: defaultdict[str, list[Registration]] = defaultdict(list)
    for row in rows:
        theirs[row.email].append(row)
    found = []
    for person in people:
        coming: list[PlaceOfPerson] = []
        past: list[PlaceOfPerson] = []
        for one in _places(plan, theirs[person.email], attendance, language, now=now):
            (past if one.word in {PlaceWord.ATTENDED, PlaceWord.WAS_SIGNED_UP} else coming).append(one)
        found.append(
            PersonOfManager(
                email=person.email,
                name=one_line(person.name or person.email),
                department=one_line(person.department),
                coming=tuple(sorted(coming, key=_by_date)),
                past=tuple(sorted(past, key=_by_date, reverse=True)),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.email)))


def _places(
    plan: CoursePlan,
    rows: Iterable[Registration],
    attendance: Mapping[str, CourseAttendance],
    language: Language,
    *,
    now: datetime,
) -> Iterator[PlaceOfPerson]:
    for row in rows:
        course, offering = plan.course(row.course), plan.offering(row.course, row.offering)
        if course is None or offering is None:
            continue
        word = _word(row, course, offering, attendance.get(course.id, NOTHING_KNOWN), now)
        if word is None:
            continue
        several = f" – {named(offering)}" if len(course.offerings) > 1 else ""
        yield PlaceOfPerson(
            what=one_line(course.title) + several,
            dates=tuple(times_of(course, offering, language, titled=True)),
            word=word,
            position=row.position if word is PlaceWord.WAITLISTED else None,
            begins=offering.begins,
        )


def _word(
    row: Registration, course: Course, offering: Offering, known: CourseAttendance, now: datetime
) -> PlaceWord | None:
    """By the table above."""
    if not row.invited:
        return None
    end = max((one.end for one in offering.sessions if one.end is not None), default=None)
    if end is None or end > now:
        if course.status is CourseStatus.CANCELLED:
            return PlaceWord.CANCELLED if part_of(row) in IN_PLAY or lost_seat(row) else None
        return _standing(row) if is_on(course) else None
    if end < now - A_YEAR or not is_on(course):
        return None
    if known.people.get((offering.id, row.email)) is Presence.ATTENDED:
        return PlaceWord.ATTENDED
    return PlaceWord.WAS_SIGNED_UP if part_of(row) in COMING else None


def _standing(row: Registration) -> PlaceWord:
    """A no of the manager, and a yes for which there was no seat, are no no of the person."""
    return PlaceWord(not_their_no(row) or row.status.value)


def _by_date(one: PlaceOfPerson) -> tuple[datetime, str]:
    # Wall times of the plan; those without a date last.
    return one.begins or datetime.max, one.what  # noqa: DTZ901
