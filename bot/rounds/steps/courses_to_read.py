"""Which courses a round of answers has to read, and which of them it found as they should be.

What rests, and until when, is `bot.seats.at_rest`'s to say; here it is asked for and noted in the books.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.seats.at_rest import RestingRound, at_rest, surroundings_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.plan import CoursePlan
    from bot.invitations.seat_changes import ListChange
    from bot.opening.stores import Stores
    from bot.rounds.steps.decide_seats import Decided
    from bot.seats.at_rest import Surroundings
    from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursesToRead:
    """Which `courses` a round has to read, None: all of them.

    Also what it goes by, as it was before they were read; None where nothing is remembered of this round.
    """

    courses: frozenset[str] | None
    around: Surroundings | None
    digests: Mapping[str, int]


ALL = CoursesToRead(courses=None, around=None, digests={})


def around_plan(settings: Settings, plan: CoursePlan, stores: Stores, *besides: object) -> Surroundings:
    """What bears on every course of a plan; raises DatabaseFailed. What a fixed clock says is no setting."""
    return surroundings_of(
        plan,
        stores.books.people.load_people(plan.id),
        stores.books.audiences.load_members(plan.id),
        settings=settings.model_copy(update={"now": None}),
        besides=besides,
    )


def what_to_read(settings: Settings, plan: CoursePlan, stores: Stores, *, now: datetime) -> CoursesToRead:
    """The courses about which something may have to be decided at `now` (UTC), by `bot.seats.at_rest`.

    Raises DatabaseFailed.
    """
    rests = stores.rests.get(RestingRound.ANSWERS)
    if rests is None:
        return ALL
    digests = stores.digests.load_digests(plan.id)
    around = around_plan(settings, plan, stores)
    courses = rests.restless(plan, around, digests, now=now)
    return CoursesToRead(courses=courses, around=around, digests=digests)


def note_rests(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    look: CoursesToRead,
    decided: Decided,
    wanted: Iterable[ListChange],
    *,
    now: datetime,
) -> None:
    """Remember which of the courses just read were found as they should be.

    Nothing decided, nothing told, no list or row to change.
    """
    if look.around is None:
        return
    state, written = decided.state, {course.id: course for course in plan.courses}
    before, after = (
        {(row.course, row.offering, row.email): row for row in rows}
        for rows in (state.previous, decided.registrations)
    )
    busy = {transition.after.course for transition in decided.settlement.transitions} | {
        message.course for message in decided.messages
    }
    busy |= {change.entry.key.course for change in wanted}
    busy |= {key[0] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    found = at_rest(
        state.plan,
        {*written, *look.digests} if look.courses is None else look.courses,
        written=written,
        busy=busy,
        entries=state.entries.values(),
        standings=state.standings,
        digests=look.digests,
        now=now,
        quiet_hours=settings.seats.quiet_hours,
    )
    stores.rests[RestingRound.ANSWERS].note(plan, look.around, look.courses, found, now=now)
