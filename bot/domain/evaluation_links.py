"""What a link to the results of one course allows: to read what may be shown of it, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

PURPOSE = "e"
"""What tells its tokens from those of other links."""
LASTS = timedelta(days=180)
"""From when HR made it: long enough to plan the next course by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsGrant:
    """One course of a plan, by the ids that it had at `made_at` (UTC)."""

    plan: str
    course: str
    made_at: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether it opens nothing any more; `now` UTC."""
        return now >= self.made_at + LASTS
