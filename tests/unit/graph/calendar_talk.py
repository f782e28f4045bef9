"""What the calendar's tests share: an event, wanted and observed, and a calendar to ask."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx

from bot.domain.events import (
    Attendee,
    DesiredEvent,
    EventContent,
    Location,
    ObservedEvent,
    SessionKey,
)
from bot.graph.calendar import GraphCalendar
from bot.graph.wire import observed_event
from tests.unit.graph.talk import EVENTS, ORGANISER, Talk, event_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

ZONE = "Europe/Copenhagen"
wall = datetime.fromisoformat
KEY = SessionKey(plan="norddjurs", course="lederdag", offering="main", session="dag")
SINCE = datetime(2027, 1, 4, 12, tzinfo=UTC)
CONTENT = EventContent(
    subject="Lederdag",
    body="<p>Velkommen</p>",
    start=wall("2027-06-18T09:00"),
    end=wall("2027-06-18T15:30"),
    timezone=ZONE,
    location=Location(name="Sal 1"),
)
DESIRED = DesiredEvent(key=KEY, course="lederdag", content=CONTENT, attendees=(Attendee(email="anna@kommune.example"),))
ONE = f"{EVENTS}/id-1"
PREFER = f'IdType="ImmutableId", outlook.timezone="{ZONE}"'
JOIN = {"joinUrl": "https://teams.microsoft.com/l/meetup-join/x"}
BLOCK = '<div class="me-email-text"><a href="https://teams.microsoft.com/l/meetup-join/x">Deltag</a></div>'


def on(talk: Talk, act: Callable[[GraphCalendar], Awaitable[Any]]) -> Any:
    return talk.run(lambda client: act(GraphCalendar(client, organiser=ORGANISER, zone=ZONE)))


def observed(**changes: Any) -> ObservedEvent:
    found = observed_event(event_json(**changes), KEY, ZONE)
    assert found is not None
    return found


def content(**changes: Any) -> EventContent:
    fields = {name: getattr(CONTENT, name) for name in EventContent.__dataclass_fields__}
    return EventContent(**{**fields, **changes})


def page(*events: dict[str, Any], **links: str) -> httpx.Response:
    return httpx.Response(200, json={"value": list(events), **{f"@odata.{name}": link for name, link in links.items()}})
