"""Who is put on an event, taken off, missing or left alone: the part of the difference that is about people (pure).

By canonical address:

    wanted  on the event  in the ledger          then
    ✓       a namesake    settled                Conflict(unknown_name): nothing is done, also with restore
    ✓       –             settled                Conflict(missing): removed by hand; with restore: add
    ✓       –             no, or not settled     add
    ✓       ✓             –                      settle
    –       ✓             ✓                      remove
    –       ✓             –                      left alone: somebody forwarded the invitation; removed where HR turned them away
    –       –             ✓                      settle

A namesake is an attendee under an address that nobody in plan, books or directory has, with the name of the one
who is missing: Exchange shows some people by a name of its own (`/o=…/cn=…`). They are the same or they are not; an
invitation more to one who is there is as wrong as none to one who is not, so a person has to look.

When the event, as it will stand, has begun, nobody is added or removed. Somebody who becomes
optional or required while on the event stays as they were invited: telling them is a mail for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.events import Attendee, DesiredEvent, LedgerEntry, ObservedAttendee, ObservedEvent
    from bot.domain.people import PeopleIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleDifference:
    """Canonical addresses to add and to remove, those missing for a reason of somebody's own, and whether the books are behind."""

    add: frozenset[str]
    remove: frozenset[str]
    missing: frozenset[str]
    namesakes: frozenset[str]
    settle: bool


def compare_people(
    people: PeopleIndex,
    desired: DesiredEvent,
    observed: ObservedEvent,
    entry: LedgerEntry | None,
    *,
    begun: bool,
    turned_away: frozenset[str] = frozenset(),
) -> PeopleDifference:
    """What is to be done about people; `begun` as the event will stand, `turned_away` by HR, who are in no books."""
    canonical = people.canonical
    wanted = {canonical(one.email) for one in desired.attendees}
    present = {canonical(one.email) for one in observed.attendees}
    before = {canonical(email) for email in entry.desired_attendees} if entry else set()
    settled = {canonical(email) for email in entry.invited_since} if entry else set()
    away, left = wanted - present, (before | turned_away) - wanted
    known = before | wanted
    unknown = (one for one in observed.attendees if people.find(one.email) is None and canonical(one.email) not in known)
    strangers = {_plain_name(one) for one in unknown}
    names = {canonical(one.email): _plain_name(one) for one in desired.attendees}
    namesakes = {email for email in away & settled if names[email] and names[email] in strangers}
    return PeopleDifference(
        add=frozenset() if begun else frozenset(away - settled),
        remove=frozenset() if begun else frozenset(left & present),
        missing=frozenset() if begun else frozenset((away & settled) - namesakes),
        namesakes=frozenset() if begun else frozenset(namesakes),
        settle=bool((wanted & present) - settled or (before & left) - present),
    )


def _plain_name(attendee: Attendee | ObservedAttendee) -> str:
    """The name as two are compared: whatever the case and blanks; "" where an address stands for it."""
    name = " ".join(attendee.name.split()).casefold()
    return "" if "@" in name else name
