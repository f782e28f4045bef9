"""Subscriptions to changes in one organiser mailbox, and in the library that its plan lies in.

`bot.ports.service.Subscriptions` for real.

    call        unclear outcome (no answer, 5xx)
    create      looked up by listing: path and address, and not one that was known before
    renew       a PATCH of a whole value: looked up by reading it
    remove      repeated; one that is gone is done

While a creation is open Graph calls the address twice, for notifications and for lifecycle events, and waits
ten seconds for each answer; so it must not hold a place that the mailbox's other requests need. The mailbox
goes by its object id. Of a library only the root can be watched, and `updated` is all that is told. Facts:
graph-facts sections 4 and 11 and trap 16, 2026-11-22. The order of items and the spelling of paths in a list
are not documented: paths are compared in one spelling, in which a drive's id keeps its capitals.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.domain.errors import GraphConflict, GraphGone, GraphRefused
from bot.domain.notifications import ListedSubscription, Resource
from bot.graph.calls import IMMUTABLE_IDS, Call, segment
from bot.graph.gate import SUBSCRIPTIONS
from bot.graph.retry import FailureKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.graph.calls import JsonObject
    from bot.graph.client import GraphClient

NOTIFICATIONS, LIFECYCLE = "/graph/notifications", "/graph/lifecycle"
CHANGES = {
    Resource.EVENTS: "created,updated,deleted",
    Resource.INBOX: "created",
    Resource.LIBRARY: "updated",
}
PATHS = {
    Resource.EVENTS: "users/{}/events",
    Resource.INBOX: "users/{}/mailFolders/inbox/messages",
    Resource.LIBRARY: "drives/{}/root",
}
ENDS = {"messages": Resource.INBOX, "root": Resource.LIBRARY}
"""How the path of a resource ends."""
MOST_PAGES = 20
_KEY = re.compile(r"\('([^']*)'\)")


RIGHTS = {
    Resource.EVENTS: "Calendars.Read",
    Resource.INBOX: "Mail.Read",
    Resource.LIBRARY: "Files.ReadWrite.All",
}
"""Of a mailbox to read is enough, and to write need not be.

The documentation says that it will not do where reading is enough; for drives it names the right to write,
which is more than a plan is worth: without it the file is looked at.
"""


class GraphSubscriptions:
    """The subscriptions of one organiser mailbox (address or object id)."""

    def __init__(self, client: GraphClient, *, organiser: str) -> None:
        self._client = client
        self._organiser = organiser

    async def fetch_paths(
        self, resources: Iterable[Resource], *, library: str = ""
    ) -> Mapping[Resource, str]:
        """See the port.

        Raises MailboxMissing where the directory tells nobody with the organiser's address.
        """
        mailbox = await self._client.mailbox_id(self._organiser)
        return {
            one: _spelt(PATHS[one].format(library if one is Resource.LIBRARY else mailbox))
            for one in resources
        }

    async def fetch_listed(self, address: str) -> Mapping[str, ListedSubscription]:
        """See the port; one request for each page."""
        return {one.id: one for one in await self._list(address)}

    async def fetch_holders(self, path: str, *, address: str) -> tuple[str, ...]:
        """See the port."""
        there = [found for found in await self._read() if _listed(found).path == path]
        if not all(_calls(found, address) for found in there):
            raise GraphConflict("subscription_elsewhere", call="/subscriptions", status=409)
        return tuple(_listed(found).id for found in there)

    async def subscribe(
        self, path: str, *, address: str, secret: str, expires_at: datetime, known: Collection[str]
    ) -> ListedSubscription:
        """See the port."""

        async def happened(deadline: float) -> JsonObject | None:
            fresh = [
                one
                for one in await self._list(address, deadline=deadline)
                if one.path == path and one.id not in known
            ]
            return _as_json(fresh[0]) if fresh else None

        resource = ENDS.get(path.rpartition("/")[2], Resource.EVENTS)
        body: JsonObject = {
            "changeType": CHANGES[resource],
            "notificationUrl": address + NOTIFICATIONS,
            "lifecycleNotificationUrl": address + LIFECYCLE,
            "resource": "/" + PATHS[resource].format(path.split("/")[1]),
            "expirationDateTime": _instant(expires_at),
            "clientState": secret,
            "latestSupportedTlsVersion": "v1_2",
        }
        call = replace(
            _call("POST", "/subscriptions", kind=FailureKind.KEYED, body=body), permission=RIGHTS[resource]
        )
        return _listed((await self._client.send(call, look_up=happened)).json())

    async def renew(self, subscription_id: str, *, expires_at: datetime) -> datetime | None:
        """See the port."""
        path = f"/subscriptions/{segment(subscription_id)}"

        async def happened(deadline: float) -> JsonObject | None:
            found = (await self._client.send(_call("GET", path), deadline=deadline)).json()
            return found if _listed(found).expires_at >= expires_at.replace(microsecond=0) else None

        call = _call("PATCH", path, kind=FailureKind.KEYED, body={"expirationDateTime": _instant(expires_at)})
        try:
            return _listed((await self._client.send(call, look_up=happened)).json()).expires_at
        except GraphGone:
            return None

    async def unsubscribe(self, subscription_id: str) -> None:
        """See the port."""
        path = f"/subscriptions/{segment(subscription_id)}"

        async def happened(deadline: float) -> JsonObject | None:
            try:
                await self._client.send(_call("GET", path), deadline=deadline)
            except GraphGone:
                return {}
            return None

        call = _call("DELETE", path, kind=FailureKind.KEYED)
        try:
            await self._client.send(call, look_up=happened)
        except GraphGone:
            return

    async def _list(self, address: str, *, deadline: float | None = None) -> list[ListedSubscription]:
        return [_listed(found) for found in await self._read(deadline=deadline) if _calls(found, address)]

    async def _read(self, *, deadline: float | None = None) -> list[JsonObject]:
        """All of the app's, as Graph tells them."""
        page = (await self._client.send(_call("GET", "/subscriptions"), deadline=deadline)).json()
        found = list(page.get("value") or ())
        for _ in range(1, MOST_PAGES):
            link = page.get("@odata.nextLink")
            if not link:
                break
            page = (await self._client.send(_call("GET", link=str(link)), deadline=deadline)).json()
            found += page.get("value") or ()
        return found


def _call(
    method: str,
    path: str = "",
    *,
    link: str | None = None,
    kind: FailureKind = FailureKind.SAFE,
    body: JsonObject | None = None,
) -> Call:
    # Without immutable ids, notifications would name ordinary ones.
    return Call(
        method=method,
        gate=SUBSCRIPTIONS,
        path=path,
        link=link,
        kind=kind,
        headers={"Prefer": IMMUTABLE_IDS},
        body=body,
    )


def _calls(found: JsonObject, address: str) -> bool:
    return bool(found.get("notificationUrl") == address + NOTIFICATIONS)


def _listed(found: JsonObject) -> ListedSubscription:
    try:
        expires_at = datetime.fromisoformat(str(found["expirationDateTime"]))
        return ListedSubscription(
            id=str(found["id"]),
            path=_spelt(str(found.get("resource") or "")),
            expires_at=expires_at.astimezone(UTC),
        )
    except (KeyError, ValueError):
        raise GraphRefused("graph_unreadable", call="/subscriptions") from None


def _as_json(one: ListedSubscription) -> JsonObject:
    return {"id": one.id, "resource": one.path, "expirationDateTime": _instant(one.expires_at)}


def _spelt(path: str) -> str:
    kind, _, rest = _KEY.sub(r"/\1", path).strip("/").partition("/")
    return f"{kind.lower()}/{rest}" if kind.lower() == "drives" else f"{kind}/{rest}".lower()


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
