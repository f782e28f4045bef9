"""How often the links of a person, or of the feed, were renewed. Implements `bot.ports.LinkBook`.

A link of an earlier generation opens nothing any more. A person goes by the directory id, or by the address where there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.store.columns import of_plan
from bot.store.schema import person_links
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.database import Database


class SqlLinkBook:
    """The generations in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_generations(self, plan: str) -> dict[str, int]:
        """By person those of the plan that were ever renewed."""
        columns = select(person_links.c.person, person_links.c.generation).where(of_plan(person_links, plan))
        with self._database.read() as connection:
            return {row.person: row.generation for row in connection.execute(columns)}

    def save_generation(self, plan: str, person: str, generation: int, *, now: datetime) -> None:
        """From `now` (UTC) on only links of this generation open anything."""
        row = {"plan": plan, "person": person, "generation": generation, "renewed_at": now}
        with self._database.write() as connection:
            insert_or_replace(connection, person_links, [row])
