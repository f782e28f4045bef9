"""Rooms answer by themselves.

Yes where nothing else has them at that time, else no (graph-facts section 2, 2026-11-22).
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.sandbox.mail_log import MailKind, MailLog, RecipientKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.sandbox.clock import Clock
    from bot.sandbox.directory import Directory
    from bot.sandbox.event_record import Attendee, Event
    from bot.sandbox.settings import Settings


class Rooms:
    """The tenant's rooms; `answered` is told of each answer, for the event's sake."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        directory: Directory,
        mail_log: MailLog,
        events: Mapping[str, Event],
        answered: Callable[[Event, Attendee], None],
    ) -> None:
        """Nobody has been asked yet."""
        self._settings = settings
        self._clock = clock
        self._directory = directory
        self._mail_log = mail_log
        self._events = events
        self._answered = answered

    def ask(self, event: Event, mailed: Iterable[Attendee]) -> None:
        """Let those of `mailed` that are rooms answer after a while; of a draft nobody hears."""
        if event.is_draft:
            return
        for attendee in mailed:
            user = self._directory.find_user(attendee.address)
            if user is not None and user.is_room and attendee.response == "none":
                wait = timedelta(seconds=self._settings.room_answer_seconds)
                self._clock.plan(wait, partial(self._answer, event, attendee))

    def _answer(self, event: Event, room: Attendee) -> None:
        if not event.in_calendar or room not in event.attendees or room.response != "none":
            return
        room.response = room.own_response = "declined" if self._is_taken(event, room) else "accepted"
        self._answered(event, room)
        organiser = self._directory.users[event.mailbox_id]
        self._mail_log.add(
            time=self._clock.now(),
            kind=MailKind.RESPONSE,
            sender=room.address,
            to=organiser.mail or organiser.upn,
            recipient=RecipientKind.MAILBOX,
            subject=event.subject,
            event=event.immutable_id,
            comment=room.response,
        )

    def _is_taken(self, event: Event, room: Attendee) -> bool:
        """Whether another event has the room in the time of this one."""
        return any(
            other is not event
            and other.in_calendar
            and other.overlaps(event.start.utc, event.end.utc)
            and (booked := other.attendee(room.address)) is not None
            and booked.response == "accepted"
            for other in self._events.values()
        )
