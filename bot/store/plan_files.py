"""Which file in Microsoft 365 each plan is read from, and its content as it could be read last.

Implements `bot.ports.memory.PlanFileBook`. The content is a file of HR's with whoever is named in it; it is
let go of when somebody is erased, and fetched anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.domain.plan_files import KeptFile
from bot.store.tenant_tables import plan_files
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from bot.store.database import Database


class SqlPlanFileBook:
    """One row for each link or place that a plan was read from."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_file(self, source: str) -> KeptFile | None:
        """What is kept of it, None where nothing is."""
        with self._database.read() as connection:
            row = (
                connection.execute(select(plan_files).where(plan_files.c.source == source)).mappings().first()
            )
        return None if row is None else KeptFile(**{name: row[name] for name in row if name != "source"})

    def save_file(self, source: str, kept: KeptFile) -> None:
        """Insert or replace, in one transaction."""
        row = {
            column.name: getattr(kept, column.name)
            for column in plan_files.columns
            if column.name != "source"
        }
        with self._database.write() as connection:
            insert_or_replace(connection, plan_files, [{"source": source, **row}])
