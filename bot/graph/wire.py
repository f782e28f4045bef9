"""Graph's JSON for events and our frozen data, both ways. Pure: no I/O, no clock, no logging.

What is written is fixed by the public contract ("What is written on every Outlook event"); what is
read is taken as it comes: missing keys, other letter case, enum values that did not exist yet. Times
are in `bot.graph.times`, the Teams block in `bot.graph.joinblock`. Facts: graph-facts sections 1 to 3,
2026-11-22.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.addresses import plain_address
from bot.domain.events import (
    AttendeeType,
    EventContent,
    EventField,
    Location,
    ObservedAttendee,
    ObservedEvent,
    ResponseStatus,
    SessionKey,
)
from bot.graph.joinblock import with_join_block, without_join_block
from bot.graph.properties import property_value
from bot.graph.times import graph_time, instant, wall_time
from bot.messages.visible_text import visible_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.domain.events import Attendee, DesiredEvent

JsonObject = dict[str, Any]

STAMP = "String {6d7f3a7e-2c54-4f0a-9c3b-6b1d7e1c9a10} Name kursusbot.session"
STAMP_EXPANDED = f"singleValueExtendedProperties($filter=id eq '{STAMP}')"
SELECTED = (
    "id,subject,body,start,end,isAllDay,location,showAs,responseRequested,hideAttendees,"
    "isOnlineMeeting,onlineMeeting,attendees,isCancelled,createdDateTime,lastModifiedDateTime"
)
REMINDER = "reminderMinutesBeforeStart"
RINGS_BEFORE, RINGS_BEFORE_A_DAY = 15, 15 * 60
"""Minutes: Outlook's own for what has an hour, and at nine the day before for a day.

15 before midnight would wake people.
"""
TEAMS: JsonObject = {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}

_RESPONSES = {status.value.lower(): status for status in ResponseStatus}
_TYPES = {kind.value.lower(): kind for kind in AttendeeType}
_SHOW_AS = {
    name.lower(): name for name in ("free", "tentative", "busy", "oof", "workingElsewhere", "unknown")
}


def event_body(desired: DesiredEvent, attendees: Sequence[Attendee], transaction_id: str) -> JsonObject:
    """The body that creates an event.

    `attendees` are the desired ones, or those of them that can be invited.
    """
    content = desired.content
    body = content_body(content, EventField, all_day=True)
    if content.location is None:
        del body["location"]
    if not content.all_day:
        # The mailbox's own: a quarter of an hour, unless somebody has chosen otherwise.
        del body[REMINDER]
    return {
        **body,
        "allowNewTimeProposals": False,
        "transactionId": transaction_id,
        **stamp_body(desired.key),
        "attendees": [attendee_json(one) for one in attendees],
    }


def content_body(
    content: EventContent, fields: Iterable[EventField], *, all_day: bool, join_block: str = ""
) -> JsonObject:
    """A PATCH body with exactly the named fields.

    `start` and `end` together, if `all_day` with `isAllDay` and when Outlook rings.

    When it rings is nobody's news (no mail is known to come of it), so it is written only along with what is:
    a reminder that a person has set stays when a session moves. A Teams meeting can be switched on and never
    off, so a content that is not online adds nothing.
    """
    chosen = set(fields)
    body: JsonObject = {}
    if EventField.SUBJECT in chosen:
        body["subject"] = content.subject
    if EventField.BODY in chosen:
        body["body"] = {"contentType": "html", "content": with_join_block(content.body, join_block)}
    if chosen & {EventField.START, EventField.END}:
        body["start"] = graph_time(content.start, content.timezone)
        body["end"] = graph_time(content.end, content.timezone)
        if all_day:
            body |= {
                "isAllDay": content.all_day,
                REMINDER: RINGS_BEFORE_A_DAY if content.all_day else RINGS_BEFORE,
            }
    if EventField.LOCATION in chosen:
        body["location"] = _location_json(content.location)
    if EventField.SHOW_AS in chosen:
        body["showAs"] = content.show_as
    if EventField.RESPONSE_REQUESTED in chosen:
        body["responseRequested"] = content.response_requested
    if EventField.HIDE_ATTENDEES in chosen:
        body["hideAttendees"] = content.hide_attendees
    if EventField.ONLINE in chosen and content.online:
        body |= TEAMS
    return body


def attendees_body(attendees: Sequence[Attendee | ObservedAttendee]) -> JsonObject:
    """The whole attendee list and nothing else: addresses exactly as they stand, never an answer."""
    return {"attendees": [attendee_json(one) for one in attendees]}


def attendee_json(attendee: Attendee | ObservedAttendee) -> JsonObject:
    """One attendee as Graph takes it."""
    address = {"address": attendee.email}
    if attendee.name:
        address["name"] = attendee.name
    return {"emailAddress": address, "type": attendee.type.value}


def stamp_body(key: SessionKey) -> JsonObject:
    """A PATCH body with the stamp alone."""
    return {"singleValueExtendedProperties": [{"id": STAMP, "value": str(key)}]}


def stamp_filter(condition: str) -> str:
    """The `$filter` of events whose stamp (`ep/value`) fulfils a condition."""
    return f"singleValueExtendedProperties/Any(ep: ep/id eq '{STAMP}' and {condition})"


def stamp_of(event: JsonObject) -> str | None:
    """The value of our stamp on an event read with `STAMP_EXPANDED`, None without one."""
    return property_value(event, STAMP) or None


def key_of(event: JsonObject, plan: str) -> SessionKey | None:
    """The session that an event is stamped with; None for no stamp, another plan's, or an unreadable one.

    Exchange compares stamps without regard to case, and our ids are lower case.
    """
    try:
        key = SessionKey.parse((stamp_of(event) or "").lower())
    except ValueError:
        return None
    return key if key.plan == plan.lower() else None


def observed_event(event: JsonObject, key: SessionKey, zone: str) -> ObservedEvent | None:
    """An event as data, times as wall time of `zone`, the body without the Teams block.

    None for one without id or readable times: it is not whole (delta answers can be so).
    """
    all_day = event.get("isAllDay") is True
    start = wall_time(event.get("start"), zone, all_day=all_day)
    end = wall_time(event.get("end"), zone, all_day=all_day)
    identity = event.get("id")
    if not isinstance(identity, str) or not identity or start is None or end is None:
        return None
    return ObservedEvent(
        key=key,
        event_id=identity,
        content=_content(event, start, end, zone, all_day=all_day),
        attendees=tuple(
            attendee
            for one in event.get("attendees") or ()
            if (attendee := observed_attendee(one)) is not None
        ),
        etag=str(event.get("@odata.etag") or ""),
        join_url=join_url_of(event),
        cancelled=event.get("isCancelled") is True,
        created_at=instant(event.get("createdDateTime")),
        modified_at=instant(event.get("lastModifiedDateTime")),
    )


def observed_attendee(attendee: JsonObject) -> ObservedAttendee | None:
    """One attendee as data, None for one without an address."""
    address = attendee.get("emailAddress") or {}
    email = address.get("address")
    if not isinstance(email, str) or not email:
        return None
    status = attendee.get("status") or {}
    response = _RESPONSES.get(str(status.get("response") or "").lower(), ResponseStatus.NONE)
    return ObservedAttendee(
        email=email,
        name=str(address.get("name") or ""),
        type=_TYPES.get(str(attendee.get("type") or "").lower(), AttendeeType.REQUIRED),
        response=response,
        responded_at=instant(status.get("time")),
    )


def join_url_of(event: JsonObject) -> str | None:
    """The Teams link, None while there is none (`onlineMeetingUrl` is always null for Teams)."""
    meeting = event.get("onlineMeeting")
    url = meeting.get("joinUrl") if isinstance(meeting, dict) else None
    return url if isinstance(url, str) and url else None


def is_whole(event: JsonObject) -> bool:
    """Whether an item of a delta answer has what is read from it.

    Series and old services leave things out.
    """
    return all(name in event for name in ("attendees", "start", "end", "subject", "body"))


def shows_content(event: JsonObject, wanted: JsonObject, zone: str) -> bool:
    """Whether an event already has the values of a PATCH body; HTML is compared by its words and links.

    A meeting asked for beside other values tells nothing: where Teams makes none, the rest has happened all
    the same. Nor does the reminder, which is not read.
    """
    told = {name: value for name, value in wanted.items() if name not in {*TEAMS, REMINDER}} or {
        "isOnlineMeeting": True
    }
    return all(_shows(event, name, value, zone) for name, value in told.items())


def _shows(event: JsonObject, name: str, value: Any, zone: str) -> bool:
    found = event.get(name)
    match name:
        case "start" | "end":
            return wall_time(found, zone, all_day=event.get("isAllDay") is True) == wall_time(value, zone)
        case "body":
            return visible_text(_own_text(event, found)) == visible_text(_own_text(event, value))
        case "location":
            return _location(found) == _location(value)
        case _ if isinstance(value, str):
            return str(found or "").lower() == value.lower()
        case _:
            return bool(found == value)


def _own_text(event: JsonObject, body: Any) -> str:
    """The body's HTML, less the Teams block where there is a meeting.

    Elsewhere a Teams link is somebody's text.
    """
    html = str((body or {}).get("content") or "")
    meeting = event.get("isOnlineMeeting") is True or join_url_of(event) is not None
    return without_join_block(html, join_url_of(event)) if meeting else html


def shows_attendees(event: JsonObject, wanted: Sequence[Attendee | ObservedAttendee]) -> bool:
    """Whether exactly these addresses are on the event, each in its type."""
    found = {
        (one.address, one.type)
        for item in event.get("attendees") or ()
        if (one := observed_attendee(item)) is not None
    }
    return found == {(plain_address(one.email), one.type) for one in wanted}


def _content(event: JsonObject, start: datetime, end: datetime, zone: str, *, all_day: bool) -> EventContent:
    body = event.get("body") or {}
    show_as = str(event.get("showAs") or "busy")
    return EventContent(
        subject=str(event.get("subject") or ""),
        body=_own_text(event, body),
        start=start,
        end=end,
        timezone=zone,
        all_day=all_day,
        location=_location(event.get("location")),
        show_as=_SHOW_AS.get(show_as.lower(), show_as),
        response_requested=event.get("responseRequested") is not False,
        hide_attendees=event.get("hideAttendees") is True,
        online=event.get("isOnlineMeeting") is True,
    )


def _location(value: Any) -> Location | None:
    if not isinstance(value, dict) or not value.get("displayName"):
        return None
    room = value.get("locationEmailAddress")
    return Location(name=str(value["displayName"]), room=plain_address(str(room)) if room else None)


def _location_json(location: Location | None) -> JsonObject:
    if location is None:
        return {"displayName": ""}
    body: JsonObject = {"displayName": location.name}
    if location.room:
        body["locationEmailAddress"] = location.room
    return body
