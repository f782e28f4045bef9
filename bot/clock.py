"""The one place that asks what time it is. Only the shell asks; the core is told `now`."""

from __future__ import annotations

from datetime import UTC, datetime
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
