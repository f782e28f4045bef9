"""The pages of a delta query over a calendar: what changed, and what is not in the window any more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.errors import MailboxMissing, SyncStateLost
from bot.graph.wire import is_whole, observed_event

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.domain.events import ObservedEvent, SessionKey
    from bot.graph.calls import Call, JsonObject
    from bot.graph.client import GraphClient

    Fetch = Callable[[str, SessionKey], Awaitable[ObservedEvent | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphDelta:
    """`bot.ports.outlook.CalendarDelta`."""

    events: tuple[ObservedEvent, ...]
    removed: tuple[str, ...]
    link: str


async def read_changes(
    client: GraphClient, call: Call, *, keys: Mapping[str, SessionKey], zone: str, fetch: Fetch
) -> GraphDelta:
    """Every page from `call` on.

    `keys` maps the ids of our events, others are left out, and `fetch` reads one that came short.

    Raises SyncStateLost where the link is too old or names an account that the address has no more, or no
    link to go on with comes.
    """
    events: dict[str, ObservedEvent] = {}
    removed: dict[str, None] = {}

    async def take(item: JsonObject) -> None:
        identity = str(item.get("id") or "")
        key = keys.get(identity)
        if "@removed" in item:
            events.pop(identity, None)
            removed[identity] = None
            return
        if key is None:
            return
        observed = observed_event(item, key, zone) if is_whole(item) else await fetch(identity, key)
        if observed is None:
            events.pop(identity, None)
            removed[identity] = None
        else:
            removed.pop(identity, None)
            events[identity] = observed

    while True:
        page = await _page(client, call)
        for item in page.get("value") or ():
            await take(item)
        following = page.get("@odata.nextLink")
        if not following:
            break
        call = replace(call, path="", query={}, link=str(following))
    delta_link = page.get("@odata.deltaLink")
    if not delta_link:
        raise SyncStateLost("graph_sync_state_lost", call="GET calendarView/delta")
    return GraphDelta(events=tuple(events.values()), removed=tuple(removed), link=str(delta_link))


async def _page(client: GraphClient, call: Call) -> JsonObject:
    try:
        return (await client.send(call)).json()
    except MailboxMissing as error:
        if call.link is None:
            raise
        # From scratch it shows whether the address has another account now.
        raise SyncStateLost(
            "graph_sync_state_lost", call="GET calendarView/delta", graph_code=error.graph_code
        ) from None
