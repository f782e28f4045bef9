"""The service at work in this process, against a world: opened, fed and watched without a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any

from bot.domain.job_runs import JobOutcome
from config.settings import Settings
from jobs.clock import JobClock
from jobs.queue import Order
from jobs.registry import JOBS
from jobs.service import open_service
from tests.databases import new_postgres_database
from tests.e2e.driver import PATIENCE_SECONDS, TOKEN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from bot.domain.job_runs import JobRun
    from jobs.runner import Observer
    from jobs.service import Service
    from tests.e2e.driver import World


def settings_for(world: World, **changes: Any) -> Settings:
    """The world's settings; sections may be changed, `plans` given."""
    given: dict[str, Any] = {
        "plan": None if "plans" in changes else str(world.plan_file),
        "database_url": world.settings.get("DATABASE_URL") or f"sqlite:///{world.database_file}",
        "now": world.now,
        # What a job does is looked at here; what waits for a person has tests of its own.
        "approval": "limits",
        "graph": {"base_url": world.base_url, "credential": "static_token", "static_token": TOKEN, "retry_budget_seconds": 2},
        # Silent for three of these a process counts as dead; a busy machine must not look like one.
        "worker": {"heartbeat_seconds": 3},
    }
    return Settings(**{**given, **changes})


@contextlib.asynccontextmanager
async def at_work(settings: Settings, *, observers: tuple[Observer, ...] = ()) -> AsyncIterator[Service]:
    """A service whose queue works; it stops with the block."""
    async with open_service(settings, observers) as service:
        await service.queue.start()
        try:
            yield service
        finally:
            await service.queue.stop(5.0)


@contextlib.contextmanager
def shared_database(world: World, server: str) -> Iterator[None]:
    """The world's books in a new PostgreSQL database, at its schema, while the block runs."""
    with new_postgres_database(server, migrated=True) as address:
        world.settings["DATABASE_URL"] = address
        assert world.run("db", "upgrade").code == 0
        yield


def clock_of_service(service: Service) -> JobClock:
    return JobClock(service.plans, service.queue, service.stores.job_runs)


async def run_job(service: Service, job: str, plan: str = "demo") -> JobRun:
    """Do it now, or as soon as nobody else is at work in the mailbox."""
    while True:
        ran, _ = await service.runner.run(plan, JOBS[job])
        if ran.outcome is not JobOutcome.LOCKED:
            return ran
        await asyncio.sleep(0.02)


def order(job: str, plan: str = "demo", **changes: Any) -> Order:
    return Order(**({"plan": plan, "job": job, "mailbox": f"mailbox of {plan}"} | changes))


def outcomes(service: Service) -> dict[tuple[str, str], str]:
    """The latest outcome of each job, by plan and job."""
    return {key: runs[0].outcome.value for key, runs in service.stores.job_runs.load_latest(1).items()}


async def until(condition: Callable[[], object], *, seconds: float = PATIENCE_SECONDS) -> None:
    """Let the loop turn until it holds; what is long in coming is looked for more rarely, because most looks ask the books."""
    begun = time.monotonic()
    while not condition():
        waited = time.monotonic() - begun
        assert waited < seconds, "it never happened"
        await asyncio.sleep(min(max(waited / 10, 0.01), 0.1))


def folder_of(world: World) -> Path:
    made = world.folder / "plans"
    made.mkdir(exist_ok=True)
    return made
