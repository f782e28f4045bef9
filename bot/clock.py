"""The one place that asks what time it is. Only the shell asks; the core is told `now`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """The present instant, UTC, aware."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, UTC, aware."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still (`--now`): it rules what is past, due and late, never how long to wait."""

    def __init__(self, instant: datetime) -> None:
        if instant.tzinfo is None:
            raise ValueError(instant)
        self._instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        """The instant given, UTC."""
        return self._instant


class MovableClock:
    """A clock that goes on as the machine's does, from an instant of its own; it can be put forward.

    The demonstration lives by it. What waits and when a sign-in ends go by the machine's clock.
    """

    def __init__(self, instant: datetime, machine: Clock | None = None) -> None:
        self._machine = machine or SystemClock()
        self._ahead = timedelta()
        self._ahead = instant - self.now()

    def now(self) -> datetime:
        """The present instant of this clock, UTC."""
        return self._machine.now() + self._ahead

    def put_forward(self, instant: datetime) -> None:
        """Go to an instant (aware) that is still to come; one that is past leaves the clock as it is."""
        self._ahead += max(instant - self.now(), timedelta())
