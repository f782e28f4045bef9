"""Dates for several offerings of one course, so that most people can come to at least one (pure).

Never two on one day. Better is, in this order:

    1  fewer required people busy over all the dates, then fewer unknown, then more of the dates with a room
    2  more people who can come to at least one
    3  more people who can, or of whom it is not known, at at least one
    4  more of the audience free, added up over the dates
    5  earlier

Where there are at most MOST_TRIED combinations all are tried, and the answer is the best there is. Beyond that it begins
with the best date, adds one after the other the date that makes the whole best, and then swaps single dates for others as
long as that makes it better: no single swap improves what comes out. Seats are not counted: who can come to a date that
is full counts as having one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations
from math import comb

from bot.dates.ranking import Weighed

MOST_TRIED = 100_000
Score = tuple[int, int, int, int, int, int, tuple[datetime, ...]]


def best_together(weighed: Sequence[Weighed], count: int, *, most_tried: int = MOST_TRIED) -> tuple[Weighed, ...]:
    """`count` of these (fewer where there are not so many days), by start."""
    if not weighed:
        return ()
    count = min(count, len({one.candidate.start.date() for one in weighed}))
    if comb(len(weighed), count) <= most_tried:
        chosen: Sequence[Weighed] = min((those for those in combinations(weighed, count) if _on_different_days(those)), key=score)
    else:
        chosen = _improved(_one_after_the_other(weighed, count), weighed)
    return tuple(sorted(chosen, key=_start))


def reached(chosen: Sequence[Weighed]) -> int:
    """How many people can come to at least one."""
    return _union(one.can for one in chosen).bit_count()


def score(chosen: Sequence[Weighed]) -> Score:
    """Smaller is better; in the order of the table."""
    return (
        sum(one.required_busy for one in chosen),
        sum(one.required_unknown for one in chosen),
        sum(one.room_rank for one in chosen),
        -reached(chosen),
        -_union(one.can | one.unseen for one in chosen).bit_count(),
        sum(one.missed for one in chosen),
        tuple(sorted(map(_start, chosen))),
    )


def _one_after_the_other(weighed: Sequence[Weighed], count: int) -> list[Weighed]:
    chosen: list[Weighed] = []
    for _ in range(count):
        chosen.append(min(_beside(weighed, chosen), key=lambda one: score([*chosen, one])))
    return chosen


def _improved(chosen: list[Weighed], weighed: Sequence[Weighed]) -> list[Weighed]:
    while True:
        swaps = ([*rest, one] for rest in _without_one(chosen) for one in _beside(weighed, rest))
        better = min(swaps, key=score)
        if score(better) >= score(chosen):
            return chosen
        chosen = better


def _without_one(chosen: list[Weighed]) -> Iterator[list[Weighed]]:
    return (chosen[:place] + chosen[place + 1 :] for place in range(len(chosen)))


def _beside(weighed: Sequence[Weighed], chosen: Sequence[Weighed]) -> Iterator[Weighed]:
    days = {one.candidate.start.date() for one in chosen}
    return (one for one in weighed if one.candidate.start.date() not in days)


def _on_different_days(chosen: Sequence[Weighed]) -> bool:
    return len({one.candidate.start.date() for one in chosen}) == len(chosen)


def _union(masks: Iterator[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _start(one: Weighed) -> datetime:
    return one.candidate.start
