"""The laboratory.

Requests to one test mailbox whose answers are looked at and never raised, and what is left of them cleaned
away.

Everything that is made carries the probe's own property and its token in the subject, so that a later probe
finds what a killed one has left. The property is another than kursusbot's stamp: what is made here is
invisible to it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.domain.errors import GraphError, SignInFailed
from bot.domain.probing import Finding, found
from bot.graph.calls import IMMUTABLE_IDS, Call, segment
from bot.graph.retry import FailureKind
from bot.graph.times import graph_time

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from bot.graph.client import GraphClient
    from bot.graph.experiments.witness import Witness

JsonObject = dict[str, Any]

PROPERTY = "String {6d7f3a7e-2c54-4f0a-9c3b-6b1d7e1c9a10} Name kursusbot.probe"
WORD = "kursusbot-probe"
"""What each subject begins with; what a killed probe has left is found by it."""
LOOK_EVERY_SECONDS = 1.0
UTC = "UTC"
AT_ONCE_SECONDS = 2.0
"""What is found within this time counts as found at once: kursusbot looks twice, a second apart.

Who has little patience has less of it.
"""
IN_DAYS = 40
"""So far ahead the events lie: nobody plans a day by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabSeen:
    """What Graph answered.

    `status` (0: no answer), its innermost `code`, and the body of what was not refused.
    """

    status: int
    code: str
    body: JsonObject

    @property
    def done(self) -> bool:
        """Whether Graph did it."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP

    @property
    def denied(self) -> bool:
        """Whether a right was missing."""
        return self.status == 403  # noqa: PLR2004 - HTTP


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """One probe.

    `mailbox` is the object id that stands in paths, `address` what was asked for, `people` two of one's own.

    `now` (UTC) is when it began.

    `zone` (IANA) is the plans'. `patience` is how long (seconds) something is waited for that ought to come:
    a mail, an index, a copy. `answer_patience` how long for a person to accept an invitation. `web_address`
    is where notifications would go, None without one.
    `manifest_id` is our Teams app's, `catalogue_id` what the organisation's catalogue calls it; None without.
    """

    client: GraphClient
    mailbox: str
    address: str
    people: tuple[str, str]
    zone: str
    now: datetime
    witness: Witness
    token: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    patience: float = 60.0
    answer_patience: float = 300.0
    web_address: str | None = None
    manifest_id: str | None = None
    catalogue_id: str | None = None
    say: Callable[[str, Mapping[str, object]], None] = lambda _code, _params: None

    # -- requests

    async def ask(
        self,
        method: str,
        path: str = "",
        *,
        link: str | None = None,
        query: Mapping[str, str] | None = None,
        body: JsonObject | None = None,
        prefer: str = IMMUTABLE_IDS,
        headers: Mapping[str, str] | None = None,
        gate: str = "",
        as_written: bool = False,
    ) -> LabSeen:
        """One request, repeated only where Graph says that nothing was done; a refusal is an answer.

        Raises SignInFailed.
        """
        kind = FailureKind.SAFE if method == "GET" else FailureKind.UNKEYED
        call = Call(
            method=method, gate=gate or self.address, path=path, link=link, query=query or {}, kind=kind,
            headers={"Prefer": prefer, **(headers or {})}, body=body, as_written=as_written,
        )  # fmt: skip
        try:
            answer = await self.client.send(call)
            return LabSeen(status=answer.status, code="", body=answer.json())
        except SignInFailed:
            raise
        except GraphError as error:
            return LabSeen(status=error.status, code=error.graph_code, body={})

    def path(self, rest: str = "", item: str = "") -> str:
        """A path in the test mailbox."""
        return f"/users/{segment(self.mailbox)}/{rest}" + (f"/{segment(item)}" if item else "")

    # -- what is made

    def subject(self, name: str) -> str:
        """The subject of one experiment's event or message, which nothing else has."""
        return f"{WORD} {self.token} {name}"

    def event(self, name: str, *people: str, day: int = 0, **more: Any) -> JsonObject:
        """The body of an event of an hour, so many weeks ahead.

        With a transaction id of its own unless `more` brings one.

        Its times are UTC, a zone that every tenant takes: which names it takes is an experiment of its own.
        """
        start = self.now.replace(tzinfo=None, hour=10, minute=0, second=0, microsecond=0) + timedelta(
            days=IN_DAYS + day
        )
        return {
            "subject": self.subject(name),
            "body": {"contentType": "html", "content": "<p>kursusbot</p>"},
            "start": graph_time(start, UTC),
            "end": graph_time(start + timedelta(hours=1), UTC),
            "showAs": "free",
            "isReminderOn": False,
            "allowNewTimeProposals": False,
            "hideAttendees": True,
            "transactionId": str(uuid.uuid4()),
            **self.stamp(name),
            "attendees": self.attendees(*people),
            **more,
        }

    def stamp(self, name: str) -> JsonObject:
        """The probe's own property, which finds an event again."""
        return {"singleValueExtendedProperties": [{"id": PROPERTY, "value": f"{self.token}/{name}"}]}

    @staticmethod
    def attendees(*people: str) -> list[JsonObject]:
        """A list of attendees as Graph takes it."""
        return [{"emailAddress": {"address": one}, "type": "required"} for one in people]

    async def create(self, name: str, *people: str, **more: Any) -> LabSeen:
        """POST an event."""
        return await self.ask("POST", self.path("events"), body=self.event(name, *people, **more))

    async def patch(self, event_id: str, body: JsonObject, **headers: str) -> LabSeen:
        """PATCH an event."""
        return await self.ask("PATCH", self.path("events", event_id), body=body, headers=headers)

    async def read(self, event_id: str) -> LabSeen:
        """GET an event, whole."""
        return await self.ask("GET", self.path("events", event_id))

    async def by_stamp(self, name: str) -> LabSeen:
        """The events that carry the property of an experiment."""
        return await self.by_filter(f"ep/value eq '{self.token}/{name}'")

    async def by_filter(self, test: str, further: str = "") -> LabSeen:
        """The events whose property passes an OData test of `ep/value` and that are `further` as asked."""
        wanted = f"singleValueExtendedProperties/any(ep: ep/id eq '{PROPERTY}' and {test}){further}"
        return await self.ask("GET", self.path("events"), query={"$filter": wanted, "$select": "id"})

    # -- waiting

    async def until(
        self, look: Callable[[], Awaitable[bool]], *, patience: float | None = None
    ) -> float | None:
        """Look until it is so.

        After how many seconds of waiting (requests apart), or None when patience has ended.
        """
        waited, most = 0.0, self.patience if patience is None else patience
        step = min(LOOK_EVERY_SECONDS, max(most / 20, 0.01))
        while not await look():
            if waited >= most:
                return None
            await self.client.pace.sleep(step)
            waited += step
        return waited

    def soon(self, assumption: str, waited: float | None) -> Finding:
        """What is to be found at once, late, or never: by how long it was waited for."""
        if waited is None:
            return found(assumption, "never", seconds=self.patience)
        at_once = waited <= min(AT_ONCE_SECONDS, self.patience / 10)
        return found(assumption, "at_once" if at_once else "late", seconds=round(waited, 1))

    # -- cleaning

    async def clean(self) -> int:
        """Remove what probes have made, also killed ones: events by the property, messages by the subject.

        How many would not go.
        """
        left = 0
        for folder, wanted in (
            ("events", f"singleValueExtendedProperties/any(ep: ep/id eq '{PROPERTY}' and ep/value ne '')"),
            ("messages", f"contains(subject,'{WORD}')"),
        ):
            gone: set[str] = set()
            while True:
                page = await self.ask(
                    "GET", self.path(folder), query={"$filter": wanted, "$select": "id", "$top": "50"}
                )
                fresh = [str(one["id"]) for one in page.body.get("value") or () if one["id"] not in gone]
                if not fresh:
                    left += not page.done
                    break
                for one in fresh:
                    gone.add(one)
                    removed = await self.ask("DELETE", self.path(folder, one))
                    left += not (removed.done or removed.status == 404)  # noqa: PLR2004 - HTTP
        return left
