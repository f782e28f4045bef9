"""What SQLAlchemy and the drivers report, turned into `DatabaseFailed` with the next step.

Only what the world can cause is translated; a wrong statement, a broken constraint and the like are
bugs of ours and keep their traceback.

| database | what the driver says | text code |
|---|---|---|
| both | no connection free in the pool | `database_locked` |
| SQLite | locked | `database_locked` |
| SQLite | not a database, malformed | `database_not_a_database` |
| SQLite | full; disk I/O error where the disk has no room | `database_full` |
| SQLite | readonly, unable to open, any other disk I/O error | `database_not_writable` |
| PostgreSQL | SQLSTATE 42501 or 25006: no right, read-only server | `database_no_rights` |
| PostgreSQL | 55P03: lock not available | `database_locked` |
| PostgreSQL | class 53: disk full, too many connections | `database_full` |
| PostgreSQL | anything else operational: no server, wrong password, connection lost | `database_unreachable` |

Facts: the wordings of https://www.sqlite.org/rescode.html and the codes of
https://www.postgresql.org/docs/current/errcodes-appendix.html, checked 2026-11.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.domain.errors import DatabaseFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST_ROOM_BYTES = 2**20
"""With less a round's rows do not fit, nor what SQLite keeps beside its file."""

DISK_FAILED = "disk i/o error"
SQLITE_WORDINGS = (
    ("locked", "database_locked"),
    ("not a database", "database_not_a_database"),
    ("malformed", "database_not_a_database"),
    ("full", "database_full"),
    ("readonly", "database_not_writable"),
    ("unable to open", "database_not_writable"),
    (DISK_FAILED, "database_not_writable"),
)
NO_RIGHTS = ("42501", "25006")
LOCK_NOT_AVAILABLE = "55P03"
OUT_OF_RESOURCES = "53"


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Run database work; `name` is the database as shown to people, without a password."""
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseFailed("database_locked", database=name) from error
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        code = _sqlite_code(cause, name) if isinstance(cause, sqlite3.Error) else _postgres_code(error)
        if code is None:
            raise
        raise DatabaseFailed(code, database=name, detail=_first_line(str(cause))) from error


def has_room(file: Path) -> bool:
    """Whether the disk of a SQLite file can take more; True where nobody can tell."""
    try:
        return shutil.disk_usage(file.parent).free >= LEAST_ROOM_BYTES
    except OSError:
        return True


def _sqlite_code(error: sqlite3.Error, name: str) -> str | None:
    said = str(error).lower()
    # A full disk has no room for the file of SQLite's shared memory either, and that is all that it says
    # then.
    if DISK_FAILED in said and not has_room(Path(name)):
        return "database_full"
    return next((code for wording, code in SQLITE_WORDINGS if wording in said), None)


def _postgres_code(error: Exception) -> str | None:
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    if state in NO_RIGHTS:
        return "database_no_rights"
    if state == LOCK_NOT_AVAILABLE:
        return "database_locked"
    if state.startswith(OUT_OF_RESOURCES):
        return "database_full"
    return "database_unreachable" if isinstance(error, OperationalError | InterfaceError) else None


def _first_line(said: str) -> str:
    return said.strip().partition("\n")[0]
