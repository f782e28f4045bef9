"""Splitting a session with more people than one event holds into parts, so that nobody ever moves (pure).

Exchange takes at most 500 attendees on an event (Graph facts §1, 2026-11), rooms among them. The
parts share title, time and link; part 1 holds the room and the Teams meeting.

    somebody who is on a part already     stays there
    somebody new                          goes to the first part with a free place, in order of address
    a part whose people have all left     is not wanted any more; the others keep their numbers
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.events import Attendee, SessionKey

MAX_ATTENDEES = 500


def split_people(
    key: SessionKey, people: Sequence[Attendee], seated: Mapping[int, frozenset[str]], *, rooms: int = 0
) -> list[tuple[SessionKey, list[Attendee]]]:
    """The parts of one session with their people, part 1 always, by number.

    `people` sorted by address, each once; `seated` who is on which part (by number) now; `rooms`
    places of part 1 that rooms take.
    """
    if len(people) + rooms <= MAX_ATTENDEES and seated.keys() <= {1}:
        return [(key, list(people))]
    where = {email: number for number in sorted(seated, reverse=True) for email in seated[number]}
    filled: dict[int, list[Attendee]] = {1: []}
    newcomers: list[Attendee] = []
    for person in people:
        number = where.get(person.email)
        if number is None or len(filled.setdefault(number, [])) >= _room_for(number, rooms):
            newcomers.append(person)
        else:
            filled[number].append(person)
    number = 1
    for person in newcomers:
        while len(filled.setdefault(number, [])) >= _room_for(number, rooms):
            number += 1
        filled[number].append(person)
    return [
        (replace(key, part=number), sorted(members, key=lambda one: one.email))
        for number, members in sorted(filled.items())
        if members or number == 1
    ]


def _room_for(number: int, rooms: int) -> int:
    return MAX_ATTENDEES - (rooms if number == 1 else 0)
