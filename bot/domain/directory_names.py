"""Attendees whom Exchange shows under a directory name (`/o=…/cn=…`) instead of an address (pure).

Such a name comes with people who were put on by hand, and with mailboxes that were moved. It is no address:
Graph refuses a list with it, and whoever is compared by it is somebody else. The first line that fits:

    the attendee                                                     becomes
    one of a person's X500 addresses is that name (an alias),        that person, under their address
      of those in the groups, in the books, or, asked for it,
      in the whole directory
    no other attendee under a directory name is called the same,
      and of those invited who are not on the event one is           that one
      or of all people that we know one is                           that one
    otherwise                                                        stays as it is, and the list is held: nobody is put on it or
                                                                     taken off it, because it could not be written whole
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.addresses import is_directory_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain.events import ObservedAttendee, ObservedEvent
    from bot.domain.people import PeopleIndex, Person


def with_addresses(event: ObservedEvent, people: PeopleIndex, invited: Iterable[str]) -> ObservedEvent:
    """The event with its attendees by the table above.

    `invited` are the addresses that our books have on it.
    """
    hidden = [one for one in event.attendees if is_directory_name(one.email)]
    if not hidden:
        return event
    called = Counter(plain_name(one.name) for one in hidden if people.find(one.email) is None)
    there = {people.canonical(one.email) for one in event.attendees}
    absent = [
        person
        for email in invited
        if (person := people.find(email)) is not None and person.email not in there
    ]

    def found(attendee: ObservedAttendee) -> Person | None:
        name = plain_name(attendee.name)
        known = people.find(attendee.email)
        if known is not None or called[name] != 1:
            return known
        return _only(name, absent) or _only(name, [one for one in people.everybody if one.email not in there])

    matched = {id(one): person for one in hidden if (person := found(one)) is not None}
    attendees = (
        replace(one, email=matched[id(one)].email) if id(one) in matched else one for one in event.attendees
    )
    return replace(event, attendees=tuple(attendees))


def unresolved(event: ObservedEvent) -> tuple[str, ...]:
    """What those are called, sorted, who are still under a directory name.

    Its own end for who has no name.
    """
    hidden = (attendee for attendee in event.attendees if is_directory_name(attendee.email))
    return tuple(sorted(one.name or one.email.rpartition("=")[2] for one in hidden))


def plain_name(name: str) -> str:
    """A name as two are compared: whatever the case and blanks; "" where an address stands for it."""
    plain = " ".join(name.split()).casefold()
    return "" if "@" in plain or is_directory_name(plain) else plain


def _only(name: str, people: Sequence[Person]) -> Person | None:
    called = [one for one in dict.fromkeys(people) if name and plain_name(one.name) == name]
    return called[0] if len(called) == 1 else None
