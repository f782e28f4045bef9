"""Time in the demonstration: it goes on by itself, and days are moved on with a button.

On the way forward the service does its rounds at each part of the day, as it would have done: what is due
at nine in the morning is not found first a week later, when it is too late. The tenant goes by the same time.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.demo.stage import PLAN_ZONE
from bot.domain.job_runs import JobOutcome
from bot.domain.times import instant
from bot.log_lines import get_logger
from jobs.registry import JOBS

if TYPE_CHECKING:
    from bot.clock import MovableClock
    from bot.demo.control import ControlPlane
    from jobs.service import Service

LOG = get_logger()
SOON = ("collect_responses", "follow_decisions", "send_reminders")
ROUNDS = ("collect_responses", "sync_plan", "follow_decisions", "send_reminders", "hr_report")
STOPS = {time(9, 5): ROUNDS, time(12, 30): SOON, time(17, 30): SOON}
"""When which rounds are done on a day that is passed by, and in which order."""

BEAT_SECONDS = 2.0
"""How often the tenant hears what time it is."""

AGAIN_SECONDS, TRIES = 0.5, 60
"""For a round that finds another one at work."""


def stops_on_the_way(wall: datetime, days: int) -> list[datetime]:
    """The wall times at which rounds are done from `wall` on, the last exactly so many days later."""
    end = wall + timedelta(days=days)
    dates = [wall.date() + timedelta(days=number) for number in range(days + 1)]
    stops = [datetime.combine(date, at) for date in dates for at in STOPS]
    return [one for one in stops if wall < one < end] + [end]


class LivingTime:
    """Implements `bot.ports.moving_time.MovingTime`; made in the service's loop, asked by pages' threads."""

    def __init__(self, service: Service, clock: MovableClock, control: ControlPlane) -> None:
        self._service, self._clock, self._control = service, clock, control
        self._loop = asyncio.get_running_loop()
        self._telling = asyncio.Lock()
        self._is_moving = False
        self._tasks = {self._loop.create_task(self._beat())}

    @property
    def wall(self) -> datetime:
        """As the port says."""
        return self._clock.now().astimezone(ZoneInfo(PLAN_ZONE)).replace(tzinfo=None, microsecond=0)

    @property
    def is_moving(self) -> bool:
        """As the port says."""
        return self._is_moving

    def move(self, days: int) -> None:
        """As the port says."""
        self._loop.call_soon_threadsafe(self._begin, days)

    def stop(self) -> None:
        """Time goes on no more; what was under way is given up."""
        for task in self._tasks:
            task.cancel()

    def _begin(self, days: int) -> None:
        if not self._is_moving:
            self._is_moving = True
            task = self._loop.create_task(self._move(days))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _move(self, days: int) -> None:
        try:
            for wall in stops_on_the_way(self.wall, days):
                self._clock.put_forward(instant(wall, PLAN_ZONE))
                await self._tell()
                for plan in self._service.plans.shelves:
                    for name in STOPS.get(wall.time(), ROUNDS):
                        await self._round(plan, name)
        finally:
            self._is_moving = False

    async def _round(self, plan: str, name: str) -> None:
        for _ in range(TRIES):
            run, _ = await self._service.runner.run(plan, JOBS[name])
            if run.outcome is not JobOutcome.LOCKED:
                return
            await asyncio.sleep(AGAIN_SECONDS)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                await self._tell()
            except (OSError, RuntimeError) as error:
                LOG.warning("demo.tenant_unreached", error=type(error).__name__)

    async def _tell(self) -> None:
        """Tell the tenant, one at a time, so that its time never goes back."""
        async with self._telling:
            await asyncio.to_thread(self._control.move_clock, self._clock.now())
