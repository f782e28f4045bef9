"""What was counted of each course, kept while nothing that it was counted from has changed.

Who takes part in a course is folded from every answer of every person; a page that lists all courses cannot
do that each time somebody looks. So each course is counted once, and again when

    what changes                                              is noticed by
    its rows in the books                                     their digest (`bot.ports.memory.CourseDigests`)
    the course in the plan                                    comparing it
    the plan around it, people, audiences as last read        comparing those: then every course is

Numbers do not depend on the time. Nothing of this outlives the process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bot.domain.plan import Course, CoursePlan
    from bot.overview.lines import CourseNumbers
    from bot.seats.at_rest import Surroundings

AT_ONCE = 25
"""How many courses are read together: enough to be quick, and few enough to be no burden to the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """A course as it was counted: as it stood in the plan, by rows with this digest."""

    course: Course
    digest: int
    numbers: CourseNumbers


@dataclass(slots=True)
class CountedCourses:
    """By plan; whoever comes while somebody counts waits for them, and counts nothing twice."""

    _around: dict[str, Surroundings] = field(default_factory=dict)
    _courses: dict[str, dict[str, _Counted]] = field(default_factory=dict)
    _busy: RLock = field(default_factory=RLock)

    def numbers(
        self,
        plan: CoursePlan,
        around: Surroundings,
        digests: Mapping[str, int],
        count: Callable[[frozenset[str]], Mapping[str, CourseNumbers]],
    ) -> dict[str, CourseNumbers]:
        """The numbers of every course of the plan, by id; `count` gives those of some of them."""
        with self._busy:
            if self._around.get(plan.id) != around:
                self._around[plan.id], self._courses[plan.id] = around, {}
            known = self._courses[plan.id]
            wanted = [one.id for one in plan.courses if not _is_as_counted(known.get(one.id), one, digests)]
            for some in _parts(wanted):
                for course, numbers in count(some).items():
                    known[course] = _Counted(
                        course=plan.known_course(course), digest=digests.get(course, 0), numbers=numbers
                    )
            return {course.id: known[course.id].numbers for course in plan.courses}


def _is_as_counted(before: _Counted | None, course: Course, digests: Mapping[str, int]) -> bool:
    return (
        before is not None
        and before.digest == digests.get(course.id, 0)
        and (before.course is course or before.course == course)
    )


def _parts(courses: list[str]) -> Iterator[frozenset[str]]:
    for first in range(0, len(courses), AT_ONCE):
        yield frozenset(courses[first : first + AT_ONCE])
