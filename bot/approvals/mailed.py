"""Whom a change mails, by address as it stands on the event or in the plan, and what for (pure).

| change | invited | changed | removed | cancelled |
|---|---|---|---|---|
| create | everybody on the event | | | |
| update | who is added; who gets it at another address | who is on it, where its words change or all are mailed again | who is removed | |
| cancel | | | | everybody on the event |

Rooms are nobody. A message is for whom it is to.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, assert_never

from bot.domain.approvals import MailedFor
from bot.domain.changes import Cancel, Conflict, Create, Forget, Update
from bot.domain.events import AttendeeType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.domain.changes import Change
    from bot.domain.events import DesiredEvent, ObservedEvent
    from bot.domain.messages import Message


def mailed_for(
    changes: Iterable[Change], messages: Iterable[Message] = ()
) -> Mapping[MailedFor, frozenset[str]]:
    """By the table above, what nobody is mailed for left out."""
    found: defaultdict[MailedFor, set[str]] = defaultdict(set)
    for change in changes:
        for why, who in _mailed_by(change):
            found[why] |= who
    found[MailedFor.MESSAGE] |= {message.email for message in messages}
    return {why: frozenset(found[why]) for why in MailedFor if found[why]}


def people_of(changes: Iterable[Change], messages: Iterable[Message] = ()) -> frozenset[str]:
    """Who would get a mail, whatever for."""
    return frozenset[str]().union(*mailed_for(changes, messages).values())


def _mailed_by(change: Change) -> Iterator[tuple[MailedFor, frozenset[str]]]:
    match change:
        case Create():
            wanted, rooms = _wanted(change.desired)
            yield MailedFor.INVITED, wanted - rooms
        case Update():
            rooms = _wanted(change.desired)[1] | _present(change.observed)[1]
            moved = {address for pair in change.readdressed for address in pair}
            yield MailedFor.INVITED, frozenset({*change.add, *moved}) - rooms
            yield MailedFor.REMOVED, frozenset(change.remove) - rooms
            if change.fields or change.again:
                leaving = {*change.add, *change.remove, *moved}
                yield MailedFor.CHANGED, _present(change.observed)[0] - rooms - leaving
        case Cancel():
            present, rooms = _present(change.observed)
            yield MailedFor.CANCELLED, present - rooms
        case Conflict() | Forget():
            return
        case _ as unreachable:
            assert_never(unreachable)


def _wanted(event: DesiredEvent) -> tuple[frozenset[str], frozenset[str]]:
    """The addresses that are to be on an event, and those of them that are rooms."""
    rooms = (guest.email for guest in event.attendees if guest.type is AttendeeType.RESOURCE)
    return frozenset(guest.email for guest in event.attendees), frozenset(rooms)


def _present(event: ObservedEvent) -> tuple[frozenset[str], frozenset[str]]:
    """The addresses that are on an event, and those of them that are rooms."""
    rooms = (guest.address for guest in event.attendees if guest.type is AttendeeType.RESOURCE)
    return frozenset(guest.address for guest in event.attendees), frozenset(rooms)
