"""How many people take part in a course, through the one definition of who does (`bot.domain.participation`).

Pure.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.domain.participation import Part, is_on, lost_seat, parts_of_course, unanswered_people
from bot.domain.plan import CourseStatus
from bot.domain.registrations import RegistrationStatus as Status
from bot.domain.seats import OfferingSeats
from bot.i18n.sorting import danish_key
from bot.overview.lines import DepartmentSeats, Seats

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.domain.plan import Course
    from bot.domain.registrations import Registration
    from bot.domain.seats import Standing


def seats_of(
    course: Course,
    rows: Iterable[Registration],
    asked: Collection[str],
    came: Collection[str] | None = None,
) -> Seats:
    """The course's numbers; `rows` are its registrations, `asked` who was asked by link.

    `came` is everybody who came to any session, None where nobody has said.

    Nobody comes to what is not on.
    """
    rows = tuple(row for row in rows if not lost_seat(row))
    parts = parts_of_course(rows)
    invited = len(parts.keys() | set(asked))
    if not is_on(course):
        return Seats(capacity=capacity_of(course), invited=invited)
    counted = Counter(parts.values())
    of_person = {row.email: row.department for row in rows}
    departments = Counter(of_person[email] for email, part in parts.items() if part is Part.SEATED)
    attended = Counter(of_person.get(email, "") for email in came or ())
    return Seats(
        capacity=capacity_of(course),
        invited=invited,
        registered=counted[Part.SEATED],
        tentative=counted[Part.MAYBE],
        waitlisted=counted[Part.WAITING],
        awaiting=counted[Part.AWAITING],
        declined=counted[Part.OUT],
        unanswered=len(unanswered_people(course, rows, asked)),
        attended=None if came is None else len(came),
        departments=tuple(
            DepartmentSeats(
                name=name,
                registered=departments[name],
                attended=None if came is None else attended[name],
            )
            for name in sorted(departments | attended, key=danish_key)
        ),
    )


def seats_by_offering(course: Course, standings: Iterable[Standing]) -> tuple[OfferingSeats, ...]:
    """The seats of each offering by the last lines of the log; nothing of a course that gives out none."""
    if course.status is not CourseStatus.APPROVED:
        return ()
    taken: Counter[str] = Counter()
    others: Counter[tuple[str, Status | None]] = Counter()
    for one in standings:
        if one.course == course.id:
            taken[one.offering] += one.has_seat
            others[one.offering, one.status] += 1
    return tuple(
        OfferingSeats(
            course=course.id,
            offering=offering.id,
            capacity=course.capacity_of(offering),
            registered=taken[offering.id],
            tentative=others[offering.id, Status.TENTATIVE],
            waiting=others[offering.id, Status.WAITLISTED],
        )
        for offering in course.offerings
    )


def capacity_of(course: Course) -> int | None:
    """The seats of all its offerings together; None where one of them has no limit, or there is none."""
    each = [
        course.enrolment.capacity if offering.capacity is None else offering.capacity
        for offering in course.offerings
    ]
    known = [seats for seats in each if seats is not None]
    return sum(known) if each and len(known) == len(each) else None
