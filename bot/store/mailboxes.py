"""Which account of the directory a mailbox's address was found to stand for.

Implements `bot.ports.memory.MailboxMemory`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from bot.store.columns import is_of_plan
from bot.store.tenant_tables import mailbox_ids
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.store.database import Database

_IDS = select(mailbox_ids.c.address, mailbox_ids.c.object_id).where(
    is_of_plan(mailbox_ids), mailbox_ids.c.found_at >= bindparam("since")
)
"""Made once: each round asks."""


class SqlMailboxMemory:
    """The object ids in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_ids(self, plan: str, *, since: datetime) -> dict[str, str]:
        """Address to object id, of those found at or after `since`."""
        with self._database.read() as connection:
            found = connection.execute(_IDS, {"of_plan": plan, "since": since})
            return dict(sorted((address, identity) for address, identity in found))

    def save_ids(self, plan: str, ids: Mapping[str, str], *, now: datetime) -> None:
        """Remember what was just found, in one transaction."""
        rows = [
            {"plan": plan, "address": address, "object_id": identity, "found_at": now}
            for address, identity in ids.items()
        ]
        if rows:
            with self._database.write() as connection:
                insert_or_replace(connection, mailbox_ids, rows)
