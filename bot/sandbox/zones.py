"""Times as Graph writes them: `{dateTime, timeZone}` with Windows or IANA names, seven digits.

Windows names come from CLDR by way of Babel. Nothing here knows events. Facts: graph-facts section 1,
"Time" (2026-11-22).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.core import get_global

from bot.sandbox.wire import GraphRequest, JsonObject, RefusedError, bad_request

NEVER = "0001-01-01T00:00:00Z"
_WALL = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,7}))?")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?")


class Moment(NamedTuple):
    """A time of an event: the instant, the wall time as sent, and the zone name as sent."""

    utc: datetime
    wall: datetime
    zone: str


@lru_cache(maxsize=256)
def find_zone(name: str) -> ZoneInfo:
    """Return the zone of a Windows or IANA name. Raises RefusedError 400 for an unknown one."""
    iana = str(get_global("windows_zone_mapping").get(name, name))
    try:
        return ZoneInfo(iana)
    except (KeyError, ValueError, OSError) as error:
        raise _unknown(name) from error


def require_zones(request: GraphRequest, names: str) -> None:
    """Refuse (400) a time zone that Exchange does not know, in `Prefer` or anywhere in the body.

    With `names` `windows_only` that is every IANA name but UTC.
    """
    asked = [request.zone]
    if names == "windows_only" and request.method != "GET" and request.body.strip():
        asked += _zones_in(request.json())
    for name in asked:
        if names == "windows_only" and name != "UTC" and name not in get_global("windows_zone_mapping"):
            raise _unknown(name)
        find_zone(name)


def _zones_in(value: object) -> list[str]:
    if isinstance(value, list):
        return [name for one in value for name in _zones_in(one)]
    if not isinstance(value, dict):
        return []
    own = [zone for key, zone in value.items() if key == "timeZone" and isinstance(zone, str)]
    return own + [name for one in value.values() for name in _zones_in(one)]


def _unknown(name: str) -> RefusedError:
    message = (
        f"A valid TimeZone value must be specified. The following TimeZone value is not supported: '{name}'."
    )
    return RefusedError(400, "TimeZoneNotSupportedException", message)


def read_moment(value: object, name: str) -> Moment:
    """Return the moment of a `dateTimeTimeZone`. Raises RefusedError 400."""
    if not isinstance(value, dict) or not isinstance(value.get("dateTime"), str):
        raise bad_request(f"The property '{name}' needs dateTime and timeZone.")
    zone = value.get("timeZone")
    if not isinstance(zone, str) or not zone:
        raise RefusedError(
            400,
            "TimeZoneNotSupportedException",
            f"A valid TimeZone value must be specified for '{name}'.",
        )
    match = _WALL.fullmatch(value["dateTime"])
    try:
        wall = datetime.fromisoformat(match[1]) if match else None
    except ValueError:
        wall = None
    if wall is None:
        raise bad_request(f"The value '{value['dateTime']}' of '{name}' is not a date and time.")
    return Moment(wall.replace(tzinfo=find_zone(zone)).astimezone(UTC), wall, zone)


def write_moment(moment: Moment, zone: str, *, all_day: bool) -> JsonObject:
    """Return the `dateTimeTimeZone` of a moment in `zone`; an all-day event keeps its midnight."""
    wall = moment.wall if all_day else moment.utc.astimezone(find_zone(zone))
    return {"dateTime": f"{wall:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": zone}


def write_instant(moment: datetime | None) -> str:
    """Return a UTC stamp with seven digits, `0001-01-01T00:00:00Z` for none."""
    if moment is None:
        return NEVER
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}0Z"


def read_instant(text: str, name: str) -> datetime:
    """Return the UTC instant of a query value (no offset: UTC). Raises RefusedError 400."""
    text = text.replace(" ", "+")
    if not _INSTANT.fullmatch(text):
        raise bad_request(f"The value '{text}' of parameter '{name}' is invalid.")
    text = re.sub(r"(\.\d{6})\d+", r"\1", text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise bad_request(f"The value '{text}' of parameter '{name}' is invalid.") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
