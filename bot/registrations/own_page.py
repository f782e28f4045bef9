"""What a person's page shows of their own part.

Their sessions, the other courses, and what is theirs afterwards (pure).

| the person | sees of an offering |
|---|---|
| has a row | the sessions that are theirs by `bot.domain.participation.part_in`, those with a no marked |
| has none, or was not invited | the sessions that a seat would be for |

Materials and the evaluation are for those who took part, when their offering is over. Of other courses, those
are told of in which the person has or waits for a place, or may come; a cancelled one as cancelled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.pages import OtherCourse, SessionView
from bot.domain.participation import COMING, IN_PLAY, Part, is_on, lost_seat, part_in, part_of, sessions_for
from bot.domain.plan import CourseStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.registrations import Registration


def own_sessions(
    course: Course,
    offering: Offering,
    email: str,
    row: Registration | None,
    members: Mapping[str, frozenset[str]],
) -> tuple[SessionView, ...]:
    """The sessions of an offering for one person, in the plan's order.

    `members` are the audiences as last read.
    """
    if row is None or not row.invited:
        return tuple(
            _view(course, offering, session) for session in sessions_for(course, offering, email, members)
        )
    return tuple(
        _view(course, offering, session, said_no=part is Part.OUT and part_of(row) is not Part.OUT)
        for session in offering.sessions
        if (part := part_in(row, session.id)) is not None
    )


def takes_part(row: Registration) -> bool:
    """Whether somebody is on the list of at least one session of the offering."""
    return part_of(row) in COMING and (
        not row.answers or any(part_in(row, session) in COMING for session, _ in row.answers)
    )


def other_courses(plan: CoursePlan, rows: Iterable[Registration], course: str) -> Iterator[OtherCourse]:
    """The person's other courses than `course`; `rows` are their registrations."""
    for row in rows:
        other, offering = plan.course(row.course), plan.offering(row.course, row.offering)
        is_other = row.course != course and (part_of(row) in IN_PLAY or lost_seat(row))
        if other is None or offering is None or not is_other:
            continue
        cancelled = other.status is CourseStatus.CANCELLED
        if cancelled or is_on(other):
            mine = [
                session
                for session in offering.sessions
                if lost_seat(row) or part_in(row, session.id) in IN_PLAY
            ]
            starts = [session.start for session in mine if session.start]
            yield OtherCourse(
                title=other.title, when=min(starts, default=None), status=row.status, cancelled=cancelled
            )


def _view(
    course: Course, offering: Offering, session: CourseSession, *, said_no: bool = False
) -> SessionView:
    return SessionView(
        title=session.title,
        start=session.start,
        end=session.end,
        all_day=session.all_day,
        period=session.period,
        place=course.place_of(offering, session),
        online=course.is_online(offering, session),
        said_no=said_no,
        programme=session.description,
    )
