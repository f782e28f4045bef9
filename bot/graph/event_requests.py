"""The requests about events of one mailbox: list, find by stamp, read, create, change, cancel.

An unclear write is looked up before it is repeated: a creation by its stamp, a list of attendees by what the
event shows, everything else as whoever asks says. What follows from an answer is `bot.graph.calendar`'s; the
JSON is in `bot.graph.wire`. Facts: graph-facts sections 1 to 3, 13 and 14, 2026-11-22.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import GraphConflict, GraphGone
from bot.graph.calls import IMMUTABLE_IDS, Call, segment
from bot.graph.retry import SETTLE_SECONDS, FailureKind
from bot.graph.wire import (
    SELECTED,
    STAMP_EXPANDED,
    attendees_body,
    event_body,
    is_whole,
    shows_attendees,
    stamp_filter,
    stamp_of,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from bot.domain.events import Attendee, DesiredEvent, ObservedAttendee, SessionKey
    from bot.graph.calls import JsonObject
    from bot.graph.client import GraphClient, LookUp

PAGE_SIZE = 100
# A new event can be unreadable for a moment, and Teams may add its link a little later.
READ_BACK_ATTEMPTS = 4


class EventRequests:
    """Of the mailbox (address or object id); `zone` is the IANA zone in which times are asked for."""

    def __init__(self, client: GraphClient, *, mailbox: str, zone: str) -> None:
        self._client = client
        self._mailbox = mailbox
        self._root = f"/users/{segment(mailbox)}"
        self._headers = {"Prefer": f'{IMMUTABLE_IDS}, outlook.timezone="{zone}"'}

    async def pages(self, condition: str) -> AsyncIterator[JsonObject]:
        """Every event that a condition on stamp or date holds for, page by page."""
        query = {"$filter": condition, "$expand": STAMP_EXPANDED, "$select": SELECTED, "$top": str(PAGE_SIZE)}
        call = self._call("GET", self._path(), query=query)
        while True:
            page = (await self._client.send(call)).json()
            for event in page.get("value") or ():
                yield event
            following = page.get("@odata.nextLink")
            if not following:
                return
            call = Call(method="GET", gate=self._mailbox, link=str(following), headers=self._headers)

    async def find(self, key: SessionKey, *, deadline: float | None = None) -> list[JsonObject]:
        """The events with exactly this stamp that are not cancelled."""
        condition = stamp_filter(f"ep/value eq '{quoted(str(key))}'")
        query = {"$filter": condition, "$expand": STAMP_EXPANDED, "$select": SELECTED, "$top": str(PAGE_SIZE)}
        page = (
            await self._client.send(self._call("GET", self._path(), query=query), deadline=deadline)
        ).json()
        wanted = str(key).lower()
        return [
            event
            for event in page.get("value") or ()
            if (stamp_of(event) or "").lower() == wanted and event.get("isCancelled") is not True
        ]

    async def read(self, event_id: str, *, deadline: float | None = None) -> JsonObject | None:
        """One event, None when it is gone."""
        call = self._call("GET", self._path(event_id), query={"$select": SELECTED})
        try:
            return (await self._client.send(call, deadline=deadline)).json()
        except GraphGone:
            return None

    async def create(
        self, desired: DesiredEvent, attendees: Sequence[Attendee], transaction_id: str
    ) -> JsonObject:
        """Create it with these attendees, once; the event as Graph has it."""

        async def happened(deadline: float) -> JsonObject | None:
            found = await self.find(desired.key, deadline=deadline)
            return found[0] if found else None

        call = self._call(
            "POST",
            self._path(),
            kind=FailureKind.KEYED,
            body=event_body(desired, attendees, transaction_id),
        )
        try:
            event = (await self._client.send(call, look_up=happened)).json()
        except GraphConflict:
            # One of the two documented-nowhere answers to a transaction id that Exchange has seen. The event
            # is there then, but a list may show it a little later.
            for attempt in range(READ_BACK_ATTEMPTS):
                await self._client.pace.sleep(SETTLE_SECONDS * attempt)
                found = await self.find(desired.key)
                if found:
                    return found[0]
            raise
        return event if is_whole(event) else await self.read(str(event.get("id") or "")) or event

    async def patch(self, event_id: str, body: JsonObject, look_up: LookUp, etag: str = "") -> JsonObject:
        """Change what `body` names, only while the event is as `etag` says ("": whatever it is).

        Returns the event as it is then.
        """
        call = self._call("PATCH", self._path(event_id), kind=FailureKind.KEYED, body=body, etag=etag)
        event = (await self._client.send(call, look_up=look_up)).json()
        return event if is_whole(event) else await self.read(event_id) or event

    async def change_attendees(
        self, event: JsonObject, attendees: Sequence[Attendee | ObservedAttendee]
    ) -> JsonObject:
        """Write the attendee list and nothing else, only while the event is as it was read."""
        identity = str(event["id"])

        async def happened(deadline: float) -> JsonObject | None:
            found = await self.read(identity, deadline=deadline)
            return found if found is not None and shows_attendees(found, attendees) else None

        return await self.patch(
            identity, attendees_body(attendees), happened, etag=str(event.get("@odata.etag") or "")
        )

    async def cancel(self, event_id: str, comment: str, look_up: LookUp) -> None:
        """Cancel it, which mails its attendees. Raises GraphGone where it is not there."""
        path = f"{self._path(event_id)}/cancel"
        call = self._call("POST", path, kind=FailureKind.KEYED, body={"Comment": comment})
        await self._client.send(call, look_up=look_up)

    async def delete(self, event_id: str, look_up: LookUp) -> None:
        """Take it out of the calendar. Raises GraphGone where it is not there."""
        call = self._call("DELETE", self._path(event_id), kind=FailureKind.KEYED)
        await self._client.send(call, look_up=look_up)

    def delta_call(self, window: Mapping[str, str], *, link: str | None) -> Call:
        """What changed since `link`, or all of the window where it is None."""
        return Call(
            method="GET",
            gate=self._mailbox,
            path=f"{self._root}/calendarView/delta",
            query=window,
            link=link,
            headers={"Prefer": f"{self._headers['Prefer']}, odata.maxpagesize={PAGE_SIZE}"},
        )

    def _path(self, event_id: str = "") -> str:
        return f"{self._root}/events" + (f"/{segment(event_id)}" if event_id else "")

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        kind: FailureKind = FailureKind.SAFE,
        body: JsonObject | None = None,
        etag: str = "",
    ) -> Call:
        headers = {**self._headers, "If-Match": etag} if etag else self._headers
        return Call(
            method=method,
            gate=self._mailbox,
            path=path,
            query=query or {},
            kind=kind,
            headers=headers,
            body=body,
        )


def quoted(text: str) -> str:
    """The text as it stands between the quotes of a filter."""
    return text.replace("'", "''")
