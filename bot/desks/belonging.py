"""Who has to do with a plan, and which of its courses invites whom (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.plan import CourseStatus
from bot.domain.registrations import RegistrationStatus
from bot.seats.enrolment_rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.registrations import Registration

HEARD_OF = frozenset({CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED})
"""The statuses of courses that have pages of people."""
HOLDS = frozenset({RegistrationStatus.REGISTERED, RegistrationStatus.WAITLISTED, RegistrationStatus.AWAITING})


def belongs(
    plan: CoursePlan,
    email: str,
    *,
    members: Mapping[str, frozenset[str]],
    rows: Iterable[Registration],
    people: PeopleIndex,
    now: datetime,
) -> bool:
    """Whether a person still has to do with the plan.

    In an audience of it, a speaker, or with a seat or a place in line to come.

    `email` canonical, `members` the audiences as last read, `rows` the person's registrations.
    """
    if any(email in members.get(audience.id, ()) for audience in plan.audiences):
        return True
    if any(
        email == people.canonical(speaker.email)
        for course in plan.courses
        for speaker in course.speakers
        if speaker.email
    ):
        return True
    rules = {
        (course.id, offering): one
        for course in plan.courses
        for offering, one in rules_of(plan, course).offerings.items()
    }
    held = [rules.get((row.course, row.offering)) for row in rows if row.status in HOLDS]
    return any(one is not None and not one.is_over(now) for one in held)


def invites(plan: CoursePlan, course: Course, audiences: Iterable[str]) -> bool:
    """Whether one of these audiences is invited to an offering of the course."""
    return any(
        not rules.audiences.isdisjoint(audiences) for rules in rules_of(plan, course).offerings.values()
    )
