"""A call with zone names that every mailbox server takes.

Graph takes IANA names and Windows names; single servers were seen to refuse IANA's with
`TimeZoneNotSupportedException`. Then what is written carries the Windows name (CLDR), and answers are asked
for in UTC, which is converted as any other zone is. Pure. Facts: graph-facts-checked section 17, 2026-11-28.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.graph.times import find_zone

if TYPE_CHECKING:
    from bot.graph.calls import Call

OF_DENMARK = {
    "Europe/Copenhagen": "Romance Standard Time",
    "Atlantic/Faroe": "GMT Standard Time",
    "America/Nuuk": "Greenland Standard Time",
}
"""Babel knows one zone of each Windows name; these are CLDR's for the kingdom."""
# Wall times to compare two zones by.
_MOMENTS = tuple(
    datetime(year, month, 15, 12)  # noqa: DTZ001
    for year in (2026, 2027)
    for month in range(1, 13)
)
REFUSED = "timezonenotsupportedexception"
_ASKED_FOR = re.compile(r'outlook\.timezone="[^"]*"')


def without_iana_names(call: Call) -> Call:
    """The same call by Windows names and in UTC.

    The very same where it names no zone, or only zones that have no Windows name.
    """
    headers = {name: _ASKED_FOR.sub('outlook.timezone="UTC"', value) for name, value in call.headers.items()}
    body = None if call.body is None else _renamed(call.body)
    return (
        call
        if (headers, body) == (dict(call.headers), call.body)
        else replace(call, headers=headers, body=body)
    )


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: windows_name(str(inner)) if name == "timeZone" else _renamed(inner)
            for name, inner in value.items()
        }
    return [_renamed(one) for one in value] if isinstance(value, list) else value


@cache
def windows_name(zone: str) -> str:
    """The Windows name of an IANA zone, by CLDR where Babel has it, else of one with the same clocks.

    Itself where there is none.
    """
    from babel.core import get_global

    names: dict[str, str] = {
        windows: iana
        for windows, iana in sorted(get_global("windows_zone_mapping").items())
        if find_zone(iana)
    }
    ours = find_zone(zone)
    if zone in OF_DENMARK or zone in names or ours is None:
        return OF_DENMARK.get(zone, zone)
    exact = (windows for windows, iana in names.items() if iana == zone)
    alike = (
        windows
        for windows, iana in names.items()
        if all(ours.utcoffset(at) == ZoneInfo(iana).utcoffset(at) for at in _MOMENTS)
    )
    return next(exact, None) or next(alike, zone)
