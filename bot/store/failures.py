"""What SQLAlchemy and the drivers report, turned into `DatabaseFailed` with the next step.

Only what the world can cause is translated; a wrong statement, a broken constraint and the like are
bugs of ours and keep their traceback.

| what the driver says | text code |
|---|---|
| locked, busy | `database_locked` |
| not a database, malformed | `database_not_a_database` |
| read-only, unable to open | `database_not_writable` |
| disk or database full | `database_full` |
| anything else operational: no server, wrong password, connection lost | `database_unreachable` |

The SQLite wordings are those of sqlite3_errstr (https://www.sqlite.org/rescode.html, checked 2026-11).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DatabaseError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import DatabaseFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDINGS = (
    ("locked", "database_locked"),
    ("not a database", "database_not_a_database"),
    ("malformed", "database_not_a_database"),
    ("readonly", "database_not_writable"),
    ("unable to open", "database_not_writable"),
    ("disk i/o error", "database_not_writable"),
    ("full", "database_full"),
    ("no space left", "database_full"),
)


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Run database work; `name` is the database as shown to people, without a password."""
    try:
        yield
    except (OperationalError, InterfaceError, InternalError) as error:
        raise _failed(name, str(error.orig)) from error
    except PoolTimeout as error:
        raise DatabaseFailed("database_locked", database=name) from error
    except DatabaseError as error:
        # sqlite3 reports a file that is no database with the general class, not a sub-class.
        if type(error) is not DatabaseError:
            raise
        raise _failed(name, str(error.orig)) from error


def _failed(name: str, said: str) -> DatabaseFailed:
    lowered = said.lower()
    for wording, code in WORDINGS:
        if wording in lowered:
            return DatabaseFailed(code, database=name, detail=_first_line(said))
    return DatabaseFailed("database_unreachable", database=name, detail=_first_line(said))


def _first_line(said: str) -> str:
    return said.strip().splitlines()[0] if said.strip() else ""
