"""Who was not reached by the mails of which event, and what else came back.

Implements `bot.ports.books.BounceBook`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.domain.bounces import Bounce, BounceReason, UnplacedReturn
from bot.domain.events import SessionKey
from bot.store.columns import rows_of_plan
from bot.store.schema import bounces, unplaced_returns
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.store.database import Database


class SqlBounceBook:
    """The bounces in a database; parts of a session are one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_bounces(self, plan: str) -> tuple[Bounce, ...]:
        """Every one of the plan, by session and address."""
        lines = rows_of_plan(bounces, "course", "offering", "session", "email")
        with self._database.read() as connection:
            return tuple(
                Bounce(
                    session=SessionKey(
                        plan=row["plan"],
                        course=row["course"],
                        offering=row["offering"],
                        session=row["session"],
                    ),
                    email=row["email"],
                    reason=BounceReason(row["reason"]),
                    received_at=row["received_at"],
                    noted_at=row["noted_at"],
                )
                for row in connection.execute(lines, {"of_plan": plan}).mappings()
            )

    def save_bounces(self, new: Iterable[Bounce]) -> None:
        """Insert or replace by session and address, in one transaction."""
        rows = [
            {
                "plan": one.session.plan,
                "course": one.session.course,
                "offering": one.session.offering,
                "session": one.session.session,
                "email": one.email,
                "reason": one.reason.value,
                "received_at": one.received_at,
                "noted_at": one.noted_at,
            }
            for one in new
        ]
        if rows:
            with self._database.write() as connection:
                insert_or_replace(connection, bounces, rows)

    def load_unplaced(self, plan: str, *, since: datetime) -> tuple[UnplacedReturn, ...]:
        """Those that came in at `since` (UTC) or later, by address."""
        lines = select(unplaced_returns).where(
            unplaced_returns.c.plan == plan, unplaced_returns.c.received_at >= since
        )
        with self._database.read() as connection:
            return tuple(
                UnplacedReturn(
                    email=row["email"],
                    reason=BounceReason(row["reason"]),
                    received_at=row["received_at"],
                    noted_at=row["noted_at"],
                )
                for row in connection.execute(lines.order_by(unplaced_returns.c.email)).mappings()
            )

    def save_unplaced(self, plan: str, new: Iterable[UnplacedReturn]) -> int:
        """Keep the latest of each address, in one transaction; returns how many were new."""
        mine = select(unplaced_returns.c.email, unplaced_returns.c.received_at).where(
            unplaced_returns.c.plan == plan
        )
        with self._database.write() as connection:
            latest = {row.email: row.received_at for row in connection.execute(mine)}
            rows = [
                {
                    "plan": plan,
                    "email": one.email,
                    "reason": one.reason.value,
                    "received_at": one.received_at,
                    "noted_at": one.noted_at,
                }
                for one in sorted(new, key=lambda one: one.received_at)
                if one.email not in latest or latest[one.email] < one.received_at
            ]
            insert_or_replace(connection, unplaced_returns, rows)
        return len({row["email"] for row in rows})
