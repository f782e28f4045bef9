"""From registrations to the lists that are used on the day, and to counts (pure).

| the person | is on the list of a session |
|---|---|
| registered or tentative | as coming, unless they said no to just this session of several |
| in line | as a reserve |
| anything else | not |
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.domain.participants import Participant, SessionList
from bot.domain.registrations import RegistrationStatus, is_stand_in
from bot.registrations.listing import danish_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.domain.notes import Note
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.registrations import Registration

COMING = frozenset({RegistrationStatus.REGISTERED, RegistrationStatus.TENTATIVE})
SAID_NO = frozenset({RegistrationStatus.DECLINED, RegistrationStatus.WITHDRAWN})


def session_lists(rows: Iterable[Registration], plan: CoursePlan, notes: Iterable[Note] = ()) -> tuple[SessionList, ...]:
    """One list for each dated session of the plan to which somebody comes or waits, by start, then in the plan's order."""
    written = {(note.course, note.email): note.text for note in notes}
    by_offering: dict[tuple[str, str], list[Registration]] = {}
    for row in rows:
        by_offering.setdefault((row.course, row.offering), []).append(row)
    found = [
        one
        for course in plan.courses
        for offering in course.offerings
        for session in offering.sessions
        for one in _list_of(course, offering, session, by_offering.get((course.id, offering.id), []), written)
    ]
    return tuple(sorted(found, key=lambda one: one.start))


def department_counts(rows: Iterable[Registration]) -> tuple[tuple[str, str, Counter[RegistrationStatus]], ...]:
    """(Course id, department, how many of each status), by course, then department as Danish sorts; "" is no department."""
    counts: dict[tuple[str, str], Counter[RegistrationStatus]] = {}
    for row in rows:
        counts.setdefault((row.course, row.department), Counter())[row.status] += 1
    return tuple((*key, counts[key]) for key in sorted(counts, key=lambda key: (key[0], danish_key(key[1]))))


def unanswered(rows: Iterable[Registration]) -> tuple[Registration, ...]:
    """Who is invited to something of a course and has answered nothing of it, by course, then name."""
    listed = [row for row in rows if not is_stand_in(row.email)]
    answered = {(row.course, row.email) for row in listed if row.status is not RegistrationStatus.INVITED}
    silent = {(row.course, row.email): row for row in listed if (row.course, row.email) not in answered}
    return tuple(sorted(silent.values(), key=lambda row: (row.course, danish_key(row.name or row.email), row.email)))


def _list_of(
    course: Course, offering: Offering, session: CourseSession, rows: list[Registration], notes: Mapping[tuple[str, str], str]
) -> Iterator[SessionList]:
    if session.start is None or session.end is None:
        return
    here = [row for row in rows if dict(row.answers).get(session.id) not in SAID_NO]
    coming = sorted((row for row in here if row.status in COMING), key=lambda row: (danish_key(row.name or row.email), row.email))
    reserves = sorted((row for row in here if row.position is not None), key=lambda row: row.position or 0)
    if not coming and not reserves:
        return
    yield SessionList(
        course=course.id,
        course_title=course.title,
        offering_title=offering.title or (offering.id if len(course.offerings) > 1 else ""),
        session_title=session.title,
        start=session.start,
        end=session.end,
        all_day=session.all_day,
        place=course.place_of(offering, session),
        coming=tuple(_participant(row, notes) for row in coming),
        reserves=tuple(_participant(row, notes) for row in reserves),
    )


def _participant(row: Registration, notes: Mapping[tuple[str, str], str]) -> Participant:
    gone = is_stand_in(row.email)
    return Participant(
        name="" if gone else row.name or row.email,
        email="" if gone else row.email,
        department=row.department,
        status=row.status,
        position=row.position,
        note=notes.get((row.course, row.email), ""),
    )
