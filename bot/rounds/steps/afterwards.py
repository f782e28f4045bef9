"""What the books know of courses that are over: who came, and who has evaluated them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from bot.domain.attendance import Presence
from bot.registrations.attendance import attendance_in_plan
from bot.registrations.settled_attendance import settled_from
from bot.reminders.afterwards import told_came, told_tasks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.domain.attendance import AttendanceWord
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Registration
    from bot.opening.work import BookWork
    from bot.registrations.attendance import CourseAttendance
    from bot.rounds.steps.decide_seats import SeatState


class KnownAfterwards(TypedDict):
    """As `bot.reminders.occasion.Occasion` has it."""

    presence: Mapping[tuple[str, str, str], Presence]
    attendance_said: frozenset[tuple[str, str]]
    settled: Mapping[tuple[str, str], datetime]
    told_came: Mapping[tuple[str, str, str], frozenset[tuple[str, str]]]
    told_tasks: Mapping[tuple[str, str, str], frozenset[tuple[str, str, datetime]]]
    evaluated: frozenset[tuple[str, str, str]]
    evaluations_shown: frozenset[tuple[str, str]]


def known_afterwards(work: BookWork, state: SeatState, rows: Sequence[Registration]) -> KnownAfterwards:
    """By the books, of the courses that were loaded; addresses canonical."""
    words = work.stores.attendance.load_words(work.plan.id, course=state.course)
    asks = any(course.evaluation_form is not None for course in state.plan.courses)
    done = work.stores.evaluations.load_answered(work.plan.id, course=state.course) if asks else frozenset()
    shown = work.stores.evaluations.load_shown(work.plan.id, course=state.course) if asks else {}
    known = attendance_in_plan(state.plan, rows, words, state.people)
    return KnownAfterwards(
        presence=_presence(known),
        settled=_settled(state.plan, known, words),
        told_came=told_came(state.messages, state.people),
        told_tasks=told_tasks(state.messages, state.people),
        attendance_said=frozenset((word.course, word.offering) for word in words),
        evaluated=frozenset((course, of, state.people.canonical(email)) for course, of, email in done),
        evaluations_shown=frozenset(shown),
    )


def _presence(known: Mapping[str, CourseAttendance]) -> dict[tuple[str, str, str], Presence]:
    """What is known of everybody, also of who came without a row and is known by an address."""
    found: dict[tuple[str, str, str], Presence] = {}
    for course, attendance in known.items():
        for (offering, _), session in attendance.sessions.items():
            walked_in = (who for who in session.walk_ins if "@" in who)
            found |= dict.fromkeys(((course, offering, who) for who in walked_in), Presence.ATTENDED)
        found |= {(course, *place): presence for place, presence in attendance.people.items()}
    return found


def _settled(
    plan: CoursePlan, known: Mapping[str, CourseAttendance], words: Sequence[AttendanceWord]
) -> dict[tuple[str, str], datetime]:
    found: dict[tuple[str, str], datetime] = {}
    for course in plan.courses:
        if course.id in known:
            said = [word for word in words if word.course == course.id]
            since = settled_from(course, known[course.id].sessions, said)
            found |= {(course.id, offering): at for offering, at in since.items()}
    return found
