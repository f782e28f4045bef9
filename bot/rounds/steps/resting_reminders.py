"""A round of reminders that finds all as it was, before anything falls due: it reads what came back.

What it may leave so has nothing due and nothing on its way; of what is scheduled, and of what expires
unsent, the next instant ends the rest (`bot.rounds.steps.whole_rest`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.messages import DeliveryState
from bot.domain.people import PeopleIndex
from bot.rounds.steps.carried import NOTHING_CARRIED
from bot.rounds.steps.note_returned import note_returned
from bot.rounds.steps.whole_rest import look_at_whole, note_whole
from bot.seats.at_rest import RestingRound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.domain.reminders import Reminder
    from bot.opening.work import Work
    from bot.rounds.steps.carried import Carried
    from bot.rounds.steps.decide_seats import SeatState
    from bot.rounds.steps.whole_rest import WholeLook

ON_THEIR_WAY = frozenset({DeliveryState.DUE, DeliveryState.SENDING})


async def look_for_reminders(work: Work, *, now: datetime) -> tuple[WholeLook, PeopleIndex]:
    """Whether the plan is at rest at `now` (UTC), with what came back read where it is.

    And the people it has.
    """
    plan, stores = work.plan, work.stores
    look = look_at_whole(work, plan, RestingRound.REMINDERS, now=now)
    people = PeopleIndex(() if look.around is None else look.around.people)
    if look.is_at_rest:
        await note_returned(
            plan,
            returned=work.tenant.returned,
            outbox=stores.outbox,
            bounces=stores.bounces,
            entries=stores.books.ledger.load_entries(plan.id).values(),
            people=people,
            now=now,
        )
    return look, people


def note_reminders(
    work: Work,
    look: WholeLook,
    state: SeatState,
    found: Iterable[Reminder],
    handled: Sequence[object],
    carried: Carried,
    *,
    now: datetime,
) -> None:
    """Remember until when there is nothing to do, where nothing was `handled`, carried out or waits."""
    waits = any(message.state in ON_THEIR_WAY and not message.is_paper for message in state.messages)
    is_quiet = not (waits or handled) and carried == NOTHING_CARRIED
    note_whole(
        work,
        work.plan,
        RestingRound.REMINDERS,
        look,
        state if is_quiet else None,
        now=now,
        moments=[at for one in found for at in (one.due_at, one.expires_at)],
    )
