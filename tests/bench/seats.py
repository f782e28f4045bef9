"""The benchmark's figure on seats: a rush on a course.

i  400 people accept a course of 60 seats   one round: requests, mails, seconds; and one freed seat after it
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores
from bot.opening.work import open_work
from bot.rounds.answers import responses_round
from bot.rounds.steps.approve import Approval
from bot.rounds.sync import sync_round
from bot.sandbox.municipality import ALL_LEADERS, municipality
from bot.sandbox.serve import TOKEN, running_sandbox
from config.settings import Settings
from tests.bench.world import NOW, plan_document
from tests.e2e.driver import STAMP

if TYPE_CHECKING:
    from bot.rounds.results import Collected
    from bot.sandbox.tenant import Tenant

CAPACITY = 60


class Trial:
    """A tenant, a plan and a database, worked on in this process."""

    def __init__(self, tenant: Tenant, base_url: str, folder: Path, document: dict[str, Any]) -> None:
        self.tenant, self.now = tenant, datetime.fromisoformat(NOW)
        plan = folder / "plan.yaml"
        plan.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
        self._environment = {"plan": str(plan), "url": base_url, "database": f"sqlite:///{folder / 'k.db'}"}

    def work(self, *, sync: bool) -> Collected | None:
        """A sync or an answers' round, from the parsed plan on."""
        return asyncio.run(self._work(sync=sync))

    async def _work(self, *, sync: bool) -> Collected | None:
        graph = {"base_url": self._environment["url"], "credential": "static_token", "static_token": TOKEN}
        settings = Settings(
            plan=self._environment["plan"],
            now=self.now,
            database_url=self._environment["database"],
            graph=graph,
            safety={"max_mails": 10**6},
        )
        plan = await load_plan(settings)
        with open_stores(settings) as stores:
            async with open_work(settings, plan, stores) as work:
                if sync:
                    await sync_round(work, approval=Approval(within_limits=True))
                    return None
                return await responses_round(work)

    def answer(self, session: str, people: list[str], response: str) -> None:
        """Everybody answers, within one minute."""
        (event,) = [one for one in self.tenant.calendars.events.values() if one.in_calendar and one.extended.get(STAMP) == session]
        for person in people:
            self.tenant.clock.advance(timedelta(milliseconds=100))
            self.tenant.people.answer(event, person, response)
        self.now = self.tenant.clock.now()

    def measured(self) -> tuple[int, int, float]:
        """Requests, mails to people and seconds of one answers' round."""
        requests, mails, started = len(self.tenant.journal.entries), len(self.tenant.mail_log.to_people()), time.perf_counter()
        self.work(sync=False)
        seconds = time.perf_counter() - started
        return len(self.tenant.journal.entries) - requests, len(self.tenant.mail_log.to_people()) - mails, seconds


def a_rush() -> str:
    """Figure i."""
    document = plan_document()
    course = document["courses"][0]
    limited = course | {"id": "stor", "sessions": course["sessions"][:1], "enrolment": {"capacity": CAPACITY}}
    document |= {"courses": [limited], "audiences": {"ledere": {"groups": [ALL_LEADERS]}}}
    with tempfile.TemporaryDirectory() as name:
        tenant = municipality(leaders=400, now=datetime.fromisoformat(NOW))
        with running_sandbox(tenant) as url:
            trial = Trial(tenant, url, Path(name), document)
            trial.work(sync=True)
            (event,) = [one for one in tenant.calendars.events.values() if one.extended.get(STAMP) == "maaling/stor/main/del-0"]
            people = [one.address for one in event.attendees]
            trial.answer("maaling/stor/main/del-0", people, "accept")
            requests, mails, seconds = trial.measured()
            again = trial.measured()
    waiting = len(people) - CAPACITY
    return (
        f"i  {len(people)} accept a course of {CAPACITY} seats within a minute: one round of {requests} requests and {mails} mails"
        f" ({mails / waiting:.2f} for each of the {waiting} in line: taken off, and told), {seconds:.1f} s;"
        f" the next round {again[0]} requests, {again[1]} mails"
    )
