"""Graph's ways of writing time.

`dateTimeTimeZone` with Windows or IANA zones, UTC instants, years that mean never.

An answer's zone need not be the one asked for: it is converted to the plan's wall time. Windows names
are mapped by CLDR (Babel). A zone that nobody knows (`tzone://Microsoft/Custom`) is read as the plan's
own: a wrong guess shows as a conflict for a person to judge, while an error would stop the whole plan.
Facts: graph-facts sections 1 and 3, 2026-11-22.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from datetime import tzinfo

FIRST_YEAR, LAST_YEAR = 1900, 4499
"""Outside of these a time means "never": Graph's year 1, and the year 4501 of Exchange itself."""


def wall_time(value: Any, zone: str, *, all_day: bool = False) -> datetime | None:
    """A `dateTimeTimeZone` as wall time of `zone` (naive), None when it cannot be read.

    An all-day event is at midnight whatever the zone of the answer: a midnight as given stays, a
    midnight after conversion too, anything else is the converted date.
    """
    if not isinstance(value, dict) or not isinstance(value.get("dateTime"), str):
        return None
    try:
        given = datetime.fromisoformat(value["dateTime"])
    except ValueError:
        return None
    name = value.get("timeZone")
    if given.tzinfo is None:
        if name == zone or (all_day and given == _midnight(given)):
            return given.replace(microsecond=0)
        given = given.replace(tzinfo=find_zone(str(name or "UTC")) or find_zone(zone))
    converted = given.astimezone(find_zone(zone)).replace(tzinfo=None, microsecond=0)
    return _midnight(converted) if all_day else converted


def graph_time(wall: datetime, zone: str) -> dict[str, str]:
    """A wall time (naive) of an IANA zone as Graph takes it."""
    return {"dateTime": wall.isoformat(timespec="seconds"), "timeZone": zone}


def instant(value: Any) -> datetime | None:
    """An RFC 3339 time as UTC; None for nothing, for the unreadable, and for the years that mean never."""
    if not isinstance(value, str):
        return None
    try:
        given = datetime.fromisoformat(value)
    except ValueError:
        return None
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        return None
    return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)


def utc_text(moment: datetime, *, earlier: timedelta = timedelta(0)) -> str:
    """An instant as `2025-06-18T07:00:00Z`."""
    return (moment.astimezone(UTC) - earlier).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def find_zone(name: str) -> tzinfo | None:
    """The zone of an IANA or Windows name, None when nobody knows it."""
    if name.upper() in {"UTC", "COORDINATED UNIVERSAL TIME", "TZONE://MICROSOFT/UTC"}:
        return UTC
    try:
        return ZoneInfo(name if "/" in name else _of_windows(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _of_windows(name: str) -> str:
    """The IANA name of a Windows name, of which none has a slash; any other name as it is."""
    from babel.core import get_global

    return str(get_global("windows_zone_mapping").get(name, name))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
