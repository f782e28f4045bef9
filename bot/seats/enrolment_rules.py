"""A course's rules about seats as instants and numbers: what `bot.seats.settle` decides by (pure).

Wall times of the plan become UTC instants here and nowhere else in this stage.

    an answer is late           after the deadline
    the line moves by itself    until `waiting_list_until`, else the deadline, else the start; and never in the
                                last `quiet_hours` before the start: nobody can be told so late
    a place in line is given    until the same moment, or when `late: waitlist` says so
    exclusive                   `choose` and `signup`: a seat on one date frees the others
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.enrolment import EnrolmentMode, LateAnswer
from bot.domain.plan import CourseStatus
from bot.domain.times import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.domain.plan import Course, CoursePlan, Offering

QUIET_HOURS = 24.0
"""Default of `KURSUSBOT_SEATS__QUIET_HOURS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingRules:
    """One offering: its seats, and when it begins and ends (UTC; None while no session is dated)."""

    capacity: int | None
    begins: datetime | None
    ends: datetime | None
    line_moves_until: datetime | None
    line_opens_until: datetime | None
    audiences: frozenset[str]
    required: frozenset[str]
    last_call: datetime | None = None

    def has_begun(self, now: datetime) -> bool:
        """Whether its first session has begun."""
        return self.begins is not None and self.begins <= now

    def is_over(self, now: datetime) -> bool:
        """Whether its last session has ended."""
        return self.ends is not None and self.ends <= now

    def can_be_told(self, now: datetime) -> bool:
        """Whether it has not begun, nor begins so soon that nobody can be told."""
        return not self.has_begun(now) and (self.last_call is None or now <= self.last_call)

    def line_moves(self, now: datetime) -> bool:
        """Whether a free seat goes to the first in line by itself."""
        return not self.has_begun(now) and (self.line_moves_until is None or now <= self.line_moves_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRules:
    """One course. `offerings` in the order of the plan."""

    course: Course
    opens: datetime | None
    deadline: datetime | None
    offerings: Mapping[str, OfferingRules]

    @property
    def decides(self) -> bool:
        """Whether seats are given out at all: an approved course; before that answers are only remembered."""
        return self.course.status is CourseStatus.APPROVED

    @property
    def by_link(self) -> bool:
        """Whether nobody is on an event before choosing it on their own page."""
        return self.course.enrolment.by_link

    @property
    def needs_yes(self) -> bool:
        """Whether a sign-up waits for the nearest manager."""
        return self.course.approval is not None

    @property
    def exclusive(self) -> bool:
        """Whether a seat on one offering frees the others."""
        return self.course.enrolment.mode is not EnrolmentMode.INVITE

    @property
    def last_begin(self) -> datetime | None:
        """When the last of its offerings begins; None without a date."""
        begins = (offering.begins for offering in self.offerings.values())
        return max((moment for moment in begins if moment is not None), default=None)

    @property
    def sign_up_until(self) -> datetime | None:
        """Until when people are asked to sign up: the deadline, without one until the last start."""
        return self.deadline or self.last_begin

    def is_open_for_signing_up(self, now: datetime) -> bool:
        """Whether there is a date, the course has opened, and it is not too late."""
        if self.last_begin is None or (self.opens is not None and now < self.opens):
            return False
        return self.sign_up_until is not None and now < self.sign_up_until

    def is_late(self, at: datetime) -> bool:
        """Whether an answer given at this instant came after the deadline."""
        return self.deadline is not None and at > self.deadline

    def takes_a_place_in_line(self, offering: str, at: datetime) -> bool:
        """Whether somebody who finds no seat at this instant gets a place in line."""
        enrolment = self.course.enrolment
        if not enrolment.waiting_list:
            return False
        until = self.offerings[offering].line_opens_until
        return until is None or at <= until or (self.is_late(at) and enrolment.late is LateAnswer.WAITLIST)


def begins_of(plan: CoursePlan) -> dict[tuple[str, str], datetime | None]:
    """(Course, offering) of the plan to the instant it begins (UTC); None while it has no date."""
    return {
        (course.id, offering): rules.begins
        for course in plan.courses
        for offering, rules in rules_of(plan, course).offerings.items()
    }


def ends_of(plan: CoursePlan, courses: Iterable[Course]) -> datetime | None:
    """When the last session of the courses ends, UTC; None without a date."""
    ends = (one.ends for course in courses for one in rules_of(plan, course).offerings.values())
    return max((end for end in ends if end is not None), default=None)


def rules_of(plan: CoursePlan, course: Course, *, quiet_hours: float = QUIET_HOURS) -> CourseRules:
    """The rules of a course of the plan."""
    zone = plan.timezone
    enrolment = course.enrolment
    deadline = instant(enrolment.deadline, zone) if enrolment.deadline else None
    line = instant(enrolment.waiting_list_until, zone) if enrolment.waiting_list_until else deadline

    def offering_rules(offering: Offering) -> OfferingRules:
        begins = min(
            (instant(session.start, zone) for session in offering.sessions if session.start), default=None
        )
        last_call = begins - timedelta(hours=quiet_hours) if begins else None
        moves = min((moment for moment in (line, last_call) if moment is not None), default=None)
        return OfferingRules(
            capacity=enrolment.capacity if offering.capacity is None else offering.capacity,
            begins=begins,
            ends=max(
                (instant(session.end, zone) for session in offering.sessions if session.end), default=None
            ),
            line_moves_until=moves,
            line_opens_until=line or begins,
            audiences=frozenset(
                name for session in offering.sessions for name in course.audiences_of(session)
            ),
            required=frozenset(name for session in offering.sessions for name in course.required_of(session)),
            last_call=last_call,
        )

    return CourseRules(
        course=course,
        opens=instant(enrolment.opens, zone) if enrolment.opens else None,
        deadline=deadline,
        offerings={offering.id: offering_rules(offering) for offering in course.offerings},
    )
