"""Dates for several offerings of one course, so that most people can have a seat at one at least (pure).

Never two on one day. Better is, in this order:

    1  fewer required people busy over all the dates, then fewer unknown, then more of the dates with a room
    2  more people who can have a seat at one they can come to
    3  more people with such a seat, if those of whom it is not known can come
    4  more of the audience free, added up over the dates
    5  earlier; of equally many seats the earlier date goes to the offering that comes first in the plan

An offering has the seats that it is given, and no more than the room that is taken for it; None is no limit.
Seats are shared out as well as can be: who can come to one date only does not stand back for who can come to
both.

Where there are at most MOST_TRIED ways all are tried, and the answer is the best there is. Beyond that it
begins with the best date, adds one after the other the date that makes the whole best, and then exchanges
single dates for others, or two with each other, as long as that makes it better: no single exchange improves
what comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations, permutations
from math import comb, perm

from bot.free_dates.ranking import Weighed

MOST_TRIED = 100_000
Seats = Sequence[int | None]
Score = tuple[int, int, int, int, int, int, tuple[datetime, ...], tuple[datetime, ...]]


def best_together(
    weighed: Sequence[Weighed], seats: Seats, *, most_tried: int = MOST_TRIED
) -> tuple[Weighed, ...]:
    """A date for each offering, in their order; the last have none where there are not so many days."""
    times = sorted(weighed, key=_start)
    seats = seats[: len({time.candidate.start.date() for time in times})]
    is_alike = len(set(seats)) <= 1
    if (comb if is_alike else perm)(len(times), len(seats)) > most_tried:
        return tuple(_improved(_one_after_the_other(times, seats), times, seats))
    ways = (combinations if is_alike else permutations)(times, len(seats))
    return min((those for those in ways if _on_different_days(those)), key=lambda those: score(those, seats))


def reached(chosen: Sequence[Weighed]) -> int:
    """How many people can come to at least one, whether there is a seat or not."""
    return _seated([(time.can, None) for time in chosen])


def seated(chosen: Sequence[Weighed], seats: Seats) -> int:
    """How many people can have a seat at one that they can come to."""
    return _seated([(one.can, _limit(one, its)) for one, its in zip(chosen, seats, strict=True)])


def score(chosen: Sequence[Weighed], seats: Seats) -> Score:
    """Smaller is better; in the order of the table."""
    limits = [_limit(one, its) for one, its in zip(chosen, seats, strict=True)]
    starts = tuple(map(_start, chosen))
    return (
        sum(time.required_busy for time in chosen),
        sum(time.required_unknown for time in chosen),
        sum(time.room_rank for time in chosen),
        -_seated([(one.can, limit) for one, limit in zip(chosen, limits, strict=True)]),
        -_seated([(one.can | one.unseen, limit) for one, limit in zip(chosen, limits, strict=True)]),
        sum(time.missed for time in chosen),
        tuple(sorted(starts)),
        starts,
    )


def _seated(dates: Sequence[tuple[int, int | None]]) -> int:
    """Of (who can come, seats) how many people have a seat when nobody could be seated better.

    By König's theorem: the least there is when each date is counted either by its seats or by its people,
    everybody once.
    """
    most = _union(dates).bit_count()
    ways = [(0, 0)]
    for people, seats in dates:
        more = [(union | people, taken) for union, taken in ways]
        if seats is not None and seats < people.bit_count():
            more += [(union, taken + seats) for union, taken in ways]
        # Neither number ever falls, so what is no less than everybody by now cannot become the least.
        ways = [(union, taken) for union, taken in more if union.bit_count() + taken < most]
    return min((union.bit_count() + taken for union, taken in ways), default=most)


def _limit(one: Weighed, seats: int | None) -> int | None:
    return min((known for known in (seats, one.room_seats) if known is not None), default=None)


def _one_after_the_other(times: Sequence[Weighed], seats: Seats) -> list[Weighed]:
    chosen: list[Weighed] = []
    for count in range(1, len(seats) + 1):
        chosen.append(min(_beside(times, chosen), key=lambda one: score([*chosen, one], seats[:count])))
    return chosen


def _improved(chosen: list[Weighed], times: Sequence[Weighed], seats: Seats) -> list[Weighed]:
    while True:
        better = min(_exchanged(chosen, times), key=lambda those: score(those, seats), default=chosen)
        if score(better, seats) >= score(chosen, seats):
            return chosen
        chosen = better


def _exchanged(chosen: list[Weighed], times: Sequence[Weighed]) -> Iterator[list[Weighed]]:
    """With one date exchanged for another, or two with each other."""
    for place in range(len(chosen)):
        before, after = chosen[:place], chosen[place + 1 :]
        for one in _beside(times, [*before, *after]):
            yield [*before, one, *after]
    for first, second in combinations(range(len(chosen)), 2):
        swapped = list(chosen)
        swapped[first], swapped[second] = chosen[second], chosen[first]
        yield swapped


def _beside(times: Sequence[Weighed], chosen: Sequence[Weighed]) -> Iterator[Weighed]:
    days = {time.candidate.start.date() for time in chosen}
    return (time for time in times if time.candidate.start.date() not in days)


def _on_different_days(chosen: Sequence[Weighed]) -> bool:
    return len({time.candidate.start.date() for time in chosen}) == len(chosen)


def _union(dates: Sequence[tuple[int, int | None]]) -> int:
    union = 0
    for people, _ in dates:
        union |= people
    return union


def _start(one: Weighed) -> datetime:
    return one.candidate.start
