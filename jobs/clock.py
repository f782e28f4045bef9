"""The clock: hands each job of each plan into the queue when its cadence ticks, and every minute what is owed.

APScheduler keeps the time; ticks that were missed (the machine slept, the process was busy) are one. What no tick can tell is found by
looking at the runs: a tick that came while the process was down or the database away, and what Graph refused earlier (`jobs/due.py`).
Does no work itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import SystemClock
from bot.errors import KursusbotError
from config.cadence import Cron
from jobs.due import RUNS_LOOKED_AT, owed_slot, rests_until, slot_of
from jobs.queue import Order
from jobs.ticks import Ticks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.domain.job_runs import JobRun
    from bot.ports import JobRunBook
    from jobs.plans import Entry, Plans
    from jobs.queue import Queue

LOG = structlog.get_logger()
LOOK_SECONDS = 60
LOOK = "look"

Runs = dict[tuple[str, str], tuple["JobRun", ...]]


class Clock:
    """`await clock.start()`, and `stop` when the process ends; of one event loop."""

    def __init__(self, plans: Plans, queue: Queue, runs: JobRunBook) -> None:
        self._plans, self._queue, self._runs = plans, queue, runs
        # None: a late tick is better than none, however late.
        self.scheduler = AsyncIOScheduler(job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1})
        self._entries: dict[str, Entry] = {}
        self._ticks: dict[str, Ticks] = {}
        self._next: dict[str, datetime] = {}

    async def start(self) -> None:
        """Set every job of every plan, hand in what is owed, and let time run."""
        await self.look()
        self.scheduler.add_job(self.look, "interval", seconds=LOOK_SECONDS, id=LOOK)
        self.scheduler.start()

    def stop(self) -> None:
        """No tick comes after this."""
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)

    async def look(self) -> None:
        """See which plans there are, and hand in what is owed; whatever fails is tried again in a minute."""
        try:
            await self._plans.look()
        except KursusbotError as error:
            LOG.warning("clock.plans_unknown", error=error.code)
        self._set()
        try:
            runs = self._runs.load_latest(RUNS_LOOKED_AT)
            for entry in [*self._entries.values()]:
                await self._put_owed(entry, runs)
        except KursusbotError as error:
            LOG.warning("clock.database_away", error=error.code)

    async def tick(self, key: str) -> None:
        """Hand the job in for the tick that has come."""
        entry, now = self._entries[key], SystemClock().now()
        slot = self._next.get(key, now)
        following = self._ticks[key].after(max(slot, now))
        if following is not None:
            self._next[key] = following
        try:
            if entry.job.asks_graph and rests_until(self._runs.load_latest(RUNS_LOOKED_AT, plan=entry.plan).values()) > now:
                return
            await self._put(entry, slot_of(slot))
        except KursusbotError as error:
            LOG.warning("clock.database_away", error=error.code, plan=entry.plan, job=entry.job.name)

    def _set(self) -> None:
        """Make the scheduler agree with the plans and their cadences."""
        now = SystemClock().now()
        wanted = {entry.key: entry for entry in self._plans.entries() if entry.cadence is not None}
        for key in self._entries.keys() - wanted.keys():
            self.scheduler.remove_job(key)
            for known in (self._entries, self._ticks, self._next):
                known.pop(key, None)
        for key, entry in wanted.items():
            before, self._entries[key] = self._entries.get(key), entry
            if before is not None and (before.cadence, before.timezone) == (entry.cadence, entry.timezone):
                continue
            assert entry.cadence is not None  # noqa: S101 - of those wanted
            ticks = self._ticks[key] = Ticks(entry.cadence, timezone=entry.timezone, key=key)
            following = ticks.after(now)
            if following is not None:
                self._next[key] = following
                self.scheduler.add_job(self.tick, ticks.trigger, args=[key], id=key, next_run_time=following, replace_existing=True)

    async def _put_owed(self, entry: Entry, runs: Runs) -> None:
        now, mine = SystemClock().now(), runs.get((entry.plan, entry.job.name), ())
        if not mine and isinstance(entry.cadence, Cron):
            # Who sets a time of day does not mean the moment of the installation.
            return
        if entry.job.asks_graph and rests_until(_of_plan(runs, entry)) > now:
            return
        slot = owed_slot(mine, self._ticks[entry.key].after, now=now)
        if slot is not None:
            await self._put(entry, slot)

    async def _put(self, entry: Entry, slot: int) -> None:
        taken = await self._queue.put(order_for(entry, slot=slot))
        LOG.debug("clock.ticked", plan=entry.plan, job=entry.job.name, taken=taken)


def order_for(entry: Entry, *, slot: int | None = None, urgent: bool = False) -> Order:
    """The order for one job of one plan."""
    mailbox = entry.mailbox if entry.job.alone else ""
    return Order(plan=entry.plan, job=entry.job.name, mailbox=mailbox, slot=slot, urgent=urgent)


def _of_plan(runs: Mapping[tuple[str, str], Sequence[JobRun]], entry: Entry) -> list[Sequence[JobRun]]:
    return [found for (plan, _), found in runs.items() if plan == entry.plan]
