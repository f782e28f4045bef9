"""What a link to the results of one course allows: to read what may be shown of it, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

PURPOSE = "e"
"""What tells its tokens from those of other links."""
OWNER = "evaluation/"
"""What the links to results are counted by begins so; no person is called that."""
LASTS = timedelta(days=180)
"""From when HR made it: long enough to plan the next course by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsGrant:
    """One course of a plan, by the ids that it had at `made_at` (UTC).

    It ends where HR has made a later `generation`.
    """

    plan: str
    course: str
    made_at: datetime
    generation: int = 0

    def is_over(self, now: datetime) -> bool:
        """Whether it opens nothing any more; `now` UTC."""
        return now >= self.made_at + LASTS


def results_owner(course: str) -> str:
    """What the links to one course's results are counted by, so that HR ends them before their time."""
    return f"{OWNER}{course}"
