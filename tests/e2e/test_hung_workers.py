"""Where the drive of one process hangs, that process goes on with its other plans, and the service tells of the plan whose file hangs.

The drive is a pipe that is opened as a file on a mount would be: the kernel does not come back from it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import yaml

from jobs.service import open_service
from tests.e2e.driver import REPOSITORY
from tests.e2e.looked import looked
from tests.e2e.plans import make_course, make_plan
from tests.e2e.service_driver import clock_of_service, folder_of, outcomes, settings_for, shared_database, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.web.health import Readiness
    from jobs.service import Service
    from tests.e2e.driver import World

GOOD, HUNG = "good", "hung"
WELL = {"done", "held"}
"""Two plans of one mailbox with the same course: the second may wait for a person."""

LONG = 180.0
WORKER = """
import os, sys
import bot.plan.files, jobs.plans
from bot.cli.main import main
bot.plan.files.AT_ONCE = os.O_RDONLY
jobs.plans.FILE_PATIENCE_SECONDS = 0.5
sys.argv = ["kursusbot", "worker"]
main()
"""
"""A worker that opens a file as most programs do, and is not as patient as it should be, so that nobody waits."""


@asynccontextmanager
async def worker(world: World, plans: Path) -> AsyncIterator[subprocess.Popen[bytes]]:
    """A process that does all the work; it ends as soon as it is told to, whatever hangs."""
    environment = world.environment(PLAN="", PLANS=str(plans), WORKER__HEARTBEAT_SECONDS="5")
    with (world.folder / "worker.log").open("wb") as log:
        command = [sys.executable, "-c", WORKER]
        process = subprocess.Popen(  # noqa: ASYNC220 - a test may wait for it
            command, cwd=world.folder, env=environment | {"PYTHONPATH": str(REPOSITORY)}, stdout=log, stderr=log
        )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, LONG) == 0
    finally:
        process.kill()
        process.wait()


def runs(service: Service, plan: str) -> int:
    """The rounds of a plan so far that went well."""
    kept = service.stores.job_runs.load_latest(1000, plan=plan)
    return sum(run.outcome.value in WELL for found in kept.values() for run in found)


def write(folder: Path, name: str) -> None:
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(make_plan(make_course(), id=name)), "utf-8")


def told(found: Readiness) -> tuple[bool, object, object]:
    plans: Any = found.facts["plans"]
    return found.ready, found.facts["wrong"], plans[HUNG].get("error")


async def until_told(service: Service, expected: tuple[bool, object, object]) -> None:
    """Each job says of the plan what it met itself, so the last of them has to have been at it."""
    end = time.monotonic() + LONG
    while (seen := told(await looked(service))) != expected:
        assert time.monotonic() < end, seen
        await asyncio.sleep(0.1)


def test_a_worker_whose_drive_hangs_goes_on_with_its_other_plans_is_told_of_and_comes_back(world: World, server: str) -> None:
    """The clock and the pages are another machine's, whose drive answers; that machine takes no work here."""
    here, there = folder_of(world), world.folder / "there"
    there.mkdir()
    for folder in (here, there):
        for name in (GOOD, HUNG):
            write(folder, name)
    often = {"sync_plan": "1s", "collect_responses": "1s", "hr_report": "off", "send_reminders": "off", "follow_decisions": "off",
             "refresh_audiences": "off", "erase_expired": "off", "renew_subscriptions": "off",
             "send_webhooks": "off", "read_meetings": "off"}  # fmt: skip

    async def scene() -> None:
        async with open_service(settings_for(world, plans=str(here), jobs=often)) as service, worker(world, there):
            clock = clock_of_service(service)
            clock.start()
            try:
                await until(lambda: runs(service, GOOD) and runs(service, HUNG), seconds=LONG)
                assert told(await looked(service)) == (True, [], None)
                hang(there)
                await until(lambda: outcomes(service).get((HUNG, "sync_plan")) == "failed", seconds=LONG)
                before = runs(service, GOOD), runs(service, HUNG)
                await until(lambda: runs(service, GOOD) >= before[0] + 3, seconds=LONG)
                assert runs(service, HUNG) == before[1]
                assert told(await looked(service)) == (True, [f"plan:{HUNG}"], "plan_file_hangs")
                answer_again(there)
                await until(
                    lambda: {outcomes(service).get((HUNG, job)) for job in ("sync_plan", "collect_responses")} <= WELL, seconds=LONG
                )
                await until_told(service, (True, [], None))
                hang(there)
                await until(lambda: outcomes(service).get((HUNG, "sync_plan")) == "failed", seconds=LONG)
            finally:
                clock.stop()

    with shared_database(world, server):
        asyncio.run(scene())
    assert [len(found) for found in world.events.values()] == [1] * len(world.events)


def hang(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "pipe").rename(folder / f"{HUNG}.yaml")


def answer_again(folder: Path) -> None:
    """The file is there again, and whoever waits for the old one is let go."""
    pipe = folder / f"{HUNG}.yaml"
    pipe.rename(folder / "old pipe")
    write(folder, HUNG)
    os.close(os.open(folder / "old pipe", os.O_WRONLY | os.O_NONBLOCK))
