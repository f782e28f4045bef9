"""Whether HR has skipped a reminder since the round put it into the outbox: a word counts at once.

A mail about several things goes as it is: it is made anew in each round, so that what is skipped before a
round is in none. A copy goes where its leader has got their own, so that no word is about it any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.reminders import NotSent, WordKind, items_of
from bot.reminders.words import word_about, words_in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex
    from bot.ports.reminder_words import ReminderWordBook


def why_skipped(messages: Sequence[Message], book: ReminderWordBook, people: PeopleIndex) -> str:
    """Why the mail that these go as does not go any more, "" where it may."""
    message, *others = messages
    items = items_of(message) if message.is_reminder else ()
    if others or len(items) != 1 or items[0].leader:
        return ""
    said = book.load_words(message.plan, course=items[0].course)
    word = word_about(words_in_force(said, people), items[0].topic, people.canonical(message.email))
    is_skipped = word is not None and word.kind is WordKind.SKIP
    return NotSent.SKIPPED_BY_HAND if is_skipped else ""
