"""What HR sends to somebody once more, on its way: when it may go, and whether it is still true.

| the message | then |
|---|---|
| HR sent it for later, and it is not later yet | waits |
| the person stands otherwise by now | is skipped (no_longer_true), unless it was begun |
| anything else | goes as every message does |
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.messages import DeliveryState
from bot.domain.reminders import NotSent
from bot.seats.told_again import GOES_FROM, is_still_so

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.messages import Message
    from bot.opening.stores import Stores


def may_be_told_again(
    pending: Iterable[Message], plan: str, stores: Stores, *, now: datetime
) -> tuple[Message, ...]:
    """All of these but what has to wait, or is skipped by the table above; `now` UTC."""
    listed = tuple(pending)
    again = [one for one in listed if one.is_told_again and one.state is DeliveryState.DUE]
    if not again:
        return listed
    rows = stores.answers.load_registrations(plan, emails={one.email for one in again})
    untrue = [one for one in again if not is_still_so(one, rows)]
    stores.outbox.save_message(
        *(
            replace(one, state=DeliveryState.SKIPPED, error=NotSent.NO_LONGER_TRUE, ended_at=now)
            for one in untrue
        )
    )
    return tuple(
        one
        for one in listed
        if one not in untrue
        and (one not in again or datetime.fromisoformat(one.params.get(GOES_FROM, now.isoformat())) <= now)
    )
