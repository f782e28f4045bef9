"""The peer: what a first script with msgraph-sdk does. One POST for each session, one PATCH of everything a run.

`python -m tests.bench.peer BASE_URL MAILBOX post|patch SESSIONS_JSON` prints its figures as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from kiota_abstractions.authentication import AuthenticationProvider
from kiota_abstractions.request_information import RequestInformation
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.attendee import Attendee
from msgraph.generated.models.attendee_type import AttendeeType
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.event import Event
from msgraph.generated.models.item_body import ItemBody

from tests.bench.rows import peak_mb


class _SandboxToken(AuthenticationProvider):
    async def authenticate_request(
        self, request: RequestInformation, additional_authentication_context: dict[str, Any] | None = None
    ) -> None:
        request.headers.try_add("Authorization", "Bearer sandbox")


def _event(session: dict[str, Any]) -> Event:
    return Event(
        subject=session["subject"],
        body=ItemBody(content_type=BodyType.Html, content=session["body"]),
        start=DateTimeTimeZone(date_time=session["start"], time_zone="Europe/Copenhagen"),
        end=DateTimeTimeZone(date_time=session["end"], time_zone="Europe/Copenhagen"),
        hide_attendees=True,
        attendees=[
            Attendee(type=AttendeeType.Required, email_address=EmailAddress(address=address, name=address))
            for address in session["attendees"]
        ],
    )


async def _run(base_url: str, mailbox: str, act: str, work: list[dict[str, Any]]) -> dict[str, float]:
    adapter = GraphRequestAdapter(_SandboxToken())
    adapter.base_url = base_url
    events = GraphServiceClient(request_adapter=adapter).users.by_user_id(mailbox).events
    wall, cpu = time.perf_counter(), time.process_time()
    for session in work:
        if act == "post":
            created = await events.post(_event(session))
            assert created is not None
            session["id"] = created.id
        else:
            await events.by_event_id(session["id"]).patch(_event(session))
    figures = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return figures | {"cpu_whole": time.process_time(), "memory_mb": peak_mb()}


if __name__ == "__main__":
    file = Path(sys.argv[4])
    sessions = json.loads(file.read_text("utf-8"))
    result = asyncio.run(_run(sys.argv[1], sys.argv[2], sys.argv[3], sessions))
    file.write_text(json.dumps(sessions), "utf-8")
    print(json.dumps(result))  # noqa: T201 - its output
