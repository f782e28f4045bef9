"""The service's clock: missed ticks, lost ones, and machines whose time jumps; the queue only notes what is put into it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import yaml

from bot.clock import FixedClock
from bot.domain.job_runs import JobOutcome, JobRun
from jobs.clock import LONGEST_REFUSED, JobClock
from jobs.registry import JOBS
from jobs.service import open_service
from tests.e2e.plans import make_course, make_plan
from tests.e2e.service_driver import folder_of, settings_for, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from jobs.queue import Order
    from tests.e2e.driver import World

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
"""Far from any tick of what is looked at here: how the clock decides does not hang on when the tests are run."""
ONE_JOB = dict.fromkeys(JOBS, "off") | {"sync_plan": "8h"}


class Slate:
    """A queue in which nothing is done; with `takes_ticks` False every tick has been taken by somebody."""

    def __init__(self, *, takes_ticks: bool = True) -> None:
        self.orders: list[Order] = []
        self.takes_ticks = takes_ticks

    async def put(self, order: Order) -> bool:
        taken = self.takes_ticks or order.slot is None
        if taken:
            self.orders.append(order)
        return taken

    async def start(self) -> None:
        """Nothing to begin."""

    async def stop(self, grace: float) -> None:
        """Nothing to end."""


@asynccontextmanager
async def clock_at(world: World, slate: Slate, *, longest_refused: timedelta = LONGEST_REFUSED) -> AsyncIterator[JobClock]:
    world.write(make_plan(make_course()))
    async with open_service(settings_for(world, jobs=ONE_JOB)) as service:
        clock = JobClock(service.plans, slate, service.stores.job_runs, longest_refused=longest_refused)
        try:
            yield clock
        finally:
            clock.stop()


def test_ticks_that_were_missed_are_one(world: World) -> None:
    """The machine slept for a year; APScheduler has a thousand ticks to make up for."""
    slate = Slate()

    async def scene() -> None:
        async with clock_at(world, slate) as clock:
            clock.start()
            await until(lambda: slate.orders)
            assert [one.job for one in slate.orders] == ["sync_plan"]
            clock.scheduler.modify_job("demo/sync_plan", next_run_time=datetime.now(UTC) - timedelta(days=365))
            await until(lambda: len(slate.orders) > 1)
            for _ in range(50):
                await asyncio.sleep(0)
            assert [one.job for one in slate.orders] == ["sync_plan"] * 2

    asyncio.run(scene())


def test_a_machine_whose_clock_is_set_back_does_not_wait_for_the_hour_to_come_again(world: World) -> None:
    async def scene() -> None:
        async with clock_at(world, Slate()) as clock:
            clock.start()
            await until(lambda: clock.scheduler.get_job("demo/sync_plan"))
            clock.scheduler.modify_job("demo/sync_plan", next_run_time=datetime.now(UTC) + timedelta(days=1))
            await clock.look()
            assert clock.scheduler.get_job("demo/sync_plan").next_run_time <= datetime.now(UTC) + timedelta(hours=8)

    asyncio.run(scene())


def test_a_plan_whose_tick_never_comes_may_go_as_any_other(world: World) -> None:
    folder = folder_of(world)
    (folder / "nord.yaml").write_text(yaml.safe_dump(make_plan(make_course(), id="nord")), "utf-8")
    slate = Slate()

    async def scene() -> None:
        never = dict.fromkeys(JOBS, "off") | {"sync_plan": "0 0 29 2 *"}
        async with open_service(settings_for(world, plans=str(folder), jobs=never)) as service:
            clock = JobClock(service.plans, slate, service.stores.job_runs)
            await clock.look()
            clock.scheduler.remove_job("nord/sync_plan")
            (folder / "nord.yaml").unlink()
            (folder / "syd.yaml").write_text(yaml.safe_dump(make_plan(make_course(), id="syd")), "utf-8")
            await clock.look()
            assert [job.id for job in clock.scheduler.get_jobs()] == ["syd/sync_plan"]

    asyncio.run(scene())


@pytest.mark.parametrize(("longest", "orders"), [(LONGEST_REFUSED, 0), (timedelta(0), 1)])
def test_a_tick_that_was_taken_and_came_to_nothing_is_done_after_a_while(world: World, longest: timedelta, orders: int) -> None:
    """Its process died with it, or the end could not be written down; until then somebody may have it in hand."""
    slate = Slate(takes_ticks=False)

    async def scene() -> None:
        async with clock_at(world, slate, longest_refused=longest) as clock:
            for _ in range(2):
                await clock.look()

    asyncio.run(scene())
    assert [one.slot for one in slate.orders] == [None] * orders


class Approved:
    """A book in which a plan was approved at this instant, and nobody has carried it out."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def latest_approvals(self) -> dict[str, datetime]:
        return {"demo": self.at}


@pytest.mark.parametrize("cadence", ["8h", "0 5 * * *"])
@pytest.mark.parametrize(("since_the_last_sync", "orders"), [(timedelta(seconds=30), 1), (timedelta(seconds=-30), 0)])
def test_what_was_approved_since_the_last_sync_began_is_carried_out_within_a_minute(
    world: World, cadence: str, since_the_last_sync: timedelta, orders: int
) -> None:
    """Hours before its tick, and once; also where the sync was under way when it was approved. Every look is a minute after the last."""
    slate = Slate()
    began = NOON - timedelta(minutes=1)

    async def scene() -> None:
        world.write(make_plan(make_course()))
        every = dict.fromkeys(JOBS, "off") | {"sync_plan": cadence, "send_reminders": "8h"}
        async with open_service(settings_for(world, jobs=every)) as service:
            for job in ("sync_plan", "send_reminders"):
                run = JobRun(plan="demo", job=job, run_id="r", started_at=began, finished_at=NOON, outcome=JobOutcome.HELD, exit_code=3)
                service.stores.job_runs.save_run(run)
            clock = JobClock(
                service.plans,
                slate,
                service.stores.job_runs,
                approvals=Approved(began + since_the_last_sync),  # type: ignore[arg-type]
                clock=FixedClock(NOON),
            )
            for _ in range(2):
                await clock.look()

    asyncio.run(scene())
    assert [(one.job, one.slot is None) for one in slate.orders[:1]] == [("sync_plan", False)] * orders
    assert len({one.slot for one in slate.orders}) == orders


def test_what_was_approved_before_any_sync_is_carried_out_though_its_hour_is_tomorrow(world: World) -> None:
    """Who sets a time of day does not mean the moment of the installation; who approves means now."""
    slate = Slate()

    async def scene() -> None:
        world.write(make_plan(make_course()))
        async with open_service(settings_for(world, jobs=dict.fromkeys(JOBS, "off") | {"sync_plan": "0 5 * * *"})) as service:
            await JobClock(service.plans, slate, service.stores.job_runs).look()
            assert slate.orders == []
            await JobClock(service.plans, slate, service.stores.job_runs, approvals=Approved(datetime.now(UTC))).look()  # type: ignore[arg-type]

    asyncio.run(scene())
    assert [one.job for one in slate.orders] == ["sync_plan"]
