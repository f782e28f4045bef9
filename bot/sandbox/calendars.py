"""What happens to events in organisers' calendars, and which mails Exchange sends about it.

| request                                            | mails                                                |
|----------------------------------------------------|------------------------------------------------------|
| create with attendees                              | invitation to each                                   |
| PATCH `attendees` only                             | invitation to the added, cancellation to the removed, |
|                                                    | update to those whose type changed                   |
| the same, removing a member of an invited list     | as above, and an update to everybody else            |
| PATCH of what attendees see                        | update to each                                       |
| PATCH of both                                      | invitation, cancellation, and update to the rest     |
| PATCH of categories, reminder, extended properties | none                                                 |
| cancel, delete                                     | cancellation to each                                 |
| anything to a draft meeting but `isDraft: false`   | none                                                 |
| PATCH `isDraft: false` of a draft meeting          | invitation to each                                   |

A PATCH of a visible property mails even when the value is the one that stood there (assumed: Graph has
no switch against mails). Rooms get the same mails and answer by themselves (`rooms.py`). Facts: graph-facts
sections 1, 2 and 14 (2026-11-22). Answers of people are in `answers.py`.
"""

from __future__ import annotations

import itertools
import time as machine_time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.sandbox.clock import Clock
from bot.sandbox.content import rewrite
from bot.sandbox.directory import Directory, User
from bot.sandbox.event_input import EventInput, check_times
from bot.sandbox.event_record import Attendee, Event, make_token
from bot.sandbox.mail_log import MailKind, MailLog
from bot.sandbox.online_meetings import change_body, go_online, join, link_is_made
from bot.sandbox.rooms import Rooms
from bot.sandbox.settings import Settings
from bot.sandbox.transport import Transport
from bot.sandbox.wire import JsonObject, RefusedError, bad_request, item_not_found
from bot.sandbox.zones import Moment

# The other word of Exchange for never.
FAR_AWAY = datetime(4501, 1, 1, tzinfo=UTC)
SILENT = frozenset(
    {"isDraft", "categories", "singleValueExtendedProperties", "isReminderOn", "reminderMinutesBeforeStart"}
)
DEFAULTS: JsonObject = {
    "subject": "",
    "categories": [],
    "importance": "normal",
    "sensitivity": "normal",
    "showAs": "busy",
    "isAllDay": False,
    "isReminderOn": True,
    "reminderMinutesBeforeStart": 15,
    "responseRequested": True,
    "allowNewTimeProposals": True,
    "hideAttendees": False,
}
NO_PLACE: JsonObject = {
    "displayName": "",
    "locationType": "default",
    "uniqueIdType": "unknown",
    "address": {},
    "coordinates": {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """What a PATCH does to the attendees: who comes, who goes, whose type is another."""

    added: list[Attendee]
    removed: list[Attendee]
    altered: list[Attendee]

    @property
    def is_any(self) -> bool:
        """Whether it does anything."""
        return bool(self.added or self.removed or self.altered)


NO_LIST_CHANGE = ListChange(added=[], removed=[], altered=[])


class Calendars:
    """Every mailbox's default calendar, seen from the organisers."""

    def __init__(self, settings: Settings, clock: Clock, directory: Directory, mail_log: MailLog) -> None:
        """Start with empty calendars; their mails go by a transport of their own."""
        self.settings = settings
        self.clock = clock
        self.directory = directory
        self.mail_log = mail_log
        self.transport = Transport(settings, clock, directory, mail_log)
        self.events: dict[str, Event] = {}
        self.rooms = Rooms(settings, clock, directory, mail_log, self.events, self._room_answered)
        self.sequence = 0
        self.on_change: Callable[..., None] = lambda _event, **_what: None
        self._tokens: dict[str, str] = {}
        self._transactions: dict[tuple[str, str], str] = {}
        self._numbers = itertools.count(1)

    def create(self, mailbox: User, sent: EventInput, *, without_teams: bool = False) -> tuple[Event, bool]:
        """Add an event and invite its attendees; return it, and whether it is new.

        A `transactionId` that a live event of the mailbox has gives that event and no mail; `_repeated` has
        the other readings. Raises RefusedError 400, or 409 where the tenant is set to refuse repeats.
        """
        self._check_draft(sent)
        if sent.start is None or sent.end is None:
            raise bad_request("Required property start or end is missing.")
        repeated = self._repeated(mailbox, sent)
        if repeated is not None:
            return repeated, False
        plain = {**DEFAULTS, **sent.plain}
        check_times(sent.start, sent.end, all_day=bool(plain["isAllDay"]))
        now, machine = self.clock.now(), machine_time.monotonic()
        token = make_token("event", mailbox.id, next(self._numbers))
        event = Event(
            token=token,
            mailbox_id=mailbox.id,
            ical_uid="040000008200E00074C5B7101A82E008" + token.encode().hex().upper()[:48],
            created=now,
            modified=now,
            start=sent.start,
            end=sent.end,
            plain=plain,
            html=rewrite(*sent.body) if sent.body else rewrite("", "html"),
            location=NO_PLACE,
            locations=[],
            extended=dict(sent.extended),
            transaction_id=sent.transaction_id,
            visible_from=machine + self.settings.replication_seconds,
            listed_from=machine + self.settings.index_delay,
            content=sent.content,
            is_draft=bool(sent.draft) and self.settings.draft_meeting == "kept",
        )
        self._place(event, sent)
        if sent.online and self.settings.teams_available and not without_teams:
            go_online(event, self.settings)
        event.attendees = [self._named(a) for a in sent.attendees or ()]
        self.events[token] = event
        if sent.transaction_id is not None:
            self._transactions[mailbox.id, sent.transaction_id.lower()] = token
        self._know_ids(event)
        self._touched(event, new=True)
        self.tell(event, event.attendees, MailKind.INVITATION)
        self.rooms.ask(event, event.attendees)
        return event, True

    def change(self, event: Event, sent: EventInput, if_match: str | None = None) -> None:
        """Apply a PATCH by the table above.

        Raises RefusedError 400, 404 for an event that is no longer in the calendar, 412 when
        `if_match` is not its etag.
        """
        self._check_draft(sent)
        self._require_live(event, if_match)
        start, end, all_day = _times_after(event, sent)
        moved = (start.utc, end.utc, all_day) != (event.start.utc, event.end.utc, event.is_all_day)
        people = self._replace_attendees(event, sent.attendees)
        event.start, event.end = start, end
        event.plain.update(sent.plain)
        self._stamp(event, sent)
        self._place(event, sent)
        change_body(event, sent, self.settings)
        if moved:
            for attendee in event.attendees:
                attendee.reset()
        leaves_draft = event.is_draft and sent.draft is False
        if leaves_draft:
            event.is_draft = False
        self._touched(event)
        if leaves_draft:
            self.tell(event, event.attendees, MailKind.INVITATION)
            self.rooms.ask(event, event.attendees)
        else:
            self._tell_change(event, sent, people)

    def cancel(self, event: Event, comment: str = "") -> None:
        """Cancel a meeting: mails to all, and the event moves to Deleted Items.

        Raises RefusedError 404 when it is gone, 400 without attendees (assumed: only meetings cancel).
        """
        self._require_live(event, None)
        if not event.attendees:
            raise bad_request("Your request can't be completed. The event is not a meeting.")
        event.is_cancelled = True
        self._leave_calendar(event)
        self.tell(event, event.attendees, MailKind.CANCELLATION, comment)

    def delete(self, event: Event, if_match: str | None = None, *, send_cancellations: bool = True) -> None:
        """Delete the organiser's copy, which also cancels the meeting; no id finds it any more.

        `send_cancellations=False` is what a person can choose in some clients, never Graph.
        """
        self._require_live(event, if_match)
        event.is_cancelled = event.gone = True
        self._leave_calendar(event)
        if send_cancellations:
            self.tell(event, event.attendees, MailKind.CANCELLATION)

    def find(self, item_id: str) -> Event | None:
        """Return the organiser's event of an id in either form, None when no id finds it."""
        token = self._tokens.get(item_id)
        event = self.events.get(token) if token else None
        if event is None or event.gone or not event.is_visible:
            return None
        readable = event.in_calendar or self.settings.deleted_items_readable
        return event if readable else None

    def tell(self, event: Event, attendees: Iterable[Attendee], kind: MailKind, comment: str = "") -> None:
        """Send a mail to each attendee but the organiser; a list reaches its members.

        Of a draft nobody hears.
        """
        if event.is_draft:
            return
        organiser = self.directory.users[event.mailbox_id]
        to = [one.address for one in attendees if one.address.lower() not in organiser.addresses]
        self.transport.carry(
            organiser, kind, to, item=event.immutable_id, subject=event.subject, comment=comment
        )

    def _tell_change(self, event: Event, sent: EventInput, people: ListChange) -> None:
        """The mails of a PATCH, by the table above."""
        new = {a.address.lower() for a in people.added}
        told = event.attendees if self._tells_everyone(event, sent, people) else people.altered
        rest = [a for a in told if a.address.lower() not in new]
        self.tell(event, people.added, MailKind.INVITATION)
        self.tell(event, people.removed, MailKind.CANCELLATION)
        self.tell(event, rest, MailKind.UPDATE)
        self.rooms.ask(event, [*people.added, *rest])

    def _tells_everyone(self, event: Event, sent: EventInput, people: ListChange) -> bool:
        """Whether also those hear of it whom the change of the list is not about."""
        if sent.sent - SILENT - {"attendees"}:
            return True
        if people.is_any and self.settings.attendee_patch_mails_everyone:
            return True
        return any(self._came_by_list(event, a) for a in people.removed)

    def _check_draft(self, sent: EventInput) -> None:
        if sent.draft is not None and self.settings.draft_meeting == "refused":
            raise bad_request("The property 'isDraft' is read-only.", "ErrorInvalidPropertySet")

    def note_time(self, attendee: Attendee) -> None:
        """Write down when somebody answered, as far as Exchange knows."""
        known = self.settings.answer_time
        attendee.timeless = known == "missing"
        attendee.time = {"always": self.clock.now(), "year_4501": FAR_AWAY}.get(known)

    def touch(self, event: Event) -> None:
        """Mark a modification that came with no PATCH, such as an answer."""
        self._touched(event)

    def bring_links(self, mailbox: User) -> None:
        """The mailbox's calendar is read: online meetings without their link get it."""
        for event in self.events.values():
            if event.mailbox_id == mailbox.id:
                self.bring_link(event)

    def bring_link(self, event: Event) -> None:
        """The event is read.

        The link of an online meeting is there where it comes late, and the body and the etag change with it.
        """
        if event.link_waits and event.in_calendar and link_is_made(event, self.settings):
            join(event)
            self._touched(event)

    def _repeated(self, mailbox: User, sent: EventInput) -> Event | None:
        """Return the event that a repeated transactionId gives in place of a new one.

        | `duplicate_transaction`         | same content            | other content   |
        |---------------------------------|-------------------------|-----------------|
        | `same`                          | that event              | that event      |
        | `new_event_for_other_content`   | that event              | None: a new one |
        | `conflict`                      | raises RefusedError 409 | the same        |

        A deleted event counts no more, a cancelled one only where `cancelled_transaction` is `remembered`.
        """
        token = self._transactions.get((mailbox.id, (sent.transaction_id or "").lower()))
        event = self.events.get(token) if token else None
        if (
            event is None
            or event.gone
            or not (event.in_calendar or self.settings.cancelled_transaction == "remembered")
        ):
            return None
        match self.settings.duplicate_transaction:
            case "conflict":
                message = "Your request can't be completed. An event with this transactionId exists."
                raise RefusedError(409, "ErrorDuplicateTransactionId", message)
            case "new_event_for_other_content":
                return event if event.content == sent.content else None
            case "same":
                return event

    def _stamp(self, event: Event, sent: EventInput) -> None:
        if not sent.extended:
            return
        event.stamped_before = dict(event.indexed)
        event.stamped_from = machine_time.monotonic() + self.settings.index_delay
        event.extended.update(sent.extended)

    def _place(self, event: Event, sent: EventInput) -> None:
        if sent.locations is None:
            return
        event.locations = sent.locations
        event.location = NO_PLACE
        if sent.locations:
            names = "; ".join(p["displayName"] for p in sent.locations)
            event.location = {**sent.locations[0], "displayName": names}

    def _replace_attendees(self, event: Event, wanted: list[Attendee] | None) -> ListChange:
        """The list as it is sent, with the answers that it keeps; None: as it is."""
        if wanted is None:
            return NO_LIST_CHANGE
        before = {a.address.lower(): a for a in event.attendees}
        added, altered, kept = [], [], []
        for new in wanted:
            old = before.pop(new.address.lower(), None)
            if old is None:
                added.append(self._named(new))
                kept.append(new)
                continue
            if old.type != new.type:
                old.type = new.type
                altered.append(old)
            old.name = new.name or old.name
            if self.settings.attendees_patch_answers == "forgotten":
                old.forget()
            kept.append(old)
        event.attendees = kept
        return ListChange(added=added, removed=list(before.values()), altered=altered)

    def _named(self, attendee: Attendee) -> Attendee:
        if not attendee.name:
            known = self.directory.find_user(attendee.address)
            attendee.name = known.display_name if known else attendee.address
        return attendee

    def _came_by_list(self, event: Event, removed: Attendee) -> bool:
        user = self.directory.find_user(removed.address)
        return user is not None and any(user in self.directory.people_of(a.address) for a in event.attendees)

    def _room_answered(self, event: Event, room: Attendee) -> None:
        self.note_time(room)
        self._touched(event)

    def _leave_calendar(self, event: Event) -> None:
        self._tokens.pop(event.ordinary_id, None)
        event.in_calendar = False
        event.moves += 1
        self._know_ids(event)
        self._touched(event)

    def _know_ids(self, event: Event) -> None:
        self._tokens[event.immutable_id] = event.token
        self._tokens[event.ordinary_id] = event.token

    def _touched(self, event: Event, *, new: bool = False) -> None:
        self.sequence += 1
        event.sequence = self.sequence
        event.modified = self.clock.now()
        event.version += 0 if new else 1
        self.on_change(event, new=new)

    def _require_live(self, event: Event, if_match: str | None) -> None:
        if not event.in_calendar:
            raise item_not_found()
        if if_match not in (None, "*", event.etag):
            raise RefusedError(
                412,
                "ErrorIrresolvableConflict",
                "The send or update operation could not be performed because the change key "
                "passed in the request does not match the current change key for the item.",
            )


def _times_after(event: Event, sent: EventInput) -> tuple[Moment, Moment, bool]:
    """Start, end and whether it is all day, after a PATCH. Raises RefusedError 400."""
    start, end = sent.start or event.start, sent.end or event.end
    all_day = bool(sent.plain.get("isAllDay", event.is_all_day))
    check_times(start, end, all_day=all_day)
    return start, end, all_day
