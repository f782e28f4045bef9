"""Inserts that meet rows already there, in the two dialects that say it the same way.

Rows are plain dictionaries with every column. Many rows are one call.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.sql.dml import ReturningInsert


def insert_or_replace(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows; where the primary key is taken, the other columns are overwritten."""
    if not rows:
        return
    connection.execute(_replacing(table, connection.dialect.name), rows)


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert rows whose primary key is not there yet.

    Returns how many that were (twice in `rows` is once).
    """
    if not rows:
        return 0
    # Counted by what comes back: the row count of many inserts at once is not told by every driver.
    return len(connection.execute(_adding(table, connection.dialect.name), rows).all())


# Building a statement costs more than running it, and a sync writes one entry at a time.
@cache
def _adding(table: Table, dialect: str) -> ReturningInsert[Any]:
    return _insert(table, dialect).on_conflict_do_nothing().returning(table.primary_key.columns[0])


@cache
def _replacing(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    statement = _insert(table, dialect)
    key = [column.name for column in table.primary_key]
    values = {
        column.name: statement.excluded[column.name] for column in table.columns if column.name not in key
    }
    return statement.on_conflict_do_update(index_elements=key, set_=values)


def _insert(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    # A dialect is a tenth of a second to import, and a process has one of them.
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)
