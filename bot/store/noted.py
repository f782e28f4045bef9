"""What a plan's decisions had come to, and since when.

Implements `bot.ports.noted.NotedBook`; only ever added to.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from bot.domain.noted import NotedDecision
from bot.store.actions import write_lines
from bot.store.approval_tables import noted_decisions
from bot.store.columns import rows_of_plan
from bot.store.one_at_a_time import Alone, are_still

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import RowMapping

    from bot.domain.actions import Action
    from bot.store.database import Database


class SqlNotedBook:
    """The notes in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, plan: str) -> tuple[NotedDecision, ...]:
        """All of the plan, oldest first."""
        lines = rows_of_plan(noted_decisions, "number")
        with self._database.read() as connection:
            return tuple(_noted(row) for row in connection.execute(lines, {"of_plan": plan}).mappings())

    def add(self, plan: str, notes: Iterable[NotedDecision]) -> None:
        """Write them down, all or none."""
        rows = [_row(plan, one) for one in notes]
        if not rows:
            return
        with self._database.write() as connection:
            connection.execute(noted_decisions.insert(), rows)

    def decide(self, plan: str, note: NotedDecision, *, known: int, noted: Iterable[Action] = ()) -> bool:
        """Write down what was decided at the desk, with who did it.

        False, and nothing is written, where there are not `known` notes about it any more.
        """
        about = (noted_decisions.c.plan == plan) & (noted_decisions.c.assumption == note.assumption)
        with self._database.write() as connection:
            if not are_still(
                connection, Alone.NOTED_DECISIONS, plan, rows=noted_decisions, about=about, known=known
            ):
                return False
            connection.execute(noted_decisions.insert(), _row(plan, note))
            write_lines(connection, noted)
        return True


def _noted(row: RowMapping) -> NotedDecision:
    return NotedDecision(
        assumption=row["assumption"],
        value=row["value"],
        decided_by=row["decided_by"],
        decided_on=date.fromisoformat(row["decided_on"]) if row["decided_on"] else None,
        case=row["case_number"],
        noted_at=row["noted_at"],
        at_desk=row["at_desk"],
    )


def _row(plan: str, one: NotedDecision) -> dict[str, Any]:
    return {
        "plan": plan,
        "assumption": one.assumption,
        "value": one.value,
        "decided_by": one.decided_by,
        "decided_on": one.decided_on.isoformat() if one.decided_on else "",
        "case_number": one.case,
        "noted_at": one.noted_at,
        "at_desk": one.at_desk,
    }
