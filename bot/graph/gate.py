"""Gates: how many requests may be in flight for a mailbox, and when all of them must pause.

Exchange lets an app have four requests at a time in one mailbox and answers 429 to the fifth; a Retry-After
concerns the mailbox, not the one request that was told (graph-facts sections 5 and 16, 2026-11-22). So every
request to a mailbox goes through one gate, whoever in the process sends it, and a pause holds all of them.
Microsoft's documentation has also said that the four are the app's, whatever the mailbox (graph-facts-checked
section 9): with `KURSUSBOT_GRAPH__GATE=app` all mailboxes share one gate, `OUTLOOK`. The directory, files,
Teams and subscriptions have gates of their own. Where the limit is so many requests in so many seconds,
`Tempo` spaces them.

Does not decide whether to retry (`bot.graph.retry`) and sends nothing.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from bot.graph.retry import Pace

DIRECTORY = "directory"
FILES = "files"
TEAMS = "teams"
SUBSCRIPTIONS = "subscriptions"
OUTLOOK = "outlook"
"""Every mailbox together, where the limit is taken to be the app's."""


class Gate:
    """`enter` and `leave` around one request; at most `limit` at a time, none during a pause."""

    def __init__(self, limit: int, pace: Pace) -> None:
        self._places = asyncio.Semaphore(limit)
        self._pace = pace
        self._open_at = 0.0

    def pause(self, seconds: float) -> None:
        """Let nobody in for `seconds` from now; a longer pause that runs already stays."""
        self._open_at = max(self._open_at, self._pace.monotonic() + seconds)

    @property
    def closed_for(self) -> float:
        """Seconds until a running pause ends, 0 when there is none."""
        return max(0.0, self._open_at - self._pace.monotonic())

    async def enter(self, until: float) -> bool:
        """Take a place when there is one and no pause.

        False, without a place, when a pause ends after `until`.
        """
        await self._places.acquire()
        try:
            while (wait := self.closed_for) > 0:
                if self._pace.monotonic() + wait > until:
                    self._places.release()
                    return False
                await self._pace.sleep(wait)
        except BaseException:
            self._places.release()
            raise
        return True

    def leave(self) -> None:
        """Give the place back."""
        self._places.release()


class Gates:
    """The gates of one process (strictly: of one event loop), by mailbox, without regard to case."""

    def __init__(self, limit: int, pace: Pace) -> None:
        self._limit = limit
        self._pace = pace
        self._gates: dict[str, Gate] = {}

    def of(self, name: str) -> Gate:
        """The gate of a mailbox, or one of the names above."""
        key = name.lower()
        gate = self._gates.get(key)
        if gate is None:
            gate = self._gates[key] = Gate(self._limit, self._pace)
        return gate


class Tempo:
    """At most so many starts in so many seconds, for each of `limits` (count, seconds).

    Waits where one more would be too many.
    """

    def __init__(self, pace: Pace, *limits: tuple[int, float]) -> None:
        self._pace = pace
        self._limits = limits
        self._starts: deque[float] = deque(maxlen=max(count for count, _ in limits))

    async def take(self) -> None:
        """Wait for a turn, and take it. For one task at a time."""
        while (wait := self._wait()) > 0:
            await self._pace.sleep(wait)
        self._starts.append(self._pace.monotonic())

    def _wait(self) -> float:
        now = self._pace.monotonic()
        return max(
            (
                self._starts[-count] + seconds - now
                for count, seconds in self._limits
                if len(self._starts) >= count
            ),
            default=0.0,
        )


_SHARED: WeakKeyDictionary[asyncio.AbstractEventLoop, Gates] = WeakKeyDictionary()


def shared_gates(limit: int, pace: Pace) -> Gates:
    """The gates that every client of the running loop shares; the first to ask sets the limit."""
    loop = asyncio.get_running_loop()
    gates = _SHARED.get(loop)
    if gates is None:
        gates = _SHARED[loop] = Gates(limit, pace)
    return gates
