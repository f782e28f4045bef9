"""How many came and how many did not, by course and by department, and who nobody is (pure).

Of courses of which somebody has said anything; one person and offering counts once.

    number      who
    seats       has a seat
    came        has a seat, and came to any of its sessions
    absent      has a seat, and is known to have come to none
    unknown     has a seat, and nobody has said
    walk_ins    came to a session without a seat

For HR alone: numbers of a small department are people.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.attendance import Presence
from bot.domain.participation import Part, part_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Registration
    from bot.registrations.attendance import CourseAttendance

WORDS = {Presence.ATTENDED: "came", Presence.NO_SHOW: "absent", None: "unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceCount:
    """The numbers of the table above, for one course or one department.

    `called` is its title or name, "" for those without a department; `first` its first wall time.
    """

    called: str
    seats: int
    came: int
    absent: int
    unknown: int
    walk_ins: int = 0
    course: str = ""
    first: datetime | None = None

    @property
    def share(self) -> int | None:
        """Of those of whom it is known, how many of a hundred did not come; None where nobody is known."""
        known = self.came + self.absent
        return round(100 * self.absent / known) if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceCounts:
    """Courses as they come in time, departments with the most absent first."""

    courses: tuple[AttendanceCount, ...] = ()
    departments: tuple[AttendanceCount, ...] = ()


def attendance_counts(
    plan: CoursePlan, rows: Iterable[Registration], attendance: Mapping[str, CourseAttendance]
) -> AttendanceCounts:
    """Of the courses in `attendance` (`bot.registrations.attendance.attendance_in_plan`)."""
    by_course: defaultdict[str, Counter[str]] = defaultdict(Counter)
    by_department: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        known = attendance.get(row.course)
        if known is None or known.attended is None or part_of(row) is not Part.SEATED:
            continue
        word = WORDS[known.people.get((row.offering, row.email))]
        by_course[row.course][word] += 1
        by_department[row.department][word] += 1
    courses = [
        _count(
            course.title,
            by_course[course.id],
            walk_ins=len(frozenset[str]().union(*(one.walk_ins for one in known.sessions.values()))),
            course=course.id,
            first=min((one.start for _, one in course.sessions() if one.start), default=None),
        )
        for course in plan.courses
        if (known := attendance.get(course.id)) is not None and known.attended is not None
    ]
    departments = [_count(name, counted) for name, counted in by_department.items()]
    return AttendanceCounts(
        courses=tuple(sorted(courses, key=lambda one: (one.first is None, str(one.first), one.called))),
        departments=tuple(sorted(departments, key=lambda one: (-one.absent, one.called))),
    )


def _count(
    called: str,
    counted: Counter[str],
    *,
    walk_ins: int = 0,
    course: str = "",
    first: datetime | None = None,
) -> AttendanceCount:
    return AttendanceCount(
        called=called,
        seats=counted.total(),
        came=counted["came"],
        absent=counted["absent"],
        unknown=counted["unknown"],
        walk_ins=walk_ins,
        course=course,
        first=first,
    )
