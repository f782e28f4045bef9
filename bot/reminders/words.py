"""What HR said about single reminders, and what of it holds (pure).

Words are only ever added; the later one counts:

    said                 about a person                     about everybody
    skip                 theirs is not sent                 nobody's is, nor of those who come later; what was to go early does not
    send                 theirs goes at the time that was    –: whom it goes to is written down one by one, as HR was shown them
                         said, and never again
    undo                 as the plan says, or as was said   as the plan says, but for those who were skipped one by one
                         about everybody

A word is about one date. A session that moves is another one: the plan's rules ask anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.reminders import EVERYBODY, THE_CHANNEL, WordKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.people import PeopleIndex
    from bot.domain.reminders import ReminderTopic, ReminderWord, Words
    from bot.reminders.moments import ReminderMoment


def words_in_force(said: Iterable[ReminderWord], people: PeopleIndex) -> Words:
    """What holds by the table above; `said` oldest first. People go by today's address."""
    holds: dict[tuple[ReminderTopic, str], ReminderWord] = {}
    for word in said:
        email = people.canonical(word.email) if "@" in word.email else word.email
        if email == EVERYBODY and word.kind is WordKind.SKIP:
            early = [
                where for where, one in holds.items() if where[0] == word.topic and one.kind is WordKind.SEND
            ]
            for where in early:
                del holds[where]
        if word.kind is WordKind.UNDO:
            holds.pop((word.topic, email), None)
        else:
            holds[word.topic, email] = word
    return holds


def word_about(words: Words, topic: ReminderTopic, email: str) -> ReminderWord | None:
    """What holds of a reminder to one reader (canonical, "" for a channel), None where nothing does."""
    return words.get((topic, email or THE_CHANNEL)) or words.get((topic, EVERYBODY))


def moment_by(word: ReminderWord | None, moment: ReminderMoment) -> ReminderMoment:
    """When it is due: what HR sends early goes from then on, and nothing goes later than its rule says."""
    if word is None or word.goes_from is None or word.goes_from >= moment.due_at:
        return moment
    return replace(moment, due_at=word.goes_from)
