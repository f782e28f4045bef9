"""What the books know for the overview: seats by course, audiences as last read, what stands in the calendar.

Nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.domain.participation import asked_by_link
from bot.overview.lines import Counts
from bot.overview.seats import seats_of
from bot.rounds.steps.decide_seats import load_state, rows_of

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Registration
    from bot.opening.stores import Stores


def counts_of(plan: CoursePlan, stores: Stores) -> Counts:
    """The numbers of the plan in force: nobody has been told of another one. Raises DatabaseFailed."""
    state = load_state(plan, stores)
    rows: defaultdict[str, list[Registration]] = defaultdict(list)
    for row in rows_of(state):
        rows[row.course].append(row)
    return Counts(
        seats={
            course.id: seats_of(
                course, rows[course.id], asked_by_link(course, state.announced, state.members)
            )
            for course in state.plan.courses
        },
        members=state.members,
        noted=stores.noted.load(plan.id),
        on_events=frozenset(
            (key.course, key.offering, key.session) for key, entry in state.entries.items() if entry.event_id
        ),
    )
