"""What the books know of courses that are over: who came, and who has evaluated them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from bot.registrations.attendance import attendance_in_plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.attendance import Presence
    from bot.domain.registrations import Registration
    from bot.opening.work import BookWork
    from bot.rounds.steps.decide_seats import SeatState


class KnownAfterwards(TypedDict):
    """As `bot.reminders.occasion.Occasion` has it."""

    presence: Mapping[tuple[str, str, str], Presence]
    attendance_said: frozenset[tuple[str, str]]
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
        presence={
            (course, offering, email): presence
            for course, attendance in known.items()
            for (offering, email), presence in attendance.people.items()
        },
        attendance_said=frozenset((word.course, word.offering) for word in words),
        evaluated=frozenset((course, of, state.people.canonical(email)) for course, of, email in done),
        evaluations_shown=frozenset(shown),
    )
