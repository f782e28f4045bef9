"""Who of those that a session cannot do without has said no: rooms and speakers (pure).

on the event and said no     told
a room that stays on it      until it is another room, or says yes
a speaker who stays on it    until the session has begun, or the plan names somebody else
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.changes import Reason
from bot.domain.events import AttendeeType, ResponseStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.domain.events import ObservedEvent
    from bot.domain.people import PeopleIndex


def declines(
    event: ObservedEvent,
    speakers: Collection[str],
    people: PeopleIndex,
    *,
    leaving: Collection[str],
    begun: bool,
) -> Iterator[tuple[Reason, tuple[str, ...]]]:
    """(Reason, addresses), those without any left out; `speakers` and `leaving` are canonical addresses."""
    said_no = [
        attendee
        for attendee in event.attendees
        if attendee.response is ResponseStatus.DECLINED and people.canonical(attendee.email) not in leaving
    ]
    rooms = tuple(one.email for one in said_no if one.type is AttendeeType.RESOURCE)
    if rooms:
        yield Reason.ROOM_DECLINED, rooms
    away = {people.canonical(one.email) for one in said_no} & {*speakers}
    if away and not begun:
        yield Reason.SPEAKER_DECLINED, tuple(sorted(away))
