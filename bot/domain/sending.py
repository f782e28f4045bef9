"""When messages may go: the hours and days that the plan gives them, and how many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingRules:
    """When messages may be sent, and how many (`max_per_week` for each person, urgent ones apart)."""

    from_time: time = time(7, 0)
    to_time: time = time(18, 0)
    weekends: bool = False
    digest: bool = True
    max_per_week: int = 5
