"""How often something happens, as the settings say it.

An interval, a cron expression of five fields, or never.

    15m        every fifteen minutes (`s`, `m`, `h`, `d`)         at least a second, at most 31 days
    0 7 * * 1  Mondays at 7: minute, hour, day, month, weekday    numbers, names of months and weekdays, `*`, lists, ranges, steps
    off        never by itself

Weekdays are cron's: 0 and 7 are Sunday. One of day and weekday has to be `*`, because crons disagree about
what both together mean. Pure: what reads the clock by it is `jobs/clock.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

OFF = "off"
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
LONGEST_SECONDS = 31 * 86_400
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONGEST_DAY = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
EXAMPLES = "15m, 2h, off, or five fields such as 0 7 * * mon"

FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day", 1, 31, ()),
    ("month", 1, 12, ("", *MONTHS)),
    ("weekday", 0, 7, WEEKDAYS),
)
"""Name, smallest and largest number, and names by number."""

PIECE = re.compile(r"(?:(\*)|([a-z]+|\d+)(?:-([a-z]+|\d+))?)(?:/(\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """An interval, in whole seconds."""

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """Wall-clock times: each field the numbers that it allows, in order, None for all.

    Weekdays from 0, Monday.
    """

    minute: tuple[int, ...] | None
    hour: tuple[int, ...] | None
    day: tuple[int, ...] | None
    month: tuple[int, ...] | None
    weekday: tuple[int, ...] | None


Numbers = tuple[int, ...] | None
"""What a field of a cron allows, None for all."""

Cadence = Every | Cron | None
"""None: never by itself."""


def parse_cadence(text: str) -> Cadence:
    """Read a setting; raises ValueError that says what is wrong and gives examples."""
    words = text.strip().lower().split()
    if words == [OFF]:
        return None
    interval = re.fullmatch(r"(\d{1,7})([smhd])", " ".join(words))
    if interval is not None:
        return _every(int(interval[1]) * SECONDS[interval[2]])
    if len(words) != len(FIELDS):
        raise ValueError(f"not a cadence; write {EXAMPLES}")
    return _cron(*(_numbers(word, *field) for word, field in zip(words, FIELDS, strict=True)))


def _every(seconds: int) -> Every:
    if not 1 <= seconds <= LONGEST_SECONDS:
        raise ValueError("an interval is a second to 31 days")
    return Every(seconds=seconds)


def _cron(minute: Numbers, hour: Numbers, day: Numbers, month: Numbers, weekday: Numbers) -> Cron:
    """Weekdays are as written, from 0, Sunday."""
    if day is not None and weekday is not None:
        raise ValueError("either the day or the weekday has to be *")
    if weekday is not None:
        weekday = tuple(sorted({(number - 1) % 7 for number in weekday}))
    if day is not None and min(day) > max(LONGEST_DAY[number - 1] for number in month or (1,)):
        raise ValueError("no month has that day")
    return Cron(minute=minute, hour=hour, day=day, month=month, weekday=weekday)


def _numbers(word: str, name: str, smallest: int, largest: int, names: tuple[str, ...]) -> Numbers:
    """The numbers of one field, None for `*`."""
    if word == "*":
        return None
    ranges = (_range(text, name, smallest, largest, names) for text in word.split(","))
    return tuple(sorted({number for numbers in ranges for number in numbers}))


def _range(text: str, name: str, smallest: int, largest: int, names: tuple[str, ...]) -> range:
    """The numbers between two commas."""
    piece = PIECE.fullmatch(text)
    if piece is None:
        raise ValueError(f"{name}: “{text}” is not understood; write {EXAMPLES}")
    every, first, last, step = piece.groups()
    start = smallest if every else _number(first, name, names)
    end = start
    if last is not None:
        # A week may end with Sunday, whose other number it then is.
        end = _number("7" if last[:3] == WEEKDAYS[0] else last, name, names)
    elif every or step:
        # `5/15` is from 5 on, as crons have it.
        end = largest
    if not smallest <= start <= end <= largest or step == "0":
        raise ValueError(f"{name}: “{text}” is not within {smallest}–{largest}")
    return range(start, end + 1, int(step or 1))


def _number(word: str, name: str, names: tuple[str, ...]) -> int:
    if word.isdigit():
        return int(word)
    if word[:3] not in names:
        raise ValueError(f"{name}: “{word}” is not understood; write {EXAMPLES}")
    return names.index(word[:3])
