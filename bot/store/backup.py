"""A copy of a SQLite database while others read and write it, by SQLite's online backup.

The copy shows one moment, goes to a file of its own name only when it is whole and sound, and is readable by
its owner only: it holds what the database holds. Until then it lies in a file made for it under a name of
chance, so that nobody can lay one, or a link, in its way. On PostgreSQL this is the server's business
(`pg_dump`). Facts: https://www.sqlite.org/backup.html, checked 2026-11.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.domain.errors import DatabaseFailed, InputError
from bot.store.database import connect_database, is_missing


def backup_database(url: str, target: Path) -> int:
    """Copy the database to `target`, which must not exist; gives its size in bytes.

    Raises InputError(`backup_elsewhere`) on PostgreSQL, InputError(`file_exists` or `file_not_written`),
    DatabaseFailed.
    """
    if is_missing(url):
        raise InputError("backup_of_nothing", database=make_url(url).database)
    with connect_database(url) as database:
        source = database.file
    if source is None:
        raise InputError("backup_elsewhere")
    if os.path.lexists(target):
        raise InputError("file_exists", file=str(target))
    unfinished: Path | None = None
    try:
        # Made anew (O_EXCL) and for its owner alone (0600), whatever lies there and whatever the umask is.
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".unfinished")
        os.close(handle)
        unfinished = Path(name)
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(unfinished)) as copy:
            original.backup(copy)
            # A copy stands alone: without this, it would need a log beside it as soon as it is opened.
            copy.execute("PRAGMA journal_mode=DELETE")
            sound = copy.execute("PRAGMA quick_check").fetchone() == ("ok",)
        if not sound:
            raise DatabaseFailed("database_not_a_database", database=str(source), detail="quick_check")
        # Not replace: what appeared there meanwhile is somebody's.
        os.link(unfinished, target)
    except FileExistsError:
        raise InputError("file_exists", file=str(target)) from None
    except OSError as error:
        raise InputError("file_not_written", file=str(target), detail=error.strerror or str(error)) from None
    except sqlite3.Error as error:
        raise DatabaseFailed("database_not_a_database", database=str(source), detail=str(error)) from error
    finally:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
    return target.stat().st_size
