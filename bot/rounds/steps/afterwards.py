"""What the books know of courses that are over: who came, and who has evaluated them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from bot.domain.attendance import Presence
from bot.registrations.attendance import attendance_in_plan
from bot.registrations.settled_attendance import settled_from
from bot.reminders.afterwards import told_came

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.domain.registrations import Registration
    from bot.opening.work import BookWork
    from bot.rounds.steps.decide_seats import SeatState


class KnownAfterwards(TypedDict):
    """As `bot.reminders.occasion.Occasion` has it."""

    presence: Mapping[tuple[str, str, str], Presence]
    attendance_said: frozenset[tuple[str, str]]
    settled: Mapping[tuple[str, str], datetime]
    told_came: Mapping[tuple[str, str, str], frozenset[tuple[str, str]]]
    evaluated: frozenset[tuple[str, str, str]]
    evaluations_shown: frozenset[tuple[str, str]]


def known_afterwards(work: BookWork, state: SeatState, rows: Sequence[Registration]) -> KnownAfterwards:
    """By the books, of the courses that were loaded; addresses canonical."""
    words = work.stores.attendance.load_words(work.plan.id, course=state.course)
    asks = any(course.evaluation_form is not None for course in state.plan.courses)
    done = work.stores.evaluations.load_answered(work.plan.id, course=state.course) if asks else frozenset()
    shown = work.stores.evaluations.load_shown(work.plan.id, course=state.course) if asks else {}
    known = attendance_in_plan(state.plan, rows, words, state.people)
    walked_in = {
        (course, offering, who): Presence.ATTENDED
        for course, attendance in known.items()
        for (offering, _), session in attendance.sessions.items()
        for who in session.walk_ins
        if "@" in who
    }
    return KnownAfterwards(
        presence=walked_in
        | {
            (course, offering, email): presence
            for course, attendance in known.items()
            for (offering, email), presence in attendance.people.items()
        },
        settled={
            (course.id, offering): since
            for course in state.plan.courses
            if course.id in known
            for offering, since in settled_from(
                course, known[course.id].sessions, (word for word in words if word.course == course.id)
            ).items()
        },
        told_came=told_came(state.messages, state.people),
        attendance_said=frozenset((word.course, word.offering) for word in words),
        evaluated=frozenset((course, of, state.people.canonical(email)) for course, of, email in done),
        evaluations_shown=frozenset(shown),
    )
