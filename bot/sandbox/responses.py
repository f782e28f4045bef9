"""Response messages: what lies in the organiser's inbox when somebody has answered an invitation.

The person's words come first, and then, where there are any, the invitation as Outlook quotes it. The class
of the message tells the answer; Graph calls it an `eventMessageResponse`, and leads from it to the event.
Facts: graph-facts section 3 and the metadata of the contract folder (2026-11-28); the words around a
quotation are those of Outlook on Windows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bot.sandbox.event_record import Attendee, Event
    from bot.sandbox.messages import Messages


class Kind(NamedTuple):
    """How a response is called: in its class, by Graph, and in its subject."""

    message_class: str
    meeting_type: str
    word: str


KINDS = {
    "accepted": Kind("IPM.Schedule.Meeting.Resp.Pos", "meetingAccepted", "Accepteret"),
    "tentativelyAccepted": Kind("IPM.Schedule.Meeting.Resp.Tent", "meetingTenativelyAccepted", "Foreløbig"),
    "declined": Kind("IPM.Schedule.Meeting.Resp.Neg", "meetingDeclined", "Afvist"),
}


def put_response(messages: Messages, event: Event, attendee: Attendee, comment: str) -> None:
    """Put the message of an answer into the organiser's inbox."""
    organiser = messages.calendars.directory.users[event.mailbox_id]
    kind = KINDS[attendee.response]
    quoted = (
        "",
        "",
        "-----Oprindelig aftale-----",
        f"Fra: {organiser.display_name} <{organiser.mail}>",
        f"Sendt: {event.created:%d-%m-%Y %H:%M}",
        f"Emne: {event.subject}",
        f"Hvornår: {event.start.utc:%d-%m-%Y %H:%M} (UTC)",
        f"Hvor: {event.location['displayName']}",
    )
    messages.receive(
        organiser,
        sender=(attendee.name, attendee.address),
        subject=f"{kind.word}: {event.subject}",
        body="\n".join((comment, *quoted)) if comment else "",
        headers=[],
        message_class=kind.message_class,
        event=event.immutable_id,
        meeting_type=kind.meeting_type,
    )
