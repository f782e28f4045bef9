"""Which messages go first, and which go as one mail (pure).

First goes what is urgent or worth nothing in a day's time, then what tells of a seat, because somebody waits
for it, then what HR wrote to people in its own words, then the reminders that are due by a rule, those that
expire soonest first. Of each, what failed before goes last: it may fail again.

A message is one mail to one person, with their name and their link. Where HR has set `one_for_all`, reminders
that say the same to several people in one language may go as one mail, hidden from each other (`bcc`),
without name and link: never what leads to a person's own page, nor a digest. What has been begun stays as it
was begun.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.domain.messages import DeliveryState
from bot.domain.postage import DAY
from bot.domain.reminders import items_of
from bot.domain.templates import EQUAL_FOR_ALL, MessageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.messages import Message
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan

MOST_IN_ONE = 500
"""Recipients of one message in Exchange Online (graph-facts section 5, 2026-11-22)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One mail: the messages that go with it, all with the same words.

    Its key is what the mail is looked up by.

    Several plans may send from one mailbox, and may have courses of the same id. So the key on the draft
    names the plan; it is written down before the draft is made. What an older program began has a key without
    the plan, which may be another plan's mail.
    """

    messages: tuple[Message, ...]

    @property
    def key(self) -> str:
        """What stands on the draft once the mail was begun."""
        first = self.messages[0]
        return first.sent_as or first.together or first.key

    @property
    def names_plan(self) -> bool:
        """Whether its key is this plan's alone."""
        return bool(self.messages[0].sent_as)


WRITTEN_BY_HAND = frozenset({MessageKind.BROADCAST, MessageKind.CERTIFICATE_READY})
"""What HR sends to many at once: it comes after what tells of seats, and before reminders."""


def comes_first(message: Message, now: datetime) -> bool:
    """Whether it is urgent, or worth nothing a day from `now` (UTC)."""
    return "urgent" in message.params or (message.expires_at is not None and message.expires_at <= now + DAY)


def in_order(messages: Iterable[Message], now: datetime) -> tuple[Message, ...]:
    """The messages in the order in which they should go."""

    def place(message: Message) -> tuple[bool, bool, bool, bool, datetime, str]:
        return (
            not comes_first(message, now),
            message.is_reminder,
            message.kind in WRITTEN_BY_HAND,
            bool(message.error),
            message.expires_at or message.created_at,
            message.key,
        )

    return tuple(sorted(messages, key=place))


def parcels(
    messages: Iterable[Message],
    plan: CoursePlan,
    *,
    language_of: Callable[[str], Language],
    one_for_all: bool = False,
) -> tuple[Parcel, ...]:
    """The mails that the messages make, in the order of the first message of each.

    `language_of` an address is its reader's.
    """
    with_link = {
        MessageKind.PLEASE_ANSWER: {course.id for course in plan.courses if course.enrolment.by_link},
        MessageKind.TOMORROW: {course.id for course in plan.courses if course.attendance.self_check_in},
    }
    groups: dict[tuple[str, ...], list[Message]] = {}
    for message in messages:
        if message.together:
            alike: tuple[str, ...] = (message.together,)
        elif one_for_all and _is_equal_for_all(message, with_link):
            urgent = message.params.get("urgent", "")
            alike = (message.kind.value, message.params["items"], urgent, language_of(message.email).value)
        else:
            alike = ("", message.key)
        groups.setdefault(alike, []).append(message)
    return tuple(
        Parcel(messages=tuple(group[at : at + MOST_IN_ONE]))
        for group in groups.values()
        for at in range(0, len(group), MOST_IN_ONE)
    )


def together_key(messages: Iterable[Message]) -> str:
    """What the messages of one mail have in common in the outbox; the same for the same messages."""
    return f"together/{_digest(messages)}"


def draft_key(messages: Sequence[Message]) -> str:
    """What stands on the draft of the mail that these messages go as.

    The plan, and nothing that names a person.
    """
    return f"{messages[0].plan}/{_digest(messages)}"


def _digest(messages: Iterable[Message]) -> str:
    return sha256(
        "\n".join(sorted(f"{message.plan}/{message.key}" for message in messages)).encode()
    ).hexdigest()[:32]


def _is_equal_for_all(message: Message, with_link: Mapping[MessageKind, set[str]]) -> bool:
    if message.state is not DeliveryState.DUE or not message.is_reminder or message.kind not in EQUAL_FOR_ALL:
        return False
    if any(item.questions for item in items_of(message)):
        return False
    # What brings the reader's own link is nobody else's.
    return message.course not in with_link.get(message.kind, ())
