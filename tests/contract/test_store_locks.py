"""One run at a time for a plan, whoever asks: tasks, threads, processes, the living and the dead."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import text

from bot.domain.errors import DatabaseFailed, RunLocked
from bot.store.locks import run_lock
from bot.store.opening import open_database
from bot.store.upgrade import upgrade_database

HOLDER = """
import asyncio, sys
from bot.store.opening import open_database
from bot.store.locks import run_lock

async def hold():
    with open_database(sys.argv[1]) as database:
        async with run_lock(database, "by", 0):
            print("held", flush=True)
            await asyncio.sleep(60)

asyncio.run(hold())
"""


async def is_free(database, plan="by"):
    try:
        async with run_lock(database, plan, 0):
            return True
    except RunLocked:
        return False


def test_a_second_run_is_refused_and_another_plan_is_not(database):
    """One run at a time for a plan; nothing more is locked than that."""

    async def scene():
        async with run_lock(database, "by", 0) as still_mine:
            with pytest.raises(RunLocked) as caught:
                async with run_lock(database, "by", 0):
                    pass
            assert caught.value.params == {"plan": "by"}
            assert await is_free(database, "andenby")
            still_mine()
        assert await is_free(database)

    asyncio.run(scene())


def test_a_second_run_waits_a_while_for_the_first(database):
    """Two tasks of one process: the one that waits does not stop the one that works."""
    seen = []

    async def work(name, seconds):
        async with run_lock(database, "by", 5):
            seen.append(f"{name} begins")
            await asyncio.sleep(seconds)
            seen.append(f"{name} ends")

    async def scene():
        await asyncio.gather(work("first", 0.3), work("second", 0))

    asyncio.run(scene())
    assert seen == ["first begins", "first ends", "second begins", "second ends"]


def test_waiting_ends_when_the_patience_does(database):
    """Then the run says who is in the way."""

    async def scene():
        async with run_lock(database, "by", 0):
            start = time.monotonic()
            with pytest.raises(RunLocked):
                async with run_lock(database, "by", 0.3):
                    pass
            assert 0.3 <= time.monotonic() - start < 3

    asyncio.run(scene())


def test_another_thread_is_another_run(database):
    """A lock that let the same process in twice would be none for a server."""
    found = []

    async def scene():
        async with run_lock(database, "by", 0):
            thread = threading.Thread(target=lambda: found.append(asyncio.run(is_free(database))))
            thread.start()
            thread.join()

    asyncio.run(scene())
    assert found == [False]


def test_an_error_in_the_run_lets_go_of_the_lock(database):
    """So that the next one can repair."""

    async def scene():
        with pytest.raises(ZeroDivisionError):
            async with run_lock(database, "by", 0):
                raise ZeroDivisionError
        assert await is_free(database)

    asyncio.run(scene())


def test_a_killed_run_leaves_no_lock(database, database_url):
    """The kernel, or the server, lets go at once; the interface promises 15 seconds."""
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, database_url], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    assert not asyncio.run(is_free(database))
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    start = time.monotonic()

    async def wait():
        async with run_lock(database, "by", 15):
            return time.monotonic() - start

    assert asyncio.run(wait()) < 2


def test_a_run_whose_lock_file_was_removed_stops(tmp_path):
    """Somebody tidied up, and another run made the file anew: two would be at work."""
    tidy_up = (tmp_path / "k.db.by.lock").unlink

    async def scene():
        with open_database(f"sqlite:///{tmp_path / 'k.db'}") as database:
            async with run_lock(database, "by", 0) as still_mine:
                tidy_up()
                with pytest.raises(RunLocked, match="run_lock_lost"):
                    still_mine()
                async with run_lock(database, "by", 0) as other:
                    other()
                    with pytest.raises(RunLocked, match="run_lock_lost"):
                        still_mine()

    asyncio.run(scene())


def test_a_run_whose_connection_was_ended_stops(empty_postgres):
    """The server let the lock go with the connection."""
    upgrade_database(empty_postgres)

    async def scene():
        with open_database(empty_postgres) as database:
            async with run_lock(database, "by", 0) as still_mine:
                still_mine()
                with database.read() as connection:
                    ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory'"
                    assert connection.execute(text(ended)).scalar() == 1
                with pytest.raises(RunLocked, match="run_lock_lost"):
                    still_mine()
            assert await is_free(database)

    asyncio.run(scene())


def test_the_lock_file_is_the_owners_alone(tmp_path):
    """Whoever could lock it could stop the runs."""

    async def scene():
        with open_database(f"sqlite:///{tmp_path / 'k.db'}") as database:
            async with run_lock(database, "by", 0):
                assert (tmp_path / "k.db.by.lock").stat().st_mode & 0o777 == 0o600

    asyncio.run(scene())


def test_a_lock_that_cannot_be_made_says_why(tmp_path):
    """Something else stands in its place; without a lock there is no run."""
    (tmp_path / "k.db.by.lock").mkdir()
    with open_database(f"sqlite:///{tmp_path / 'k.db'}") as database, pytest.raises(DatabaseFailed, match="database_not_writable"):
        asyncio.run(is_free(database))
