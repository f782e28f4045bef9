"""Two runs on one plan at the same time: one waits or gives up (exit 5), and nobody is invited twice."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

import pytest

from bot.store.database import connect_database
from bot.store.locks import run_lock
from tests.databases import new_postgres_database
from tests.e2e.driver import Ran, soon_tired, wait_until
from tests.e2e.plans import make_course, make_plan, make_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.driver import World


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, world: World) -> Iterator[World]:
    """A world on each kind of database, at its schema."""
    if request.param == "sqlite":
        yield world
        return
    with new_postgres_database(request.getfixturevalue("server")) as address:
        world.settings["DATABASE_URL"] = address
        behind = world.run("registrations", PLAN=str(_plan(world)))
        assert behind.code == 2
        assert "kursusbot db upgrade" in behind.err
        assert world.run("db", "upgrade").code == 0
        assert world.run("db", "upgrade").code == 0
        yield world


def _plan(world: World) -> object:
    world.write(make_plan(*(make_course(f"kursus-{n}", make_session(day=f"2025-06-{n + 10}")) for n in range(4))))
    return world.plan_file


def together(world: World) -> list[Ran]:
    """Two processes, started at the same moment and held long enough to meet."""
    world.tenant.settings.latency_ms = 60
    processes = [world.start("sync", "--yes", "--format", "json") for _ in range(2)]
    return [world.finish(process) for process in processes]


def test_two_syncs_at_once_send_everything_once(shared: World) -> None:
    _plan(shared)
    ended = together(shared)
    assert sorted(ran.code for ran in ended) in ([0, 0], [0, 5])
    invitations = [(mail.to, mail.subject) for mail in shared.tenant.mail_log.to_people()]
    assert len(invitations) == len(set(invitations)) == 4 * 23
    assert [len(events) for events in shared.events.values()] == [1] * 4
    assert sum(len(ran.json["changes"]) for ran in ended if ran.code == 0) == 4
    assert shared.sync().json["changes"] == []


def test_a_run_that_meets_a_long_one_gives_up_with_5_and_touches_nothing(shared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A preview does not need the lock."""
    soon_tired(monkeypatch)
    _plan(shared)
    taken, done = threading.Event(), threading.Event()

    async def hold() -> None:
        with connect_database(shared.environment()["KURSUSBOT_DATABASE_URL"]) as database:
            async with run_lock(database, "demo", 1.0):
                taken.set()
                await asyncio.to_thread(done.wait)

    holder = threading.Thread(target=asyncio.run, args=(hold(),))
    holder.start()
    try:
        assert taken.wait(10)
        assert shared.preview().json["mails"] == 4 * 23
        began = time.monotonic()
        ran = shared.run("sync", "--yes")
        assert (ran.code, ran.out, ran.requests) == (5, "", ())
        assert "demo" in ran.err
        assert time.monotonic() - began < 15
    finally:
        done.set()
        holder.join()
    assert shared.sync().json["mails"] == 4 * 23


def test_a_run_that_was_killed_leaves_no_lock_behind(shared: World) -> None:
    """Within fifteen seconds; here at once."""
    _plan(shared)
    rule = shared.tenant.faults.add(method="GET", path="/events", delay_ms=400)
    process = shared.start("sync", "--yes")
    wait_until(lambda: rule.acted)
    process.kill()
    process.communicate()
    shared.tenant.faults.clear()
    wait_until(lambda: all(entry.ended for entry in shared.tenant.journal.entries))
    assert shared.sync().json["mails"] == 4 * 23


def test_two_plans_on_one_database_do_not_wait_for_each_other(shared: World) -> None:
    async def other_plan_runs() -> Ran:
        with connect_database(shared.environment()["KURSUSBOT_DATABASE_URL"]) as database:
            async with run_lock(database, "another", 1.0):
                return await asyncio.to_thread(shared.sync)

    _plan(shared)
    shared.run("registrations")
    assert asyncio.run(other_plan_runs()).json["mails"] == 4 * 23
