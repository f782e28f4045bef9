"""How often links were renewed, of a person or of the feed, and what older ones call plan and course.

Implements `bot.ports.books.LinkBook`.

A link of an earlier generation opens nothing any more. A person goes by the directory id, or by the address
where there is none.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.store.columns import of_plan
from bot.store.schema import old_names, old_parts, person_links
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

    def load_old_courses(self, plan: str) -> dict[str, str]:
        """Today's course ids by those that the plan's courses had before."""
        rows = select(old_names.c.old, old_names.c.course).where(
            of_plan(old_names, plan), old_names.c.level == "course"
        )
        with self._database.read() as connection:
            return {row.old: row.course for row in connection.execute(rows)}

    def load_old_parts(self, plan: str, course: str) -> dict[tuple[str, str], frozenset[str]]:
        """What a course's offerings and sessions were called, by today's ids; session "" for an offering."""
        rows = select(old_parts.c.offering, old_parts.c.session, old_parts.c.old).where(
            of_plan(old_parts, plan, course)
        )
        found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        with self._database.read() as connection:
            for row in connection.execute(rows):
                found[row.offering, row.session].add(row.old)
        return {place: frozenset(names) for place, names in found.items()}

    def load_old_plans(self, plan: str) -> frozenset[str]:
        """What the plan was called before, however often it was renamed."""
        rows = select(old_names.c.old).where(of_plan(old_names, plan), old_names.c.level == "plan")
        with self._database.read() as connection:
            return frozenset(connection.execute(rows).scalars())

    def plan_called(self, old: str) -> str | None:
        """Today's id of the plan that was called so, None where none was."""
        rows = (
            select(old_names.c.plan)
            .where(old_names.c.old == old, old_names.c.level == "plan")
            .order_by(old_names.c.plan)
        )
        with self._database.read() as connection:
            return connection.execute(rows).scalars().first()
