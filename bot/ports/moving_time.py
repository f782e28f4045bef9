"""Time that can be moved, as the desk of a demonstration shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class MovingTime(Protocol):
    """The time of a demonstration."""

    @property
    def wall(self) -> datetime:
        """What the clock on the wall says, in the plan's zone, without an offset."""

    @property
    def is_moving(self) -> bool:
        """Whether it is being moved: rounds are done for each part of the day on the way."""

    def move(self, days: int) -> None:
        """Begin to go so many days forward; nothing happens while it is moving already."""
