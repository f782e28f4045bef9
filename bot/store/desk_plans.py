"""Plans that are written at the desk, each as it was saved last.

Implements `bot.ports.desk_plans.DeskPlanBook`.

A plan that has another id by now is found by the one that the settings still say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.domain.desk_plans import DeskPlan, DeskSave
from bot.store.actions import write_lines
from bot.store.desk_plan_tables import desk_plans
from bot.store.one_at_a_time import Alone, one_at_a_time
from bot.store.revisions import keep_in
from bot.store.schema import old_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Column, RowMapping

    from bot.domain.actions import Action
    from bot.domain.revisions import PlanRevision
    from bot.store.database import Database

ABOUT = [column for column in desk_plans.columns if column.name != "content"]


class SqlDeskPlanBook:
    """The plans in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def look(self, plan: str) -> DeskSave | None:
        """The last save without its content, None where nothing was ever saved."""
        row = self._row(plan, ABOUT)
        return None if row is None else _save(row)

    def load(self, plan: str) -> DeskPlan | None:
        """What is kept, None where nothing was ever saved."""
        row = self._row(plan, [*desk_plans.columns])
        return None if row is None else DeskPlan(save=_save(row), content=row["content"])

    def save(
        self,
        kept: DeskPlan,
        *,
        revision: PlanRevision,
        document: dict[str, Any],
        noted: Iterable[Action] = (),
    ) -> bool:
        """In one transaction; False, and nothing is written, where it does not follow on the last save."""
        save = kept.save
        row = {
            "plan": save.plan, "saves": save.number, "content": kept.content,
            "saved_at": save.saved_at, "saved_by": save.saved_by,
        }  # fmt: skip
        mine = desk_plans.c.plan == save.plan
        with self._database.write() as connection:
            one_at_a_time(connection, Alone.DESK_PLANS, save.plan)
            last = connection.execute(select(desk_plans.c.saves).where(mine)).scalar()
            if (last or 0) != save.number - 1:
                return False
            if last is None:
                connection.execute(desk_plans.insert(), row)
            else:
                connection.execute(desk_plans.update().where(mine).values(**row))
            keep_in(connection, revision, document)
            write_lines(connection, noted)
        return True

    def _row(self, plan: str, columns: list[Column[Any]]) -> RowMapping | None:
        today = select(old_names.c.plan).where(old_names.c.level == "plan", old_names.c.old == plan)
        with self._database.read() as connection:
            for of in (plan, today.scalar_subquery()):
                row = connection.execute(select(*columns).where(desk_plans.c.plan == of)).mappings().first()
                if row is not None:
                    return row
        return None


def _save(row: RowMapping) -> DeskSave:
    named = {name: row[name] for name in ("plan", "saved_at", "saved_by")}
    return DeskSave(number=row["saves"], **named)
