"""An event as Graph shows it: the JSON of one item, for the organiser or for an attendee.

Property names and shapes follow the documented answers in the contract folder (read 2026-11-22). On an
attendee's copy everybody else is unanswered, and with `hideAttendees` nobody else is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from bot.sandbox.content import as_text, preview
from bot.sandbox.directory import User
from bot.sandbox.event_input import KNOWN
from bot.sandbox.event_record import Attendee, Event, immutable_id, make_token, ordinary_id
from bot.sandbox.odata import Look
from bot.sandbox.wire import GraphRequest, JsonObject
from bot.sandbox.zones import NEVER, write_instant, write_moment

PROPERTIES = frozenset(KNOWN)
FILTERABLE = frozenset(
    name.lower()
    for name in (
        "id", "subject", "start", "end", "iCalUId", "createdDateTime", "lastModifiedDateTime",
        "isCancelled", "isAllDay", "isOnlineMeeting", "isOrganizer", "categories", "showAs",
        "importance", "sensitivity", "type", "singleValueExtendedProperties",
    )
)  # fmt: skip


class Item(NamedTuple):
    """An event in one mailbox: the organiser's (`seat` is None), or the copy of an attendee."""

    event: Event
    organiser: User
    owner: User
    seat: Attendee | None

    def id(self, *, immutable: bool) -> str:
        """Return the item's id in the wanted form."""
        if self.seat is None:
            return self.event.immutable_id if immutable else self.event.ordinary_id
        token = make_token("copy", self.event.token, self.owner.id)
        return immutable_id(token) if immutable else ordinary_id(token, 0)


def _attendee(attendee: Attendee, *, blind: bool) -> JsonObject:
    status = {
        "response": "none" if blind else attendee.response,
        "time": NEVER if blind else write_instant(attendee.time),
    }
    if attendee.timeless and not blind:
        del status["time"]
    return {
        "type": attendee.type,
        "status": status,
        "emailAddress": {"name": attendee.name, "address": attendee.shown_as or attendee.address},
    }


def _attendees(item: Item) -> list[JsonObject]:
    event, seat = item.event, item.seat
    if seat is None:
        return [_attendee(a, blind=False) for a in event.attendees]
    if event.plain["hideAttendees"]:
        return [_attendee(seat, blind=True)]
    return [_attendee(a, blind=True) for a in event.attendees]


def _recipient(user: User) -> JsonObject:
    return {"emailAddress": {"name": user.display_name, "address": user.mail or user.upn}}


def _own_status(item: Item) -> JsonObject:
    if item.seat is None:
        return {"response": "organizer", "time": NEVER}
    word = item.seat.own_response
    return {
        "response": "notResponded" if word == "none" else word,
        "time": write_instant(item.seat.time),
    }


def _body(item: Item, request: GraphRequest) -> JsonObject:
    if request.prefers.get("outlook.body-content-type", "").lower() == "text":
        return {"contentType": "text", "content": as_text(item.event.html)}
    return {"contentType": "html", "content": item.event.html}


def _zone_of(item: Item, request: GraphRequest, which: str) -> JsonObject:
    event = item.event
    moment = event.start if which == "start" else event.end
    return write_moment(moment, request.zone, all_day=event.is_all_day)


def _web_link(item: Item) -> str:
    found = quote(item.id(immutable=False), safe="")
    return f"https://outlook.sandbox.example/owa/?itemid={found}&exvsurl=1&path=/calendar/item"


def _plain(name: str) -> Callable[[Item, GraphRequest], Any]:
    return lambda item, _: item.event.plain[name]


_WRITERS: dict[str, Callable[[Item, GraphRequest], Any]] = {
    "createdDateTime": lambda i, _: write_instant(i.event.created),
    "lastModifiedDateTime": lambda i, _: write_instant(i.event.modified),
    "changeKey": lambda i, _: i.event.change_key,
    "categories": _plain("categories"),
    "transactionId": lambda i, _: i.event.transaction_id,
    "originalStartTimeZone": lambda i, _: i.event.start.zone,
    "originalEndTimeZone": lambda i, _: i.event.end.zone,
    "iCalUId": lambda i, _: i.event.ical_uid,
    "reminderMinutesBeforeStart": _plain("reminderMinutesBeforeStart"),
    "isReminderOn": _plain("isReminderOn"),
    "hasAttachments": lambda _i, _: False,
    "subject": _plain("subject"),
    "bodyPreview": lambda i, _: preview(i.event.html),
    "importance": _plain("importance"),
    "sensitivity": _plain("sensitivity"),
    "isAllDay": _plain("isAllDay"),
    "isCancelled": lambda i, _: i.event.is_cancelled,
    "isDraft": lambda i, _: i.event.is_draft,
    "isOrganizer": lambda i, _: i.seat is None,
    "responseRequested": _plain("responseRequested"),
    "seriesMasterId": lambda _i, _: None,
    "showAs": _plain("showAs"),
    "type": lambda _i, _: "singleInstance",
    "webLink": lambda i, _: _web_link(i),
    "onlineMeetingUrl": lambda _i, _: None,
    "isOnlineMeeting": lambda i, _: i.event.is_online,
    "onlineMeetingProvider": lambda i, _: "teamsForBusiness" if i.event.is_online else "unknown",
    "allowNewTimeProposals": _plain("allowNewTimeProposals"),
    "hideAttendees": _plain("hideAttendees"),
    "recurrence": lambda _i, _: None,
    "responseStatus": lambda i, _: _own_status(i),
    "body": _body,
    "start": lambda i, r: _zone_of(i, r, "start"),
    "end": lambda i, r: _zone_of(i, r, "end"),
    "location": lambda i, _: i.event.location,
    "locations": lambda i, _: i.event.locations,
    "attendees": lambda i, _: _attendees(i),
    "organizer": lambda i, _: _recipient(i.organiser),
    "onlineMeeting": lambda i, _: {"joinUrl": i.event.join_url} if i.event.join_url else None,
}


_LOWER_WRITERS = {name.lower(): writer for name, writer in _WRITERS.items()}


def write_event(
    item: Item,
    request: GraphRequest,
    select: frozenset[str] | None = None,
    extended: Mapping[str, str] | None = None,
) -> JsonObject:
    """Return the item's JSON.

    All properties or the selected ones, and the `extended` asked for, each under the id it is told by.

    Extended properties come only when they were expanded by id, as in Graph.
    """
    out: JsonObject = {
        "@odata.etag": item.event.etag,
        "id": item.id(immutable=request.wants_immutable_ids),
    }
    for name, writer in _WRITERS.items():
        if select is None or name in select:
            out[name] = writer(item, request)
    if extended and item.seat is None:
        have = item.event.extended
        found = [{"id": told, "value": have[name]} for name, told in extended.items() if name in have]
        if found:
            out["singleValueExtendedProperties"] = found
    return out


def look_at(item: Item, request: GraphRequest) -> Look:
    """Return the look-up of property paths that `$filter` and `$orderby` use."""
    event = item.event

    def look(path: str) -> object:
        match path.lower():
            case "start/datetime" | "start":
                found: object = event.start.utc
            case "end/datetime" | "end":
                found = event.end.utc
            case "createddatetime":
                found = event.created
            case "lastmodifieddatetime":
                found = event.modified
            case "id":
                found = item.id(immutable=request.wants_immutable_ids)
            case "singlevalueextendedproperties":
                mine = event.indexed if item.seat is None else {}
                found = [{"id": k, "value": v} for k, v in mine.items()]
            case other:
                found = _LOWER_WRITERS[other](item, request) if other in _LOWER_WRITERS else None
        return found

    return look
