"""Whether personal data may be let go of by itself, or waits for a person.

It cannot be undone, and rests on what the clock says.

| in this order | waits |
|---|---|
| nothing would go | no |
| Microsoft Graph's clock is more than a day from the machine's | `clock_differs` |
| since the last time that was believed, more than 45 days have gone by | `clock_jumped` |
| more than half of all the places in the books would go at once, and at least ten | `many` |

A place is a person in an offering. Where a person has said so, nothing of this is asked. The time last
believed is that of the latest round with a clock that nothing spoke against; before the first one nothing is
compared. A service that was really away so long waits once, and so does a plan with a single course when its
time is over: better asked than gone (pure).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MOST_APART, LONGEST_AWAY = timedelta(days=1), timedelta(days=45)
MOST_SHARE, FEWEST = 0.5, 10


class WaitsFor(StrEnum):
    """Why it waits."""

    CLOCK_DIFFERS = "clock_differs"
    CLOCK_JUMPED = "clock_jumped"
    MANY = "many"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureMark:
    """What the books say of a plan's rounds of erasure.

    `believed_at` UTC, None before the first; `waits` since `since` UTC.
    """

    believed_at: datetime | None = None
    waits: WaitsFor | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What would go: whether anything, how many places, and of how many in the books."""

    anything: bool
    places: int
    of: int


def why_it_waits(
    foreseen: Foreseen, *, now: datetime, believed_at: datetime | None, apart: timedelta | None
) -> WaitsFor | None:
    """By the table; `apart` is how far Graph's clock is ahead of ours, None where it is not known."""
    if not foreseen.anything:
        return None
    if apart is not None and abs(apart) > MOST_APART:
        return WaitsFor.CLOCK_DIFFERS
    if believed_at is not None and now - believed_at > LONGEST_AWAY:
        return WaitsFor.CLOCK_JUMPED
    if foreseen.places >= FEWEST and foreseen.places > MOST_SHARE * foreseen.of:
        return WaitsFor.MANY
    return None
