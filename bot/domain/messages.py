"""Messages as data: what is to be said to whom, once, and what became of it.

Does not say when (that is what causes them) nor how they read (`bot.messages`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.domain.templates import MessageKind


REMINDER_PREFIX = "reminder/"
"""What the keys of all messages that the plan's rules ask for begin with."""
REPORT_PREFIX = "report/"
"""What the keys of HR's reports begin with."""
AT_ONCE_PREFIX = f"{REPORT_PREFIX}at-once/"
"""What the keys of mails begin with that tell HR at once that something waits."""
MISTAKE_PREFIX = f"{REPORT_PREFIX}mistake/"
"""What the keys of mails begin with that tell whoever saved the plan what is wrong with it."""
OVERVIEW_PREFIX = "overview/"
"""What the keys of mailed overviews begin with."""
LIST_PREFIX = "participants/"
"""What the keys of mailed lists of participants begin with."""
AGAIN_PREFIX = "again-"
"""What the keys of mails begin with that HR sends to somebody once more; the kind follows."""
ANEW = "anew"
"""The parameter of a mail about a certificate that takes the place of an earlier one."""
ASKED = "asked"
"""The parameter of a message to somebody who was asked and has not answered."""
AWAITS = "awaits"
"""The parameter with what has to be in the ledger before a message is true.

[[session key, start in UTC or ""], …] as JSON.
"""
NO_RECEIPT = "no_receipt"
"""The error of a message that was handed over without a draft, and nobody knows whether it went."""
POST_UNCLEAR = "post_unclear"
"""The error of a post in a channel that the channel's workflow did not answer.

Nobody knows whether it is there.
"""
CHAT_UNCLEAR = "chat_unclear"
"""The error of a card in a person's chat that Teams did not answer for: nobody knows whether it is there."""
CHAT_PREFIX = "chat/"
"""What `sent_as` begins with of a message that went, or may have gone, as a card; the activity's id follows.

The key of a card that goes besides a mail begins with it as well.
"""
NOBODY_WILL_KNOW = frozenset({NO_RECEIPT, POST_UNCLEAR, CHAT_UNCLEAR})
"""The errors of messages that stay under way for good: there is nothing that could be looked up."""


class DeliveryState(StrEnum):
    """Where a message is.

    `SENDING`: a request for it is or was under way, so it is looked up before anything is repeated.
    """

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that hangs on a mail; all of a mail's together are 3,000,000 bytes at most."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail ready to go: `to` with names, or `hidden` from each other; at most 500 together.

    The subject is one line, the body HTML.
    """

    to: tuple[tuple[str, str], ...]
    hidden: tuple[str, ...] = ()
    reply_to: str
    subject: str
    html: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one person. `key` is unique for a plan: whatever happens, it is sent once.

    `email` canonical, lower-cased. `offering` is "" where the message is about the whole course. `created_at`
    and `expires_at` UTC; after `expires_at` it is not worth sending any more. `params` are facts of the
    moment that the templates cannot learn from the plan (a place in line, a colleague's name). `draft_id` is
    the immutable id in the organiser's mailbox, once there is one. `together` is the key of the one mail that
    this and others went as, hidden from each other; "" for a mail of its own. `ended_at` (UTC) is when it was
    written down that it did not arrive, or that nobody will ever know; None where that was clear when it was
    made. `sent_as` is what it is known by outside, since it was begun: the key on the draft, or the number of
    the line in Teams; "" where an older program began it.
    """

    plan: str
    key: str
    kind: MessageKind
    course: str
    offering: str
    email: str
    created_at: datetime
    expires_at: datetime | None = None
    params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    state: DeliveryState = DeliveryState.DUE
    draft_id: str | None = None
    sent_at: datetime | None = None
    error: str = ""
    together: str = ""
    ended_at: datetime | None = None
    sent_as: str = ""

    @property
    def is_reminder(self) -> bool:
        """Whether a rule of the plan asked for it.

        Then it goes with a round of reminders, and not with the seats.
        """
        return self.key.startswith(REMINDER_PREFIX)

    @property
    def is_in_chat(self) -> bool:
        """Whether it went, or may have gone, as a card in the person's chat in Teams."""
        return self.sent_as.startswith(CHAT_PREFIX)

    @property
    def is_told_again(self) -> bool:
        """Whether HR sent it to somebody once more."""
        return self.key.startswith(AGAIN_PREFIX)

    @property
    def is_report(self) -> bool:
        """Whether it is HR's report.

        What it says is known only when it goes, so it goes with a round of reports.
        """
        return self.key.startswith(REPORT_PREFIX)

    @property
    def is_at_once(self) -> bool:
        """Whether it is the report that tells at once what has begun to wait for a person."""
        return self.key.startswith(AT_ONCE_PREFIX)

    @property
    def is_mistake(self) -> bool:
        """Whether it tells whoever saved the plan what is wrong with it."""
        return self.key.startswith(MISTAKE_PREFIX)

    @property
    def is_due_report(self) -> bool:
        """Whether it is the report that is due by its day."""
        return self.is_report and not (self.is_at_once or self.is_mistake)

    @property
    def is_paper(self) -> bool:
        """Whether it is a report, an overview or a list of participants: rounds of seats do not send it.

        Nothing of the paper is kept, so it goes while whoever made it has it.
        """
        return self.is_report or self.key.startswith((OVERVIEW_PREFIX, LIST_PREFIX))
