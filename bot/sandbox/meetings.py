"""The Teams meetings that were held in the tenant, and who was in them; shown by `meeting_endpoints.py`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """One device in a meeting: whose (directory id and address, "" of guests), its name, and when."""

    user_id: str
    address: str
    name: str
    times: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A meeting that was held once: by its link, from when to when, and who was there."""

    join_url: str
    start: datetime
    end: datetime
    present: tuple[Present, ...]

    @property
    def id(self) -> str:
        """The report's."""
        return str(uuid5(NAMESPACE_URL, f"{self.join_url} {self.start.isoformat()}"))


@dataclass(slots=True)
class Meetings:
    """What was held, in the order in which it was told."""

    held: list[Held] = field(default_factory=list)
