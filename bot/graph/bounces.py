"""Non-delivery reports in the organiser mailbox's inbox: `bot.ports.outlook.ReturnedMail` for real.

One request lists the reports (their message class is `REPORT.<class of the original>.NDR`), one more each
opens those which only what hangs on them tells the original of, one for each ten ids finds the mails that
they refer to, and one for each meeting's mail finds its event, since Graph expands that for one message only.
A service that refuses class and date in one filter is asked for the class alone.

What is read of a report is `bot.graph.reports`'s. Facts: graph-facts section 2 (extended properties in
filters), "Get eventMessage" of the contract folder, 2026-11-26; that a list gives `internetMessageHeaders`
when they are selected is from memory, so the extended property is asked for beside them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from bot.domain.bounces import Original
from bot.domain.errors import GraphGone, GraphRefused
from bot.graph.calls import IMMUTABLE_IDS, Call, segment
from bot.graph.reports import IN_REPLY_TO, MESSAGE_CLASS, attached_original, report_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.domain.bounces import BounceReport
    from bot.graph.calls import JsonObject
    from bot.graph.client import GraphClient

OF_REPORTS = (
    f"singleValueExtendedProperties/any(ep: ep/id eq '{MESSAGE_CLASS}' and contains(ep/value,'.NDR'))"
)
PAGE_SIZE, MOST_PAGES = 50, 4
AT_ONCE = 10
MOST_EVENTS = 20
MOST_OPENED = 10
"""Reports that are opened to see what hangs on them: one request each."""


class GraphReturnedMail:
    """The reports in one organiser mailbox (address or object id).

    Needs Mail.ReadWrite, which drafting has.
    """

    def __init__(self, client: GraphClient, *, organiser: str) -> None:
        self._client = client
        self._mailbox = organiser
        self._root = f"/users/{segment(organiser)}"

    async def fetch_reports(self, *, since: datetime) -> tuple[BounceReport, ...]:
        """See the port; the newest of a page come as Graph gives them, and no more than 200 are read."""
        dated = f"receivedDateTime ge {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} and {OF_REPORTS}"
        try:
            messages = await self._list(dated)
        except GraphRefused as error:
            if error.status != 400:  # noqa: PLR2004 - HTTP: the filter is what the service does not like
                raise
            messages = await self._list(OF_REPORTS)
        found: list[BounceReport] = []
        opened = 0
        for message in messages:
            report = report_of(message)
            if report is None or report.received_at < since:
                continue
            if not report.originals and message.get("hasAttachments") and opened < MOST_OPENED:
                opened += 1
                report = replace(report, originals=await self._attached_to(str(message["id"])))
            found.append(report)
        return tuple(found)

    async def find_originals(self, internet_ids: Sequence[str]) -> Mapping[str, Original]:
        """See the port."""
        found: dict[str, Original] = {}
        of_events = 0
        for start in range(0, len(internet_ids), AT_ONCE):
            quoted = (one.replace("'", "''") for one in internet_ids[start : start + AT_ONCE])
            alternatives = (f"internetMessageId eq '{one}'" for one in quoted)
            query = {
                "$filter": " or ".join(alternatives),
                "$select": "id,internetMessageId",
                "$top": str(2 * AT_ONCE),
            }
            for message in (await self._ask("/messages", query)).get("value") or ():
                message_id, event_id = str(message["id"]), None
                if "eventmessage" in str(message.get("@odata.type", "")).lower() and of_events < MOST_EVENTS:
                    of_events += 1
                    event_id = await self._event_of(message_id)
                found[str(message.get("internetMessageId", ""))] = Original(
                    message_id=message_id, event_id=event_id
                )
        return found

    async def _attached_to(self, report_id: str) -> tuple[str, ...]:
        """The `Message-ID`s of the mails that hang on a report: where nothing else says what it is about."""
        query = {"$expand": "microsoft.graph.itemAttachment/item"}
        try:
            return attached_original(
                (await self._ask(f"/messages/{segment(report_id)}/attachments", query)).get("value") or ()
            )
        except (GraphGone, GraphRefused):
            return ()

    async def _event_of(self, message_id: str) -> str | None:
        query = {"$select": "id", "$expand": "microsoft.graph.eventMessage/event"}
        try:
            event = (await self._ask(f"/messages/{segment(message_id)}", query)).get("event")
        except GraphGone:
            return None
        return str(event["id"]) if event else None

    async def _list(self, of: str) -> list[JsonObject]:
        query: dict[str, str] = {
            "$filter": of,
            "$select": "id,receivedDateTime,hasAttachments,internetMessageHeaders,body",
            "$expand": (
                f"singleValueExtendedProperties($filter=id eq '{MESSAGE_CLASS}' or id eq '{IN_REPLY_TO}')"
            ),
            "$top": str(PAGE_SIZE),
        }
        page = await self._ask("/mailFolders/inbox/messages", query)
        messages = list(page.get("value") or ())
        for _ in range(1, MOST_PAGES):
            link = page.get("@odata.nextLink")
            if not link:
                break
            page = (await self._client.send(self._call(link=str(link)))).json()
            messages += page.get("value") or ()
        return messages

    async def _ask(self, path: str, query: Mapping[str, str]) -> JsonObject:
        return (await self._client.send(self._call(path=f"{self._root}{path}", query=query))).json()

    def _call(
        self, *, path: str = "", query: Mapping[str, str] | None = None, link: str | None = None
    ) -> Call:
        headers = {"Prefer": f'{IMMUTABLE_IDS}, outlook.body-content-type="text"'}
        return Call(
            method="GET", gate=self._mailbox, path=path, link=link, query=query or {}, headers=headers
        )
