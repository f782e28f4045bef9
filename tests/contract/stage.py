"""The adapter on a stage: a tenant, a client that talks to it in a hurry, and the faults that requests may meet."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bot.domain.events import Attendee, DesiredEvent, EventContent, Location, SessionKey
from bot.graph.calendar import GraphCalendar
from bot.graph.client import GraphClient
from bot.graph.gate import Gates
from bot.graph.retry import Pace
from bot.sandbox.serve import TOKEN, serving_sandbox
from config.graph_settings import CredentialKind, GraphSettings
from tests.builders.graph_talk import ORGANISER, small_tenant

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.tenant import Tenant

# The adapter's clock runs this much faster than the machine's: its waits are real, and short.
HASTE = 50
ZONE = "Europe/Copenhagen"
KEY = SessionKey(plan="kommune", course="lederdag", offering="main", session="dag")
wall = datetime.fromisoformat
CONTENT = EventContent(
    subject="Lederdag",
    body="<p>Velkommen</p>",
    start=wall("2025-06-18T09:00"),
    end=wall("2025-06-18T15:30"),
    timezone=ZONE,
    location=Location(name="Kulturhuset"),
)
PEOPLE = tuple(Attendee(email=f"{name}@kommune.example") for name in ("anna", "bo", "carl"))
DESIRED = DesiredEvent(key=KEY, course="lederdag", content=CONTENT, attendees=PEOPLE)


class Stage:
    """The tenant, a client that talks to it, and the organiser's calendar."""

    def __init__(self, tenant: Tenant, client: GraphClient) -> None:
        self.tenant = tenant
        self.client = client
        self.calendar = GraphCalendar(client, organiser=ORGANISER, zone=ZONE)

    @property
    def mails(self) -> list[tuple[str, str]]:
        return sorted((str(mail.kind), mail.to.partition("@")[0]) for mail in self.tenant.mail_log.to_people())

    def fault(self, **rule: Any) -> None:
        self.tenant.faults.add(**rule)


def play(
    scene: Callable[[Stage], Awaitable[None]], *, timeout: float = 5.0, patience: float = 60.0, tenant: Tenant | None = None
) -> Tenant:
    tenant = tenant or small_tenant()

    async def run() -> None:
        pace = Pace(sleep=lambda seconds: asyncio.sleep(seconds / HASTE), monotonic=lambda: time.monotonic() * HASTE)
        async with serving_sandbox(tenant) as url:
            settings = GraphSettings(
                base_url=url,
                credential=CredentialKind.STATIC_TOKEN,
                static_token=SecretStr(TOKEN),
                retry_budget_seconds=patience * HASTE,
                timeout_seconds=timeout,
            )
            async with GraphClient(settings, pace=pace, gates=Gates(4, pace)) as client:
                await scene(Stage(tenant, client))

    asyncio.run(run())
    return tenant


FATES: tuple[dict[str, Any], ...] = (
    {"drop": True, "when": "before"},
    {"drop": True, "when": "after"},
    {"status": 500, "when": "before"},
    {"status": 503, "when": "after"},
    {"status": 504, "when": "after", "retry_after": "0.5"},
    {"status": 429, "when": "before", "retry_after": "1"},
    {"status": 429, "when": "before", "retry_after": None},
    {"status": 401, "when": "before"},
)
