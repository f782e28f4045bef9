"""A plan's wall times as instants (pure)."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime


def instant(wall: datetime, timezone: str) -> datetime:
    """The UTC instant of a wall time; of a time that occurs twice, the first."""
    return wall.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)
