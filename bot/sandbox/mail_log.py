"""Every mail that Exchange would have sent, as a record: who, what kind, about which event, when.

The log only records; which change mails whom is decided in `calendars.py` and `messages.py`, what becomes of
a mail on its way in `transport.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from bot.sandbox.wire import JsonObject
from bot.sandbox.zones import write_instant


class MailKind(StrEnum):
    """Why a mail was sent."""

    INVITATION = "invitation"
    UPDATE = "update"
    CANCELLATION = "cancellation"
    RESPONSE = "response"
    MESSAGE = "message"


class RecipientKind(StrEnum):
    """Who got it: `unknown` is an address of the tenant's own domain that nobody has."""

    PERSON = "person"
    ROOM = "room"
    MAILBOX = "mailbox"
    EXTERNAL = "external"
    UNKNOWN = "unknown"


class Mail(NamedTuple):
    """One mail to one recipient. `time` is when it is delivered, which may lie ahead.

    `event` is the immutable id of the organiser's event or message, or None.
    """

    number: int
    time: datetime
    kind: MailKind
    sender: str
    to: str
    recipient: RecipientKind
    subject: str
    event: str | None
    comment: str = ""

    def as_json(self) -> JsonObject:
        """Return the record for the control plane."""
        return {**self._asdict(), "time": write_instant(self.time)}


MailListener = Callable[[Mail], None]


class MailLog:
    """All mails of the tenant, oldest first, and who listens to them."""

    def __init__(self) -> None:
        """Start empty."""
        self.mails: list[Mail] = []
        self.listeners: list[MailListener] = []
        self._number = 0

    def add(
        self,
        *,
        time: datetime,
        kind: MailKind,
        sender: str,
        to: str,
        recipient: RecipientKind,
        subject: str,
        event: str | None,
        comment: str = "",
        read: bool = True,
    ) -> Mail:
        """Record one mail.

        The listeners are told at once, or with `read` False by `tell` when it is delivered.
        """
        self._number += 1
        mail = Mail(self._number, time, kind, sender, to, recipient, subject, event, comment)
        self.mails.append(mail)
        if read:
            self.tell(mail)
        return mail

    def tell(self, mail: Mail) -> None:
        """Tell the listeners that a mail was delivered."""
        for listener in self.listeners:
            listener(mail)

    def clear(self) -> None:
        """Forget what was sent; numbers go on."""
        self.mails.clear()

    def to_people(self) -> list[Mail]:
        """Return the mails that a person read: not to rooms, no responses to the organiser."""
        return [
            m for m in self.mails if m.recipient is not RecipientKind.ROOM and m.kind is not MailKind.RESPONSE
        ]

    def counts(self, mails: Iterable[Mail] | None = None) -> dict[str, int]:
        """Return how many mails there are of each kind, rooms apart."""
        counter: Counter[str] = Counter()
        for mail in self.mails if mails is None else mails:
            room = mail.recipient is RecipientKind.ROOM
            counter[f"room_{mail.kind}" if room else str(mail.kind)] += 1
        return dict(counter)
