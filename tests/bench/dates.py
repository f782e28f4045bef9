"""The benchmark's figure on finding a date: how much is asked, and how long it takes.

p  400 people, three months     requests for free/busy ÷ (people ÷ 20 × windows); their seconds ÷ (requests × latency ÷ 4)

Before them the group is read, one request after the other; the whole search stands beside. Every calendar has two entries a
working day, so that what comes back is as much as in a municipality.
"""

from __future__ import annotations

import random
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.bench.found import QUESTION
from tests.bench.world import people, plan_document, run_module, sandbox, write_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

PEOPLE, LATENCY_MS, AT_ONCE, ADDRESSES, WINDOW_DAYS, TRIES = 400, 50.0, 4, 20, 62, 3
ENTRIES_A_DAY = 2
ZONE = ZoneInfo("Europe/Copenhagen")


def dates_for_many() -> str:
    """Figure p; the best of some, because the tenant works on the same machine."""
    with tempfile.TemporaryDirectory() as name, sandbox(LATENCY_MS, attendees=PEOPLE) as served:
        folder = Path(name)
        document = plan_document()
        plan = write_plan(folder, document | {"courses": document["courses"][:1]})
        chance = random.Random(1)  # noqa: S311 - a busy year
        for address in people(PEOPLE):
            served.act("POST", "/schedules", {"person": address, "items": list(_entries(chance))})
        runs = []
        for _ in range(TRIES):
            served.clear()
            runs.append(run_module("tests.bench.found", str(plan), folder=folder, served=served))
        requests = served.requests()
    asked = sum(path.endswith("/getSchedule") for _, path in requests)
    windows = -(-((QUESTION.last - QUESTION.first).days + 1) // WINDOW_DAYS)
    wanted = -(-PEOPLE // ADDRESSES) * windows
    best = min(runs, key=lambda run: run["asking"])
    limit = asked * LATENCY_MS / 1000 / AT_ONCE
    return (
        f"p  dates for {best['people']:.0f} people over three months: {asked} free/busy requests ÷ {wanted} = {asked / wanted:.2f},"
        f" {best['asking']:.2f} s ÷ limit {limit:.2f} s = {best['asking'] / limit:.2f}   aim: 1, at most 1.2"
        f"   (the whole search: {len(requests)} requests, {best['wall']:.2f} s, CPU {best['cpu']:.2f} s)"
    )


def _entries(chance: random.Random) -> Iterator[dict[str, Any]]:
    day: date = QUESTION.first
    while day <= QUESTION.last:
        for _ in range(ENTRIES_A_DAY if day.isoweekday() <= 5 else 0):
            start = datetime(day.year, day.month, day.day, chance.randrange(7, 16), chance.choice((0, 30)), tzinfo=ZONE)
            yield {"start": start.isoformat(), "end": (start + timedelta(minutes=chance.choice((30, 60, 90)))).isoformat()}
        day += timedelta(days=1)
