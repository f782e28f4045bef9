"""What a client may write in an event: every property checked, nothing unknown let through.

Reads the JSON of a POST or PATCH into plain values; decides nothing about mails. Error codes that
the documentation does not name are marked in `docs` of graph-facts as from memory (2026-11-22).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from bot.sandbox.event_record import Attendee
from bot.sandbox.property_ids import property_id
from bot.sandbox.wire import JsonObject, RefusedError, bad_request
from bot.sandbox.zones import Moment, read_moment

MAX_ATTENDEES = 500
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_EXTENDED_ID = re.compile(
    r"(?:String|Integer|Boolean|SystemTime|Double|Long|CLSID|Binary)\s+"
    r"(?:\{[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}\s+(?:Name\s+\S.*|Id\s+0x[0-9A-Fa-f]+)"
    r"|0x[0-9A-Fa-f]+)"
)
BOOLEANS = frozenset(
    {
        "isAllDay",
        "isDraft",
        "isOnlineMeeting",
        "isReminderOn",
        "responseRequested",
        "allowNewTimeProposals",
        "hideAttendees",
    }
)
ENUMS: dict[str, tuple[str, ...]] = {
    "importance": ("low", "normal", "high"),
    "sensitivity": ("normal", "personal", "private", "confidential"),
    "showAs": ("free", "tentative", "busy", "oof", "workingElsewhere", "unknown"),
    "onlineMeetingProvider": ("unknown", "skypeForBusiness", "skypeForConsumer", "teamsForBusiness"),
}
ATTENDEE_TYPES = ("required", "optional", "resource")
READ_ONLY = frozenset(
    {
        "id", "changeKey", "createdDateTime", "lastModifiedDateTime", "bodyPreview", "iCalUId",
        "cancelledOccurrences", "hasAttachments", "isCancelled", "isOrganizer",
        "onlineMeeting", "onlineMeetingUrl", "organizer", "originalEndTimeZone", "originalStart",
        "originalStartTimeZone", "responseStatus", "seriesMasterId", "type", "webLink",
    }
)  # fmt: skip
WRITABLE = (
    frozenset(
        {
            "subject", "body", "start", "end", "location", "locations", "attendees", "categories",
            "reminderMinutesBeforeStart", "transactionId", "recurrence",
            "singleValueExtendedProperties",
        }
    )
    | BOOLEANS
    | frozenset(ENUMS)
)  # fmt: skip
KNOWN = (
    READ_ONLY
    | WRITABLE
    | {"attachments", "extensions", "instances", "calendar", "exceptionOccurrences"}
    | {"multiValueExtendedProperties"}
)


@dataclass(slots=True, kw_only=True)
class EventInput:
    """A checked body: which properties were `sent`, and their values."""

    sent: frozenset[str]
    plain: dict[str, Any] = field(default_factory=dict)
    body: tuple[str, str] | None = None
    start: Moment | None = None
    end: Moment | None = None
    locations: list[JsonObject] | None = None
    attendees: list[Attendee] | None = None
    extended: dict[str, str] = field(default_factory=dict)
    transaction_id: str | None = None
    online: bool | None = None
    draft: bool | None = None
    provider: str | None = None

    @property
    def content(self) -> str:
        """Stands for all that was sent but the transactionId: equal for equal content."""
        people = sorted((a.address.lower(), a.type) for a in self.attendees or ())
        parts = (sorted(self.plain.items()), self.body, self.start, self.end, self.locations, people)
        return repr((*parts, sorted(self.extended.items()), self.online))


def read_event(body: JsonObject, *, creating: bool) -> EventInput:
    """Return the checked input of a POST (`creating`) or PATCH. Raises RefusedError 400."""
    names = [n for n in body if "@odata." not in n]
    _check_names(names, creating=creating)
    if body.get("recurrence") is not None:
        raise bad_request("This sandbox holds no series.", "ErrorInvalidRequest")
    out = EventInput(sent=frozenset(names))
    for name in names:
        reader = _READERS.get(name)
        if reader is not None:
            reader(out, body[name])
        elif name in BOOLEANS:
            out.plain[name] = _boolean(name, body[name])
        elif name in ENUMS:
            out.plain[name] = _choice(name, body[name], ENUMS[name])
    out.online = out.plain.pop("isOnlineMeeting", None)
    out.draft = out.plain.pop("isDraft", None)
    out.provider = out.plain.pop("onlineMeetingProvider", None)
    return out


def _check_names(names: list[str], *, creating: bool) -> None:
    for name in names:
        if name in READ_ONLY:
            raise bad_request(f"The property '{name}' is read-only.", "ErrorInvalidPropertySet")
        if name not in WRITABLE:
            raise RefusedError(
                400,
                "RequestBodyRead",
                f"The property '{name}' does not exist on type 'microsoft.graph.event'. Make sure "
                "to only use property names that are defined by the type.",
            )
    if creating and not {"start", "end"} <= set(names):
        raise bad_request("Required property start or end is missing.", "ErrorPropertyValidationFailure")
    if not creating and "transactionId" in names:
        raise bad_request("transactionId cannot change.", "ErrorInvalidPropertySet")


def _boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise bad_request(f"The property '{name}' is true or false.", "RequestBodyRead")
    return value


def _choice(name: str, value: object, choices: tuple[str, ...]) -> str:
    found = next((c for c in choices if isinstance(value, str) and c.lower() == value.lower()), None)
    if found is None:
        raise bad_request(f"Requested value '{value}' was not found for '{name}'.", "RequestBodyRead")
    return found


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise bad_request(f"The property '{name}' is a string.", "RequestBodyRead")
    return value


def _object(name: str, value: object) -> JsonObject:
    if not isinstance(value, dict):
        raise bad_request(f"The property '{name}' is an object.", "RequestBodyRead")
    return value


def _list(name: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise bad_request(f"The property '{name}' is a list.", "RequestBodyRead")
    return value


def _read_subject(out: EventInput, value: object) -> None:
    out.plain["subject"] = "" if value is None else _text("subject", value)


def _read_body(out: EventInput, value: object) -> None:
    body = _object("body", value)
    kind = _choice("body/contentType", body.get("contentType", "text"), ("text", "html"))
    out.body = (_text("body/content", body.get("content", "")), kind)


def _read_start(out: EventInput, value: object) -> None:
    out.start = read_moment(value, "start")


def _read_end(out: EventInput, value: object) -> None:
    out.end = read_moment(value, "end")


def _read_location(out: EventInput, value: object) -> None:
    place = _place(_object("location", value if value is not None else {}))
    out.locations = [place] if place["displayName"] else []


def _read_locations(out: EventInput, value: object) -> None:
    out.locations = [_place(_object("locations", v)) for v in _list("locations", value)]


def _place(sent: JsonObject) -> JsonObject:
    name = _text("location/displayName", sent.get("displayName") or "")
    place: JsonObject = {
        "displayName": name,
        "locationType": sent.get("locationType") or "default",
        "uniqueId": sent.get("uniqueId") or name,
        "uniqueIdType": sent.get("uniqueIdType") or ("private" if name else "unknown"),
        "address": sent.get("address") or {},
        "coordinates": sent.get("coordinates") or {},
    }
    for key in ("locationEmailAddress", "locationUri"):
        if sent.get(key):
            place[key] = sent[key]
    return place


def _read_categories(out: EventInput, value: object) -> None:
    out.plain["categories"] = [_text("categories", v) for v in _list("categories", value)]


def _read_reminder(out: EventInput, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise bad_request("reminderMinutesBeforeStart is a number.", "RequestBodyRead")
    out.plain["reminderMinutesBeforeStart"] = value


def _read_transaction(out: EventInput, value: object) -> None:
    out.transaction_id = None if value is None else _text("transactionId", value)


def _read_extended(out: EventInput, value: object) -> None:
    for item in _list("singleValueExtendedProperties", value):
        prop = _object("singleValueExtendedProperties", item)
        name = prop.get("id")
        if not isinstance(name, str) or not _EXTENDED_ID.fullmatch(name):
            raise bad_request(f"PropertyId '{name}' is invalid.", "ErrorInvalidProperty")
        out.extended[property_id(name)] = _text("value", prop.get("value"))


def _read_attendees(out: EventInput, value: object) -> None:
    out.attendees = read_attendees(_list("attendees", value))


def read_attendees(items: list[Any]) -> list[Attendee]:
    """Return the attendees of a list; a repeated address counts once. Raises RefusedError 400."""
    found: dict[str, Attendee] = {}
    bad = False
    for item in items:
        entry = _object("attendees", item)
        mail = _object("emailAddress", entry.get("emailAddress"))
        address = mail.get("address")
        if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
            bad = True
            continue
        kind = entry.get("type") or "required"
        found.setdefault(
            address.lower(),
            Attendee(
                address,
                str(mail.get("name") or ""),
                kind if kind in ATTENDEE_TYPES else _choice("attendees/type", kind, ATTENDEE_TYPES),
            ),
        )
    if bad:
        raise bad_request("At least one recipient is not valid.", "ErrorInvalidRecipients")
    if len(found) > MAX_ATTENDEES:
        raise bad_request(
            f"The event has {len(found)} attendees; at most {MAX_ATTENDEES} are allowed.",
            "ErrorInvalidRequest",
        )
    return list(found.values())


def check_times(start: Moment, end: Moment, *, all_day: bool) -> None:
    """Refuse (400) an end before the start, and an all-day event that is not midnight to midnight."""
    if end.utc < start.utc:
        raise bad_request(
            "The end of the event is earlier than its start.",
            "ErrorCalendarEndDateIsEarlierThanStartDate",
        )
    if not all_day:
        return
    for name, moment in (("Start", start), ("End", end)):
        if moment.wall.time() != time(0):
            raise bad_request(
                f"The Event.{name} property for an all-day event needs to be set to midnight.",
                "ErrorPropertyValidationFailure",
            )
    if end.wall <= start.wall or start.zone != end.zone:
        raise bad_request(
            "The duration of an all-day event is at least 24 hours, in one time zone.",
            "ErrorPropertyValidationFailure",
        )


_READERS: dict[str, Callable[[EventInput, object], None]] = {
    "subject": _read_subject,
    "body": _read_body,
    "start": _read_start,
    "end": _read_end,
    "location": _read_location,
    "locations": _read_locations,
    "attendees": _read_attendees,
    "categories": _read_categories,
    "reminderMinutesBeforeStart": _read_reminder,
    "transactionId": _read_transaction,
    "singleValueExtendedProperties": _read_extended,
}
