"""When a call to Graph is repeated, looked up or given up, and how long to wait in between.

| answer                         | safe (GET) | keyed   | unkeyed | why |
|--------------------------------|------------|---------|---------|---|
| 2xx, 3xx                       | done       | done    | done    | |
| no connection was made         | retry      | retry   | retry   | nothing was sent |
| 429                            | retry      | retry   | retry   | throttled, not processed; also for POST |
| 423                            | retry      | retry   | retry   | locked, not processed |
| 401                            | renew      | renew   | renew   | once, with a fresh token; the second is final |
| no answer, 408, any 5xx        | retry      | look up | give up | a write may have happened |
| any other 4xx                  | give up    | give up | give up | the same request gets the same answer |

*Keyed* is a write that can be recognised afterwards: a creation by its stamp, a PATCH of whole values,
a cancellation. *Unkeyed* is one that cannot (sendMail). Retry-After is honoured as an integer, a
fraction or an HTTP date; without it the wait is exponential with full jitter.

Pure but for `Pace`, which holds the clock and the dice so that tests need neither. Facts: graph-facts
sections 5, 13 and 16, 2026-11-22.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

NO_CONNECTION = -1
NO_ANSWER = 0

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
# A write whose answer got lost may still be under way in Exchange: look, give it this long, look again.
SETTLE_SECONDS = 1.0


class FailureKind(StrEnum):
    """What is known about repeating a call."""

    SAFE = "safe"
    KEYED = "keyed"
    UNKEYED = "unkeyed"


class Step(StrEnum):
    """What to do after an answer."""

    DONE = "done"
    RETRY = "retry"
    LOOK_UP = "look_up"
    RENEW = "renew"
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Time and chance: `sleep` in seconds, `monotonic` in seconds, `chance` in [0, 1), `now` UTC."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    monotonic: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def decide(kind: FailureKind, status: int) -> Step:
    """The table above; `status` is the HTTP status, NO_ANSWER or NO_CONNECTION."""
    match status:
        case _ if 200 <= status < 400:  # noqa: PLR2004 - HTTP: 2xx and 3xx
            return Step.DONE
        case -1 | 429 | 423:
            return Step.RETRY
        case 401:
            return Step.RENEW
        case 0 | 408:
            return _unclear(kind)
        case _ if status >= 500:  # noqa: PLR2004 - HTTP: 5xx
            return _unclear(kind)
        case _:
            return Step.GIVE_UP


def _unclear(kind: FailureKind) -> Step:
    match kind:
        case FailureKind.SAFE:
            return Step.RETRY
        case FailureKind.KEYED:
            return Step.LOOK_UP
        case FailureKind.UNKEYED:
            return Step.GIVE_UP


def parse_retry_after(value: str | None, *, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header: `120`, `2.128`, an HTTP date.

    None when missing or unreadable.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            instant = parsedate_to_datetime(value)
        except ValueError:
            return None
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=UTC)
        seconds = (instant - now).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def apart(value: str | None, now: datetime, before: timedelta | None) -> timedelta | None:
    """How far a `Date` header is ahead of `now` (UTC); as known `before` when it is missing or unreadable."""
    try:
        instant = parsedate_to_datetime(value or "")
    except ValueError:
        return before
    return (instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant) - now


def backoff(attempt: int, *, chance: float) -> float:
    """Seconds to wait after failed attempt number `attempt` (from 0).

    Exponential, full jitter, at most 30.
    """
    ceiling: float = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** min(attempt, 10))
    return ceiling * chance
