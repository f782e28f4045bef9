"""What of the reminders that were begun may go now: drafts in the mailbox, and lines for Teams.

    what it says                               what becomes of it
    all is asked for, and some of it is due    it goes
    all is asked for, none of it due now       waits as others do
    something is no longer asked for           a draft is skipped; a line may have arrived, so it stays uncertain
    it was to go with one that does not go     it is due again by itself, and the draft stays in the mailbox

Who has been erased since is still on a draft to several, so that this one is not sent either. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.delivery.parcels import together_key
from bot.domain.messages import DeliveryState
from bot.domain.reminder_rules import Channel
from bot.domain.reminders import NotSent, ReminderState, channel_of, words_of
from bot.reminders.due import reminders

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex
    from bot.domain.reminders import Reminder
    from bot.reminders.occasion import Occasion

Word = tuple[str, str]
"""One item of a message, to one person: what a reminder is known by."""

STILL_ASKED_FOR = frozenset({ReminderState.DUE, ReminderState.SCHEDULED})


@dataclass(frozen=True, slots=True, kw_only=True)
class StillTrue:
    """The keys of what `may_go`, and the messages that are others now."""

    may_go: frozenset[str] = frozenset()
    changed: tuple[Message, ...] = ()


def still_true(occasion: Occasion, begun: Sequence[Message]) -> StillTrue:
    """By the table above, at the occasion; `begun` are those whose sending can still be stopped."""
    if not begun:
        return StillTrue()
    words = {message.key: _words_of(message, occasion.people) for message in begun}
    asked = _asked_for(occasion, frozenset[Word]().union(*words.values()))
    true = [message for message in begun if asked.keys() >= words[message.key]]
    untrue = [message for message in begun if message not in true]
    goes = [message for message in true if any(_is_due(asked[word]) for word in words[message.key])]
    apart = _apart(begun, untrue, goes)
    return StillTrue(
        may_go=frozenset(message.key for message in goes if message not in apart),
        changed=(*_skipped(untrue), *map(_due_again, apart)),
    )


def _apart(begun: Sequence[Message], untrue: Iterable[Message], goes: Iterable[Message]) -> list[Message]:
    """Of what goes, that on a draft with somebody who does not, or is missing by now."""
    groups: dict[str, list[Message]] = {}
    for message in begun:
        groups.setdefault(message.together, []).append(message)
    broken = {together for together, group in groups.items() if together_key(group) != together}
    broken |= {message.together for message in untrue}
    return [message for message in goes if message.together and message.together in broken]


def _due_again(message: Message) -> Message:
    return replace(message, state=DeliveryState.DUE, draft_id=None, together="")


def _words_of(message: Message, people: PeopleIndex) -> frozenset[Word]:
    return frozenset(words_of(message, people))


def _skipped(untrue: Iterable[Message]) -> Iterator[Message]:
    for message in untrue:
        if channel_of(message) is Channel.MAIL:
            yield replace(message, state=DeliveryState.SKIPPED, error=NotSent.NO_LONGER_TRUE)


def _asked_for(occasion: Occasion, words: Collection[Word]) -> Mapping[Word, Reminder]:
    """What the rules ask for now, as if these words had not been begun."""
    known = {key: state for key, state in occasion.known.items() if key not in words}
    return {
        (reminder.item.stem, reminder.email): reminder
        for reminder in reminders(replace(occasion, known=known))
        if reminder.state in STILL_ASKED_FOR
    }


def _is_due(reminder: Reminder) -> bool:
    return reminder.state is ReminderState.DUE and not reminder.reason
