"""When a job of a plan ticks: the moments of its cadence, the same in every process.

So that a hundred plans do not all begin at once, each plan and job has its own place within the interval
(within the minute for a cron expression). The place comes from their names and not from chance: processes
that share the work agree on every tick, and the queue takes each tick once. Facts: APScheduler 3.11
(triggers), checked 2026-11.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from config.cadence import Cron, Every

if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS_A_MINUTE = 60
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


class Ticks:
    """The moments of a cadence for one plan and job; `trigger` is what the scheduler takes.

    Wall-clock times are of `timezone`.
    """

    def __init__(self, cadence: Every | Cron, *, timezone: str, key: str) -> None:
        place = int.from_bytes(sha256(key.encode()).digest()[:8])
        self.trigger: IntervalTrigger | CronTrigger
        match cadence:
            case Every(seconds=seconds):
                start = EPOCH + timedelta(seconds=place % seconds)
                self.trigger = IntervalTrigger(seconds=seconds, start_date=start, timezone=UTC)
            case Cron():
                self.trigger = CronTrigger(
                    second=place % SECONDS_A_MINUTE,
                    minute=_field(cadence.minute),
                    hour=_field(cadence.hour),
                    day=_field(cadence.day),
                    month=_field(cadence.month),
                    day_of_week=_field(cadence.weekday),
                    timezone=ZoneInfo(timezone),
                )

    def after(self, moment: datetime) -> datetime | None:
        """The first tick after `moment`, UTC; None for a cron expression that never comes."""
        found: datetime | None = self.trigger.get_next_fire_time(None, moment.astimezone(UTC) + INSTANT)
        return found.astimezone(UTC) if found is not None else None


def _field(numbers: Sequence[int] | None) -> str:
    return "*" if numbers is None else ",".join(map(str, numbers))
