"""What was worked out of each course, kept while nothing that it was worked out from has changed.

Who takes part in a course is folded from every answer of every person; a page about all courses cannot do
that each time somebody looks. So it is done for each course once, and again when

    what changes                                              is noticed by
    its rows in the books                                     their digest (`bot.ports.memory.CourseDigests`)
    the course in the plan                                    comparing it
    the plan around it, people, audiences as last read        comparing those: then for every course
    the time, where it counts                                 the instant that was told with it

Nothing of this outlives the process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

    from bot.domain.plan import Course, CoursePlan
    from bot.seats.at_rest import Surroundings

Found = TypeVar("Found")

AT_ONCE = 25
"""How many courses are read together: enough to be quick, and few enough to be no burden to the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known(Generic[Found]):
    """What is known of a course: as it stood in the plan, by rows with this digest, until when (UTC)."""

    course: Course
    digest: int
    found: Found
    until: datetime | None


@dataclass(slots=True)
class CountedCourses(Generic[Found]):
    """By plan; whoever comes while somebody works it out waits for them, and does nothing twice."""

    _around: dict[str, Surroundings] = field(default_factory=dict)
    _courses: dict[str, dict[str, _Known[Found]]] = field(default_factory=dict)
    _busy: RLock = field(default_factory=RLock)

    def of_each(
        self,
        plan: CoursePlan,
        around: Surroundings,
        digests: Mapping[str, int],
        count: Callable[[frozenset[str]], Mapping[str, tuple[Found, datetime | None]]],
        *,
        now: datetime,
    ) -> dict[str, Found]:
        """What is found of every course of the plan, by id, in its order.

        `count` finds it for some of them, with until when it stays so (UTC; None: whatever the time).
        """
        with self._busy:
            known = self._known(plan, around)
            wanted = [one.id for one in plan.courses if not _holds(known.get(one.id), one, digests, now)]
            for some in _parts(wanted):
                _note(known, plan, digests, count(some))
            return {course.id: known[course.id].found for course in plan.courses}

    def take(
        self,
        plan: CoursePlan,
        around: Surroundings,
        digests: Mapping[str, int],
        courses: Collection[str],
        count: Callable[[], Mapping[str, tuple[Found, datetime | None]]],
        *,
        now: datetime,
    ) -> None:
        """What is found of these courses, by whoever has read their rows for something else.

        `digests` and `around` as they were before that; `count` is not asked where all of it is known.
        """
        with self._busy:
            known = self._known(plan, around)
            if not all(_holds(known.get(one), plan.known_course(one), digests, now) for one in courses):
                _note(known, plan, digests, count())

    def _known(self, plan: CoursePlan, around: Surroundings) -> dict[str, _Known[Found]]:
        if self._around.get(plan.id) != around:
            self._around[plan.id], self._courses[plan.id] = around, {}
        return self._courses[plan.id]


def _note(
    known: dict[str, _Known[Found]],
    plan: CoursePlan,
    digests: Mapping[str, int],
    found: Mapping[str, tuple[Found, datetime | None]],
) -> None:
    for course, (one, until) in found.items():
        known[course] = _Known(
            course=plan.known_course(course), digest=digests.get(course, 0), found=one, until=until
        )


def _holds(before: _Known[Found] | None, course: Course, digests: Mapping[str, int], now: datetime) -> bool:
    return (
        before is not None
        and before.digest == digests.get(course.id, 0)
        and (before.until is None or now < before.until)
        and (before.course is course or before.course == course)
    )


def _parts(courses: list[str]) -> Iterator[frozenset[str]]:
    for first in range(0, len(courses), AT_ONCE):
        yield frozenset(courses[first : first + AT_ONCE])
