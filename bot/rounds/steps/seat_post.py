"""Of the outbox what goes with the seats: what waits, and what of it is true by now."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.seats.waiting_list_messages import UNDER_WAY, what_has_happened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.messages import Message
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores


def may_be_sent(stores: Stores, plan: CoursePlan) -> tuple[Message, ...]:
    """Of what waits, what is true by now: what a sync was to do is told when it is done."""
    waiting = about_seats(stores.outbox.load_pending(plan.id))
    return what_has_happened(waiting, partial(stores.books.ledger.load_entries, plan.id))


def about_seats(messages: Iterable[Message]) -> tuple[Message, ...]:
    """What waits to be sent, apart from what has a round of its own: reminders, reports, overviews."""
    return tuple(
        message
        for message in messages
        if message.state in UNDER_WAY and not (message.is_reminder or message.is_paper)
    )
