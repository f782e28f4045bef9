"""Days that were only reserved and have come and gone.

Nobody was ever invited to them, and nobody hears of it but HR (pure).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.plan import CourseStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.plan import Course

TOLD_FOR = timedelta(days=30)
"""After that whoever reads it knows, or does not care."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LapsedDate:
    """A session of a course that saves the date; `start` is wall time of the plan, and over."""

    course: str
    title: str
    start: datetime


def lapsed_dates(courses: Iterable[Course], *, now: datetime) -> tuple[LapsedDate, ...]:
    """Those of the last 30 days, by start; `now` is wall time of the plan's zone."""
    found = (
        LapsedDate(course=course.id, title=course.title, start=session.start)
        for course in courses
        if course.status is CourseStatus.SAVE_THE_DATE
        for _, session in course.sessions()
        if session.start is not None and now - TOLD_FOR <= session.start <= now
    )
    return tuple(sorted(found, key=lambda one: (one.start, one.course)))
