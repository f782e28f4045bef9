"""Who belonged to each audience when it was last read whole. Implements `bot.ports.memory.AudienceBook`.

One row for each audience with its addresses, so that an audience that is empty is another thing than one
never read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.columns import rows_of_plan
from bot.store.schema import audience_members
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from bot.store.database import Database


class SqlAudienceBook:
    """The audiences in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_members(self, plan: str) -> dict[str, frozenset[str]]:
        """Audience id to addresses."""
        with self._database.read() as connection:
            rows = connection.execute(rows_of_plan(audience_members), {"of_plan": plan})
            return {row.audience: frozenset(row.members) for row in rows}

    def save_members(self, plan: str, members: Mapping[str, frozenset[str]], *, now: datetime) -> None:
        """Replace the members of the audiences named, in one transaction; others keep theirs."""
        before = self.load_members(plan)
        rows = [
            {"plan": plan, "audience": audience, "members": sorted(emails), "read_at": now}
            for audience, emails in members.items()
            if before.get(audience) != emails
        ]
        if rows:
            with self._database.write() as connection:
                insert_or_replace(connection, audience_members, rows)

    def forget_members(self, plan: str, *, aside: Collection[str]) -> None:
        """Forget the audiences that stood aside (with `@` in their id), but for those named."""
        gone = [name for name in self.load_members(plan) if "@" in name and name not in aside]
        if gone:
            with self._database.write() as connection:
                connection.execute(
                    audience_members.delete().where(
                        audience_members.c.plan == plan, audience_members.c.audience.in_(gone)
                    )
                )
