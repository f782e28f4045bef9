"""Free/busy and rooms: getSchedule, and the places of the tenant.

Facts: graph-facts section 9 and graph-facts-checked section 21 (2026-11-22). Limits are those that the
service reports, 100 schedules and 62 days; a client should keep to the documented 20. Times are answered in
UTC whatever zone is preferred, and whole days are midnights of the zone that was asked in. Of others'
calendars no more is told than from, to and status, items of status `free` too; who is unknown, or has no
mailbox, has an error and `scheduleItems` null. What the app sees goes by the mailbox in the path: its own
items are whole. With `schedule` `documented` the answer is as Microsoft describes it: times in the preferred
zone, everybody's items whole, and an error by name that has no `scheduleItems` beside it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.sandbox.calendar_endpoints import items_of, next_link
from bot.sandbox.directory import User
from bot.sandbox.event_json import Item
from bot.sandbox.free_busy import midnight, schedule_item
from bot.sandbox.odata import parse_select, read_number
from bot.sandbox.wire import Answer, GraphRequest, JsonObject, bad_request, item_not_found
from bot.sandbox.zones import Moment, find_zone, read_moment

if TYPE_CHECKING:
    from bot.sandbox.tenant import Tenant

    Part = tuple[datetime, datetime, JsonObject]

MAX_SCHEDULES = 100
MAX_DAYS = 62
# Minutes of availabilityViewInterval.
SHORTEST, LONGEST = 5, 1440
DIGITS = {"free": "0", "tentative": "1", "busy": "2", "oof": "3", "workingElsewhere": "4"}
# Of who is nobody, and of who has no mailbox: the two are not to be told apart.
UNRESOLVED, UNRESOLVED_AS_DOCUMENTED = "5016", "ErrorMailRecipientNotFound"


def get_schedule(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """POST getSchedule; property names in either letter case."""
    asking = tenant.mailbox(who)
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
            (
                "The requested time duration specified for FreeBusyViewOptions.TimeWindow is too long. The "
                f"allowed limit = {MAX_DAYS} days."
            ),
            "ErrorTimeIntervalTooBig",
        )
    minutes = body.get("availabilityviewinterval", 30)
    if (
        not isinstance(minutes, int)
        or not SHORTEST <= minutes <= LONGEST
        or timedelta(minutes=minutes) > end.utc - start.utc
    ):
        raise bad_request("The interval is invalid.", "ErrorInvalidMergedFreeBusyInterval")
    step = timedelta(minutes=minutes)
    told = [str(address) for address in addresses if str(address).lower() not in tenant.free_busy.left_out]
    value = [_schedule(tenant, asking, address, start, end, step) for address in told]
    if tenant.settings.schedule == "documented":
        value = [_as_documented(row, request.zone) for row in value]
    context = f"{request.base_url}/$metadata#Collection(microsoft.graph.scheduleInformation)"
    return Answer(status=200, body={"@odata.context": context, "value": value})


def _schedule(
    tenant: Tenant, asking: User, address: str, start: Moment, end: Moment, step: timedelta
) -> JsonObject:
    user = tenant.directory.find_user(address)
    code = (
        UNRESOLVED if user is None or not user.has_mailbox else tenant.free_busy.errors.get(address.lower())
    )
    if user is None or code is not None:
        message = f"Unable to resolve e-mail address {address} to an Active Directory object."
        return {
            "scheduleId": address,
            "availabilityView": "",
            "error": {"message": message, "responseCode": code},
            "scheduleItems": None,
        }
    parts = sorted(_parts(tenant, asking, user, start, end), key=lambda part: part[:2])
    items = None if address.lower() in tenant.free_busy.null_items else [item for _, _, item in parts]
    return {
        "scheduleId": address,
        "availabilityView": _view(parts, start.utc, end.utc, step),
        "scheduleItems": items,
    }


def _as_documented(row: JsonObject, zone: str) -> JsonObject:
    if "error" in row:
        told = {key: value for key, value in row.items() if key != "scheduleItems"}
        code = row["error"]["responseCode"]
        return told | {
            "error": row["error"] | {"responseCode": UNRESOLVED_AS_DOCUMENTED if code == UNRESOLVED else code}
        }
    items = row["scheduleItems"]
    moved = items and [
        {**one, **{side: _in_zone(one[side], zone) for side in ("start", "end")}} for one in items
    ]
    return {**row, "scheduleItems": moved}


def _in_zone(told: JsonObject, zone: str) -> JsonObject:
    moment = datetime.fromisoformat(told["dateTime"][:19]).replace(tzinfo=UTC).astimezone(find_zone(zone))
    return {"dateTime": f"{moment:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": zone}


def _parts(tenant: Tenant, asking: User, user: User, start: Moment, end: Moment) -> list[Part]:
    """What stands in the calendar in that time: from, to (UTC), and as it is told to who asks."""
    found: list[Part] = []
    for item in items_of(tenant, user):
        event = item.event
        span = (event.start.utc, event.end.utc)
        if event.is_all_day:
            span = (
                midnight(event.start.wall.date(), start.zone),
                midnight(event.end.wall.date(), start.zone),
            )
        if span[0] >= end.utc or span[1] <= start.utc:
            continue
        told = schedule_item(_status(item), *span)
        if user is asking or tenant.settings.schedule == "documented":
            told |= {"isPrivate": False, "subject": event.subject, "location": event.location["displayName"]}
        found.append((*span, told))
    for one in tenant.free_busy.occupations.get(user.id, ()):
        begins, ends = one.span(start.zone)
        if begins < end.utc and ends > start.utc:
            found.append((begins, ends, one.written or schedule_item(one.status, begins, ends)))
    return found


def _view(parts: list[Part], start: datetime, end: datetime, step: timedelta) -> str:
    """One digit for each step, the gravest of what touches it."""
    digits = ["0"] * -(-(end - start) // step)
    for begins, ends, item in parts:
        digit = DIGITS.get(item["status"], "0")
        for place in range(max(0, (begins - start) // step), min(len(digits), -(-(ends - start) // step))):
            digits[place] = max(digits[place], digit)
    return "".join(digits)


def _status(item: Item) -> str:
    if item.seat is not None and item.seat.own_response in ("none", "tentativelyAccepted"):
        return "tentative"
    return str(item.event.plain["showAs"])


def list_rooms(tenant: Tenant, request: GraphRequest) -> Answer:
    """GET places/microsoft.graph.room."""
    rooms = [u for u in tenant.directory.users.values() if u.is_room]
    top, skip = (
        read_number(request.query, "$top", 100, 100) or 100,
        read_number(request.query, "$skip", 0, 10**6),
    )
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
    | {"isWheelChairAccessible", "tags", "address", "phone", "floorNumber", "label"}
    | {"audioDeviceName", "videoDeviceName", "displayDeviceName"}
)


def _room(user: User, select: frozenset[str] | None) -> JsonObject:
    everything: JsonObject = {
        "id": user.id,
        "emailAddress": user.mail,
        "displayName": user.display_name,
        "nickname": user.display_name,
        "capacity": user.capacity,
        "building": user.building,
        "bookingType": user.room.booking,
        "isWheelChairAccessible": True,
        "tags": list(user.room.tags),
        "address": {"street": user.room.street, "city": user.room.city}
        if user.room.street or user.room.city
        else None,
        "phone": None,
        "floorNumber": None,
        "label": None,
        "audioDeviceName": None,
        "videoDeviceName": user.room.video_device,
        "displayDeviceName": user.room.display_device,
    }
    return {k: v for k, v in everything.items() if select is None or k in select}
