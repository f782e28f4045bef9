"""Free/busy and rooms: getSchedule, and the places of the tenant.

Facts: graph-facts section 9 (2026-11-22). Limits are those that the service reports, 100 schedules and
62 days; a client should keep to the documented 20 and 42.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.sandbox.calendar_endpoints import items_of, next_link
from bot.sandbox.directory import User
from bot.sandbox.event_json import Item
from bot.sandbox.odata import parse_select, read_number
from bot.sandbox.wire import Answer, GraphRequest, JsonObject, bad_request, item_not_found
from bot.sandbox.zones import Moment, read_moment, write_moment

if TYPE_CHECKING:
    from bot.sandbox.tenant import Tenant

MAX_SCHEDULES = 100
MAX_DAYS = 62
# Minutes of availabilityViewInterval.
SHORTEST, LONGEST = 5, 1440
DIGITS = {"free": "0", "tentative": "1", "busy": "2", "oof": "3", "workingElsewhere": "4"}


def get_schedule(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """POST getSchedule; property names in either letter case."""
    tenant.mailbox(who)
    body = {k.lower(): v for k, v in request.json().items()}
    addresses = body.get("schedules")
    if not isinstance(addresses, list) or not addresses:
        raise bad_request("Schedules are missing.", "ErrorInvalidParameter")
    if len(addresses) > MAX_SCHEDULES:
        raise bad_request(
            "There are too many target users in the EmailAddress array. "
            f"The allowed size = {MAX_SCHEDULES}; the actual size = {len(addresses)}.",
            "ErrorMailboxDataArrayTooBig",
        )
    start, end = read_moment(body.get("starttime"), "startTime"), read_moment(body.get("endtime"), "endTime")
    if end.utc - start.utc > timedelta(days=MAX_DAYS):
        raise bad_request(
            f"The requested time duration specified for FreeBusyViewOptions.TimeWindow is too long. The allowed limit = {MAX_DAYS} days.",
            "ErrorTimeIntervalTooBig",
        )
    minutes = body.get("availabilityviewinterval", 30)
    if not isinstance(minutes, int) or not SHORTEST <= minutes <= LONGEST or timedelta(minutes=minutes) > end.utc - start.utc:
        raise bad_request("The interval is invalid.", "ErrorInvalidMergedFreeBusyInterval")
    step = timedelta(minutes=minutes)
    value = [_schedule(tenant, request, str(a), start, end, step) for a in addresses]
    context = f"{request.base_url}/$metadata#Collection(microsoft.graph.scheduleInformation)"
    return Answer(status=200, body={"@odata.context": context, "value": value})


def _schedule(tenant: Tenant, request: GraphRequest, address: str, start: Moment, end: Moment, step: timedelta) -> JsonObject:
    user = tenant.directory.find_user(address)
    if user is None or not user.has_mailbox:
        error = {
            "message": f"Unable to resolve e-mail address {address} to an Active Directory object.",
            "responseCode": "ErrorMailRecipientNotFound",
        }
        return {"scheduleId": address, "availabilityView": "", "error": error}
    items = [i for i in items_of(tenant, user) if i.event.overlaps(start.utc, end.utc)]
    view, moment = [], start.utc
    while moment < end.utc:
        view.append(max((DIGITS.get(_status(i), "0") for i in items if i.event.overlaps(moment, moment + step)), default="0"))
        moment += step
    return {
        "scheduleId": address,
        "availabilityView": "".join(view),
        "scheduleItems": [
            {
                "isPrivate": False,
                "status": _status(i),
                "subject": i.event.subject,
                "location": i.event.location["displayName"],
                "start": write_moment(i.event.start, request.zone, all_day=i.event.is_all_day),
                "end": write_moment(i.event.end, request.zone, all_day=i.event.is_all_day),
            }
            for i in sorted(items, key=lambda i: i.event.start.utc)
        ],
    }


def _status(item: Item) -> str:
    if item.seat is not None and item.seat.own_response in ("none", "tentativelyAccepted"):
        return "tentative"
    return str(item.event.plain["showAs"])


def list_rooms(tenant: Tenant, request: GraphRequest) -> Answer:
    """GET places/microsoft.graph.room."""
    rooms = [u for u in tenant.directory.users.values() if u.is_room]
    top, skip = read_number(request.query, "$top", 100, 100) or 100, read_number(request.query, "$skip", 0, 10**6)
    select = parse_select(request.query.get("$select"), ROOM_PROPERTIES)
    out: JsonObject = {"@odata.context": f"{request.base_url}/$metadata#places/microsoft.graph.room"}
    if request.query.get("$count") == "true":
        out["@odata.count"] = len(rooms)
    if skip + top < len(rooms):
        out["@odata.nextLink"] = next_link(request, "$skip", str(skip + top))
    out["value"] = [_room(r, select) for r in rooms[skip : skip + top]]
    return Answer(status=200, body=out)


def read_room(tenant: Tenant, request: GraphRequest, which: str) -> Answer:
    """GET a room by id or address."""
    user = tenant.directory.find_user(which)
    if user is None or not user.is_room:
        raise item_not_found()
    return Answer(status=200, body=_room(user, parse_select(request.query.get("$select"), ROOM_PROPERTIES)))


ROOM_PROPERTIES = frozenset(
    {"id", "emailAddress", "displayName", "nickname", "capacity", "building", "bookingType"}
    | {"isWheelChairAccessible", "tags", "address", "phone", "floorNumber"}
)


def _room(user: User, select: frozenset[str] | None) -> JsonObject:
    everything: JsonObject = {
        "id": user.id,
        "emailAddress": user.mail,
        "displayName": user.display_name,
        "nickname": user.display_name,
        "capacity": user.capacity,
        "building": user.building,
        "bookingType": "standard",
        "isWheelChairAccessible": True,
        "tags": [],
    }
    return {k: v for k, v in everything.items() if select is None or k in select}
