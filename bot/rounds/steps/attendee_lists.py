"""One attendee list at a time.

Who is put on and taken off, on the list as it stands in Outlook (async shell).

A list is written whole, so whoever stays is written exactly as Outlook has them: they keep their answer and
get no mail. When somebody changed the event between our reading and our writing, it is read again and merged.

Of an online meeting nobody is invited before its link is there, because the mail that tells the link
afterwards is one more for everybody. The link may come late or never (a mailbox that may hold no meetings):
the event then stands without people, nobody has been mailed, and the books keep it intended, so that the next
run goes on from there. An event that has people on it is left to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.directory_names import with_addresses
from bot.domain.errors import GraphConflict, GraphGone, GraphRefused, RecipientsRejected
from bot.domain.events import ObservedAttendee

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.changes import Create, Update
    from bot.domain.errors import KursusbotError
    from bot.domain.events import Attendee, DesiredEvent, ObservedEvent
    from bot.domain.people import PeopleIndex
    from bot.rounds.steps.workbench import Workbench

MERGE_ATTEMPTS = 4


def lacks_link(change: Update, current: ObservedEvent) -> bool:
    """Whether people are put on an online meeting without a link, to which nobody was invited yet."""
    if not change.add or not change.desired.content.online or current.join_url is not None:
        return False
    return not current.attendees or (change.entry is not None and not change.entry.invited_since)


def require_link(desired: DesiredEvent, event: ObservedEvent) -> None:
    """Raises GraphRefused (`teams_link_awaited`) when the meeting has none.

    Nobody was mailed, and the next run looks again.
    """
    if event.join_url is None:
        raise GraphRefused("teams_link_awaited", session=str(desired.key))


async def change_list(
    change: Create | Update,
    current: ObservedEvent,
    bench: Workbench,
    refused: list[KursusbotError],
    *,
    add: tuple[str, ...] = (),
    remove: tuple[str, ...] = (),
    readdress: tuple[str, ...] = (),
) -> ObservedEvent:
    """Add and remove by canonical address, on the list as it stands now; nothing to do is no request.

    Of those to `readdress` every other address of theirs goes, and this one comes.

    Addresses that Graph refuses are noted in `refused`; everybody else is on the event then. Raises GraphGone
    when the event is gone, GraphConflict when it changes faster than it can be read.
    """
    kinds = {attendee.email: attendee for attendee in change.desired.attendees}
    ours = {*kinds, *(change.entry.desired_attendees if change.entry is not None else ())}
    wish = _Wish(add=add, remove=remove, readdress=readdress, kinds=kinds, ours=frozenset(ours))
    current = with_addresses(current, bench.people, ours)
    for attempt in range(MERGE_ATTEMPTS):
        written = _list_with(current, wish, bench.people)
        if written is None:
            return current
        listed, guests = written
        try:
            return await bench.calendar.replace_attendees(current, listed, guests=guests)
        except RecipientsRejected as error:
            refused.append(error)
            return error.event
        except GraphConflict:
            if attempt == MERGE_ATTEMPTS - 1:
                raise
            fresh = await bench.calendar.fetch_event(current.event_id, current.key)
            if fresh is None:
                raise GraphGone("graph_event_gone", status=404, event=str(change.key)) from None
            current = with_addresses(fresh, bench.people, ours)
    return current


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """Who is to come and go, by canonical address; `ours` are all whom we put on the event."""

    add: tuple[str, ...]
    remove: tuple[str, ...]
    readdress: tuple[str, ...]
    kinds: Mapping[str, Attendee]
    ours: frozenset[str]

    def leaves(self, attendee: ObservedAttendee, canonical: str) -> bool:
        """Who is removed, and every address but the new one of who is readdressed."""
        return canonical in self.remove or (canonical in self.readdress and attendee.address != canonical)


def _list_with(
    current: ObservedEvent, wish: _Wish, people: PeopleIndex
) -> tuple[list[ObservedAttendee], frozenset[str]] | None:
    """The list by the wish, and who on it is a guest of somebody else's; None where it is that already."""
    canonical = {attendee.email: people.canonical(attendee.email) for attendee in current.attendees}
    staying = [
        attendee for attendee in current.attendees if not wish.leaves(attendee, canonical[attendee.email])
    ]
    there = {canonical[attendee.email] for attendee in staying}
    missing = [wish.kinds[email] for email in (*wish.add, *wish.readdress) if email not in there]
    if len(staying) == len(current.attendees) and not missing:
        return None
    guests = frozenset(
        attendee.email
        for attendee in staying
        if wish.ours.isdisjoint({attendee.email, canonical[attendee.email]})
    )
    # An address stands on a list once.
    by_address = {attendee.address: attendee for attendee in staying}
    added = [
        ObservedAttendee(email=attendee.email, name=attendee.name, type=attendee.type) for attendee in missing
    ]
    return [*by_address.values(), *added], guests
