"""Whose invitation went to an address that is wrong by now, and goes to the right one instead (pure).

What was written to stands on the event. For somebody who is wanted and on it under one address:

    the address on the event                                      then
    is the one to invite under                                    nothing
    is the person's too (mail, sign-in name, alias)               nothing: the mail arrives, and an exchange is two mails
    is an alias, but the event's mail to it came back: nobody     exchanged for the one to invite under
    was the person's once; today's directory, which tells all
      of the person's addresses, does not have it                 exchanged
    was the person's once; today's directory does not tell all    nothing

An exchange is one request, which takes the old address off and puts the new one on: two mails, and nobody
else gets one. Seats, answers and since when somebody is invited are the person's and stay.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.domain.events import DesiredEvent, ObservedEvent
    from bot.domain.people import PeopleIndex, Person


def former_addresses(today: Iterable[Person], known: Iterable[Person]) -> frozenset[str]:
    """The addresses under which people are `known` from before and that today's directory has for nobody."""
    current = tuple(today)
    by_id = {one.directory_id: one for one in current if one.directory_id and one.is_whole}
    former = frozenset[str]().union(*(one.addresses for one in known if one.directory_id in by_id))
    return former.difference(*(one.addresses for one in current))


def to_readdress(
    people: PeopleIndex, desired: DesiredEvent, observed: ObservedEvent, outdated: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """(Address on the event, address to invite under), sorted.

    `outdated` are former addresses and those that mails came back from.
    """
    standing: defaultdict[str, set[str]] = defaultdict(set)
    for attendee in observed.attendees:
        standing[people.canonical(attendee.email)].add(attendee.address)
    wanted = {people.canonical(attendee.email) for attendee in desired.attendees}
    return tuple(
        sorted(
            (old, email)
            for email in wanted & standing.keys()
            if email not in standing[email] and standing[email] <= {*outdated}
            for old in standing[email]
        )
    )
