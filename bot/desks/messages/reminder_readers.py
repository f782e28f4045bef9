"""A reminder with its readers as HR has it in hand, and the copies that go with it (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.reminders import EVERYBODY, NOT_BY_TEAMS, THE_CHANNEL, NotSent, ReminderState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from bot.domain.reminders import Reminder, ReminderTopic, ReminderWord, Words

OPEN = frozenset({ReminderState.SCHEDULED, ReminderState.DUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderReader:
    """Where a reminder stands with one reader: `email` canonical, `THE_CHANNEL` for the post.

    `is_final`: it is begun, or written down as never to go. One by two ways is one here. `copies` go to
    whoever answers for them, when it goes.
    """

    email: str
    reminders: tuple[Reminder, ...]
    is_final: bool
    copies: tuple[Reminder, ...] = ()

    @property
    def first(self) -> Reminder:
        """That of the first way."""
        return self.reminders[0]

    @property
    def is_skipped(self) -> bool:
        """Whether HR skipped it."""
        return self.first.reason == NotSent.SKIPPED_BY_HAND

    @property
    def is_open(self) -> bool:
        """Whether it is still to come."""
        return not self.is_final and bool(self.coming)

    @property
    def coming(self) -> tuple[Reminder, ...]:
        """By which ways it is still to come."""
        return tuple(one for one in self.reminders if one.state in OPEN and one.reason not in NOT_BY_TEAMS)

    @property
    def is_sent_by_hand(self) -> bool:
        """Whether HR sent it, and it is on its way."""
        return self.is_open and self.first.is_sent_by_hand


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderInHand:
    """What a rule asks for about one date: whom it is for, and what HR said of all of it."""

    topic: ReminderTopic
    readers: tuple[ReminderReader, ...]
    word: ReminderWord | None

    @property
    def template(self) -> str:
        """Its kind."""
        return self.readers[0].first.item.template

    @property
    def due_at(self) -> datetime:
        """When the first of what is left goes, UTC."""
        left = [one.first.due_at for one in self.readers if one.is_open or one.is_skipped]
        return min(left or [one.first.due_at for one in self.readers])

    @property
    def coming(self) -> int:
        """How many are still to get it."""
        return sum(one.is_open for one in self.readers)

    @property
    def skipped(self) -> int:
        """How many HR skipped."""
        return sum(one.is_skipped for one in self.readers)

    @property
    def copied(self) -> int:
        """How many copies of it are still to go."""
        return sum(len(one.copies) for one in self.readers)

    def reader(self, email: str) -> ReminderReader | None:
        """One of them."""
        return next((one for one in self.readers if one.email == email), None)


def in_hand(
    found: Iterable[Reminder], known: Collection[tuple[str, str]], words: Words
) -> list[ReminderInHand]:
    """What rules ask for, by what it is about, with what HR said of all of it.

    `known` are the stem and address of what is begun or over. A copy stands with its leader's own.
    """
    readers: dict[ReminderTopic, dict[str, list[Reminder]]] = {}
    copies: dict[tuple[ReminderTopic, str], list[Reminder]] = {}
    for one in found:
        topic = one.item.topic
        if one.is_copy:
            copies.setdefault((topic, one.item.leader), []).append(one)
        else:
            readers.setdefault(topic, {}).setdefault(one.email or THE_CHANNEL, []).append(one)
    return [
        ReminderInHand(
            topic=topic,
            readers=tuple(
                ReminderReader(
                    email=email,
                    reminders=tuple(reminders),
                    is_final=all((one.item.stem, one.email) in known for one in reminders),
                    copies=tuple(one for one in copies.get((topic, email), ()) if one.state in OPEN),
                )
                for email, reminders in sorted(by_email.items())
            ),
            word=words.get((topic, EVERYBODY)),
        )
        for topic, by_email in readers.items()
    ]
