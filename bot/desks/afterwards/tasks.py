"""The tasks after courses by the books: whose each is, and what became of it, for HR and for the overview.

What may be shown of it is `bot.domain.task_answers`'s. Everything here only reads, and raises DatabaseFailed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.attendance import Presence
from bot.domain.participation import part_of
from bot.domain.task_answers import TaskResult, counts_for_all, is_for, shown_answers
from bot.overview.lines import TaskLine
from bot.registrations.attendance import course_attendance
from bot.registrations.listing import wall_time
from bot.reminders.moments import instant_of, moment_of, sending_hours
from bot.rounds.steps.decide_seats import load_state, rows_of
from bot.seats.enrolment_rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from bot.domain.attendance import AttendanceWord
    from bot.domain.local_tasks import LocalTask
    from bot.domain.participation import Part
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.registrations import Registration
    from bot.domain.task_answers import TaskAnswer
    from bot.opening.stores import Stores
    from bot.registrations.attendance import CourseAttendance


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenTask:
    """A task of one date, and the addresses of those whose it is; instants UTC."""

    task: LocalTask
    offering: str
    due_at: datetime
    closes_at: datetime
    whose: frozenset[str]


def given_tasks(
    plan: CoursePlan,
    course: Course,
    rows: Iterable[Registration],
    words: Sequence[AttendanceWord],
    people: PeopleIndex,
    *,
    members: frozenset[str],
) -> Iterator[GivenTask]:
    """The tasks of each date of the course, due or not, in the plan's order.

    `rows` and `words` are the course's own, or of one person. `members` of the plan's audiences are told of
    it too where they came without a seat.
    """
    mine = [row for row in rows if row.course == course.id]
    about = [word for word in words if word.course == course.id]
    known = course_attendance(course, mine, about, people)
    hours, zone = sending_hours(plan), ZoneInfo(plan.timezone)
    for offering, rules in rules_of(plan, course).offerings.items():
        if rules.ends is None:
            continue
        said = any(word.offering == offering for word in about)
        there = _there(offering, mine, known, members)
        for task in course.after:
            due_at = moment_of(task.rule, rules.ends, plan, hours).due_at
            closes = task.closes_at(wall_time(due_at, plan))
            yield GivenTask(
                task=task,
                offering=offering,
                due_at=due_at,
                closes_at=instant_of(closes, zone),
                whose=frozenset(
                    email
                    for email, (part, came) in there.items()
                    if is_for(task.to, part, came, was_said=said)
                ),
            )


def _there(
    offering: str, rows: Iterable[Registration], known: CourseAttendance, members: frozenset[str]
) -> dict[str, tuple[Part | None, Presence | None]]:
    """By address how somebody takes part in a date, and whether they came; `members` also without a row."""
    walked_in = (one.walk_ins for (of, _), one in known.sessions.items() if of == offering)
    found: dict[str, tuple[Part | None, Presence | None]] = {}
    for email in frozenset[str]().union(*walked_in) & members:
        found[email] = None, Presence.ATTENDED
    for row in rows:
        if row.offering == offering:
            found[row.email] = part_of(row), known.people.get((offering, row.email))
    return found


def task_results(
    plan: CoursePlan, stores: Stores, *, now: datetime, course: str | None = None
) -> tuple[TaskResult, ...]:
    """What became of each task of the plan or of one course, in the plan's order; `now` UTC."""
    wanted = {one.id: one for one in plan.courses if one.after and course in {None, one.id}}
    if not wanted:
        return ()
    ids = frozenset(wanted)
    state = load_state(plan, stores, course=ids)
    rows, words = rows_of(state), stores.attendance.load_words(plan.id, course=ids)
    members = frozenset[str]().union(*state.members.values())
    said: defaultdict[tuple[str, str], list[TaskAnswer]] = defaultdict(list)
    for answer in stores.task_answers.load_answers(plan.id, course=ids):
        said[answer.course, answer.task].append(answer)
    found: list[TaskResult] = []
    for one in wanted.values():
        given = [*given_tasks(plan, one, rows, words, state.people, members=members)]
        found += [
            _result(plan, one, task, given, said[one.id, task.id], state.people, now) for task in one.after
        ]
    return tuple(found)


def task_lines(plan: CoursePlan, stores: Stores, courses: Iterable[str]) -> tuple[TaskLine, ...]:
    """What people say of the tasks of these courses of the plan, in numbers, where they say anything."""
    by_id = {one.id: one for one in plan.courses if one.after}
    wanted = [by_id[course] for course in courses if course in by_id]
    if not wanted:
        return ()
    said: defaultdict[tuple[str, str], list[TaskAnswer]] = defaultdict(list)
    for answer in stores.task_answers.load_answers(plan.id, course=frozenset(one.id for one in wanted)):
        said[answer.course, answer.task].append(answer)
    return tuple(
        TaskLine(course=one.id, text=task.text, counts=counts_for_all(said[one.id, task.id]))
        for one in wanted
        for task in one.after
        if (one.id, task.id) in said
    )


def _result(
    plan: CoursePlan,
    course: Course,
    task: LocalTask,
    given: Iterable[GivenTask],
    answers: Sequence[TaskAnswer],
    people: PeopleIndex,
    now: datetime,
) -> TaskResult:
    due = [one for one in given if one.task is task and one.due_at <= now]
    still = [one.closes_at for one in due if now < one.closes_at]
    counts, said, held_back = shown_answers(answers, _names(answers, people))
    asked = {(one.offering, email) for one in due for email in one.whose}
    spoke = {(one.offering, people.canonical(one.email)) for one in answers}
    return TaskResult(
        course=course.id,
        title=course.title,
        task=task,
        due=wall_time(min(one.due_at for one in due), plan) if due else None,
        open_until=wall_time(max(still), plan) if still else None,
        asked=len(asked | spoke),
        answers=len(spoke),
        counts=counts,
        said=said,
        held_back=held_back,
    )


def _names(answers: Iterable[TaskAnswer], people: PeopleIndex) -> dict[str, str]:
    known = ((one.email, people.find(one.email)) for one in answers)
    return {email: person.name for email, person in known if person is not None and person.name}
