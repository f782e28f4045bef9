"""Response messages in the organiser's mailbox: `bot.ports.comments.ReplyMail` for real.

One request lists them by their message class (`IPM.Schedule.Meeting.Resp.Pos`, `.Tent`, `.Neg`), in every
folder, because Outlook and people move them; one more for each that is asked for finds its event, since Graph
expands that for one message only. A service that refuses class and date in one filter is asked for the class
alone. Needs Mail.Read; `Mail.ReadBasic` leaves out what a message says, so then there is nothing to read.

Facts: graph-facts sections 2 (extended properties in filters) and 3 (`eventMessageResponse`), "Get
eventMessage" of the contract folder, 2026-11-28.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from bot.domain.comments import MeetingReply
from bot.domain.errors import GraphGone, GraphRefused
from bot.domain.events import ResponseStatus
from bot.graph.calls import IMMUTABLE_IDS, Call, segment
from bot.graph.properties import property_value
from bot.graph.times import instant
from bot.messages.plain_text import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.graph.calls import JsonObject
    from bot.graph.client import GraphClient

MESSAGE_CLASS = "String 0x001A"
CLASS_OF_RESPONSES = "IPM.Schedule.Meeting.Resp"
OF_RESPONSES = (
    f"singleValueExtendedProperties/any(ep: ep/id eq '{MESSAGE_CLASS}' and "
    f"contains(ep/value,'{CLASS_OF_RESPONSES}'))"
)
RESPONSES = {"pos": ResponseStatus.ACCEPTED, "tent": ResponseStatus.TENTATIVE, "neg": ResponseStatus.DECLINED}
PAGE_SIZE, MOST_PAGES = 50, 20


class GraphReplies:
    """The response messages in one organiser mailbox (address or object id)."""

    def __init__(self, client: GraphClient, *, organiser: str) -> None:
        self._client = client
        self._mailbox = organiser
        self._root = f"/users/{segment(organiser)}"

    async def fetch_replies(self, *, since: datetime) -> tuple[MeetingReply, ...]:
        """See the port; no more than 1,000 are read."""
        dated = f"receivedDateTime ge {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} and {OF_RESPONSES}"
        try:
            messages = await self._list(dated)
        except GraphRefused as error:
            if error.status != 400:  # noqa: PLR2004 - HTTP: the filter is what the service does not like
                raise
            messages = await self._list(OF_RESPONSES)
        found = (reply_of(message) for message in messages)
        return tuple(one for one in found if one is not None and one.at >= since)

    async def find_events(self, message_ids: Sequence[str]) -> Mapping[str, str]:
        """See the port."""
        query = {"$select": "id", "$expand": "microsoft.graph.eventMessage/event"}
        found: dict[str, str] = {}
        for message_id in message_ids:
            call = self._call(path=f"{self._root}/messages/{segment(message_id)}", query=query)
            try:
                event = (await self._client.send(call)).json().get("event")
            except GraphGone:
                continue
            if isinstance(event, dict) and event.get("id"):
                found[message_id] = str(event["id"])
        return found

    async def _list(self, of: str) -> list[JsonObject]:
        query: dict[str, str] = {
            "$filter": of,
            "$select": "id,receivedDateTime,from,body",
            "$expand": f"singleValueExtendedProperties($filter=id eq '{MESSAGE_CLASS}')",
            "$top": str(PAGE_SIZE),
        }
        call = self._call(path=f"{self._root}/messages", query=query)
        messages: list[JsonObject] = []
        for _ in range(MOST_PAGES):
            page = (await self._client.send(call)).json()
            messages += page.get("value") or ()
            link = page.get("@odata.nextLink")
            if not link:
                break
            call = self._call(link=str(link))
        return messages

    def _call(
        self, *, path: str = "", query: Mapping[str, str] | None = None, link: str | None = None
    ) -> Call:
        headers = {"Prefer": f'{IMMUTABLE_IDS}, outlook.body-content-type="text"'}
        return Call(
            method="GET", gate=self._mailbox, path=path, link=link, query=query or {}, headers=headers
        )


def reply_of(message: Mapping[str, Any]) -> MeetingReply | None:
    """What a message says as a response, None for one that is none or tells nobody's address.

    Never raises for odd content.
    """
    of_class, _, kind = property_value(message, MESSAGE_CLASS).lower().rpartition(".")
    response = RESPONSES.get(kind) if of_class == CLASS_OF_RESPONSES.lower() else None
    sender = str(((message.get("from") or {}).get("emailAddress") or {}).get("address") or "")
    at, identity, body = (
        instant(message.get("receivedDateTime")),
        str(message.get("id") or ""),
        message.get("body") or {},
    )
    if response is None or at is None or not sender or not identity:
        return None
    said = str(body.get("content") or "")
    words = text_of(said) if str(body.get("contentType") or "").lower() == "html" else said
    return MeetingReply(message_id=identity, sender=sender, response=response, text=words, at=at)
