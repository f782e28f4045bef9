"""Which of the house's rooms will do, by seats and by what has to be in them.

Also what is known of those that were named (pure).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.domain.schedules import Room

MOST_ROOMS = 20
"""As many as one question to Microsoft takes; the smallest that will do."""


def rooms_that_will_do(
    rooms: Iterable[Room], *, seats: int, equipment: Collection[str] = ()
) -> tuple[Room, ...]:
    """The smallest first, at most MOST_ROOMS; a room of unknown size will not do.

    Each word of `equipment` has to stand in something that the room has, whatever the letters' size.
    """
    fitting = (
        room
        for room in rooms
        if room.capacity is not None and room.capacity >= seats and _has(room, equipment)
    )
    return tuple(sorted(fitting, key=lambda room: (room.capacity, room.email))[:MOST_ROOMS])


def as_they_are(named: Iterable[Room], rooms: Iterable[Room]) -> tuple[Room, ...]:
    """The rooms that were named, in their order, with what the house says of them where it knows them."""
    known = {room.email: room for room in rooms}
    return tuple(known.get(room.email, room) for room in named)


def are_too_small(rooms: Collection[Room], *, seats: int) -> bool:
    """Whether there are rooms, and none of them may hold as many; one of unknown size may."""
    return bool(rooms) and all(room.capacity is not None and room.capacity < seats for room in rooms)


def _has(room: Room, equipment: Collection[str]) -> bool:
    there = [one.casefold() for one in room.equipment]
    return all(any(word.casefold() in one for one in there) for word in equipment)
