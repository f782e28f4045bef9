"""Sending somebody a mail about a course once more: the one about signing up, or the answer to their wish.

    look    which mails there are for one person now, each as they would get it    writes nothing
    send    one of them, as it was shown; else AgainRefused                        with its line in the log, once

Which there are is `bot.seats.told_again`'s. It goes by the mailbox's budget as what tells of seats does,
outside the plan's sending hours only where that is asked for, and is a message like any other of that kind in
all lists. All raise DatabaseFailed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.delivery.parcels import Parcel
from bot.delivery.words import letter
from bot.desks.messages.reminder_mail import made_up_link
from bot.domain.actions import Action
from bot.domain.errors import InputError
from bot.domain.invited import invited_since
from bot.domain.messages import DeliveryState
from bot.messages.plain_text import text_of
from bot.reminders.moments import sending_hours
from bot.rounds.steps.decide_seats import load_state, rows_of
from bot.seats.seat_messages import ASKING
from bot.seats.told_again import GOES_FROM, AgainBooks, is_under_way, messages_again

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.approvals import Door
    from bot.domain.messages import Letter, Message
    from bot.domain.people import PeopleIndex
    from bot.opening.work import BookWork

COMMAND = "send_again"
"""What the log of who did what calls it."""
A_MOMENT = timedelta(minutes=1)


class AgainRefused(InputError):
    """What was asked for is not sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAgain:
    """One mail that may be sent, as its reader gets it; `is_under_way`: it is on its way to them.

    `sent_at` is when they were sent it last (UTC), None where they never were.
    """

    message: Message
    mail: Letter
    plain: str
    sent_at: datetime | None
    is_under_way: bool


class AgainDesk:
    """The mails about one course to one person (`email` in any case), by the books as they are."""

    def __init__(self, books: BookWork, course: str, email: str, *, by: str, door: Door) -> None:
        self._books, self._by, self._door, self._now = books, by, door, books.now()
        state = load_state(books.plan, books.stores, course=course)
        self.people: PeopleIndex = state.people
        self.email = state.people.canonical(email)
        canonical = [replace(one, email=state.people.canonical(one.email)) for one in state.messages]
        self._again = AgainBooks(
            plan=state.plan,
            course=state.plan.known_course(course),
            rows=rows_of(state),
            members=state.members,
            outbox=canonical,
            on_event={
                (key.offering, state.people.canonical(one))
                for key, since in invited_since(state.entries).items()
                for one in since
            },
        )

    @property
    def waits_until(self) -> datetime | None:
        """The next of the sending hours (UTC), None within them."""
        hours = sending_hours(self._again.plan)
        return None if hours.allows(self._now) else hours.next_after(self._now)

    def look(self) -> tuple[MailAgain, ...]:
        """What may be sent now; raises InputError for words of HR's own that break."""
        return tuple(map(self._shown, messages_again(self._again, self.email, now=self._now)))

    def send(self, key: str, *, reason: str, at_once: bool) -> None:
        """Send the mail of this key (`look`); once, however often it is asked for. Raises AgainRefused."""
        if any(one.key == key and one.email == self.email for one in self._again.outbox):
            return
        found = next((one for one in self.look() if one.message.key == key), None)
        if found is None:
            raise AgainRefused("again_moved_on")
        if found.is_under_way:
            raise AgainRefused("again_under_way")
        message, until = found.message, self.waits_until
        if until is not None and not at_once:
            message = replace(message, params={**message.params, GOES_FROM: until.isoformat()})
        self._books.stores.outbox.add_messages([message], noted=[self._line(message, reason)])

    def choose(self, offering: str | None, *, sign_up: bool, since: datetime | None = None) -> Message:
        """The mail about signing up, or the answer; raises AgainRefused where there is none, or several.

        What was sent again a moment ago, or since `since` (UTC), is that one.
        """

        def is_meant(message: Message) -> bool:
            is_of_offering = message.offering in {"", offering or message.offering}
            return is_of_offering and (message.kind in ASKING) is sign_up

        begin = since or self._now - A_MOMENT
        for one in reversed(self._again.outbox):
            if one.is_told_again and one.created_at >= begin and one.email == self.email and is_meant(one):
                return one
        found = [one.message for one in self.look() if is_meant(one.message)]
        if len(found) != 1:
            raise AgainRefused("again_several" if found else "again_nothing")
        return found[0]

    def _shown(self, message: Message) -> MailAgain:
        plan = self._again.plan
        mail = letter(
            Parcel(messages=(message,)), plan, self.people, link_for=made_up_link(self._books), now=self._now
        )
        before = [
            one.sent_at
            for one in self._again.outbox
            if (one.kind, one.offering, one.email) == (message.kind, message.offering, self.email)
            and one.state is DeliveryState.SENT
            and one.sent_at is not None
        ]
        return MailAgain(
            message=message,
            mail=mail,
            plain=text_of(mail.html),
            sent_at=max(before, default=None),
            is_under_way=is_under_way(self._again, message),
        )

    def _line(self, message: Message, reason: str) -> Action:
        return Action(
            at=self._now,
            by=self._by,
            command=COMMAND,
            plan=message.plan,
            course=message.course,
            subject=message.email,
            door=self._door.value,
            detail=" ".join(filter(None, (message.kind.value, message.offering, reason))),
        )
