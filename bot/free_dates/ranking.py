"""Who can come when, which room is free, and which times are best (pure).

A person is *busy* at a time that touches something taken, *unknown* where it touches only what cannot be
seen, else *free*. A room that is unknown is not free. Better is, in this order:

    1  fewer required people busy, then fewer of them unknown
    2  a room is free; then, one may be
    3  more of the audience free: one unknown is worth half of one free
    4  earlier

Of each half of a day only the best time is kept: the rest of that morning is much the same. All spans are
UTC. Nothing here says who: people are bits of a number, and only their counts leave the package.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.schedules import Room, Schedule, Span, Unseen
from bot.free_dates.candidates import Candidate

FREE_ROOM, MAYBE_ROOM, NO_ROOM = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whom and what a date is for.

    People by address (lower case), rooms in the order in which they would be taken.

    `elsewhere` are times at which the plan itself has people, by address.
    """

    audience: tuple[str, ...]
    required: tuple[str, ...] = ()
    rooms: tuple[Room, ...] = ()
    elsewhere: Mapping[str, tuple[Span, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomState:
    """Whether a room is free; None where it is not known."""

    room: Room
    free: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A time with who can come.

    `can` and `unseen` are bit masks over the audience, `people` how many that is.
    """

    candidate: Candidate
    people: int
    can: int
    unseen: int
    required_busy: int = 0
    required_unknown: int = 0
    rooms: tuple[RoomState, ...] = ()

    @property
    def free(self) -> int:
        """How many of the audience can come."""
        return self.can.bit_count()

    @property
    def unknown(self) -> int:
        """Of how many it is not known."""
        return self.unseen.bit_count()

    @property
    def busy(self) -> int:
        """How many cannot."""
        return self.people - self.free - self.unknown

    @property
    def room(self) -> Room | None:
        """The room to take: the first free one."""
        return next((state.room for state in self.rooms if state.free), None)

    @property
    def room_seats(self) -> int | None:
        """How many the room holds that is taken, or may be.

        None without one, and where nobody has written it down.
        """
        taken = self.room or next((state.room for state in self.rooms if state.free is None), None)
        return taken.capacity if taken is not None else None

    @property
    def room_rank(self) -> int:
        """0 with a free room, or where none is looked for; 1 where one may be free; 2 without."""
        if not self.rooms or self.room is not None:
            return FREE_ROOM
        return MAYBE_ROOM if any(state.free is None for state in self.rooms) else NO_ROOM

    @property
    def missed(self) -> int:
        """Twice the busy and once the unknown."""
        return 2 * self.busy + self.unknown

    @property
    def rank(self) -> tuple[int, int, int, int, datetime]:
        """Smaller is better; no two times of a search are alike."""
        return self.required_busy, self.required_unknown, self.room_rank, self.missed, self.candidate.start


def weigh(times: Sequence[Candidate], asked: Asked, schedules: Mapping[str, Schedule]) -> tuple[Weighed, ...]:
    """Every time with who can come, in the order given (by start); who has no schedule is unknown."""
    axis = _Axis(times)
    audience = [
        axis.places_of(schedules.get(address), asked.elsewhere.get(address, ())) for address in asked.audience
    ]
    required = [
        axis.places_of(schedules.get(address), asked.elsewhere.get(address, ())) for address in asked.required
    ]
    rooms = [axis.places_of(schedules.get(room.email), ()) for room in asked.rooms]
    busy, unseen = (
        _turned((one for one, _ in audience), len(times)),
        _turned((one for _, one in audience), len(times)),
    )
    everybody = (1 << len(audience)) - 1
    return tuple(
        Weighed(
            candidate=one,
            people=len(audience),
            can=everybody & ~busy[place] & ~unseen[place],
            unseen=unseen[place],
            required_busy=sum(taken >> place & 1 for taken, _ in required),
            required_unknown=sum(unsure >> place & 1 for _, unsure in required),
            rooms=tuple(
                RoomState(
                    room=room, free=False if taken >> place & 1 else None if unsure >> place & 1 else True
                )
                for room, (taken, unsure) in zip(asked.rooms, rooms, strict=True)
            ),
        )
        for place, one in enumerate(times)
    )


def best_of_each_half(weighed: Iterable[Weighed]) -> tuple[Weighed, ...]:
    """The best time of every half day, best first."""
    best: dict[object, Weighed] = {}
    for time in weighed:
        rival = best.get(time.candidate.half)
        if rival is None or time.rank < rival.rank:
            best[time.candidate.half] = time
    return tuple(sorted(best.values(), key=lambda one: one.rank))


def never_seen(addresses: Iterable[str], schedules: Mapping[str, Schedule]) -> int:
    """Of how many nothing at all is known: refused, missing or unreadable."""
    return sum(
        schedule is None or any(why is not Unseen.UNSAID for _, why in schedule.unseen)
        for schedule in (schedules.get(address) for address in addresses)
    )


class _Axis:
    """The times as one axis: all are equally long, so a span touches those of one stretch of it."""

    def __init__(self, times: Sequence[Candidate]) -> None:
        self._starts = [time.span[0] for time in times]
        self._ends = [time.span[1] for time in times]

    def places_of(self, schedule: Schedule | None, elsewhere: Iterable[Span]) -> tuple[int, int]:
        """At which times somebody is busy, and at which only unknown: masks over the times."""
        if schedule is None:
            return 0, (1 << len(self._starts)) - 1
        busy = self._mask((*schedule.taken, *elsewhere))
        return busy, self._mask(span for span, _ in schedule.unseen) & ~busy

    def _mask(self, spans: Iterable[Span]) -> int:
        mask = 0
        for start, end in spans:
            first, after = bisect_right(self._ends, start), bisect_left(self._starts, end)
            if first < after and start < end:
                mask |= ((1 << after - first) - 1) << first
        return mask


def _turned(masks: Iterable[int], times: int) -> list[int]:
    """From a mask over the times for each person to a mask over the people for each time."""
    turned = [0] * times
    for place, mask in enumerate(masks):
        person, rest = 1 << place, mask
        while rest:
            lowest = rest & -rest
            turned[lowest.bit_length() - 1] |= person
            rest ^= lowest
    return turned
