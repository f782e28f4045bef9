"""Which message an address is to get of an edition, by those that it had of this series.

Of these years, in this language (pure).

An edition is what was sent last. One that has been sent before is news again once another one has gone to the
address in between.

    the last one that went, or may have gone, or came back is    then
    this edition                                                 that one: finished if it is under way, and nothing more
    another edition, and this one came after it and did not go   that one goes now
    another edition, or there is none                            a new one

What came back of another edition never was there, so it counts as not gone; of this edition it would come
back again. Messages are in the order of their numbers, which stand in their keys: no clock decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.bounces import BounceReason
from bot.domain.messages import LIST_PREFIX, OVERVIEW_PREFIX, DeliveryState, Message
from bot.domain.templates import MessageKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

CAME_BACK = frozenset(BounceReason)
MAY_HAVE_GONE = frozenset({DeliveryState.SENT, DeliveryState.SENDING})
PENDING = frozenset({DeliveryState.DUE, DeliveryState.SENDING})
DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """All editions of a plan's overview of some years, None or more, in one language.

    `digest` is one edition of them. With a `course` they are of the list of its participants.
    """

    plan: str
    years: tuple[int, ...] = ()
    language: str
    course: str = ""

    @property
    def kind(self) -> MessageKind:
        """What kind of message its editions are."""
        return MessageKind.PARTICIPANTS if self.course else MessageKind.OVERVIEW

    @property
    def stem(self) -> str:
        """What the keys of its messages begin with: `overview/2024+2025/da/`.

        Number, edition and address follow.
        """
        if self.course:
            return f"{LIST_PREFIX}{self.course}/{self.language}/"
        return f"{OVERVIEW_PREFIX}{'+'.join(map(str, self.years)) or 'all'}/{self.language}/"

    def has(self, message: Message) -> bool:
        """Whether it is one of its messages."""
        return message.key.startswith(self.stem)

    def edition(self, message: Message) -> str:
        """The edition that one of its messages is of."""
        return self._parts(message)[1]

    def number(self, message: Message) -> int:
        """The how manieth one of its messages is to its address."""
        return int(self._parts(message)[0])

    def key(self, number: int, digest: str, email: str) -> str:
        """`overview/2024/da/0002-9f2c…/direktoer@kommune.example`."""
        return f"{self.stem}{number:0{DIGITS}}-{digest}/{email}"

    def _parts(self, message: Message) -> tuple[str, str]:
        number, _, digest = message.key.removeprefix(self.stem).partition("/")[0].partition("-")
        return number, digest


def message_for(
    email: str, digest: str, series: Series, kept: Iterable[Message], *, now: datetime, expires_at: datetime
) -> Message:
    """The message by the table above, `DUE` where it is to go from the beginning.

    `kept` of whatever address and kind, times UTC.
    """
    had = sorted((one for one in kept if one.email == email and series.has(one)), key=series.number)
    gone = [at for at, one in enumerate(had) if _counts(one, is_mine=series.edition(one) == digest)]
    if gone and series.edition(had[gone[-1]]) == digest:
        return replace(had[gone[-1]], expires_at=expires_at)
    later = [one for one in had[gone[-1] + 1 if gone else 0 :] if series.edition(one) == digest]
    if later:
        return replace(
            later[-1],
            state=DeliveryState.DUE,
            draft_id=None,
            sent_as="",
            error="",
            ended_at=None,
            sent_at=None,
            expires_at=expires_at,
        )
    return Message(
        plan=series.plan,
        key=series.key(series.number(had[-1]) + 1 if had else 1, digest, email),
        kind=series.kind,
        course=series.course,
        offering="",
        email=email,
        created_at=now,
        expires_at=expires_at,
    )


def left_behind(
    kept: Iterable[Message],
    series: Series,
    emails: Collection[str],
    wanted: Collection[str],
    *,
    now: datetime,
) -> tuple[Message, ...]:
    """What is not over and never will be sent.

    Of these addresses what is not `wanted` (keys), and of any what has had its time.

    To be looked up, because it may have gone; `now` UTC.
    """
    return tuple(
        replace(one, expires_at=now)
        for one in kept
        if one.state in PENDING
        and one.key not in wanted
        and (
            (series.has(one) and one.email in emails)
            or (one.expires_at is not None and one.expires_at <= now)
        )
    )


def _counts(message: Message, *, is_mine: bool) -> bool:
    return message.state in MAY_HAVE_GONE or (is_mine and message.error in CAME_BACK)
