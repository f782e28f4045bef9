"""What calendars of ours have in common: the head, when something is, and the time zone (pure).

The time zone stands in the file with rules (RFC 5545 3.6.5): the library's own VTIMEZONE lists dates, writes
the hour of the change wrongly and ends in 2038. A zone whose changes follow no yearly rule today is written
as one fixed offset for each change in the years that the plan speaks of. Facts: RFC 5545, RFC 7986, and the
notes of 2026-11 on icalendar 7.3.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone, TimezoneDaylight, TimezoneStandard, vDatetime, vDuration, vRecur

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from icalendar import Event

REFRESH = timedelta(hours=4)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def new_calendar(name: str) -> Calendar:
    """A calendar of this name, to be read again every four hours."""
    calendar = Calendar()
    calendar.add("prodid", "-//kursusbot//overview//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar["refresh-interval"] = vDuration(REFRESH)
    calendar["refresh-interval"].params["VALUE"] = "DURATION"
    return calendar


def add_span(event: Event, span: tuple[date, date], zone: str) -> None:
    """When it begins and ends: wall times of the zone, or days of which the second is the day after."""
    for name, when in zip(("dtstart", "dtend"), span, strict=True):
        if isinstance(when, datetime):
            event[name] = vDatetime(when)
            event[name].params["TZID"] = zone
        else:
            event.add(name, when)


def time_zone(name: str, first: int, last: int) -> Timezone:
    """The zone with its rules, or with each change from before the year `first` until after `last`."""
    zone = Timezone()
    zone.add("tzid", name)
    info = ZoneInfo(name)
    # From the year before, so that the winter in which the first one begins has its offset too.
    changes = [tuple(_changes(info, year)) for year in range(first - 1, last + 2)]
    rules = {tuple(map(_rule, of_year)) for of_year in changes}
    if len(rules) == 1 and changes[0]:
        for change in changes[0]:
            zone.add_component(_observance(change, rule=_rule(change)))
        return zone
    begin = datetime(first - 1, 1, 1, tzinfo=info)
    zone.add_component(
        _observance(
            (begin.replace(tzinfo=None), _offset(begin), _offset(begin), bool(begin.dst())), rule=None
        )
    )
    for change in (change for of_year in changes for change in of_year):
        zone.add_component(_observance(change, rule=None))
    return zone


Change = tuple[datetime, timedelta, timedelta, bool]
"""Wall time before the change, offset from, offset to, whether it begins summer time."""


def _changes(zone: ZoneInfo, year: int) -> Iterator[Change]:
    """The changes of offset in a year, found by halving the days on which the offset differs."""
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        after = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            low, high = day, after
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                middle = middle.replace(second=0, microsecond=0)
                same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            before, then = _offset(low.astimezone(zone)), _offset(high.astimezone(zone))
            yield (high + before).replace(tzinfo=None), before, then, bool(high.astimezone(zone).dst())
        day = after


def _offset(moment: datetime) -> timedelta:
    offset = moment.utcoffset()
    assert offset is not None  # noqa: S101 - a zone always has one
    return offset


def _rule(change: Change) -> tuple[int, str, int, int]:
    """Month, which weekday of it (`-1SU`, `2SU`), hour and minute of the wall clock before the change."""
    wall = change[0]
    month_ends = (wall.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    nth = -1 if month_ends.day - wall.day < 7 else (wall.day - 1) // 7 + 1  # noqa: PLR2004 - days of a week
    return wall.month, f"{nth}{WEEKDAYS[wall.weekday()]}", wall.hour, wall.minute


def _observance(
    change: Change, *, rule: tuple[int, str, int, int] | None
) -> TimezoneStandard | TimezoneDaylight:
    wall, before, after, summer = change
    part = TimezoneDaylight() if summer else TimezoneStandard()
    part["dtstart"] = vDatetime(wall)
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    if rule is not None:
        part["rrule"] = vRecur({"FREQ": "YEARLY", "BYMONTH": rule[0], "BYDAY": rule[1]})
    return part
