"""One course as HR reads it: what it is, its dates with their seats, and whether people know of it (pure).

| the course is | it is shown |
|---|---|
| in the plan in force | as people have been told of it |
| only written | as it is written; nobody has heard of it |
| in neither, and the books know it | by its id and what the books have, as no longer in the plan |
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.participation import Part, part_of
from bot.domain.plan import CourseStatus
from bot.overview.course_list import GONE, ListedDate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.plan import Course, Offering
    from bot.domain.registrations import Registration
    from bot.overview.lines import Seats


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedSession:
    """A session of an offering: its id and title, when, and where ("" not said)."""

    id: str
    title: str
    date: ListedDate
    place: str
    is_online: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedOffering:
    """An offering with its sessions and seats; `capacity` None: no limit.

    `has_begun`: its first session has, `is_over`: the last has ended.
    """

    id: str
    title: str
    sessions: tuple[DatedSession, ...]
    capacity: int | None
    seated: int
    maybe: int
    waiting: int
    outside: int
    has_begun: bool
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseHead:
    """What stands on top of a course's page, whichever view is chosen; times are wall times of the plan.

    `status` is a `CourseStatus` or "gone". `is_told`: people have been told of it as it is shown.
    `responsible` are addresses, `hands_over`: the plan lets a seat go to a colleague.
    `gives_certificates`: to who came.
    """

    id: str
    title: str
    theme: str
    status: str
    is_told: bool
    cancel_reason: str
    deadline: datetime | None
    is_past_deadline: bool
    responsible: tuple[str, ...]
    minimum: int | None
    offerings: tuple[DatedOffering, ...]
    seats: Seats
    hands_over: bool = False
    gives_certificates: bool = False

    @property
    def begun(self) -> frozenset[str]:
        """The offerings where HR can change no seat any more, by id."""
        return frozenset(one.id for one in self.offerings if one.has_begun)

    @property
    def has_seats_to_give(self) -> bool:
        """Whether HR can give or take a seat: people have been told, and something has not begun."""
        return self.is_told and self.status == CourseStatus.APPROVED and len(self.begun) < len(self.offerings)

    @property
    def no_seats_because(self) -> str:
        """Why it cannot, where the page does not say so anyhow: texts `hand.none.<value>`, else ""."""
        if self.has_seats_to_give or not self.offerings:
            return ""
        if self.status in {CourseStatus.PROPOSED, CourseStatus.SAVE_THE_DATE}:
            return "not_approved"
        return "begun" if self.status == CourseStatus.APPROVED and self.is_told else ""


def course_head(
    course: Course | None,
    rows: Iterable[Registration],
    *,
    identity: tuple[str, str],
    seats: Seats,
    responsible: tuple[str, ...],
    is_told: bool,
    wall: datetime,
) -> CourseHead:
    """The head of a course, None: it is in no plan; `identity` is its id and title, `wall` is now."""
    counted = Counter((row.offering, part_of(row)) for row in rows)
    deadline = course.enrolment.deadline if course else None
    return CourseHead(
        id=identity[0],
        title=course.title if course else identity[1],
        theme=course.theme if course else "",
        status=course.status.value if course else GONE,
        is_told=is_told,
        cancel_reason=course.cancel_reason if course else "",
        deadline=deadline,
        is_past_deadline=deadline is not None and deadline <= wall,
        responsible=responsible,
        minimum=course.enrolment.minimum if course else None,
        offerings=tuple(_offering(course, one, counted, wall) for one in course.offerings) if course else (),
        seats=seats,
        hands_over=course is not None and course.enrolment.handover,
        gives_certificates=course is not None and course.certificate is not None,
    )


def _offering(
    course: Course, offering: Offering, counted: Counter[tuple[str, Part]], wall: datetime
) -> DatedOffering:
    ends = [session.end for session in offering.sessions]
    starts = [session.start for session in offering.sessions if session.start is not None]
    is_alone = len(course.offerings) == 1
    return DatedOffering(
        id=offering.id,
        title=offering.title or ("" if is_alone else offering.id),
        sessions=tuple(
            DatedSession(
                id=session.id,
                title=session.title,
                date=ListedDate(
                    start=session.start, end=session.end, all_day=session.all_day, period=session.period
                ),
                place=course.place_of(offering, session),
                is_online=course.is_online(offering, session),
            )
            for session in offering.sessions
        ),
        capacity=course.capacity_of(offering),
        seated=counted[offering.id, Part.SEATED],
        maybe=counted[offering.id, Part.MAYBE],
        waiting=counted[offering.id, Part.WAITING],
        outside=counted[offering.id, Part.OUTSIDER],
        has_begun=bool(starts) and min(starts) <= wall,
        is_over=bool(ends) and all(end is not None and end <= wall for end in ends),
    )
