"""The benchmark's figure on a long life: a simulated year of one plan in one process.

m  a year of working days, two rounds a day     mails by kind, twins, memory in the second month and the last, what the database grew by

Forty people answer by chance; a course begins each week, with four reminder rules. Every round is a sync, the answers, what is due and
HR's report, as the service does them.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.outcomes import Approval
from bot.reminding import reminders_round
from bot.reporting import report_round
from bot.rounds import responses_round, sync_round
from bot.runtime import load_plan, open_stores, open_tenant
from config.settings import Settings
from tests.bench.world import NOW, plan_document, sandbox, write_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.world import Sandbox

ZONE = ZoneInfo("Europe/Copenhagen")
WEEKS, HOURS = 52, (9, 14)
RULES = [
    rule | {"channels": ["mail"]}
    for rule in (
        {"id": "svar", "before": "deadline", "working_days": 3, "at": "09:00", "to": "unanswered", "template": "please_answer"},
        {"id": "praktisk", "before": "start", "days": 7, "at": "09:00", "to": "registered", "template": "practical"},
        {"id": "i-morgen", "before": "start", "days": 1, "at": "12:00", "to": "registered", "template": "tomorrow"},
        {"id": "tak", "after": "end", "hours": 2, "to": "registered", "template": "follow_up"},
    )
]


def a_year() -> str:
    """Figure m."""
    with tempfile.TemporaryDirectory() as name, sandbox() as served:
        folder = Path(name)
        write_plan(folder, _plan())
        served.act("POST", "/behaviour", {"habits": {"accept": 0.6, "decline": 0.2, "tentative": 0.1}, "seed": 7})
        return asyncio.run(_live(folder, served))


async def _live(folder: Path, served: Sandbox) -> str:
    mails: Counter[tuple[str, str, str]] = Counter()
    memory: dict[int, float] = {}
    size, rounds = 0, 0
    plan = await load_plan(_settings(folder, served, datetime.fromisoformat(NOW)))
    with open_stores(_settings(folder, served, datetime.fromisoformat(NOW))) as stores:
        for now in _moments():
            served.act("POST", "/clock", {"now": now.isoformat()})
            settings = _settings(folder, served, now)
            async with open_tenant(settings, plan, stores) as tenant:
                await sync_round(settings, plan, stores, tenant, approval=Approval(within_limits=True))
                await responses_round(settings, plan, stores, tenant)
                await reminders_round(settings, plan, stores, tenant)
                await report_round(settings, plan, stores, tenant)
            rounds += 1
            month = (now - datetime.fromisoformat(NOW)).days // 30
            if month not in memory:
                mails.update((mail["kind"], mail["to"], mail["subject"]) for mail in served.act("GET", "/mails?people=true"))
                served.clear()
                gc.collect()
                memory[month] = _resident_mb()
                size = size or _size(folder)
    mails.update((mail["kind"], mail["to"], mail["subject"]) for mail in served.act("GET", "/mails?people=true"))
    kinds = Counter(kind for kind, _, _ in mails.elements())
    twins = sum(count > 1 for (kind, _, subject), count in mails.items() if kind == "message" and "Kursus" in subject)
    return (
        f"m  a year of {WEEKS} courses × 40 people in {rounds} rounds: {dict(kinds)}, {twins} messages twice;"
        f" memory {memory[1]:.0f} MB after a month, {memory[max(memory)]:.0f} MB at the end;"
        f" the database {size / 1e6:.1f} MB after the first round, {_size(folder) / 1e6:.1f} MB at the end"
    )


def _plan() -> dict[str, Any]:
    document = plan_document()
    first = date.fromisoformat(NOW[:10]) + timedelta(days=22)
    courses = []
    for week in range(WEEKS):
        day = first + timedelta(weeks=week)
        session = {"id": "dag", "start": f"{day}T09:00", "end": f"{day}T12:00"}
        enrolment = {"deadline": f"{day - timedelta(days=10)}T12:00", "capacity": 25}
        courses.append(document["courses"][week] | {"sessions": [session], "enrolment": enrolment})
    return document | {"courses": courses, "reminders": RULES}


def _settings(folder: Path, served: Sandbox, now: datetime) -> Settings:
    return Settings(
        plan=str(folder / "plan.yaml"),
        now=now,
        database_url=f"sqlite:///{folder / 'soak.db'}",
        graph={"base_url": served.base_url, "credential": "static_token", "static_token": "sandbox"},
        safety={"max_mails": 10**6},
    )


def _moments() -> Iterator[datetime]:
    first = datetime.fromisoformat(NOW).astimezone(ZONE).date()
    for away in range(7 * WEEKS):
        day = first + timedelta(days=away)
        if day.isoweekday() <= 5:
            for hour in HOURS:
                yield datetime(day.year, day.month, day.day, hour, 5, tzinfo=ZONE)


def _resident_mb() -> float:
    told = Path("/proc/self/status").read_text("utf-8").partition("VmRSS:")[2].split()
    return int(told[0]) / 1024


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("soak.db*"))
