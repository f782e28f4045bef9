"""Moving the books to another database: from SQLite to PostgreSQL, and back.

    check                                                          else
    source and target are two databases                            InputError(`move_onto_itself`)
    nobody else has one of them open: the service is stopped       RunLocked(`database_in_use`)
    the source is at this program's revision                       DatabaseFailed(`database_behind`)
    the target is at the same, or has no tables yet (made then)    DatabaseFailed(`database_behind`)
    no table of the target has a row                               InputError(`move_target_not_empty`)

Then every table, parents before children, row by row in one transaction of the target: all of it, or nothing.
Meanwhile nobody can write in either. JSON goes over as the text that it is; the numbers that PostgreSQL gives
out itself go on after the highest. Before the transaction ends, the target's rows are read again, and have to
be as many and the same. The source is only read. The queue of the service's processes is left behind: the
clock orders anew.

A table that only grows is no obstacle: nothing is changed or deleted here. Facts:
https://www.sqlite.org/wal.html#noshm (in WAL every connection that lives keeps a shared lock, so an exclusive
one is refused while there is another), and
https://www.postgresql.org/docs/16/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW, checked 2026-11.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    String,
    Text,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal,
    select,
    text,
    type_coerce,
)
from sqlalchemy import table as any_table

from bot.domain.errors import DatabaseFailed, InputError, RunLocked
from bot.store.all_tables import metadata
from bot.store.database import connect_database, fetch_revision, is_missing
from bot.store.failures import translated
from bot.store.new_file import make_tables
from bot.store.schema import REVISIONS
from bot.store.upgrade import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from sqlalchemy import Connection, Insert, Select, Table

    from bot.store.database import Database

BY_PIECES = {"yield_per": 1000}
"""So many rows are in memory at a time."""
ALL_BITS = 2**256
LOOKS_FOR_OTHERS, BETWEEN_LOOKS_SECONDS = 10, 0.1
"""A server shows a session for a moment after whoever had it is gone: a service that was just stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What went over: the databases as they may be shown, and how many rows by table."""

    source: str
    target: str
    rows: dict[str, int]

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.rows.values())


@dataclass(slots=True, kw_only=True)
class _Sum:
    """How many rows there are, and a sum of their hashes.

    The same in whatever order a database gives them.
    """

    count: int = 0
    hashes: int = 0

    def add(self, row: Sequence[object]) -> None:
        said = "\x1f".join(_written(value) for value in row)
        self.count += 1
        self.hashes = (self.hashes + int.from_bytes(sha256(said.encode()).digest())) % ALL_BITS


@dataclass(slots=True, kw_only=True)
class _Sums:
    by_table: dict[str, _Sum] = field(default_factory=dict)

    def of(self, table: Table) -> _Sum:
        return self.by_table.setdefault(table.name, _Sum())


def move_database(source_url: str, target_url: str) -> Moved:
    """Copy every row of the source into the empty target, and compare.

    Raises as the table says, and DatabaseFailed.
    """
    if is_missing(source_url):
        raise InputError("move_of_nothing")
    with connect_database(source_url) as source, connect_database(target_url) as target:
        if source.name == target.name or (source.file and target.file and source.file.samefile(target.file)):
            raise InputError("move_onto_itself", database=source.name)
        for one in (source, target):
            _be_alone(one)
        _see_revision(source)
        if fetch_revision(target) is None and not (target.file and make_tables(target)):
            migrate(target)
        _see_revision(target)
        with target.write() as there, source.write() as here:
            for side, connection in ((source, here), (target, there)):
                _keep_others_out(side, connection)
            with translated(target.name):
                _see_that_empty(target, there)
            sums = _Sums()
            for table in metadata.sorted_tables:
                _copy(table, here, there, sums, target)
            with translated(target.name):
                _compare(target, there, sums)
    return Moved(
        source=source.name, target=target.name, rows={name: one.count for name, one in sums.by_table.items()}
    )


def _be_alone(database: Database) -> None:
    """Raises RunLocked while somebody else has the database open, at work or not."""
    if database.file is not None:
        with (
            translated_lock(database.name),
            closing(sqlite3.connect(database.file, timeout=0, isolation_level=None)) as connection,
        ):
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        return
    sessions = any_table("pg_stat_activity", column("datname"), column("pid"), column("backend_type"))
    others = select(func.count()).select_from(sessions).where(
        sessions.c.datname == func.current_database(), sessions.c.pid != func.pg_backend_pid(),
        sessions.c.backend_type == "client backend"
    )  # fmt: skip
    for look in range(LOOKS_FOR_OTHERS):
        if look:
            time.sleep(BETWEEN_LOOKS_SECONDS)
        with database.read() as connection:
            if not connection.execute(others).scalar_one():
                return
    raise RunLocked("database_in_use", database=database.name)


@contextmanager
def translated_lock(name: str) -> Iterator[None]:
    """What SQLite says to who wants a file alone, as an error of ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise RunLocked("database_in_use", database=name) from error
        raise DatabaseFailed("database_not_writable", database=name, detail=str(error)) from error
    except sqlite3.DatabaseError as error:
        raise DatabaseFailed("database_not_a_database", database=name, detail=str(error)) from error


def _see_revision(database: Database) -> None:
    revision = fetch_revision(database)
    if revision != REVISIONS[-1]:
        raise DatabaseFailed(
            "database_behind", database=database.name, revision=revision or "–", wanted=REVISIONS[-1]
        )


def _keep_others_out(database: Database, connection: Connection) -> None:
    """Until the transaction ends nobody else writes; a SQLite transaction for writing says so itself."""
    if database.file is None:
        names = ", ".join(
            connection.dialect.identifier_preparer.format_table(table) for table in metadata.sorted_tables
        )
        with translated(database.name):
            connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def _see_that_empty(target: Database, there: Connection) -> None:
    for table in metadata.sorted_tables:
        if there.execute(select(literal(1)).select_from(table).limit(1)).first() is not None:
            raise InputError("move_target_not_empty", database=target.name, table=table.name)


def _copy(table: Table, here: Connection, there: Connection, sums: _Sums, target: Database) -> None:
    summed, putting = sums.of(table), _putting(table, there)
    names = [one.name for one in table.columns]
    with here.execute(_taking(table, here), execution_options=BY_PIECES) as found:
        for rows in found.partitions():
            for row in rows:
                summed.add(row)
            with translated(target.name):
                there.execute(putting, [dict(zip(names, row, strict=True)) for row in rows])
    if there.dialect.name == "postgresql" and (numbered := table.autoincrement_column) is not None:
        sequence = func.pg_get_serial_sequence(table.name, numbered.name)
        highest = select(func.max(numbered)).scalar_subquery()
        with translated(target.name):
            # NULL, where there is no such sequence or no row, sets nothing.
            there.execute(select(func.setval(sequence, highest)))


def _compare(target: Database, there: Connection, sums: _Sums) -> None:
    for table in metadata.sorted_tables:
        found = _Sum()
        with there.execute(_taking(table, there), execution_options=BY_PIECES) as rows:
            for row in rows:
                found.add(row)
        if found != sums.of(table):
            raise DatabaseFailed("move_differs", database=target.name, table=table.name)


def _taking(table: Table, connection: Connection) -> Select[Any]:
    """Every row; JSON as the text that it is."""
    server = connection.dialect.name == "postgresql"
    return select(
        *(
            one
            if not isinstance(one.type, JSON)
            else (cast(one, Text) if server else type_coerce(one, String)).label(one.name)
            for one in table.columns
        )
    )


def _putting(table: Table, connection: Connection) -> Insert:
    """One row, as `_taking` gives it."""
    server = connection.dialect.name == "postgresql"
    values = {
        one.name: cast(bindparam(one.name, type_=String()), JSON)
        if server
        else type_coerce(bindparam(one.name, type_=String()), String)
        for one in table.columns
        if isinstance(one.type, JSON)
    }
    others = {
        one.name: bindparam(one.name, type_=one.type) for one in table.columns if one.name not in values
    }
    return insert(table).values({**others, **values})


def _written(value: object) -> str:
    """A value as both databases give it, apart from every other.

    1 is not "1", and nothing is not an empty text.
    """
    if isinstance(value, datetime):
        return f"t{value.astimezone(UTC).isoformat()}"
    return f"{type(value).__name__}{value!r}"
