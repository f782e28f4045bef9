"""What people's calendars hold apart from the tenant's events, and whose cannot be read.

State behind `schedule.py`.

Set through the control plane; nothing here exists in Graph. Facts: graph-facts-checked section 21
(2026-11-22).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.sandbox.wire import JsonObject
from bot.sandbox.zones import find_zone

STATUSES = ("free", "tentative", "busy", "oof", "workingElsewhere", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupation:
    """A stretch in somebody's calendar: between instants, or all of some days (`last` included)."""

    status: str
    start: datetime | None = None
    end: datetime | None = None
    first: date | None = None
    last: date | None = None
    written: JsonObject | None = None

    def span(self, zone: str) -> tuple[datetime, datetime]:
        """From and to (UTC); whole days run from midnight to midnight of `zone`."""
        if self.start is not None and self.end is not None:
            return self.start, self.end
        assert self.first is not None  # noqa: S101 - one or the other is there
        assert self.last is not None  # noqa: S101
        return midnight(self.first, zone), midnight(self.last + timedelta(days=1), zone)


@dataclass(slots=True)
class FreeBusy:
    """By user id what else is in the calendar.

    By address (lower case) what the service says instead of an answer.
    """

    occupations: dict[str, list[Occupation]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    null_items: set[str] = field(default_factory=set)

    def add(self, user_id: str, items: list[dict[str, Any]]) -> None:
        """Add `{"start", "end", "status"}` (with offset) or `{"day", "last", "status"}`.

        Raises ValueError.
        """
        self.occupations.setdefault(user_id, []).extend(_read(item) for item in items)

    def clear(self) -> None:
        """Everybody can be read again, and nobody has anything else in the calendar."""
        for part in (self.occupations, self.errors, self.left_out, self.null_items):
            part.clear()


def midnight(day: date, zone: str) -> datetime:
    """The instant (UTC) at which a day begins in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=find_zone(zone)).astimezone(UTC)


def schedule_item(status: str, start: datetime, end: datetime) -> JsonObject:
    """What is told of an unshared calendar: from, to (UTC, whatever was preferred) and the status."""
    return {"status": status, "start": _utc(start), "end": _utc(end)}


def _utc(moment: datetime) -> JsonObject:
    return {"dateTime": f"{moment.isoformat()[:19]}.0000000", "timeZone": "UTC"}


def _read(item: dict[str, Any]) -> Occupation:
    status = str(item.get("status", "busy"))
    if status not in STATUSES:
        raise ValueError(f"status is one of {', '.join(STATUSES)}")
    if "day" in item:
        first = date.fromisoformat(item["day"])
        return Occupation(status=status, first=first, last=date.fromisoformat(item.get("last", item["day"])))
    start, end = (datetime.fromisoformat(item[name]).astimezone(UTC) for name in ("start", "end"))
    if start >= end:
        raise ValueError("an item ends after it starts")
    return Occupation(status=status, start=start, end=end, written=schedule_item(status, start, end))
