"""The benchmark's figures on sending: how near a queue of reminders comes to what Exchange lets a mailbox send.

k  117 people × 3 rules over a fortnight     messages a minute ÷ 30 while there is work, the fullest minute, requests a message
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from bot.domain.postage import MINUTE
from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores
from bot.opening.work import open_work
from bot.rounds.answers import responses_round
from bot.rounds.reminders import reminders_round
from bot.rounds.steps.approve import Approval
from bot.rounds.sync import sync_round
from bot.sandbox.municipality import ALL_LEADERS, municipality
from bot.sandbox.serve import TOKEN, running_sandbox
from config.settings import Settings
from tests.bench.world import NOW, plan_document
from tests.e2e.driver import STAMP

if TYPE_CHECKING:
    from bot.rounds.steps.carried import Carried
    from bot.sandbox.tenant import Tenant

LEADERS, A_MINUTE = 117, 30
"""With the three others of their group there are 120 messages a rule: four whole minutes, for an unfinished one is no slower pace."""

FORTNIGHT, BETWEEN_ROUNDS, NIGHT = timedelta(days=14), timedelta(hours=1), timedelta(hours=14)
RULES = (
    {"id": "praktisk", "before": "start", "days": 7, "at": "09:00", "to": "registered", "channels": ["mail"], "template": "practical"},
    {"id": "i-morgen", "before": "start", "days": 1, "at": "12:00", "to": "registered", "channels": ["mail"], "template": "tomorrow"},
    {"id": "tak", "after": "end", "hours": 2, "to": "registered", "channels": ["mail"], "template": "follow_up"},
)


@dataclass(slots=True)
class Fortnight:
    """A tenant whose clock is the bot's, and one course of everybody; `now` moves from round to round."""

    tenant: Tenant
    url: str
    folder: Path
    now: datetime

    def settings(self) -> Settings:
        return Settings(
            plan=str(self.folder / "plan.yaml"),
            now=self.now,
            database_url=f"sqlite:///{self.folder / 'k.db'}",
            graph={"base_url": self.url, "credential": "static_token", "static_token": TOKEN},
            safety={"max_mails": 10**6},
            # Named, so that the pace is kept by this clock, which moves.
            mailbox={"messages_per_minute": A_MINUTE},
        )

    async def invite(self) -> None:
        """The course is put into the calendars, and everybody accepts."""
        settings = self.settings()
        plan = await load_plan(settings)
        with open_stores(settings) as stores:
            async with open_work(settings, plan, stores) as work:
                await sync_round(work, approval=Approval(within_limits=True))
                (event,) = [one for one in self.tenant.calendars.events.values() if STAMP in one.extended]
                for one in event.attendees:
                    self.tenant.people.answer(event, one.address, "accept")
                await responses_round(work.afresh())

    async def remind(self) -> Carried:
        """One round of reminders, from the parsed plan on."""
        settings = self.settings()
        plan = await load_plan(settings)
        with open_stores(settings) as stores:
            async with open_work(settings, plan, stores) as work:
                return (await reminders_round(work)).carried


def a_fortnight_of_reminders() -> str:
    """Figure k."""
    document = plan_document()
    start = datetime.fromisoformat(NOW)
    day = f"{start + timedelta(days=9):%Y-%m-%d}"
    session = {"id": "dag", "start": f"{day}T09:00", "end": f"{day}T12:00"}
    course = document["courses"][0] | {"id": "alle", "sessions": [session], "audience": "ledere", "enrolment": {}}
    document |= {"courses": [course], "audiences": {"ledere": {"groups": [ALL_LEADERS]}}, "reminders": [*RULES]}
    with tempfile.TemporaryDirectory() as name:
        tenant = municipality(leaders=LEADERS, now=start)
        with running_sandbox(tenant) as url:
            world = Fortnight(tenant, url, Path(name), start)
            (world.folder / "plan.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
            asyncio.run(world.invite())
            requests, first = len(tenant.journal.entries), len(tenant.mail_log.mails)
            busy = rounds = 0
            while world.now < start + FORTNIGHT:
                tenant.clock.set(world.now)
                delivery = asyncio.run(world.remind())
                rounds += 1
                busy += bool(delivery.messages)
                pause = NIGHT if world.now.hour >= 18 else BETWEEN_ROUNDS
                world.now = delivery.wait.until.astimezone(start.tzinfo) if delivery.wait is not None else world.now + pause
            times = [mail.time for mail in tenant.mail_log.mails[first:] if mail.kind.value == "message"]
            asked = len(tenant.journal.entries) - requests
    fullest = max(sum(at - MINUTE < other <= at for other in times) for at in set(times))
    return (
        f"k  {LEADERS} people × {len(RULES)} rules over a fortnight: {len(times)} messages in {busy} minutes with work"
        f" = {len(times) / busy / A_MINUTE:.3f} of the {A_MINUTE} a minute, the fullest 60 seconds {fullest};"
        f" {asked / len(times):.2f} requests a message over {rounds} rounds   aim: at least 0.95, never above {A_MINUTE}"
    )
