"""The benchmark's figure on a long life: simulated half a year of one plan in one process of the service.

m  half a year: every half hour of one working day a quarter, else once on Tuesdays and Thursdays   mails, twins, memory and database

A course begins every other week, with seats for half of its people and four reminder rules; people answer by chance. The process is the
service's own, its jobs run by their cadences, and only the clock is the simulation's. Every 15 minutes of the whole of it would be
fifty times as much work of the same kind.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock
from zoneinfo import ZoneInfo

from bot.clock import SystemClock
from bot.domain.job_runs import JobOutcome
from config.cadence import Every
from config.settings import Settings
from jobs.service import open_service
from tests.bench.rows import Figure, Row
from tests.bench.world import NOW, plan_document, sandbox, write_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobs.service import Service
    from tests.bench.world import Sandbox

ZONE = ZoneInfo("Europe/Copenhagen")
COURSES, WEEKS, QUARTER = 13, 26, timedelta(weeks=13)
BUSY_MONTHS, BUSY_DAYS, FIRST_HOUR, LAST_HOUR = frozenset({2, 5, 8, 11}), range(8, 15), 7, 17
"""The Tuesday among these days of these months is the one."""

STEP, TUESDAY, THURSDAY = timedelta(minutes=30), 2, 4
RULES = [
    rule | {"channels": ["mail"]}
    for rule in (
        {"id": "svar", "before": "deadline", "working_days": 3, "at": "09:00", "to": "unanswered", "template": "please_answer"},
        {"id": "praktisk", "before": "start", "days": 7, "at": "09:00", "to": "registered", "template": "practical"},
        {"id": "i-morgen", "before": "start", "days": 1, "at": "12:00", "to": "registered", "template": "tomorrow"},
        {"id": "tak", "after": "end", "hours": 2, "to": "registered", "template": "follow_up"},
    )
]


class Simulated:
    """The time of the simulation, in place of the machine's clock."""

    def __init__(self) -> None:
        self.instant = datetime.fromisoformat(NOW).astimezone(UTC)

    def now(self) -> datetime:
        return self.instant


def half_a_year() -> Row:
    """Figure m."""
    clock = Simulated()
    with tempfile.TemporaryDirectory() as name, sandbox() as served, mock.patch.object(SystemClock, "now", clock.now):
        folder = Path(name)
        write_plan(folder, _plan())
        served.act("POST", "/behaviour", {"habits": {"accept": 0.6, "decline": 0.2, "tentative": 0.1}, "seed": 7})
        return asyncio.run(_live(folder, served, clock))


async def _live(folder: Path, served: Sandbox, clock: Simulated) -> Row:
    mails: Counter[tuple[str, str, str]] = Counter()
    outcomes: Counter[str] = Counter()
    told, next_at, resident = [], clock.instant, []
    began = time.perf_counter()
    last: dict[str, datetime] = {}
    async with open_service(_settings(folder, served)) as service:
        for clock.instant in _moments():
            served.act("POST", "/clock", {"now": clock.instant.isoformat()})
            outcomes.update(await _tick(service, clock.instant, last))
            if clock.instant >= next_at:
                next_at += QUARTER
                mails.update(_drain(served))
                resident.append(_resident_mb())
                told.append(f"{resident[-1]:.0f} MB and {_size(folder) / 1e6:.1f} MB")
    mails.update(_drain(served))
    resident.append(_resident_mb())
    told.append(f"{resident[-1]:.0f} MB and {_size(folder) / 1e6:.1f} MB")
    kinds = Counter(kind for kind, _, _ in mails.elements())
    # HR's weekly report has the same subject each time; nobody else may read one twice.
    twins = sum(count > 1 for (_, who, _), count in mails.items() if not who.startswith("hr@"))
    seconds = time.perf_counter() - began
    each = 1000 * seconds / outcomes.total()
    return Row(
        f"m  half a year of {COURSES} courses × 40 people, {outcomes.total()} runs of jobs in {seconds:.0f} s"
        f" ({each:.0f} ms each), not done: {outcomes.total() - outcomes[JobOutcome.DONE.value]};"
        f" mails {dict(kinds)}, {twins} twice; memory and database at the beginning and after each quarter: {', '.join(told)}",
        (
            Figure(name="m half a year, a run of a job", value=each, unit="ms"),
            Figure(name="m half a year, people mailed twice", value=twins, unit="mails", aim=0),
            Figure(name="m half a year, growth of memory after the first quarter", value=resident[-1] - resident[1], unit="MB", aim=20),
        ),
    )


async def _tick(service: Service, now: datetime, last: dict[str, datetime]) -> list[str]:
    """Run what its cadence asks for; a missed tick is made up for once, as the clock does."""
    found = []
    for entry in service.plans.entries():
        every = timedelta(seconds=entry.cadence.seconds) if isinstance(entry.cadence, Every) else None
        if every is not None and (entry.key not in last or now - last[entry.key] >= every):
            last[entry.key] = now
            run, _ = await service.runner.run(entry.plan, entry.job)
            found.append(run.outcome.value)
    return found


def _drain(served: Sandbox) -> Counter[tuple[str, str, str]]:
    found = Counter((mail["kind"], mail["to"], mail["subject"]) for mail in served.act("GET", "/mails?people=true"))
    served.clear()
    return found


def _plan() -> dict[str, Any]:
    document = plan_document()
    first = date.fromisoformat(NOW[:10]) + timedelta(days=22)
    courses = []
    for number in range(COURSES):
        day = first + timedelta(weeks=2 * number)
        session = {"id": "dag", "start": f"{day}T09:00", "end": f"{day}T12:00"}
        enrolment = {"deadline": f"{day - timedelta(days=10)}T12:00", "capacity": 20}
        courses.append(document["courses"][number] | {"sessions": [session], "enrolment": enrolment})
    return document | {"courses": courses, "reminders": RULES}


def _settings(folder: Path, served: Sandbox) -> Settings:
    return Settings(
        plan=str(folder / "plan.yaml"),
        database_url=f"sqlite:///{folder / 'soak.db'}",
        graph={"base_url": served.base_url, "credential": "static_token", "static_token": "sandbox"},
    )


def _moments() -> Iterator[datetime]:
    first = datetime.fromisoformat(NOW).astimezone(ZONE).date()
    for day in (first + timedelta(days=away) for away in range(7 * WEEKS)):
        begins, ends = (datetime(day.year, day.month, day.day, hour, tzinfo=ZONE) for hour in (FIRST_HOUR, LAST_HOUR))
        if day.isoweekday() == TUESDAY and day.day in BUSY_DAYS and day.month in BUSY_MONTHS:
            yield from (begins.astimezone(UTC) + number * STEP for number in range((ends - begins) // STEP))
        elif day.isoweekday() in {TUESDAY, THURSDAY}:
            yield begins.astimezone(UTC) + timedelta(hours=2, minutes=5)


def _resident_mb() -> float:
    gc.collect()
    return int(Path("/proc/self/status").read_text("utf-8").partition("VmRSS:")[2].split()[0]) / 1024


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("soak.db*"))
