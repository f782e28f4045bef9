"""Who is coming as the books have it now: what every list is made from.

No request is made and nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answers.responses import unknown_attendees
from bot.domain.participation import asked_by_link
from bot.registrations.participants import silent_list, without_place_list
from bot.rounds.steps.decide_seats import load_state, rows_of
from bot.seats.plan_changes import without_a_place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.domain.participants import SilentPerson, WithoutPlace
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Answer, Registration
    from bot.opening.stores import Stores
    from bot.rounds.steps.decide_seats import SeatState


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentLists:
    """Who is coming as the books have it now: what every list is made from.

    `state` are those books, with the plan as it stands in people's calendars. `strangers` are the last
    answers of people who were not invited, `asked` who was asked by link, by course, and still belongs to the
    audience, `silent` who has not answered what they still can, `left_without` whose seat went with its date.
    """

    state: SeatState
    rows: tuple[Registration, ...]
    strangers: tuple[Answer, ...]
    asked: Mapping[str, frozenset[str]]
    silent: tuple[SilentPerson, ...]
    left_without: tuple[WithoutPlace, ...] = ()


def current_lists(
    plan: CoursePlan, stores: Stores, *, now: datetime, course: str | None = None
) -> CurrentLists:
    """Put together anew, because a sync has invited people since the last answers were collected.

    Of one course, or of all where it is None. No request is made and nothing is written.
    """
    state = load_state(plan, stores, course=course)
    plan = state.plan
    rows = rows_of(state)
    asked = {
        course.id: frozenset(asked_by_link(course, state.announced, state.members)) for course in plan.courses
    }
    return CurrentLists(
        state=state,
        rows=rows,
        strangers=unknown_attendees(state.answers, rows),
        asked=asked,
        silent=silent_list(rows, plan, asked, state.people, now=now),
        left_without=without_place_list(plan.courses, without_a_place(state.standings), state.people),
    )


def current_registrations(
    plan: CoursePlan, stores: Stores
) -> tuple[tuple[Registration, ...], tuple[Answer, ...]]:
    """The rows of `current_lists`, and the answers of people that were not invited."""
    state = load_state(plan, stores)
    rows = rows_of(state)
    return rows, unknown_attendees(state.answers, rows)
