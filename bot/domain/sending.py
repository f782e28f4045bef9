"""The plan's own days, and when messages may go.

The hours and days that the plan gives them, and how many.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingRules:
    """When messages may be sent, and how many (`max_per_week` for each person, urgent ones apart)."""

    from_time: time = time(7, 0)
    to_time: time = time(18, 0)
    weekends: bool = False
    digest: bool = True
    max_per_week: int = 5
