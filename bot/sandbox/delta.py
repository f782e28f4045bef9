"""calendarView/delta: what changed in a window since a token was given.

The window is frozen in the token. `@removed` tells events that left the calendar, and events outside
the window that changed. Tokens are remembered here in a cache of limited size; one that is forgotten or
too old is 410 SyncStateNotFound. Facts: graph-facts section 3 (2026-11-22).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.sandbox.calendar_endpoints import read_window
from bot.sandbox.delta_tokens import NEVER_READ, Round
from bot.sandbox.event_json import Item, write_event
from bot.sandbox.event_record import Event, ordinary_id
from bot.sandbox.wire import Answer, GraphRequest, JsonObject, RefusedError, bad_request

if TYPE_CHECKING:
    from bot.sandbox.directory import User
    from bot.sandbox.tenant import Tenant

DEFAULT_PAGE = 50
FORBIDDEN = frozenset({"$select", "$expand", "$filter", "$orderby", "$search"})
ALLOWED = frozenset({"startdatetime", "enddatetime", "$top", "$skip", "$count"})
TOKENS = ("$skiptoken", "$deltatoken")


def expired() -> RefusedError:
    """Return the 410 of a token that is no longer known."""
    return RefusedError(
        410,
        "SyncStateNotFound",
        "The sync state generation is not found; generation=149;[highest=157][157][155][156].",
    )


def read_delta(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """GET calendarView/delta."""
    owner = tenant.mailbox(who)
    query = {k.lower(): v for k, v in request.query.items()}
    for name in query:
        if name in FORBIDDEN or name not in ALLOWED | set(TOKENS):
            raise bad_request(
                (
                    "The following parameters are not supported with change tracking over the 'CalendarView' "
                    f"resource: '{name}'."
                ),
                "ErrorInvalidUrlQuery",
            )
    tenant.calendars.bring_links(owner)
    token = next((query[t] for t in TOKENS if t in query), None)
    found = _first_round(tenant, owner, query) if token is None else _known(tenant, owner, token)
    if not found.events and found.offset == 0:
        found = replace(found, until=tenant.calendars.sequence, events=_changed(tenant, owner, found))
    return _page(tenant, request, owner, found)


def _first_round(tenant: Tenant, owner: User, query: dict[str, str]) -> Round:
    start, end = read_window(query)
    return Round(
        mailbox_id=owner.id,
        start=start,
        end=end,
        issued=tenant.clock.now(),
        since=NEVER_READ,
    )


def _known(tenant: Tenant, owner: User, token: str) -> Round:
    found = tenant.delta_tokens.find(token)
    if found is None or found.mailbox_id != owner.id:
        raise expired()
    life = tenant.settings.delta_token_seconds
    if life is not None and tenant.clock.now() - found.issued > timedelta(seconds=life):
        raise expired()
    return found


def _changed(tenant: Tenant, owner: User, found: Round) -> tuple[str, ...]:
    """Tokens of the mailbox's own events to tell: all in the window, or all that changed since."""
    own = [e for e in tenant.calendars.events.values() if e.mailbox_id == owner.id]
    first = found.since == NEVER_READ
    told = [e for e in own if (_is_in(e, found) if first else e.sequence > found.since)]
    return tuple(e.token for e in sorted(told, key=lambda e: e.sequence))


def _is_in(event: Event, found: Round) -> bool:
    return event.in_calendar and event.overlaps(found.start, found.end)


def _page(tenant: Tenant, request: GraphRequest, owner: User, found: Round) -> Answer:
    wanted = request.prefers.get("odata.maxpagesize", "")
    size = int(wanted) if wanted.isdigit() and int(wanted) else DEFAULT_PAGE
    stop = found.offset + size
    start = found.offset
    if tenant.settings.delta_repeats and start:
        start -= 1
    value = []
    for event_token in found.events[start:stop]:
        event = tenant.calendars.events[event_token]
        item = Item(event, owner, owner, None)
        value.append(_write(item, request) if _is_in(event, found) else _removed(item, request))
    out: JsonObject = {"@odata.context": f"{request.base_url}/$metadata#Collection(event)"}
    link = f"{request.base_url}{request.path}"
    now, most = tenant.clock.now(), tenant.settings.delta_token_cache
    if stop < len(found.events):
        token = tenant.delta_tokens.keep(replace(found, offset=stop, issued=now), most)
        out["@odata.nextLink"] = f"{link}?$skiptoken={token}"
    else:
        later = replace(found, since=found.until, events=(), offset=0, issued=now)
        out["@odata.deltaLink"] = f"{link}?$deltatoken={tenant.delta_tokens.keep(later, most)}"
    out["value"] = value
    return Answer(status=200, body=out)


def _write(item: Item, request: GraphRequest) -> JsonObject:
    return {"@odata.type": "#microsoft.graph.event", **write_event(item, request)}


def _removed(item: Item, request: GraphRequest) -> JsonObject:
    event = item.event
    known_as = item.id(immutable=request.wants_immutable_ids)
    if not request.wants_immutable_ids and not event.in_calendar:
        known_as = ordinary_id(event.token, event.moves - 1)
    return {
        "@odata.type": "#microsoft.graph.event",
        "id": known_as,
        "@removed": {"reason": "deleted"},
    }
