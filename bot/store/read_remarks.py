"""Until when what people wrote has been read by HR. Implements `bot.ports.comments.ReadBook`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.store.actions import write_lines
from bot.store.desk_tables import read_remarks
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.actions import Action
    from bot.store.database import Database


class SqlReadBook:
    """The marks in a database, one for each person and course."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, plan: str) -> dict[tuple[str, str], datetime]:
        """Course and canonical address to the instant (UTC) until which it has been read."""
        rows = select(read_remarks).where(read_remarks.c.plan == plan)
        with self._database.read() as connection:
            found = connection.execute(rows).mappings()
            return {(row["course"], row["email"]): row["read_at"] for row in found}

    def mark(
        self, plan: str, course: str, email: str, *, until: datetime, noted: Iterable[Action] = ()
    ) -> bool:
        """Read until an instant (UTC), with who did it.

        False, and nothing is written, where it was already.
        """
        mine = (
            read_remarks.c.plan == plan,
            read_remarks.c.course == course,
            read_remarks.c.email == email,
        )
        with self._database.write() as connection:
            before = connection.execute(select(read_remarks.c.read_at).where(*mine)).scalar_one_or_none()
            if before is not None and before >= until:
                return False
            row = {"plan": plan, "course": course, "email": email, "read_at": until}
            insert_or_replace(connection, read_remarks, [row])
            write_lines(connection, noted)
        return True
