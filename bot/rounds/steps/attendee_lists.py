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

from typing import TYPE_CHECKING

from bot.domain.directory_names import with_addresses
from bot.domain.events import ObservedAttendee
from bot.errors import GraphConflict, GraphGone, GraphRefused, RecipientsRejected

if TYPE_CHECKING:
    from bot.domain.changes import Create, Update
    from bot.domain.events import DesiredEvent, ObservedEvent
    from bot.errors import KursusbotError
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
    kinds = {one.email: one for one in change.desired.attendees}
    ours = {*kinds, *(change.entry.desired_attendees if change.entry is not None else ())}
    current = with_addresses(current, bench.people, ours)
    for attempt in range(MERGE_ATTEMPTS):
        canonical = {one.email: bench.people.canonical(one.email) for one in current.attendees}
        leaving = [
            one
            for one in current.attendees
            if (email := canonical[one.email]) in remove or (email in readdress and one.address != email)
        ]
        staying = [one for one in current.attendees if one not in leaving]
        there = {canonical[one.email] for one in staying}
        missing = [kinds[email] for email in (*add, *readdress) if email not in there]
        if len(staying) == len(current.attendees) and not missing:
            return current
        guests = frozenset(
            one.email for one in staying if canonical[one.email] not in ours and one.email not in ours
        )
        listed = [
            *{one.address: one for one in staying}.values(),
            *(ObservedAttendee(email=one.email, name=one.name, type=one.type) for one in missing),
        ]
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
