"""The same under a new name: which ids a plan says that its things had before (`was`), and what is called how by now (pure).

Old and new ids, from the outside in:

    was on      maps                                                          in
    plan        the plan's old id                                             everything
    course      the course's old id                                           its plan
    offering    the offering's old id                                         its course, whatever that was called
    session     the session's old id                                          its offering, whatever that was called

An id that nobody calls otherwise stays. Chains need no mention: what was called `a`, then `b`, stands in the books as `b` by the time
that it says so, or is a changed id that waits for a person. Does not know the books nor Outlook.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.events import SessionKey

if TYPE_CHECKING:
    from bot.domain.plan import Course, CoursePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Renames:
    """`plan` is today's id, `was` the one before (None: the same). The keys of the mappings are old ids, below today's parents."""

    plan: str
    was: str | None
    courses: Mapping[str, str]
    offerings: Mapping[tuple[str, str], str]
    sessions: Mapping[tuple[str, str, str], str]

    def __bool__(self) -> bool:
        """Whether anything says that it was called otherwise."""
        return bool(self.was or self.courses or self.offerings or self.sessions)

    @property
    def plans(self) -> tuple[str, ...]:
        """The ids under which the plan's events may stand: today's, and the one before."""
        return (self.plan,) if self.was is None else (self.plan, self.was)

    def course(self, course: str) -> str:
        """What a course is called by now."""
        return self.courses.get(course, course)

    def offering(self, course: str, offering: str) -> tuple[str, str]:
        """What a course and its offering are called by now; "" (the whole course) stays."""
        new = self.course(course)
        return new, self.offerings.get((new, offering), offering)

    def session(self, course: str, offering: str, session: str) -> tuple[str, str, str]:
        """What a course, its offering and its session are called by now."""
        new, part = self.offering(course, offering)
        return new, part, self.sessions.get((new, part, session), session)

    def key(self, key: SessionKey) -> SessionKey:
        """What a session is called by now; a key of another plan stays."""
        if key.plan not in self.plans:
            return key
        course, offering, session = self.session(key.course, key.offering, key.session)
        return replace(key, plan=self.plan, course=course, offering=offering, session=session)

    def version(self, plan: CoursePlan) -> CoursePlan:
        """A plan of before, with the ids of today and everything else as it was."""
        return replace(plan, id=self.plan, courses=tuple(map(self._course, plan.courses)))

    def _course(self, course: Course) -> Course:
        offerings = []
        for offering in course.offerings:
            sessions = (replace(one, id=self.session(course.id, offering.id, one.id)[2]) for one in offering.sessions)
            offerings.append(replace(offering, id=self.offering(course.id, offering.id)[1], sessions=tuple(sessions)))
        return replace(course, id=self.course(course.id), offerings=tuple(offerings))


def renames_of(plan: CoursePlan) -> Renames:
    """What the plan says its things were called."""
    offerings = [(course, offering) for course in plan.courses for offering in course.offerings]
    return Renames(
        plan=plan.id,
        was=plan.was if plan.was != plan.id else None,
        courses={course.was: course.id for course in plan.courses if course.was and course.was != course.id},
        offerings={
            (course.id, offering.was): offering.id for course, offering in offerings if offering.was and offering.was != offering.id
        },
        sessions={
            (course.id, offering.id, session.was): session.id
            for course, offering in offerings
            for session in offering.sessions
            if session.was and session.was != session.id
        },
    )
