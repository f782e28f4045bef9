"""Making rows anonymous so that counts stand, and rewriting files so that nothing is left.

What `bot.store.erasure` (a person, now) and `bot.store.expiry` (everybody, in time) have in common. Does not
know what is to go.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import Boolean, Integer, exists, select

from bot.domain.errors import DatabaseFailed
from bot.domain.registrations import ERASED_PREFIX
from bot.store.all_tables import metadata
from bot.store.columns import Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, RowMapping, Table

    from bot.store.database import Database


class StandIns:
    """One stand-in for each offering.

    Within it the person still counts as one, beyond it nothing connects.
    """

    def __init__(self) -> None:
        self._by_offering: defaultdict[tuple[str, str, str], str] = defaultdict(
            lambda: f"{ERASED_PREFIX}{uuid4().hex}"
        )

    def of(self, row: RowMapping) -> str:
        """The stand-in for the offering of this row."""
        return self._by_offering[row["plan"], row["course"], row["offering"]]


def without(column: Mapping[str, str], addresses: frozenset[str], stand_in: str | None) -> dict[str, str]:
    """A column by address, without these.

    `stand_in`, if any, takes their place and has the earliest of their values.
    """
    kept = {email: value for email, value in column.items() if email not in addresses}
    erased = [value for email, value in column.items() if email in addresses]
    return {**kept, stand_in: min(erased)} if stand_in and erased else kept


def anonymise(
    connection: Connection,
    table: Table,
    rows: Sequence[RowMapping],
    stand_in: Callable[[RowMapping], str],
    blanks: Mapping[str, str],
) -> int:
    """Put `stand_in(row)` for the address of these rows of the table, and `blanks` for other columns.

    Returns how many rows there were.

    Of rows that two addresses of one person make the same, one stays.
    """
    key = [column.name for column in table.primary_key]
    anonymous = {}
    for row in rows:
        connection.execute(table.delete().where(*same_row(table, row)))
        new = {**row, **blanks, "email": stand_in(row)}
        anonymous[tuple(new[name] for name in key)] = new
    if anonymous:
        connection.execute(table.insert(), [*anonymous.values()])
    return len(rows)


def same_row(table: Table, row: RowMapping) -> list[ColumnElement[bool]]:
    """The condition that finds exactly this row."""
    return [column == row[column.name] for column in table.primary_key]


def rewrite(database: Database, wait_seconds: float) -> None:
    """Leave nothing of what was deleted in file, log, free pages or statistics.

    SQLite: `secure_delete` has overwritten the pages, VACUUM and a truncating checkpoint empty file and log.
    PostgreSQL: VACUUM FULL and new statistics, which an emptied table does not get by itself. `wait_seconds`
    is how long to wait for other programs that read; raises DatabaseFailed(`erase_unfinished`) when one does
    not let go.
    """
    if database.file is None:
        statements = [
            f"SET lock_timeout = {int(wait_seconds * 1000)}",
            *(f"VACUUM (FULL, ANALYZE) {name}" for name in metadata.tables),
        ]
    else:
        # VACUUM writes through the log, so the log is emptied after it as well.
        patience = f"PRAGMA busy_timeout = {int(wait_seconds * 1000)}"
        statements = [
            patience,
            "PRAGMA wal_checkpoint(TRUNCATE)",
            "VACUUM",
            "PRAGMA wal_checkpoint(TRUNCATE)",
        ]
    busy = False
    try:
        with database.outside_transactions() as connection:
            for statement in statements:
                result = connection.exec_driver_sql(statement)
                busy = "checkpoint" in statement and result.scalar() == 1
            for statement in _forgotten_statistics(connection) if database.file is None else ():
                connection.exec_driver_sql(statement)
            # Its patience was ours alone.
            connection.invalidate()
    except DatabaseFailed as error:
        if error.code != "database_locked":
            raise
        busy = True
    if busy:
        raise DatabaseFailed("erase_unfinished", database=database.name)


def _forgotten_statistics(connection: Connection) -> list[str]:
    """For tables that are empty: ANALYZE leaves their old statistics, which quote values.

    A column that gets its own type anew has none.
    """
    empty = [
        table
        for table in metadata.tables.values()
        if not connection.execute(select(exists().select_from(table))).scalar()
    ]
    return [
        f"ALTER TABLE {table.name} ALTER COLUMN {column.name} TYPE {column.type.compile(connection.dialect)}"
        for table in empty
        for column in table.columns
        if not isinstance(column.type, (Boolean, Integer, Instant))
    ]


def is_rewritten(database: Database, wait_seconds: float) -> bool:
    """As `rewrite`; False where another program that reads did not let go in time."""
    try:
        rewrite(database, wait_seconds)
    except DatabaseFailed as error:
        if error.code != "erase_unfinished":
            raise
        return False
    return True
