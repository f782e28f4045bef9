"""Graph's calendar: events, calendarView, the calendar itself, and cancelling.

Turns requests into acts on `calendars.py` and items into JSON. Delta is in `delta.py`, free/busy and
rooms in `schedule.py`. Facts: graph-facts sections 1 to 3 (2026-11-22).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.sandbox.directory import User
from bot.sandbox.event_input import read_event
from bot.sandbox.event_json import FILTERABLE, PROPERTIES, Item, look_at, write_event
from bot.sandbox.event_record import looks_like_id
from bot.sandbox.odata import (
    Predicate,
    extended_ids,
    parse_filter,
    parse_orderby,
    parse_select,
    read_number,
)
from bot.sandbox.wire import Answer, GraphRequest, JsonObject, RefusedError, bad_request, item_not_found
from bot.sandbox.zones import read_instant

if TYPE_CHECKING:
    from bot.sandbox.tenant import Tenant

MAX_PAGE = 1000
DEFAULT_PAGE = 10
# Seen live; more is ErrorInvalidRequest.
LONGEST_WINDOW = timedelta(days=1825)
_SAFE = "'(),:/$"
LIST_OPTIONS = frozenset(
    {"$top", "$skip", "$filter", "$select", "$orderby", "$expand", "$count"}
    | {"startdatetime", "enddatetime"}
)


def next_link(request: GraphRequest, name: str, value: str) -> str:
    """Return the address of the next page: this request's, with one option set."""
    query = {k: v for k, v in request.query.items() if k.lower() != name.lower()}
    query[name] = value
    text = "&".join(f"{k}={quote(v, safe=_SAFE)}" for k, v in query.items())
    return f"{request.base_url}{request.path}?{text}"


def items_of(tenant: Tenant, owner: User) -> list[Item]:
    """Return what stands in a mailbox's calendar: its own events, and copies of invitations.

    A room has only what it accepted; a person's declined copies are gone.
    """
    directory = tenant.directory
    out = []
    for event in tenant.calendars.events.values():
        if not event.in_calendar or not event.is_visible:
            continue
        organiser = directory.users[event.mailbox_id]
        if event.mailbox_id == owner.id:
            out.append(Item(event, organiser, owner, None))
            continue
        if event.is_draft:
            continue
        seat = next((s for a in owner.addresses if (s := event.attendee(a)) is not None), None)
        if seat is None or seat.own_response == "declined":
            continue
        if not owner.is_room or seat.own_response == "accepted":
            out.append(Item(event, organiser, owner, seat))
    return out


def find_item(tenant: Tenant, owner: User, item_id: str) -> Item:
    """Return the item of an id in either form. Raises RefusedError 404, or 400 for no id at all."""
    event = tenant.calendars.find(item_id)
    if event is not None:
        if event.mailbox_id != owner.id:
            raise item_not_found()
        return Item(event, owner, owner, None)
    if not looks_like_id(item_id):
        raise bad_request("Id is malformed.", "ErrorInvalidIdMalformed")
    for item in items_of(tenant, owner):
        if item.seat and item_id in {item.id(immutable=True), item.id(immutable=False)}:
            return item
    raise item_not_found()


def create_event(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """POST events."""
    owner = tenant.mailbox(who)
    event, _ = tenant.calendars.create(
        owner,
        read_event(request.json(), creating=True),
        without_teams="without_teams" in request.flags,
    )
    return _one(tenant, request, Item(event, owner, owner, None), 201)


def read_one(tenant: Tenant, request: GraphRequest, who: str, item_id: str) -> Answer:
    """GET an event."""
    _only(request, {"$select", "$expand"})
    item = find_item(tenant, tenant.mailbox(who), item_id)
    tenant.calendars.bring_link(item.event)
    return _one(tenant, request, item, 200)


def change_event(tenant: Tenant, request: GraphRequest, who: str, item_id: str) -> Answer:
    """PATCH an event."""
    item = _organised(find_item(tenant, tenant.mailbox(who), item_id))
    sent = read_event(request.json(), creating=False)
    tenant.calendars.change(item.event, sent, request.headers.get("if-match"))
    return _one(tenant, request, item, 200)


def delete_event(tenant: Tenant, request: GraphRequest, who: str, item_id: str) -> Answer:
    """DELETE an event; an attendee's copy is declined in silence."""
    item = find_item(tenant, tenant.mailbox(who), item_id)
    if item.seat is not None:
        item.seat.own_response = "declined"
    else:
        tenant.calendars.delete(item.event, request.headers.get("if-match"))
    return Answer(status=204)


def cancel_event(tenant: Tenant, request: GraphRequest, who: str, item_id: str) -> Answer:
    """POST cancel; `Comment` in either letter case."""
    item = find_item(tenant, tenant.mailbox(who), item_id)
    if item.seat is not None:
        raise bad_request("Your request can't be completed. You need to be an organizer to cancel a meeting.")
    comment = ""
    if request.body.strip():
        body = {k.lower(): v for k, v in request.json().items()}
        if set(body) - {"comment"}:
            raise bad_request(f"The parameters {sorted(body)} do not belong to cancel.", "BadRequest")
        comment = str(body.get("comment") or "")
    tenant.calendars.cancel(item.event, comment)
    return Answer(status=202)


def list_events(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """GET events."""
    return _page(tenant, request, items_of(tenant, tenant.mailbox(who)))


def list_view(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """GET calendarView: what takes place in the window, by start."""
    owner = tenant.mailbox(who)
    query = {k.lower(): v for k, v in request.query.items()}
    start, end = read_window(query)
    items = [i for i in items_of(tenant, owner) if i.event.overlaps(start, end)]
    return _page(tenant, request, sorted(items, key=lambda i: (i.event.start.utc, i.event.created)))


def read_window(query: dict[str, str]) -> tuple[datetime, datetime]:
    """Return from and to (UTC) of a calendarView; names in lower case.

    Raises RefusedError 400, also for more than 1,825 days.
    """
    if not {"startdatetime", "enddatetime"} <= set(query):
        raise bad_request(
            (
                "This request requires a time window specified by the query string parameters StartDateTime "
                "and EndDateTime."
            ),
            "ErrorInvalidParameter",
        )
    start, end = (
        read_instant(query["startdatetime"], "startDateTime"),
        read_instant(query["enddatetime"], "endDateTime"),
    )
    if end - start > LONGEST_WINDOW:
        raise bad_request(
            "Your request can't be completed. The range between the start and end dates is over "
            f"{LONGEST_WINDOW.days} days."
        )
    return start, end


def read_calendar(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """GET the default calendar."""
    owner = tenant.mailbox(who)
    teams = tenant.settings.teams_available
    body: JsonObject = {
        "@odata.context": f"{request.base_url}/$metadata#users('{owner.id}')/calendar/$entity",
        "id": f"AQMkAD{owner.id.replace('-', '')}AAA=",
        "name": "Kalender",
        "color": "auto",
        "isDefaultCalendar": True,
        "canShare": True,
        "canViewPrivateItems": True,
        "canEdit": True,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"] if teams else [],
        "defaultOnlineMeetingProvider": "teamsForBusiness" if teams else "unknown",
        "isTallyingResponses": True,
        "isRemovable": False,
        "owner": {"name": owner.display_name, "address": owner.mail},
    }
    select = parse_select(request.query.get("$select"), frozenset(body) - {"@odata.context"})
    chosen = {k: v for k, v in body.items() if select is None or k in select or k[0] == "@"}
    return Answer(status=200, body=chosen)


def known_filter(name: str) -> bool:
    """Whether events can be filtered and sorted by this property."""
    return name.lower() in FILTERABLE


def _organised(item: Item) -> Item:
    if item.seat is not None:
        raise RefusedError(
            403, "ErrorAccessDenied", "Access is denied. Only the organizer can change a meeting."
        )
    return item


def _only(request: GraphRequest, allowed: set[str] | frozenset[str]) -> None:
    for name in request.query:
        if name.lower() not in allowed:
            raise bad_request(f"The query parameter '{name}' is not supported.", "BadRequest")


def _one(tenant: Tenant, request: GraphRequest, item: Item, status: int) -> Answer:
    expand = request.query.get("$expand")
    select = parse_select(request.query.get("$select"), PROPERTIES)
    body = write_event(
        item, request, select, extended_ids(expand, tenant.settings.property_ids) if expand else None
    )
    context = f"{request.base_url}/$metadata#users('{item.owner.id}')/events/$entity"
    return Answer(status=status, body={"@odata.context": context, **body})


def _page(tenant: Tenant, request: GraphRequest, items: list[Item]) -> Answer:
    _only(request, LIST_OPTIONS)
    query = request.query
    top = read_number(query, "$top", DEFAULT_PAGE, MAX_PAGE) or DEFAULT_PAGE
    skip = read_number(query, "$skip", 0, 10**9)
    expand = query.get("$expand")
    select = parse_select(query.get("$select"), PROPERTIES)
    extended = extended_ids(expand, tenant.settings.property_ids) if expand else None
    items = [i for i in items if i.event.is_listed]
    for item in items:
        tenant.calendars.bring_link(item.event)
    if "$filter" in query:
        holds = filter_of(tenant, query["$filter"], known_filter)
        items = [i for i in items if holds(look_at(i, request))]
    for path, descending in reversed(parse_orderby(query.get("$orderby"), known_filter)):
        items.sort(key=_sort_key(path, request), reverse=descending)
    out: JsonObject = {"@odata.context": f"{request.base_url}/$metadata#Collection(microsoft.graph.event)"}
    if query.get("$count") == "true":
        out["@odata.count"] = len(items)
    out["value"] = [write_event(i, request, select, extended) for i in items[skip : skip + top]]
    if skip + top < len(items):
        out["@odata.nextLink"] = next_link(request, "$skip", str(skip + top))
    return Answer(status=200, body=out)


def filter_of(tenant: Tenant, text: str, knows: Callable[[str], bool]) -> Predicate:
    """Return the test of a `$filter`; with extended properties it may have to stand alone.

    Raises RefusedError 400.
    """
    named: set[str] = set()

    def known(name: str) -> bool:
        named.add(name.lower())
        return knows(name)

    holds = parse_filter(text, known)
    alone = tenant.settings.stamp_filter_stands_alone
    if alone and "singlevalueextendedproperties" in named and len(named) > 1:
        raise bad_request(
            "The restriction or sort order is too complex for this operation.", "ErrorInvalidRestriction"
        )
    return holds


def _sort_key(path: str, request: GraphRequest) -> Callable[[Item], str]:
    return lambda item: str(look_at(item, request)(path))
