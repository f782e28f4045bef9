"""What somebody is told of their own answers to a course, on the page of all their courses (pure).

| the rows of the course have | told is |
|---|---|
| a seat, a place in line, a wish that waits for the manager, or a maybe | each of them, with when it is |
| else a no, or a seat given up | each of them |
| else, or there are none | that they have not answered, and until when they may |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.pages import OwnPlace
from bot.domain.participation import IN_PLAY, PART_OF, not_their_no, part_in
from bot.domain.registrations import RegistrationStatus
from bot.registrations.listing import wall_time

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.plan import Course, CoursePlan
    from bot.domain.registrations import Registration

GOOD = frozenset(status for status, part in PART_OF.items() if part in IN_PLAY)
OUT = frozenset({RegistrationStatus.DECLINED, RegistrationStatus.WITHDRAWN})


def own_places(plan: CoursePlan, course: Course, rows: Iterable[Registration]) -> tuple[OwnPlace, ...]:
    """By the table above; () where they have not answered. `rows` are theirs, of any course."""
    here = [row for row in rows if row.course == course.id]
    good = [row for row in here if row.status in GOOD]
    return tuple(_place(plan, course, row) for row in good or (row for row in here if row.status in OUT))


def answer_by(course: Course, now: datetime) -> datetime | None:
    """Until when somebody may answer, wall time; None where there is no deadline, or it is over.

    `now` is wall time of the plan's zone.
    """
    deadline = course.enrolment.deadline
    return deadline if deadline is not None and deadline > now else None


def _place(plan: CoursePlan, course: Course, row: Registration) -> OwnPlace:
    offering = next((one for one in course.offerings if one.id == row.offering), None)
    sessions = offering.sessions if offering is not None else ()
    mine = [one.start for one in sessions if one.start and part_in(row, one.id) in IN_PLAY]
    return OwnPlace(
        offering=offering.title if offering is not None else "",
        when=min(mine, default=min((one.start for one in sessions if one.start), default=None)),
        status=row.status,
        position=row.position,
        answered=wall_time(row.said_at, plan) if row.said_at is not None else None,
        not_their_no=not_their_no(row),
    )
