"""Days, hours and lengths as they are typed on a command line.

Each raises InputError that says how to write it.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from bot.domain.addresses import plain_address
from bot.domain.errors import InputError

ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
DANISH_DAY = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})", re.ASCII)
HOUR = re.compile(r"(\d{1,2})[:.](\d{2})", re.ASCII)
LENGTH = re.compile(r"(?:(\d{1,2})[ht])?\s*(?:(\d{1,4})m(?:in)?)?", re.ASCII | re.IGNORECASE)
ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
SEPARATOR = ".."


def read_day(option: str, said: str) -> date:
    """`2025-06-18`, `18-06-2025`, `18.6.2025` or `18/6-2025`."""
    iso, danish = ISO_DAY.fullmatch(said.strip()), DANISH_DAY.fullmatch(said.strip())
    year, month, day = iso.groups() if iso else danish.groups()[::-1] if danish else ("", "", "")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise InputError("dates_day_unreadable", option=option, value=said) from None


def read_days(option: str, said: str) -> tuple[date, date]:
    """A day, or the first and the last with `..` between."""
    first, separator, last = said.partition(SEPARATOR)
    days = read_day(option, first), read_day(option, last if separator else first)
    if days[0] > days[1]:
        raise InputError("dates_backwards", first=days[0], last=days[1])
    return days


def read_hour(option: str, said: str) -> time:
    """`8:30`, `08.30`."""
    found = HOUR.fullmatch(said.strip())
    try:
        return time(int(found[1]), int(found[2])) if found else time(99)
    except ValueError:
        raise InputError("dates_hour_unreadable", option=option, value=said) from None


def read_length(option: str, said: str) -> timedelta:
    """`3h`, `3t`, `90m`, `1h30m`; longer than nothing."""
    found = LENGTH.fullmatch(said.strip())
    length = timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0)) if found else timedelta(0)
    if length <= timedelta(0):
        raise InputError("dates_length_unreadable", option=option, value=said)
    return length


def read_addresses(option: str, said: tuple[str, ...]) -> tuple[str, ...]:
    """Mail addresses, in lower case."""
    for one in said:
        if not ADDRESS.fullmatch(plain_address(one)):
            raise InputError("dates_address_unreadable", option=option, value=one)
    return tuple(plain_address(one) for one in said)
