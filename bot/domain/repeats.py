"""A request that is asked again under the same key, as data.

| under a key was | whoever asks with it gets |
|---|---|
| nothing yet | the first turn: it is done |
| the same, and it was answered | that answer, and nothing is done |
| the same, and it is under way | told so: to come again |
| the same, and whoever did it is gone without an answer | another turn: what the books have of it is looked for first |
| something else | refused |

A key is good for `KEPT`, for whoever used it first, and is nobody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

KEPT = timedelta(hours=24)
UNDER_WAY = timedelta(seconds=60)
"""So long a request is taken to be under way: longer than any takes."""


class Turn(Enum):
    """By the table above."""

    FIRST = auto()
    ANSWERED = auto()
    UNDER_WAY = auto()
    AGAIN = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """What a key means now: `begun_at` by the books' clock (UTC), `status` and `answer` of before."""

    turn: Turn
    begun_at: datetime
    status: int = 0
    answer: str = ""
