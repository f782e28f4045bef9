"""From registrations to the lists that are used on the day, and to counts (pure).

| the person in the session (`bot.domain.participation`) | is on its list |
|---|---|
| seated or maybe | as coming |
| waiting | as a reserve |
| anything else, and whoever was not invited | not |

A cancelled course has its lists without anybody, so that they say so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING

from bot.domain.participants import Participant, SessionList, SilentPerson, WithoutPlace
from bot.domain.participation import (
    COMING,
    IN_PLAY,
    Part,
    is_ahead,
    is_on,
    part_in,
    part_of,
    parts_of_course,
    silent_people,
)
from bot.domain.plan import CourseStatus
from bot.domain.registrations import is_stand_in
from bot.i18n.sorting import danish_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.questions import GivenAnswer
    from bot.domain.registrations import Registration
    from bot.domain.seats import Standing

NO_NOTES: Mapping[tuple[str, str], str] = {}
NO_ANSWERS: Mapping[tuple[str, str], tuple[GivenAnswer, ...]] = {}


def session_lists(
    rows: Iterable[Registration],
    plan: CoursePlan,
    notes: Mapping[tuple[str, str], str] = NO_NOTES,
    answers: Mapping[tuple[str, str], tuple[GivenAnswer, ...]] = NO_ANSWERS,
) -> tuple[SessionList, ...]:
    """One list for each dated session to which somebody comes or waits, by start, then as planned.

    `notes`: what they wrote to HR, `answers` to the course's questions, by (course, address as in the rows).
    """
    shown = partial(_participant, notes=notes, answers=answers)
    by_offering: dict[tuple[str, str], list[Registration]] = {}
    for row in rows:
        by_offering.setdefault((row.course, row.offering), []).append(row)
    lists = [
        each
        for course, offering, session in plan.sessions()
        for each in _list_of(course, offering, session, by_offering.get((course.id, offering.id), []), shown)
    ]
    return tuple(sorted(lists, key=lambda each: each.start))


def department_counts(
    rows: Iterable[Registration], plan: CoursePlan
) -> tuple[tuple[str, str, Counter[Part], int], ...]:
    """(Course id, department, how many take part in which way, how many in all), of courses that are on.

    By course, then department as Danish sorts; "" is no department. Each person counts once, whatever the
    offerings; who is only asked to save the date is in the total and in no other number, because nobody waits
    for an answer.
    """
    by_course: defaultdict[str, list[Registration]] = defaultdict(list)
    for row in rows:
        by_course[row.course].append(row)
    numbers: list[tuple[str, str, Counter[Part], int]] = []
    for course in sorted(filter(is_on, plan.courses), key=lambda course: course.id):
        counts: defaultdict[str, Counter[Part]] = defaultdict(Counter)
        totals: Counter[str] = Counter()
        departments = {row.email: row.department for row in by_course[course.id]}
        for email, part in parts_of_course(by_course[course.id]).items():
            totals[departments[email]] += 1
            if part is not Part.ASKED or course.status is CourseStatus.APPROVED:
                counts[departments[email]][part] += 1
        numbers += [(course.id, name, counts[name], totals[name]) for name in sorted(totals, key=danish_key)]
    return tuple(numbers)


def silent_list(
    rows: Iterable[Registration],
    plan: CoursePlan,
    asked: Mapping[str, Collection[str]],
    people: PeopleIndex,
    *,
    now: datetime,
) -> tuple[SilentPerson, ...]:
    """Who is silent about a course that they can still come to, by course, then name.

    `asked` has who was asked by link, by course, and still belongs to the audience; `now` UTC.
    """
    by_course: defaultdict[str, list[Registration]] = defaultdict(list)
    for row in rows:
        by_course[row.course].append(row)
    silent: list[SilentPerson] = []
    for course in plan.courses:
        mine = by_course[course.id]
        ahead = {offering.id for offering in course.offerings if is_ahead(plan, offering, now)}
        row_of = {row.email: row for row in mine}
        offered = {row.email for row in mine if row.offering in ahead or row.reopened}
        silent += [
            _silent_person(course, email, row_of.get(email), people)
            for email in (silent_people(course, mine, asked.get(course.id, ())) if ahead else ())
            if email in offered or email not in row_of
        ]
    return tuple(sorted(silent, key=_by_course_and_name))


def _silent_person(course: Course, email: str, row: Registration | None, people: PeopleIndex) -> SilentPerson:
    """As the row has them, else as the directory does."""
    person = people.find(email)
    names = (row.name if row else "", person.name if person else "", email)
    departments = (row.department if row else "", person.department if person else "", "")
    return SilentPerson(
        course=course.id,
        email=email,
        name=next(filter(None, names)),
        department=next(filter(None, departments), ""),
    )


def _by_course_and_name(person: SilentPerson | WithoutPlace) -> tuple[str, tuple[object, ...] | str, str]:
    return person.course, danish_key(person.name), person.email


def without_place_list(
    courses: Iterable[Course], lost: Iterable[Standing], people: PeopleIndex
) -> tuple[WithoutPlace, ...]:
    """Who lost a seat with its date, of the courses that are on; each once, by course, then name.

    `lost` as `bot.seats.plan_changes.without_a_place` has them. Who was erased is left out: nobody can give
    them a place.
    """
    on = {course.id for course in courses if is_on(course)}
    left_out: list[WithoutPlace] = []
    for course, email in {
        (standing.course, standing.email)
        for standing in lost
        if standing.course in on and not is_stand_in(standing.email)
    }:
        person = people.find(email)
        name, department = (person.name, person.department) if person else ("", "")
        left_out.append(WithoutPlace(course=course, email=email, name=name or email, department=department))
    return tuple(sorted(left_out, key=_by_course_and_name))


def _list_of(
    course: Course,
    offering: Offering,
    session: CourseSession,
    rows: list[Registration],
    shown: Callable[[Registration], Participant],
) -> Iterator[SessionList]:
    if session.start is None or session.end is None:
        return
    is_cancelled = course.status is CourseStatus.CANCELLED
    coming, reserves = _people_of(course, session, rows)
    if coming or reserves or is_cancelled:
        yield SessionList(
            course=course.id,
            course_title=course.title,
            offering_title=offering.title or (offering.id if len(course.offerings) > 1 else ""),
            session_title=session.title,
            start=session.start,
            end=session.end,
            all_day=session.all_day,
            place=course.place_of(offering, session),
            coming=tuple(map(shown, coming)),
            reserves=tuple(map(shown, reserves)),
            cancelled=is_cancelled,
            cancel_reason=course.cancel_reason if is_cancelled else "",
        )


def _people_of(
    course: Course, session: CourseSession, rows: Iterable[Registration]
) -> tuple[list[Registration], list[Registration]]:
    """Who comes to a session, by name, and who waits, by the place in line; nobody to what is not on."""
    here = [row for row in rows if is_on(course) and part_in(row, session.id) in IN_PLAY]
    coming = [row for row in here if part_of(row) in COMING]
    reserves = [row for row in here if part_of(row) is Part.WAITING]
    return (
        sorted(coming, key=lambda row: (danish_key(row.name or row.email), row.email)),
        sorted(reserves, key=lambda row: row.position or 0),
    )


def _participant(
    row: Registration,
    notes: Mapping[tuple[str, str], str],
    answers: Mapping[tuple[str, str], tuple[GivenAnswer, ...]],
) -> Participant:
    gone = is_stand_in(row.email)
    return Participant(
        name="" if gone else row.name or row.email,
        email="" if gone else row.email,
        department=row.department,
        status=row.status,
        position=row.position,
        note=notes.get((row.course, row.email), ""),
        unconfirmed=row.unconfirmed,
        answers=answers.get((row.course, row.email), ()),
    )
