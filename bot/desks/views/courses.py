"""The courses of a plan for HR: the list of them, by the books and without a question to Microsoft 365."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.called_off import title_in_whole
from bot.overview.course_list import listed_courses
from bot.rounds.steps.count_seats import numbers_of
from bot.rounds.steps.look_at_outlook import plan_as_it_stands

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from bot.domain.plan import Course, CoursePlan
    from bot.opening.work import BookWork
    from bot.overview.course_list import CourseInList


def course_list(work: BookWork, changing: Collection[str]) -> tuple[CourseInList, ...]:
    """Every course, as people have been told of it; one that nobody has, as it is written.

    `changing` are the ids of those with a change that waits. Raises DatabaseFailed.
    """
    standing = plan_as_it_stands(work.plan, work.stores)
    courses = tuple(_courses(work.whole, standing))
    known = work.stores.books.ledger.load_courses(work.plan.id)
    gone = {
        course: title_in_whole(work.plan, course) or course
        for course in sorted(known - {one.id for one in courses})
    }
    numbers = numbers_of(work.plan, work.stores)
    return listed_courses(courses, numbers, changing, gone, wall=wall_of(work))


def wall_of(work: BookWork) -> datetime:
    """Now, on the plan's clocks."""
    return work.now().astimezone(ZoneInfo(work.plan.timezone)).replace(tzinfo=None)


def _courses(whole: CoursePlan, standing: CoursePlan) -> Iterator[Course]:
    """In the order of the document, those that are only in force after them."""
    told = {course.id: course for course in standing.courses}
    for course in whole.courses:
        yield told.pop(course.id, course)
    yield from told.values()
