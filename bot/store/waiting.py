"""What waits in each plan, and since when: messages to be sent, courses to be approved.

Numbers without persons, for the service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.domain.messages import DeliveryState
from bot.store.approval_tables import waiting
from bot.store.schema import messages

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.database import Database

WAITING = (DeliveryState.DUE, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """The messages of a plan in one state, and when the oldest of them was made (UTC)."""

    plan: str
    state: DeliveryState
    count: int
    oldest_at: datetime


def load_queued(database: Database) -> tuple[Queued, ...]:
    """By plan and state, sorted; what is empty is left out."""
    counted = select(messages.c.plan, messages.c.state, func.count(), func.min(messages.c.created_at))
    of_waiting = counted.where(messages.c.state.in_([state.value for state in WAITING])).group_by(
        messages.c.plan, messages.c.state
    )
    with database.read() as connection:
        rows = connection.execute(of_waiting.order_by(messages.c.plan, messages.c.state)).all()
    return tuple(
        Queued(plan=plan, state=DeliveryState(state), count=count, oldest_at=oldest)
        for plan, state, count, oldest in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unapproved:
    """The courses of a plan that wait for a person, and since when the oldest has (UTC)."""

    plan: str
    count: int
    oldest_at: datetime


def load_unapproved(database: Database) -> tuple[Unapproved, ...]:
    """By plan, sorted; a plan of which nothing waits is left out."""
    counted = (
        select(waiting.c.plan, func.count(), func.min(waiting.c.since))
        .group_by(waiting.c.plan)
        .order_by(waiting.c.plan)
    )
    with database.read() as connection:
        return tuple(
            Unapproved(plan=plan, count=count, oldest_at=since)
            for plan, count, since in connection.execute(counted)
        )
