"""What HR has said at the desk of ids that look changed.

Implements `bot.ports.noted.NotedIdBook`; only ever added to, so that the last word counts and the others tell
how it came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.changed_ids import IdLevel, IdWord, NotedId
from bot.store.actions import write_lines
from bot.store.columns import rows_of_plan
from bot.store.desk_tables import noted_ids
from bot.store.one_at_a_time import Alone, are_still

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import RowMapping

    from bot.domain.actions import Action
    from bot.store.database import Database


class SqlNotedIdBook:
    """The words in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, plan: str) -> tuple[NotedId, ...]:
        """All of the plan, oldest first."""
        with self._database.read() as connection:
            lines = connection.execute(rows_of_plan(noted_ids, "number"), {"of_plan": plan})
            return tuple(_noted(row) for row in lines.mappings())

    def say(self, plan: str, note: NotedId, *, known: int, noted: Iterable[Action] = ()) -> bool:
        """Write down what was said, with who did it.

        False, and nothing is written, where there are not `known` words of the plan any more.
        """
        about = noted_ids.c.plan == plan
        with self._database.write() as connection:
            if not are_still(connection, Alone.NOTED_IDS, plan, rows=noted_ids, about=about, known=known):
                return False
            connection.execute(noted_ids.insert(), _row(plan, note))
            write_lines(connection, noted)
        return True


def _noted(row: RowMapping) -> NotedId:
    values = {name: row[name] for name in ("course", "offering", "old", "new", "noted_at")}
    return NotedId(level=IdLevel(row["level"]), word=IdWord(row["word"]), **values)


def _row(plan: str, note: NotedId) -> dict[str, Any]:
    values = {name: getattr(note, name) for name in ("course", "offering", "old", "new", "noted_at")}
    return {"plan": plan, "level": note.level.value, "word": note.word.value, **values}
