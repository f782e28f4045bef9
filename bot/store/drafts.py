"""What people have begun to change in plans on the desk. Implements `bot.ports.desk_plans.DraftBook`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.domain.desk_plans import PlanDraft
from bot.domain.drafts import RowChange
from bot.store.desk_plan_tables import plan_drafts
from bot.store.upsert import insert_new

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, RowMapping

    from bot.store.database import Database

ROWS = "rows"
"""The one key of a packed document: the changes, in their order."""


class SqlDraftBook:
    """The drafts in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, plan: str) -> tuple[PlanDraft, ...]:
        """All of the plan, the one that was changed last first."""
        drafts = select(plan_drafts).where(plan_drafts.c.plan == plan)
        ordered = drafts.order_by(plan_drafts.c.changed_at.desc(), plan_drafts.c.id)
        with self._database.read() as connection:
            return tuple(map(_draft, connection.execute(ordered).mappings()))

    def find(self, plan: str, draft: str) -> PlanDraft | None:
        """One of them; None where it is gone."""
        with self._database.read() as connection:
            row = connection.execute(select(plan_drafts).where(_is(plan, draft))).mappings().first()
        return None if row is None else _draft(row)

    def save(self, draft: PlanDraft, *, changed_at: datetime | None) -> bool:
        """Insert it, or change what was changed last at `changed_at`; False where that is not so."""
        row = _row(draft)
        with self._database.write() as connection:
            if changed_at is None:
                return insert_new(connection, plan_drafts, [row]) > 0
            as_known = _is(draft.plan, draft.id) & (plan_drafts.c.changed_at == changed_at)
            return connection.execute(plan_drafts.update().where(as_known).values(**row)).rowcount > 0

    def drop(self, plan: str, draft: str) -> None:
        """Delete it; nothing where it is gone."""
        with self._database.write() as connection:
            connection.execute(plan_drafts.delete().where(_is(plan, draft)))


def _is(plan: str, draft: str) -> ColumnElement[bool]:
    return (plan_drafts.c.plan == plan) & (plan_drafts.c.id == draft)


def _draft(row: RowMapping) -> PlanDraft:
    return PlanDraft(**{**row, "changes": tuple(map(_change, row["changes"][ROWS]))})


def _change(said: dict[str, Any]) -> RowChange:
    return RowChange(**{**said, "before": tuple(said["before"]), "after": tuple(said["after"])})


def _row(draft: PlanDraft) -> dict[str, Any]:
    names = (column.name for column in plan_drafts.columns)
    row = {name: getattr(draft, name) for name in names}
    return row | {"changes": {ROWS: [asdict(change) for change in draft.changes]}}
