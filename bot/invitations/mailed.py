"""How many mails the changes are where every change of a list mails everybody on the event (pure).

Microsoft documents that a PATCH of the attendees alone mails those who changed, and the changes are counted
so when they are made. Where a probe found, or somebody set, that it mails everybody, those who stay get one
mail more for each such request:

    the change         its requests, as `bot.rounds.steps.apply_changes` orders them then   each who is on it before is mailed
    people come or go  the list                                                    once
    a swap             the list with those who come, last the list without         twice, who came just now too
                       those who go elsewhere
    words, and people  the words, the list                                         twice; else who came would be told twice
    come
    words, and people  the list, the words                                         twice, but those who go once
    only go

Who changes address is like somebody who comes, and has the two mails of the exchange in place of the one
more.

Rooms are not counted, but a room that comes or goes mails everybody too. A new event, a cancellation and
words alone are the same either way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.changes import Update
from bot.domain.events import AttendeeType
from bot.invitations.swaps import Swaps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.changes import Change
    from bot.domain.graph_findings import GraphFindings
    from bot.domain.people import PeopleIndex


def as_mailed(changes: Iterable[Change], findings: GraphFindings, people: PeopleIndex) -> tuple[Change, ...]:
    """The changes with the mails that they cause in this tenant; in the same order."""
    changes = tuple(changes)
    if not findings.mails_everybody:
        return changes
    swaps = Swaps(changes)
    return tuple(
        _counted(change, swaps, people) if isinstance(change, Update) else change for change in changes
    )


def _counted(change: Update, swaps: Swaps, people: PeopleIndex) -> Update:
    again = (
        _again(change, swaps, people) - len(change.readdressed)
        if change.add or change.remove or change.readdressed
        else 0
    )
    return replace(change, mails=change.mails - change.again + again, again=again)


def _again(change: Update, swaps: Swaps, people: PeopleIndex) -> int:
    """The mails beyond one for each who comes, goes, or is told the words."""
    rooms = {
        attendee.email for attendee in change.desired.attendees if attendee.type is AttendeeType.RESOURCE
    }
    rooms |= {
        people.canonical(attendee.email)
        for attendee in change.observed.attendees
        if attendee.type is AttendeeType.RESOURCE
    }
    before = {people.canonical(attendee.email) for attendee in change.observed.attendees} - rooms
    coming, going = {*change.add} - rooms - before, ({*change.remove} & before) - rooms
    staying = before - going
    if change.fields:
        return len(before) if change.add or change.readdressed else len(staying)
    moving = swaps.moving(change) & going
    if change.add and swaps.moving(change):
        # Those who move are told once more while they are still on it, and who has just come when they leave.
        return 2 * len(staying) + len(moving) + len(coming)
    return len(staying)
