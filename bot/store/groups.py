"""How many members each group had when it was last read, and which object its mail stood for.

Implements `bot.ports.memory.GroupMemory`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from bot.store.columns import is_of_plan
from bot.store.tenant_tables import group_counts, group_ids
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.store.database import Database

_COUNTS = select(group_counts.c.group_name, group_counts.c.members).where(is_of_plan(group_counts))
_IDS = select(group_ids.c.group_name, group_ids.c.object_id).where(
    is_of_plan(group_ids), group_ids.c.found_at >= bindparam("since")
)
"""Made once: each round asks both."""


class SqlGroupMemory:
    """The group counts in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_counts(self, plan: str) -> dict[str, int]:
        """Group to member count."""
        with self._database.read() as connection:
            found = connection.execute(_COUNTS, {"of_plan": plan})
            return dict(sorted((name, members) for name, members in found))

    def save_counts(self, plan: str, counts: Mapping[str, int], *, now: datetime) -> None:
        """Remember the counts of groups that were read, in one transaction; other groups keep theirs."""
        rows = [
            {"plan": plan, "group_name": group, "members": members, "read_at": now}
            for group, members in counts.items()
        ]
        if rows:
            with self._database.write() as connection:
                insert_or_replace(connection, group_counts, rows)

    def load_ids(self, plan: str, *, since: datetime) -> dict[str, str]:
        """Group mail to object id, of those found at or after `since`."""
        with self._database.read() as connection:
            found = connection.execute(_IDS, {"of_plan": plan, "since": since})
            return dict(sorted((name, identity) for name, identity in found))

    def save_ids(self, plan: str, ids: Mapping[str, str], *, now: datetime) -> None:
        """Remember which objects mails were just found to stand for, in one transaction."""
        rows = [
            {"plan": plan, "group_name": group, "object_id": identity, "found_at": now}
            for group, identity in ids.items()
        ]
        if rows:
            with self._database.write() as connection:
                insert_or_replace(connection, group_ids, rows)
