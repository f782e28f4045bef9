"""Whether anything at all was written to a database since somebody looked: dear questions are asked once.

| the database | its stamp |
|---|---|
| a SQLite file | `PRAGMA data_version` of a connection that never writes: another number after any other's commit |
| on a server | the snapshot that a reader gets: which transactions have ended, and which are under way |

Two equal stamps of one object mean that nothing was committed in between; different ones mean nothing
(https://www.sqlite.org/pragma.html#pragma_data_version, postgresql.org/docs/16/functions-info.html, checked
2026-11). A stamp is to be taken before what is read, so that what comes in between is seen the next time.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.store.failures import translated

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.store.database import Database


ASKED_BY_A_COMMAND = 4
"""So often a command asks that ends after one round: less often than a watch is worth."""


class WriteStamps:
    """The stamps of one database; of no use to another process."""

    def __init__(self, database: Database) -> None:
        self._database, self._busy = database, Lock()
        self._watch: Connection | None = None
        self._asked = 0
        database.at_close(self._close)

    def take(self) -> object:
        """The stamp of this moment; raises DatabaseFailed.

        The first few times it is one that is like no other. So it is within one look at the database, too:
        what that sees may be older than this moment.
        """
        if self._asked < ASKED_BY_A_COMMAND or self._database.is_looked_at:
            self._asked += 1
            return object()
        if self._database.file is None:
            with self._database.read() as connection:
                return connection.execute(text("SELECT pg_current_snapshot()::text")).scalar()
        with self._busy, translated(self._database.name):
            if self._watch is None:
                # Outside any transaction, for within one nothing changes.
                self._watch = self._database.engine.connect().execution_options(kursusbot_begin="")
                # Not the pool's: closing it is to close the file.
                self._watch.detach()
            return self._watch.exec_driver_sql("PRAGMA data_version").scalar()

    def _close(self) -> None:
        with self._busy:
            watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()
