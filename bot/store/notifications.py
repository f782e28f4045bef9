"""The subscriptions that Graph calls us for, and the hints that came of it.

Implements `bot.ports.service.NotificationBook`.

Holds no addresses of people. A hint is one row for a plan and a resource, whatever comes in.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.domain.notifications import Hint, Resource, Subscription
from bot.store.schema import hints, subscriptions
from bot.store.upsert import insert_new, insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.domain.notifications import Intake
    from bot.store.database import Database

LONGEST_WAIT = timedelta(minutes=1)
"""A hint that stands so long was left by a round that failed, or its wake-up was lost."""


class SqlNotificationBook:
    """Subscriptions and hints in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_subscriptions(self) -> tuple[Subscription, ...]:
        """Those of every plan; plans of one mailbox may share one."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(subscriptions).order_by(subscriptions.c.plan, subscriptions.c.resource)
            ).mappings()
            return tuple(Subscription(**{**row, "resource": Resource(row["resource"])}) for row in rows)

    def save_subscription(self, subscription: Subscription, hint: Hint | None = None) -> None:
        """Insert, or replace what the plan had for the resource; `hint` is noted in the same transaction."""
        row = {column.name: getattr(subscription, column.name) for column in subscriptions.columns}
        with self._database.write() as connection:
            insert_or_replace(connection, subscriptions, [{**row, "resource": subscription.resource.value}])
            if hint is not None:
                _note(connection, hint, now=subscription.created_at)

    def forget_subscriptions(self, ids: Iterable[str]) -> None:
        """Drop them, in one transaction; unknown ones are no error."""
        gone = tuple(ids)
        if gone:
            with self._database.write() as connection:
                connection.execute(subscriptions.delete().where(subscriptions.c.id.in_(gone)))

    def note(self, intake: Intake, *, now: datetime) -> frozenset[str]:
        """Write down what came in, in one transaction; returns the plans that are to be woken.

        Those are the ones for which there was no such hint yet, or one that nobody has taken for a minute:
        its wake-up was lost.
        """
        with self._database.write() as connection:
            fresh = frozenset(hint.plan for hint in intake.hints if _note(connection, hint, now=now))
            if intake.forget:
                connection.execute(subscriptions.delete().where(subscriptions.c.id.in_(intake.forget)))
            if intake.renew:
                connection.execute(
                    subscriptions.update().where(subscriptions.c.id.in_(intake.renew)).values(renew_at=now)
                )
        return fresh

    def take_hints(self, plan: str) -> frozenset[Hint]:
        """The plan's hints, which are gone afterwards: what comes from now on is new."""
        if not self._has_hints(plan):
            return frozenset()
        with self._database.write() as connection:
            rows = connection.execute(hints.delete().where(hints.c.plan == plan).returning(hints)).mappings()
            return frozenset(
                Hint(plan=row["plan"], resource=Resource(row["resource"]), whole=row["whole"]) for row in rows
            )

    def _has_hints(self, plan: str) -> bool:
        """Each round asks, and few find any: reading keeps no writer waiting."""
        with self._database.read() as connection:
            return (
                connection.execute(select(hints.c.plan).where(hints.c.plan == plan).limit(1)).first()
                is not None
            )


def _note(connection: Connection, hint: Hint, *, now: datetime) -> bool:
    """Whether somebody is to be woken for it. One to read everything stays one."""
    row = {"plan": hint.plan, "resource": hint.resource.value, "at": now, "whole": hint.whole}
    if insert_new(connection, hints, [row]):
        return True
    mine = (hints.c.plan == hint.plan) & (hints.c.resource == hint.resource.value)
    old = (
        connection.execute(
            hints.update().where(mine, hints.c.at < now - LONGEST_WAIT).values(at=now)
        ).rowcount
        > 0
    )
    if hint.whole:
        insert_or_replace(connection, hints, [row])
    return old
