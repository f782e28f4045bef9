"""The tenant's time, and what is due in it.

Real time by default; once set it stands still until it is advanced. Advancing runs what was planned
(people's answers, rooms) at its own moment, in order. Knows nothing of calendars.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Action = Callable[[], object]


class Clock:
    """UTC now, simulated or real, with an agenda of actions that become due."""

    def __init__(self, now: datetime | None = None) -> None:
        """Start at `now` (aware), standing still, or in real time when it is None."""
        self._fixed: datetime | None = None
        self._agenda: list[tuple[datetime, int, Action]] = []
        self._numbers = itertools.count()
        if now is not None:
            self._fixed = _utc(now)

    @property
    def is_simulated(self) -> bool:
        """Whether time stands still."""
        return self._fixed is not None

    def now(self) -> datetime:
        """Return the tenant's now, in UTC."""
        return self._fixed if self._fixed is not None else datetime.now(UTC)

    def plan(self, after: timedelta, action: Action) -> None:
        """Do `action` when `after` has passed."""
        heapq.heappush(self._agenda, (self.now() + after, next(self._numbers), action))

    def run_due(self) -> int:
        """Do what is due now; return how many actions were done."""
        done = 0
        while self._agenda and self._agenda[0][0] <= self.now():
            heapq.heappop(self._agenda)[2]()
            done += 1
        return done

    def set(self, moment: datetime) -> int:
        """Go to `moment` (aware) and stand still; return how many planned actions were done.

        Going forward runs what falls due on the way, each at its own moment. Going back runs nothing.
        """
        target, done = _utc(moment), 0
        while self._agenda and self._agenda[0][0] <= target:
            due, _, action = heapq.heappop(self._agenda)
            self._fixed = max(due, self.now()) if self.now() <= target else target
            action()
            done += 1
        self._fixed = target
        return done

    def advance(self, by: timedelta) -> int:
        """Let `by` pass; return how many planned actions were done."""
        return self.set(self.now() + by)

    def release(self) -> None:
        """Follow real time again."""
        self._fixed = None

    @property
    def pending(self) -> int:
        """How many planned actions are not yet due."""
        return len(self._agenda)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("the tenant's clock takes an aware time")
    return moment.astimezone(UTC)
