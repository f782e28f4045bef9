"""Opening the database: SQLite beside the program, or PostgreSQL; read and write transactions on it.

Commands start fast: an up-to-date database is opened without loading Alembic, the schema's revision
is read from its version table. SQLite is migrated as it is opened; PostgreSQL only by `db upgrade`,
because several machines may be at work on it. Library errors become `DatabaseFailed` here and
nowhere else (see `bot.store.failures`).

SQLite: WAL, so that readers do not wait for a writer; `synchronous=NORMAL` is safe with WAL but for
the last moments before a power cut, which the next run repairs from Outlook; `secure_delete` for
`erase`; every write transaction begins IMMEDIATE, so that it never fails halfway for a lock
(https://www.sqlite.org/wal.html and lang_transaction.html, checked 2026-11).
"""

from __future__ import annotations

import contextlib
import errno
import os
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.domain.errors import DatabaseFailed
from bot.store.columns import from_text
from bot.store.failures import has_room, translated
from bot.store.schema import REVISIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType

    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

PATIENCE_SECONDS = 10
"""How long a write waits for another program's (SQLite), or a server may take to answer.

The address may say otherwise: `?timeout=` on SQLite, `?connect_timeout=` on PostgreSQL.
"""

FILE_PATIENCE = {"timeout": PATIENCE_SECONDS}
SERVER_PATIENCE = {
    "connect_timeout": PATIENCE_SECONDS,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 1000 * PATIENCE_SECONDS,
}
"""A server that vanishes without a word is given up after seconds.

By TCP's own means it would be a quarter of an hour.

Milliseconds for the last, seconds for the others (https://www.postgresql.org/docs/16/libpq-connect.html,
checked 2026-11).
"""

_LOOKS: ContextVar[tuple[tuple[Database, Connection], ...]] = ContextVar("looks", default=())
"""The databases that are being looked at in this thread or task, the latest last."""

SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON")


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """An open database.

    `file` is the SQLite file, None on PostgreSQL; `name` is safe to show (no password).
    """

    engine: Engine
    name: str
    file: Path | None
    _spare: list[Connection] = field(default_factory=list, init=False, repr=False, compare=False)
    """A connection to the file that nobody uses at the moment, at most one, and no transaction in it."""
    _ends: list[Callable[[], None]] = field(default_factory=list, init=False, repr=False, compare=False)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection whose reads see one state of the database."""
        looks = reversed(_LOOKS.get())
        known = next((connection for database, connection in looks if database is self), None)
        if known is not None:
            with translated(self.name):
                yield known
            return
        with translated(self.name), self._connected() as connection:
            yield connection

    @contextmanager
    def one_look(self) -> Iterator[None]:
        """All reads of this thread or task meanwhile go by one connection, on SQLite of one state.

        For what reads a dozen tables: to begin and end a transaction costs as much as a small question. What
        is written meanwhile is not seen; nothing is waited for in it.
        """
        with self.read() as connection:
            before = _LOOKS.set((*_LOOKS.get(), (self, connection)))
            try:
                yield
            finally:
                _LOOKS.reset(before)

    @property
    def is_looked_at(self) -> bool:
        """Whether this thread or task is in `one_look` at it."""
        return any(database is self for database, _ in _LOOKS.get())

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction: everything in it happens, or nothing."""
        with translated(self.name), self._connected() as connection:
            connection.execution_options(kursusbot_begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield connection
            connection.execution_options(kursusbot_begin="BEGIN")

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """A connection with no transaction begun, and none left of what was done in it.

        To give a connection back to the pool and take it anew costs as much as a small question, and there
        are dozens in a round: that of a file stays at hand. A server's is the pool's, which tries before it
        lends one whether the server still has it. What failed is closed.
        """
        try:
            connection = self._spare.pop()
        except IndexError:
            connection = self.engine.connect()
        try:
            yield connection
            kept = self.file is not None and not self._spare
            if kept:
                connection.rollback()
        except BaseException:
            connection.close()
            raise
        if kept:
            self._spare.append(connection)
        else:
            connection.close()

    @contextmanager
    def outside_transactions(self) -> Iterator[Connection]:
        """A connection whose statements stand alone, for what no transaction may hold (VACUUM)."""
        options = {"isolation_level": "AUTOCOMMIT"} if self.file is None else {"kursusbot_begin": ""}
        with translated(self.name), self.engine.connect().execution_options(**options) as connection:
            yield connection

    def look_for_room(self) -> None:
        """Raises DatabaseFailed(`database_full`) where reading works and writing does not: on a full disk.

        A server tells itself.
        """
        if self.file is not None and not has_room(self.file):
            raise DatabaseFailed("database_full", database=self.name, detail=os.strerror(errno.ENOSPC))

    def at_close(self, end: Callable[[], None]) -> None:
        """`end` is called as it is closed, for who keeps a connection of their own."""
        self._ends.append(end)

    def close(self) -> None:
        """Give every connection back."""
        for end in self._ends:
            end()
        while self._spare:
            self._spare.pop().close()
        # Not the engine's own way, which makes a new pool for what comes afterwards: here that is nothing.
        self.engine.pool.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def is_missing(url: str) -> bool:
    """Whether the address is that of a SQLite file that has not been made yet, but could be.

    What is wrong, opening it tells.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        return False
    file = Path(parsed.database or "")
    return (
        parsed.get_backend_name() == "sqlite"
        and bool(parsed.database)
        and file.parent.is_dir()
        and not file.exists()
    )


def connect_database(url: str) -> Database:
    """The database as it stands, whatever its revision.

    Raises DatabaseFailed for an address that is not understood.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseFailed("database_url") from error
    match parsed.get_backend_name():
        case "sqlite" if parsed.database and parsed.database != ":memory:" and parsed.host is None:
            return _connect_sqlite(parsed, Path(parsed.database))
        case "postgresql" | "postgres":
            address = parsed.set(drivername="postgresql+psycopg")
            engine = create_engine(
                _with_patience(address, SERVER_PATIENCE), pool_pre_ping=True, hide_parameters=True
            )
            return Database(engine=engine, name=_shown(address), file=None)
        case _:
            raise DatabaseFailed("database_url")


def libpq_address(url: str) -> str | None:
    """The address of a PostgreSQL server as its own library takes it, password and all.

    None for a SQLite file.

    Raises DatabaseFailed for an address that is not understood.
    """
    with connect_database(url) as database:
        if database.file is not None:
            return None
    return _with_patience(make_url(url).set(drivername="postgresql"), SERVER_PATIENCE).render_as_string(
        hide_password=False
    )


def fetch_revision(database: Database) -> str | None:
    """The schema's revision, None for an empty database.

    Raises DatabaseFailed for one that this program does not know.
    """
    with database.read() as connection:
        if not _has_revision(connection):
            return None
        revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is not None and revision not in REVISIONS:
        raise DatabaseFailed("database_newer", database=database.name, revision=revision)
    return revision


def _has_revision(connection: Connection) -> bool:
    if connection.dialect.name != "sqlite":
        return inspect(connection).has_table("alembic_version")
    # Each command begins with it, and to have SQLAlchemy look takes several times as long.
    asked = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    return connection.exec_driver_sql(asked).first() is not None


def _with_patience(address: URL, patience: Mapping[str, int]) -> URL:
    return address.update_query_dict(
        {name: str(value) for name, value in patience.items() if name not in address.query}
    )


def _shown(address: URL) -> str:
    return address.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def _connect_sqlite(address: URL, path: Path) -> Database:
    if not path.parent.is_dir():
        raise DatabaseFailed("database_no_directory", database=str(path), directory=str(path.parent))
    _make_sure_of(path)
    engine = create_engine(
        _with_patience(address.set(drivername="sqlite+pysqlite"), FILE_PATIENCE),
        # What people write is in no log, whatever fails.
        hide_parameters=True,
        json_deserializer=from_text,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine=engine, name=str(path), file=path)


def _make_sure_of(path: Path) -> None:
    """A file of its owner alone that can be written. One that is there is never opened past SQLite.

    Closing any handle of a file drops every POSIX lock that the process has on it. SQLite's go with them, and
    the next process to close takes itself for the last and removes the log that this one goes on writing to
    (sqlite.org/howtocorrupt.html, 2.2, checked 2026-11).
    """
    try:
        if path.exists() and not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise DatabaseFailed(
            "database_not_writable", database=str(path), detail=error.strerror or ""
        ) from error


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # pysqlite's own BEGIN is off: ours is below
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options().get("kursusbot_begin", "BEGIN")
    if begin == "BEGIN":
        # It takes no lock, so there is no error to translate, and every second statement is one of these.
        connection.connection.cursor().execute(begin)
    elif begin:
        connection.exec_driver_sql(begin)
