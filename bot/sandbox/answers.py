"""What people do with events in Outlook: answer, edit, delete, forward.

These are acts of persons, not of the app: the control plane and scripted behaviour call them. Answers reach
the organiser's copy, and as a message the organiser's inbox (`responses.py`); an answer without a response
stays on the person's own copy. Facts: graph-facts sections 1 and 3 (2026-11-22).
"""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.calendars import Calendars
from bot.sandbox.event_input import read_attendees, read_event
from bot.sandbox.event_record import Attendee, Event
from bot.sandbox.mail_log import MailKind
from bot.sandbox.wire import JsonObject

RESPONSES = {
    "accept": "accepted",
    "accepted": "accepted",
    "decline": "declined",
    "declined": "declined",
    "tentative": "tentativelyAccepted",
    "tentativelyaccepted": "tentativelyAccepted",
}


class People:
    """The hands of the tenant's people."""

    def __init__(self, calendars: Calendars) -> None:
        """Act on `calendars`."""
        self.calendars = calendars
        self.on_response: Callable[[Event, Attendee, str], None] = lambda _event, _attendee, _comment: None

    def answer(
        self,
        event: Event,
        address: str,
        response: str,
        *,
        send_response: bool = True,
        comment: str = "",
    ) -> None:
        """Answer as the attendee with `address`: accept, decline or tentative.

        An address that is not on the list (a forward, an alias, a member of an invited list) becomes
        an extra attendee. With `send_response=False`, or where the organiser asked for no responses,
        the organiser learns nothing. Raises ValueError for an unknown response or a cancelled event.
        """
        word = RESPONSES.get(response.lower())
        if word is None:
            raise ValueError(f"{response!r} is none of accept, decline, tentative")
        if not event.in_calendar:
            raise ValueError("the event is no longer in the calendar")
        attendee = event.attendee(address)
        silent = not send_response or not event.plain["responseRequested"]
        if silent:
            if attendee is not None:
                attendee.own_response = word
            return
        if attendee is None:
            attendee = self._extra(event, address)
        attendee.response = attendee.own_response = word
        self.calendars.note_time(attendee)
        self.calendars.touch(event)
        organiser = self.calendars.directory.users[event.mailbox_id]
        to = organiser.mail or organiser.upn
        self.calendars.mail_log.add(
            time=self.calendars.clock.now(),
            kind=MailKind.RESPONSE,
            sender=attendee.address,
            to=to,
            recipient=self.calendars.transport.recipient_kind(to),
            subject=event.subject,
            event=event.immutable_id,
            comment=comment or word,
        )
        self.on_response(event, attendee, comment)

    def edit(self, event: Event, changes: JsonObject) -> None:
        """Edit the organiser's event as a person does, with the mails of a PATCH."""
        self.calendars.change(event, read_event(changes, creating=False))

    def delete(self, event: Event, *, send_cancellations: bool = True) -> None:
        """Delete the organiser's event as a person does."""
        self.calendars.delete(event, send_cancellations=send_cancellations)

    def forward(self, event: Event, address: str) -> None:
        """Forward an invitation: `address` gets it and stands on the organiser's list, unanswered."""
        if event.attendee(address) is not None:
            return
        extra = self._extra(event, address)
        self.calendars.touch(event)
        self.calendars.tell(event, [extra], MailKind.INVITATION, "forwarded")

    def show_as(self, event: Event, address: str, directory_name: str) -> None:
        """From now on reads show the attendee under a name of Exchange's directory.

        That was seen of people put on by hand.
        """
        attendee = event.attendee(address)
        if attendee is None:
            raise ValueError(f"{address} is not on the event")
        attendee.shown_as = directory_name
        self.calendars.touch(event)

    def _extra(self, event: Event, address: str) -> Attendee:
        extra = read_attendees([{"emailAddress": {"address": address}, "type": "required"}])[0]
        known = self.calendars.directory.find_user(address)
        extra.name = known.display_name if known else address
        event.attendees.append(extra)
        return extra
