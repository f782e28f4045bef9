"""The plan's own days: when the house is closed, and when many are away with their children."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingDay:
    """A day that is not a working day: every year, or in `year` only."""

    month: int
    day: int
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolHoliday:
    """Days, both included, on which people are at work but many are away with their children.

    No course should be held then.
    """

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last
