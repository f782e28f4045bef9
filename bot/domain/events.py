"""Calendar events as data: what should stand in Outlook, what stands there, what we did last time.

`EventContent` holds the managed fields, the same for both sides. Attendees are apart from content,
because a change of them mails other people than a change of content does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.addresses import plain_address

if TYPE_CHECKING:
    from collections.abc import Mapping


class EventField(StrEnum):
    """A managed field; the names are those shown in `fields` of a change. `start` and `end` go together."""

    SUBJECT = "subject"
    BODY = "body"
    START = "start"
    END = "end"
    LOCATION = "location"
    SHOW_AS = "show_as"
    RESPONSE_REQUESTED = "response_requested"
    HIDE_ATTENDEES = "hide_attendees"
    ONLINE = "online"


class AttendeeType(StrEnum):
    """Graph's three kinds of attendee; a resource is a room and gets no mail that a person reads."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    RESOURCE = "resource"


class ResponseStatus(StrEnum):
    """Graph's answers, by their wire names."""

    NONE = "none"
    ORGANIZER = "organizer"
    TENTATIVE = "tentativelyAccepted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOT_RESPONDED = "notResponded"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionKey:
    """`plan/course/offering/session`, and `#2`, `#3` … for the further parts of a session over 500 people.

    It is the value of the stamp on the event and must never be reused for something else.
    """

    plan: str
    course: str
    offering: str
    session: str
    part: int = 1

    @property
    def first(self) -> SessionKey:
        """The key of the session itself, which is that of its first part."""
        return self if self.part == 1 else replace(self, part=1)

    def __str__(self) -> str:
        text = f"{self.plan}/{self.course}/{self.offering}/{self.session}"
        return text if self.part == 1 else f"{text}#{self.part}"

    @classmethod
    def parse(cls, text: str) -> SessionKey:
        """Read a stamp's value; raises ValueError when it is not one of ours."""
        path, _, part = text.partition("#")
        pieces = path.split("/")
        # The four parts named above.
        if len(pieces) != 4 or not all(pieces) or (part and not part.isdecimal()):  # noqa: PLR2004
            raise ValueError(text)
        return cls(
            plan=pieces[0], course=pieces[1], offering=pieces[2], session=pieces[3], part=int(part or 1)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where it is, as Outlook shows it; `room` is the room mailbox's address."""

    name: str
    room: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventContent:
    """The managed fields of an event, attendees apart.

    `start` and `end` are wall times of `timezone` (IANA); an all-day event runs from 00:00 to 00:00,
    end exclusive. `location` None means that the plan names no place, so a place that a person sets
    is theirs. `show_as` is Graph's word (`busy`, `tentative`, `free`). `body` is HTML; from Outlook
    it is what Exchange made of it. `online` is a Teams meeting, `join_url` its link once it is known.
    """

    subject: str
    body: str
    start: datetime
    end: datetime
    timezone: str
    all_day: bool = False
    location: Location | None = None
    show_as: str = "busy"
    response_requested: bool = True
    hide_attendees: bool = True
    online: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """Somebody (or a room) to be invited; `email` lower-cased."""

    email: str
    name: str = ""
    type: AttendeeType = AttendeeType.REQUIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedAttendee:
    """An attendee on the organiser's copy; `email` exactly as Outlook has it.

    `responded_at` is UTC, None while there is no answer (Graph says year 1 then).
    """

    email: str
    name: str = ""
    type: AttendeeType = AttendeeType.REQUIRED
    response: ResponseStatus = ResponseStatus.NONE
    responded_at: datetime | None = None

    @property
    def address(self) -> str:
        """The address as it is compared."""
        return plain_address(self.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class DesiredEvent:
    """What the plan wants in the calendar. `attendees` sorted by address, people and rooms, each once."""

    key: SessionKey
    course: str
    content: EventContent
    attendees: tuple[Attendee, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedEvent:
    """What stands in the organiser's calendar under our stamp.

    `event_id` is the immutable id, `etag` what `If-Match` takes ("" when Graph gave none),
    `join_url` the Teams link or None, `cancelled` whether the organiser cancelled it.
    """

    key: SessionKey
    event_id: str
    content: EventContent
    attendees: tuple[ObservedAttendee, ...] = ()
    etag: str = ""
    join_url: str | None = None
    cancelled: bool = False
    created_at: datetime | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookEdit:
    """What a person has made of an event of ours in Outlook, where it is kept.

    `fields` says which of the values are theirs.

    Of what people are told elsewhere only: subject, start and end (together), location. `start` and `end` are
    wall times of the plan's zone, as in `EventContent`; `location` is the shown name, "" for none.
    `modified_at` (UTC) is when Outlook last saw the event change, None where it does not tell; who did it,
    Graph does not say of events.
    """

    fields: tuple[EventField, ...]
    subject: str
    start: datetime
    end: datetime
    all_day: bool
    location: str
    modified_at: datetime | None = None


class LedgerState(StrEnum):
    """Where a write to Outlook is: about to happen (so perhaps done), done, or gone by a person's hand.

    `cancelling` is about to be cancelled by us: if it is gone, nobody deleted it.
    """

    INTENDED = "intended"
    APPLIED = "applied"
    CANCELLING = "cancelling"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """What we did last time for one session, and what Outlook echoed.

    `desired_fields` and `observed_fields` map `EventField` names to fingerprints, each side's own past;
    `desired_attendees` maps addresses (lower-cased) to attendee types as the plan last wanted them.
    `transaction_id` is the UUID of the creation, the same for every retry. `start` and `end` are UTC and tell
    the past from the future when the event is gone. `invited_since` maps each address on the event to the
    instant (UTC) of its invitation. `edit` is what a person's hand has made of it, None while it stands as we
    wrote it; `rooms_declined` are the rooms (lower-cased) that said no. `moved_at` (UTC) is when its time was
    last changed, by us or by a hand in Outlook whose edit is kept, or when it took the place of another
    session; None while it stands where it was when people were invited. `organiser` is the mailbox
    (lower-cased) that the event is in, "" where that is not known. `listed_at` (UTC) is when its list was
    last changed, None while it is as it was made.
    """

    key: SessionKey
    state: LedgerState
    transaction_id: str
    event_id: str | None
    subject: str
    start: datetime
    end: datetime
    desired_fields: Mapping[str, str]
    observed_fields: Mapping[str, str]
    desired_attendees: Mapping[str, str]
    invited_since: Mapping[str, datetime]
    join_url: str | None = None
    edit: OutlookEdit | None = None
    rooms_declined: tuple[str, ...] = ()
    moved_at: datetime | None = None
    organiser: str = ""
    listed_at: datetime | None = None
