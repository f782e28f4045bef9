"""One run at a time for a plan, between processes, threads and tasks.

SQLite: a lock on a file beside the database, `<database>.<plan>.lock`, which the kernel lets go of
when its process dies, however it dies. The file itself stays. PostgreSQL: an advisory lock of a
connection that does nothing else; when the machine at its end vanishes, TCP keepalives end the
connection within 14 seconds (idle 5 s + 3 probes of 3 s), and the lock with it. The connection must
not go through a pooler in transaction mode, which would share it out.

Facts: filelock 4.2 (flock on POSIX, per open file, so two locks of one process exclude each other);
https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS and
runtime-config-connection.html (tcp_keepalives_*), checked 2026-11.
"""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import asynccontextmanager, contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from sqlalchemy import bindparam, column, create_engine, false, func, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from bot.domain.errors import DatabaseFailed, RunLocked
from bot.store.failures import translated

LOCK_WAIT_SECONDS = 5.0
"""A second run waits this long for the first one before it gives up."""

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from bot.store.database import Database

POLL_SECONDS = 0.1
SESSION_SETTINGS = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "3",
    "tcp_keepalives_count": "3",
    "idle_session_timeout": "0",
}
"""Seconds, seconds, probes, never.

The server's side of the connection, which is the side that frees the lock.
"""


@asynccontextmanager
async def run_lock(database: Database, plan: str, wait_seconds: float) -> AsyncIterator[Callable[[], None]]:
    """Hold the plan's lock.

    Raises RunLocked when another run still has it after `wait_seconds` (by the real clock).

    Waits without blocking the event loop, so that tasks of one process may wait for each other.
    Yields `still_mine`, which costs microseconds (PostgreSQL: one round trip) and raises RunLocked
    when the lock was lost meanwhile: the connection was ended, or somebody removed the file.
    """
    give_up = time.monotonic() + wait_seconds
    with (
        _file_lock(database.file, plan) if database.file else _server_lock(database, plan) as (take, is_held)
    ):
        while not take():
            if time.monotonic() >= give_up:
                raise RunLocked("run_locked", plan=plan)
            await asyncio.sleep(POLL_SECONDS)

        def still_mine() -> None:
            if not is_held():
                raise RunLocked("run_lock_lost", plan=plan)

        yield still_mine


@contextmanager
def _file_lock(database_file: Path, plan: str) -> Iterator[tuple[Callable[[], bool], Callable[[], bool]]]:
    file = database_file.resolve()
    path = file.with_name(f"{file.name}.{plan}.lock")
    descriptors: list[int] = []
    lock = FileLock(
        path,
        mode=0o600,
        thread_local=False,
        # A lock that is only the existence of a file would outlive a dead process: rather fail.
        fallback_to_soft=False,
        preserve_lock_file=True,
        on_acquired=descriptors.append,
    )

    def take() -> bool:
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return False
        except OSError as error:
            raise DatabaseFailed(
                "database_not_writable", database=str(path), detail=error.strerror or ""
            ) from error
        return True

    def is_held() -> bool:
        # A file of the same name that somebody made anew is another lock.
        try:
            return os.path.samestat(os.fstat(descriptors[-1]), path.stat())
        except FileNotFoundError:
            return False

    try:
        yield take, is_held
    finally:
        lock.release()


@contextmanager
def _server_lock(database: Database, plan: str) -> Iterator[tuple[Callable[[], bool], Callable[[], bool]]]:
    engine = create_engine(
        database.engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True
    )
    key = int.from_bytes(sha256(f"kursusbot run {plan}".encode()).digest()[:8], signed=True)
    with translated(database.name), engine.connect() as connection:
        setting = select(func.set_config(column("name"), bindparam("value"), false())).select_from(
            table("pg_settings")
        )
        for name, value in SESSION_SETTINGS.items():
            connection.execute(setting.where(column("name") == name), {"value": value})

        def take() -> bool:
            return bool(connection.execute(select(func.pg_try_advisory_lock(key))).scalar())

        def is_held() -> bool:
            # The lock lives exactly as long as the connection.
            try:
                return connection.execute(select(1)).scalar() == 1
            except DBAPIError:
                return False

        yield take, is_held
