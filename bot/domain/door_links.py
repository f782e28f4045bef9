"""What a link to the door of one session allows: to see its names and say who came, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

OWNER = "door/"
"""What the links to doors are counted by begins so; no person is called that."""
PURPOSE = "d"
"""What tells its tokens from those of other links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorGrant:
    """One session of a plan, by the ids that it had at `made_at` (UTC); `by` is who of HR gave it away.

    It ends where HR has made a later `generation`.
    """

    plan: str
    course: str
    offering: str
    session: str
    made_at: datetime
    by: str = ""
    generation: int = 0


def door_owner(course: str, offering: str, session: str) -> str:
    """What the links to one door are counted by, so that HR ends them before their day is over."""
    return f"{OWNER}{course}/{offering}/{session}"
