"""One search for a date in a process of its own: `python -m tests.bench.found PLAN`, settings by environment.

Prints wall and CPU seconds of the search (from the parsed plan on), the wall seconds in which people's calendars were asked about, and
how many people that was, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores_to_read
from bot.opening.work import open_work
from bot.rounds.free_dates import find_dates
from bot.rounds.steps.date_subject import DateQuestion
from config.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.schedules import Room, Schedule
    from bot.ports.schedules import Schedules

QUESTION = DateQuestion(course="kursus-0", session="del-0", first=date(2027, 3, 1), last=date(2027, 5, 31), length=timedelta(hours=3))


class Timed:
    """Asks as the real one does, and notes how long."""

    def __init__(self, real: Schedules) -> None:
        self._real = real
        self.seconds = 0.0

    async def fetch_schedules(self, addresses: Iterable[str], first: date, last: date) -> tuple[Schedule, ...]:
        began = time.perf_counter()
        found = await self._real.fetch_schedules(addresses, first, last)
        self.seconds += time.perf_counter() - began
        return found

    async def fetch_rooms(self) -> tuple[Room, ...]:
        return await self._real.fetch_rooms()


async def _run(plan_file: str) -> dict[str, float]:
    settings = load_settings(plan=plan_file)
    plan = await load_plan(settings)
    with open_stores_to_read(settings) as stores:
        async with open_work(settings, plan, stores) as work:
            timed = Timed(work.tenant.schedules)
            wall, cpu = time.perf_counter(), time.process_time()
            found = await find_dates(replace(work, tenant=replace(work.tenant, schedules=timed)), QUESTION)
            figures = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return figures | {"asking": timed.seconds, "people": found.people}


if __name__ == "__main__":
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    print(json.dumps(asyncio.run(_run(sys.argv[1]))))  # noqa: T201 - its output
