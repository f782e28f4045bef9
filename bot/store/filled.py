"""Which tables have any rows of a plan: for who goes through all tables, most of which have none.

One question about all of them takes no longer than one about two of them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, bindparam, exists, select

from bot.store.all_tables import metadata
from bot.store.schema import actions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select, Table


@cache
def plan_tables() -> tuple[Table, ...]:
    """Every table of the rows of plans; not who did what, which stays what it was."""
    return tuple(table for table in metadata.sorted_tables if "plan" in table.c and table is not actions)


def filled(connection: Connection, tables: tuple[Table, ...], plans: Sequence[str]) -> frozenset[Table]:
    """Those of the tables, each with a column `plan`, that have a row of one of these plans now."""
    bound = {f"plan_{number}": plan for number, plan in enumerate(plans)}
    answers = connection.execute(_question(tables, len(plans)), bound).one()
    return frozenset(table for table, has_rows in zip(tables, answers, strict=True) if has_rows)


# Made once: it has a part for each table, and to make it takes far longer than to run it.
@cache
def _question(tables: tuple[Table, ...], plans: int) -> Select[*tuple[Any, ...]]:
    named = [bindparam(f"plan_{number}", type_=String) for number in range(plans)]
    return select(*(exists().where(table.c.plan.in_(named)) for table in tables))
