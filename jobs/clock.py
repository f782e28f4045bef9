"""The clock: puts each job of each plan in the queue at its cadence, and what is owed each minute.

APScheduler keeps the time; ticks that were missed (the machine slept, the process was busy) are one. What no
tick can tell is found by looking at the runs: a tick that came while the process was down or the database
away, and what Graph refused earlier (`jobs/due.py`). Does no work itself.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from apscheduler.events import EVENT_JOB_SUBMITTED
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import SystemClock
from bot.domain.errors import KursusbotError
from bot.log_lines import get_logger
from config.cadence import Cron
from jobs.due import RUNS_LOOKED_AT, owed_slot, rests, slot_of
from jobs.queue import Order
from jobs.ticks import Ticks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from apscheduler.events import JobSubmissionEvent

    from bot.clock import Clock
    from bot.domain.job_runs import JobRun
    from bot.ports.approvals import ApprovalBook
    from bot.ports.service import JobRunBook
    from jobs.plans import PlanJob, Plans
    from jobs.queue import Queue

LOG = get_logger()
LOOK_SECONDS = 60
FOLLOWS_APPROVAL = "sync_plan"
"""The job that carries out what a person has approved since it ran last."""
LONGEST_REFUSED = timedelta(minutes=10)
"""A tick that was taken and is still owed after that was lost.

The process died with it, or what it came to could not be written.
"""

Runs = dict[tuple[str, str], tuple["JobRun", ...]]


class JobClock:
    """`start`, and `stop` when the process ends; of one event loop.

    `longest_refused`: how long a tick may be in somebody's hand. `clock`: what time it is; the ticks
    themselves come by the machine's.
    """

    def __init__(
        self,
        plans: Plans,
        queue: Queue,
        runs: JobRunBook,
        *,
        approvals: ApprovalBook | None = None,
        longest_refused: timedelta = LONGEST_REFUSED,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._plans, self._queue, self._runs, self._longest_refused = plans, queue, runs, longest_refused
        self._approvals = approvals
        # None: a late tick is better than none, however late.
        self.scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )
        self.scheduler.add_listener(self._note_due, EVENT_JOB_SUBMITTED)
        self._entries: dict[str, PlanJob] = {}
        self._ticks: dict[str, Ticks] = {}
        self._came_due: dict[str, datetime] = {}
        self._refused: dict[str, tuple[int, datetime]] = {}
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Let time run, and look at once and every minute; by the loop's own time, which nobody sets back."""
        self.scheduler.start()
        self._looking = asyncio.get_running_loop().create_task(self._look_on(), name="clock")

    def stop(self) -> None:
        """No tick comes after this."""
        if self._looking is not None:
            self._looking.cancel()
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)

    async def _look_on(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                LOG.exception("clock.broken")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """See which plans there are, and hand in what is owed; whatever fails is tried again in a minute."""
        try:
            await self._plans.look()
        except KursusbotError as error:
            LOG.warning("clock.plans_unknown", error=error.code)
        self._set()
        try:
            runs = self._runs.load_latest(RUNS_LOOKED_AT)
            approved = self._approvals.latest_approvals() if self._approvals is not None else {}
        except KursusbotError as error:
            LOG.warning("clock.database_away", error=error.code)
            return
        for entry in [*self._entries.values()]:
            try:
                await self._put_owed(entry, runs, approved.get(entry.plan))
            except KursusbotError as error:
                LOG.warning("clock.database_away", error=error.code, plan=entry.plan, job=entry.job.name)

    def _note_due(self, event: JobSubmissionEvent) -> None:
        """Which tick it is that has come: of several that were missed the scheduler hands in the last."""
        self._came_due[event.job_id] = event.scheduled_run_times[-1]

    async def tick(self, key: str) -> None:
        """Hand the job in for the tick that has come."""
        entry, now = self._entries[key], self._clock.now()
        slot = self._came_due.get(key, now)
        try:
            if entry.job.asks_graph and rests(
                self._runs.load_latest(RUNS_LOOKED_AT, plan=entry.plan).values(), now=now
            ):
                return
            await self._put(entry, slot_of(slot))
        except KursusbotError as error:
            LOG.warning("clock.database_away", error=error.code, plan=entry.plan, job=entry.job.name)

    def _set(self) -> None:
        """Make the scheduler agree with the plans and their cadences."""
        now = self._clock.now()
        wanted = {entry.key: entry for entry in self._plans.entries() if entry.cadence is not None}
        for key in self._entries.keys() - wanted.keys():
            if self.scheduler.get_job(key) is not None:
                self.scheduler.remove_job(key)
            for known in (self._entries, self._ticks, self._came_due, self._refused):
                known.pop(key, None)
        for key, entry in wanted.items():
            before, self._entries[key] = self._entries.get(key), entry
            if before is not None and (before.cadence, before.timezone) == (entry.cadence, entry.timezone):
                self._keep_in_time(key, now)
                continue
            assert entry.cadence is not None  # noqa: S101 - of those wanted
            ticks = self._ticks[key] = Ticks(entry.cadence, timezone=entry.timezone, key=key)
            following = ticks.after(now)
            if following is not None:
                self.scheduler.add_job(
                    self.tick,
                    ticks.trigger,
                    args=[key],
                    id=key,
                    next_run_time=following,
                    replace_existing=True,
                )

    def _keep_in_time(self, key: str, now: datetime) -> None:
        """Where the machine's clock was set back, the scheduler would wait for the hour to come again."""
        job, following = self.scheduler.get_job(key), self._ticks[key].after(now)
        if job is not None and following is not None and job.next_run_time > following:
            job.modify(next_run_time=following)

    async def _put_owed(self, entry: PlanJob, runs: Runs, approved_at: datetime | None) -> None:
        now, mine = self._clock.now(), runs.get((entry.plan, entry.job.name), ())
        if not _has_to_follow(entry, mine, approved_at):
            approved_at = None
        if not mine and approved_at is None and isinstance(entry.cadence, Cron):
            # Who sets a time of day does not mean the moment of the installation.
            return
        if entry.job.asks_graph and rests(_of_plan(runs, entry), now=now):
            return
        slot = owed_slot(mine, self._ticks[entry.key].after, now=now)
        if slot is None and approved_at is not None:
            slot = slot_of(approved_at)
        if slot is None or await self._put(entry, slot):
            self._refused.pop(entry.key, None)
        elif self._was_lost(entry, slot, now):
            LOG.warning("clock.lost_tick", plan=entry.plan, job=entry.job.name)
            del self._refused[entry.key]
            await self._queue.put(order_for(entry))

    def _was_lost(self, entry: PlanJob, slot: int, now: datetime) -> bool:
        """Whether this tick has been taken and owed for too long; remembers since when it is refused."""
        known, since = self._refused.get(entry.key, (slot, now))
        self._refused[entry.key] = (slot, since if known == slot else now)
        return known == slot and now - since > self._longest_refused

    async def _put(self, entry: PlanJob, slot: int) -> bool:
        taken = await self._queue.put(order_for(entry, slot=slot))
        LOG.debug("clock.ticked", plan=entry.plan, job=entry.job.name, taken=taken)
        return taken


def order_for(entry: PlanJob, *, slot: int | None = None, urgent: bool = False) -> Order:
    """The order for one job of one plan."""
    mailbox = entry.mailbox if entry.job.alone else ""
    return Order(plan=entry.plan, job=entry.job.name, mailbox=mailbox, slot=slot, urgent=urgent)


def _has_to_follow(entry: PlanJob, mine: Sequence[JobRun], approved_at: datetime | None) -> bool:
    """Whether a person has approved something since the job that carries it out began last."""
    if approved_at is None or entry.job.name != FOLLOWS_APPROVAL:
        return False
    return not mine or mine[0].started_at < approved_at


def _of_plan(runs: Mapping[tuple[str, str], Sequence[JobRun]], entry: PlanJob) -> list[Sequence[JobRun]]:
    return [found for (plan, _), found in runs.items() if plan == entry.plan]
