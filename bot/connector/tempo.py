"""How fast the bot may speak: in one conversation, and in all of them together.

Facts: Microsoft's limits for bots in Teams (7 in a second, 8 in 2, 60 in 30, 1,800 in an hour in one
conversation; 50 in a second for one app in one tenant), 2026-11. For all together we stay well below.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

# A tenth of a second more than Microsoft's: what is sent apart arrives closer together, the first late.
IN_CONVERSATION = ((7, 1.1), (8, 2.1), (60, 30.1), (1800, 3600.1))
IN_ALL = ((30, 1.0),)
MOST_CONVERSATIONS = 5000
"""Of so many it is known when something was last said there; those of longest ago are forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Time and chance: `sleep` and `monotonic` in seconds, `chance` in [0, 1), `now` UTC."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    monotonic: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class ChatTempo:
    """What was said lately, and how long the next has to wait."""

    def __init__(self) -> None:
        self._all: deque[float] = deque(maxlen=max(count for count, _ in IN_ALL))
        self._said: dict[str, deque[float]] = {}
        self._closed: dict[str, float] = {}

    def wait(self, conversation: str, now: float) -> float:
        """Seconds until something may be said there."""
        held = max(self._closed.get(conversation, 0.0) - now, 0.0)
        return max(
            held,
            _wait(self._all, IN_ALL, now),
            _wait(self._said.get(conversation, ()), IN_CONVERSATION, now),
        )

    def note(self, conversation: str, now: float) -> None:
        """Something is being said there."""
        self._all.append(now)
        said = self._said.pop(conversation, None)
        if said is None:
            said = deque(maxlen=max(count for count, _ in IN_CONVERSATION))
        # Put last, so that those of longest ago come first.
        self._said[conversation] = said
        said.append(now)
        while len(self._said) > MOST_CONVERSATIONS:
            self._said.pop(next(iter(self._said)))

    def close(self, conversation: str, until: float) -> None:
        """Teams has asked for a pause there, until then (monotonic seconds)."""
        self._closed = {name: end for name, end in self._closed.items() if end > until - 3600} | {
            conversation: max(until, self._closed.get(conversation, 0.0))
        }


def _wait(said: deque[float] | tuple[()], limits: tuple[tuple[int, float], ...], now: float) -> float:
    return max((said[-count] + seconds - now for count, seconds in limits if len(said) >= count), default=0.0)


_SHARED: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, ChatTempo]] = WeakKeyDictionary()


def shared_tempo(tenant: str) -> ChatTempo:
    """The tempo that everything in the running loop keeps in this tenant."""
    return _SHARED.setdefault(asyncio.get_running_loop(), {}).setdefault(tenant, ChatTempo())
