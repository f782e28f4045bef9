"""Dates, times and durations as the plan format writes them, and wall times that a clock skips or repeats.

A wall time is a naive datetime in the plan's zone. ISO forms only: a workbook's own dates and Danish
texts are made ISO in `cells`. Time zone data: the IANA database through zoneinfo (tzdata 2026.x).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.closing_days import ClosingDay, SchoolHoliday
from bot.plan.findings import shown

if TYPE_CHECKING:
    from datetime import tzinfo

    from bot.plan.findings import Findings
    from bot.plan.nodes import Scalar

MOMENT = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2})[:.](\d{2})(?::00)?)?", re.ASCII)
DAY = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})", re.ASCII)
UNTIL = ".."
CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
PERIOD = re.compile(r"(?:20|21)\d\d(?:-(?:[Qq][1-4]|[Hh][12]|0[1-9]|1[0-2]))?", re.ASCII)
DURATION = re.compile(r"(\d{1,5})([mhdw])", re.ASCII)
DURATION_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
}
LONGEST_DURATION = timedelta(days=366)
LAST_MINUTE = timedelta(hours=23, minutes=59)
ZONE = re.compile(r"[A-Za-z0-9_+-]{1,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}", re.ASCII)
FIRST_YEAR = 2000
LAST_YEAR = 2199
LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall time; `date_only` when the plan gives the day and not the hour (then 00:00)."""

    wall: datetime
    date_only: bool


class WallTime(Enum):
    """How often a wall time occurs in a zone."""

    ONCE = "once"
    NEVER = "never"
    TWICE = "twice"


def occurrence(wall: datetime, zone: tzinfo) -> WallTime:
    """Whether the clocks of `zone` show `wall` once, never (spring) or twice (autumn)."""
    first = wall.replace(tzinfo=zone, fold=0).utcoffset()
    second = wall.replace(tzinfo=zone, fold=1).utcoffset()
    if first is None or second is None or first == second:
        return WallTime.ONCE
    return WallTime.NEVER if first < second else WallTime.TWICE


def moment(scalar: Scalar, findings: Findings) -> Moment | None:
    """`2025-06-18T09:00` (a space instead of T, and `:00` seconds, are understood) or `2025-06-18`."""
    found = MOMENT.fullmatch(scalar.text)
    if found is None:
        findings.error("value.invalid", scalar.spot, reason="moment", value=shown(scalar.as_written))
        return None
    year, month, day, hour, minute = found.groups()
    try:
        # A wall time.
        wall = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))  # noqa: DTZ001
    except ValueError:
        findings.error("value.invalid", scalar.spot, reason="no_such_date", value=shown(scalar.as_written))
        return None
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        findings.error(
            "value.invalid",
            scalar.spot,
            reason="year",
            value=shown(scalar.as_written),
            minimum=FIRST_YEAR,
            maximum=LAST_YEAR,
        )
        return None
    return Moment(wall, hour is None)


def day_begins(scalar: Scalar, findings: Findings) -> datetime | None:
    """A moment, of a date alone its first minute: from then on."""
    found = moment(scalar, findings)
    return found.wall if found else None


def day_ends(scalar: Scalar, findings: Findings) -> datetime | None:
    """A moment, of a date alone its last minute: by the end of that day."""
    found = moment(scalar, findings)
    if found is None:
        return None
    return found.wall + LAST_MINUTE if found.date_only else found.wall


def day(scalar: Scalar, findings: Findings) -> date | None:
    """A date alone: `2025-03-12`."""
    found = moment(scalar, findings)
    if found is not None and not found.date_only:
        findings.error("value.invalid", scalar.spot, reason="day_alone", value=shown(scalar.as_written))
        return None
    return found.wall.date() if found else None


def clock_time(scalar: Scalar, findings: Findings) -> time | None:
    """`09:00` or `9.00`, 24 hours."""
    found = CLOCK.fullmatch(scalar.text)
    if found is None:
        findings.error("value.invalid", scalar.spot, reason="clock", value=shown(scalar.as_written))
        return None
    return time(int(found[1]), int(found[2]))


def closing_day(scalar: Scalar, findings: Findings) -> ClosingDay | None:
    """`2025-06-05` for one year or `12-24` for every year (`02-29` is every leap year)."""
    found = DAY.fullmatch(scalar.text)
    if found is None:
        findings.error("value.invalid", scalar.spot, reason="closing_day", value=shown(scalar.as_written))
        return None
    day = _day_of(found, scalar, findings)
    return (
        ClosingDay(month=day.month, day=day.day, year=day.year if found[1] else None)
        if day is not None
        else None
    )


def school_holiday(scalar: Scalar, findings: Findings) -> SchoolHoliday | None:
    """`2026-02-09..2026-02-13`, both included, or one day: `2026-02-09`."""
    first, separator, last = scalar.text.partition(UNTIL)
    written = [DAY.fullmatch(part.strip()) for part in ((first, last) if separator else (first,))]
    found = [one for one in written if one is not None and one[1]]
    if len(found) < len(written):
        findings.error("value.invalid", scalar.spot, reason="school_holiday", value=shown(scalar.as_written))
        return None
    days = [day for one in found if (day := _day_of(one, scalar, findings)) is not None]
    if len(days) < len(found):
        return None
    if days[0] > days[-1]:
        findings.error("value.invalid", scalar.spot, reason="backwards", first=days[0], last=days[-1])
        return None
    return SchoolHoliday(first=days[0], last=days[-1])


def _day_of(found: re.Match[str], scalar: Scalar, findings: Findings) -> date | None:
    """The day that was read, of a leap year where it has no year; None, and noted, where there is none."""
    try:
        day = date(int(found[1] or LEAP_YEAR), int(found[2]), int(found[3]))
    except ValueError:
        findings.error("value.invalid", scalar.spot, reason="no_such_date", value=shown(scalar.as_written))
        return None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        findings.error(
            "value.invalid",
            scalar.spot,
            reason="year",
            value=shown(scalar.as_written),
            minimum=FIRST_YEAR,
            maximum=LAST_YEAR,
        )
        return None
    return day


def period(scalar: Scalar, findings: Findings) -> str | None:
    """`2024`, `2024-Q3`, `2024-H2` or `2024-09`."""
    if PERIOD.fullmatch(scalar.text):
        return scalar.text.upper()
    findings.error("value.invalid", scalar.spot, reason="period", value=shown(scalar.as_written))
    return None


def duration(scalar: Scalar, findings: Findings) -> timedelta | None:
    """`30m`, `2h`, `1d` or `2w`: longer than nothing, at most 366 days."""
    found = DURATION.fullmatch(scalar.text)
    length = int(found[1]) * DURATION_UNITS[found[2]] if found else timedelta(0)
    if timedelta(0) < length <= LONGEST_DURATION:
        return length
    findings.error("value.invalid", scalar.spot, reason="duration", value=shown(scalar.as_written))
    return None


def duration_text(length: timedelta) -> str:
    """A duration in the largest unit that says it exactly: the opposite of `duration`."""
    for letter, unit in DURATION_UNITS.items():
        if length % unit == timedelta(0):
            return f"{length // unit}{letter}"
    raise ValueError(length)


def zone_name(scalar: Scalar, findings: Findings) -> str | None:
    """The name of an IANA time zone that this machine knows."""
    if ZONE.fullmatch(scalar.text):
        try:
            return ZoneInfo(scalar.text).key
        except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder of zones such as "Europe"
            pass
    names = {name.casefold(): name for name in available_timezones()}
    near = names.get(scalar.text.casefold()) or "Europe/Copenhagen"
    findings.error("value.invalid", scalar.spot, reason="zone", value=shown(scalar.as_written), nearest=near)
    return None
