"""What a person writes to HR about taking part: personal data with an end, erased when the course is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_NOTE = 1_000
"""Characters; more than anybody needs to say what they cannot eat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One person's note on one course; `email` canonical, `written_at` UTC."""

    plan: str
    course: str
    email: str
    text: str
    written_at: datetime
