"""Who is put on an event, taken off, missing or left alone.

The part of the difference that is about people (pure).

By canonical address:

    wanted  on the event  in the ledger          then
    any     under a directory name that nobody has        Conflict(directory_name): nobody is added, removed or missing
    ✓       a namesake    settled                Conflict(unknown_name): nothing is done, also with restore
    ✓       outdated      any                    readdress, by `readdressed`
    ✓       –             settled                Conflict(missing): removed by hand; with restore: add
    ✓       –             no, or not settled     add
    ✓       ✓             –                      settle
    –       ✓             ✓                      remove
    –       ✓             –                      left alone: somebody forwarded the invitation; removed where HR turned them away
    –       –             ✓                      settle

A namesake is an attendee under an address that nobody in plan, books or directory has, with the name of the
one who is missing. They are the same or they are not; an invitation more to one who is there is as wrong as
none to one who is not, so a person has to look. Whom Exchange shows by a directory name of its own was looked
for before (`bot.domain.directory_names`); a list with one who is nobody cannot be written whole.

When the event, as it will stand, has begun, nobody is added or removed. Somebody who becomes
optional or required while on the event stays as they were invited: telling them is a mail for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.directory_names import plain_name, unresolved
from bot.invitations.readdressed import to_readdress

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.domain.events import DesiredEvent, LedgerEntry, ObservedEvent
    from bot.domain.people import PeopleIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleDifference:
    """Canonical addresses to add and to remove, those missing for their own reason.

    And whether the books are behind.

    `readdressed` are (address on the event, canonical address) of those who get a new invitation; `nobodys`
    is what those are called who hold the list.
    """

    settle: bool
    add: frozenset[str] = frozenset()
    remove: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    namesakes: frozenset[str] = frozenset()
    readdressed: tuple[tuple[str, str], ...] = ()
    nobodys: tuple[str, ...] = ()

    def added(self, *, restore: bool) -> frozenset[str]:
        """Whom to add under the policy."""
        return self.add | self.missing if restore else self.add


def compare_people(
    people: PeopleIndex,
    desired: DesiredEvent,
    observed: ObservedEvent,
    entry: LedgerEntry | None,
    *,
    begun: bool,
    turned_away: frozenset[str] = frozenset(),
    outdated: frozenset[str] = frozenset(),
) -> PeopleDifference:
    """What is to be done about people.

    `begun` as the event will stand, `turned_away` by HR, who are in no books.

    `outdated` are addresses that mails on this event do not reach anybody under.
    """
    canonical = people.canonical
    nobodys = unresolved(observed)
    wanted = {canonical(attendee.email) for attendee in desired.attendees}
    present = {canonical(attendee.email) for attendee in observed.attendees}
    before = {canonical(email) for email in entry.desired_attendees} if entry else set()
    settled = {canonical(email) for email in entry.invited_since} if entry else set()
    away, left = wanted - present, (before | turned_away) - wanted
    settle = bool((wanted & present) - settled or (before & left) - present)
    if begun or nobodys:
        # What the books say of a list that is held has to last until somebody has looked.
        return PeopleDifference(settle=settle and not nobodys, nobodys=() if begun else nobodys)
    namesakes = _namesakes(people, desired, observed, missing=away & settled, known=before | wanted)
    return PeopleDifference(
        settle=settle,
        add=frozenset(away - settled),
        remove=frozenset(left & present),
        missing=frozenset((away & settled) - namesakes),
        namesakes=namesakes,
        readdressed=to_readdress(people, desired, observed, outdated),
    )


def _namesakes(
    people: PeopleIndex,
    desired: DesiredEvent,
    observed: ObservedEvent,
    *,
    missing: Collection[str],
    known: Collection[str],
) -> frozenset[str]:
    """Those missing whose name somebody on the event has, under an address that nobody is known by."""
    strangers = {
        plain_name(attendee.name)
        for attendee in observed.attendees
        if people.find(attendee.email) is None and people.canonical(attendee.email) not in known
    }
    names = {people.canonical(attendee.email): plain_name(attendee.name) for attendee in desired.attendees}
    return frozenset(email for email in missing if names[email] and names[email] in strangers)
