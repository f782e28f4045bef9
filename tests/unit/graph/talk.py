"""A scripted Graph for unit tests: respx answers, and every request is held against Microsoft's description.

No socket, no wall clock: the requests end in `httpx.MockTransport`, and `Clock` moves only when
somebody sleeps. A request that the description does not know fails the test.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import respx

from bot.graph.client import GraphClient
from bot.graph.credentials import TokenSource
from bot.graph.gate import Gates
from bot.graph.mailboxes import Mailboxes
from bot.graph.retry import Pace
from config.graph_settings import GraphSettings
from tests.builders.graph_talk import NOT_DESCRIBED, PLAYED_BY_THE_PROBE, contract

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

BASE = "https://graph.microsoft.com/v1.0"
ORGANISER = "kurser@kommune.example"
EVENTS = f"/users/{ORGANISER}/events"
NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
SECRET = "the-client-secret"


class Clock:
    """Monotonic seconds from 0; `slept` is every sleep in order."""

    def __init__(self, chance: float = 0.5) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []
        self.pace = Pace(sleep=self.sleep, monotonic=lambda: self.seconds, chance=lambda: chance, now=self.now)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)


@dataclass
class Token:
    token: str
    expires_on: int


@dataclass
class Sign:
    """An azure-identity credential; `lives` seconds from when it is asked, by `clock`."""

    clock: Callable[[], float] = lambda: 0.0
    lives: int = 3600
    fails: list[Exception] = field(default_factory=list)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    closed: int = 0

    def get_token(self, *scopes: str) -> Token:
        self.asked.append(scopes)
        if self.fails:
            raise self.fails.pop(0)
        return Token(f"token-{len(self.asked)}", int(self.clock()) + self.lives)

    def close(self) -> None:
        self.closed += 1


def client_settings(**changes: Any) -> GraphSettings:
    given = {"base_url": BASE, "credential": "client_secret", "tenant_id": "t", "client_id": "c", "client_secret": SECRET}
    return GraphSettings(**{**given, **changes})


class Talk:
    """`graph` is the respx router; `run(scene)` runs a coroutine function with a client that talks to it."""

    def __init__(self, **settings: Any) -> None:
        self.graph = respx.MockRouter(base_url=BASE, assert_all_called=False)
        self.clock = Clock()
        self.sign = Sign()
        self.settings = client_settings(**settings)
        self.failures: list[str] = []
        self.known = {ORGANISER: ORGANISER}

    def run(self, scene: Callable[[GraphClient], Awaitable[T]]) -> T:
        async def play() -> T:
            tokens = TokenSource(self.settings, build=lambda _: self.sign, clock=lambda: self.clock.seconds)
            gates = Gates(self.settings.concurrency, self.clock.pace)
            transport = httpx.MockTransport(self._answer)
            # Found before: its object id is told to be what it is called.
            mailboxes = Mailboxes(self.clock.pace, self.known)
            async with GraphClient(
                self.settings, tokens=tokens, pace=self.clock.pace, gates=gates, mailboxes=mailboxes, transport=transport
            ) as client:
                return await scene(client)

        result = asyncio.run(play())
        assert self.failures == [], "\n".join(map(repr, self.failures))
        return result

    @property
    def requests(self) -> list[httpx.Request]:
        return [call.request for call in self.graph.calls]

    @property
    def sent(self) -> list[tuple[str, str]]:
        return [(request.method, request.url.path.removeprefix("/v1.0")) for request in self.requests]

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        judge = contract()
        described = not NOT_DESCRIBED.search(request.url.path.removeprefix("/v1.0"))
        if judge is not None and described and request.url.host == "graph.microsoft.com":
            said = judge.check(request.method, str(request.url), dict(request.headers), request.content or None)
            self.failures += [one for one in said if one != PLAYED_BY_THE_PROBE]
        return await self.graph.async_handler(request)


def body_of(request: httpx.Request) -> Any:
    return json.loads(request.content)


def event_json(identity: str = "id-1", *, stamp: str | None = None, **changes: Any) -> dict[str, Any]:
    """An event as Graph answers it, on 18 June 2027 from 9 to 15.30 in Copenhagen."""
    event: dict[str, Any] = {
        "@odata.etag": 'W/"1"',
        "id": identity,
        "subject": "Lederdag",
        "body": {"contentType": "html", "content": "<html><body><p>Velkommen</p></body></html>"},
        "start": {"dateTime": "2027-06-18T09:00:00.0000000", "timeZone": "Europe/Copenhagen"},
        "end": {"dateTime": "2027-06-18T15:30:00.0000000", "timeZone": "Europe/Copenhagen"},
        "isAllDay": False,
        "location": {"displayName": "Sal 1", "locationType": "default"},
        "showAs": "busy",
        "responseRequested": True,
        "hideAttendees": True,
        "isOnlineMeeting": False,
        "onlineMeeting": None,
        "attendees": [attendee_json("anna@kommune.example")],
        "isCancelled": False,
        "createdDateTime": "2027-01-01T12:00:00.1234567Z",
        "lastModifiedDateTime": "2027-01-02T12:00:00Z",
    }
    if stamp is not None:
        name = "String {6d7f3a7e-2c54-4f0a-9c3b-6b1d7e1c9a10} Name kursusbot.session"
        event["singleValueExtendedProperties"] = [{"id": name, "value": stamp}]
    return {**event, **changes}


def attendee_json(email: str, response: str = "none", time: str = "0001-01-01T00:00:00Z", kind: str = "required") -> dict[str, Any]:
    return {
        "type": kind,
        "status": {"response": response, "time": time},
        "emailAddress": {"name": email.partition("@")[0], "address": email},
    }


def refusal(status: int, code: str, **headers: str) -> httpx.Response:
    error = {"error": {"code": code, "message": "no", "innerError": {"request-id": "r-1", "date": "2027-01-04T12:00:00"}}}
    return httpx.Response(status, json=error, headers={"request-id": "r-1", **headers})
