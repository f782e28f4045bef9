"""Dates and times as people in an office write them → the format's own, or why they cannot be told.

    written                                     is
    18-06-2025, 18.6.2025, 18/6-2025, 18/6 2025 the day first, as Danes write
    06/07/2025                                  the day first: the year tells that it is no other order
    18. juni 2025, 18. jun. 25, June 18, 2025   the month is named
    18/6-25, 18/6 25                            2025: nobody writes another order with these signs
    2025-06-18, 2025/06/18                      the year first
    onsdag den 18. juni 2025                    the same, and the weekday must fit (`weekday`)
    any of them, then 9:00, 9.00, kl. 9         with the hour
    06/07/25, 18-06-25                          could be two days: refused (`two_days`)
    06/18/2025                                  no month 18: refused (`month_first`)

Whether the day is in the calendar is the business of `moments`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

_MONTHS = (
    ("januar", "jan", "january"),
    ("februar", "feb", "februari", "february"),
    ("marts", "mar", "mart", "march"),
    ("april", "apr"),
    ("maj", "may"),
    ("juni", "jun", "june"),
    ("juli", "jul", "july"),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "okt", "october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_WEEKDAYS = (
    ("mandag", "man", "monday", "mon"),
    ("tirsdag", "tir", "tirs", "tuesday", "tue"),
    ("onsdag", "ons", "wednesday", "wed"),
    ("torsdag", "tor", "tors", "thursday", "thu"),
    ("fredag", "fre", "friday", "fri"),
    ("lørdag", "lør", "saturday", "sat"),
    ("søndag", "søn", "sunday", "sun"),
)
WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
LAST_MONTH = 12

_CLOCK = r"(\d{1,2})(?:[.:](\d{2})(?::00)?)?"
CLOCK_ALONE = re.compile(rf"(?:(?:kl\.?|klokken)\s*)?{_CLOCK}", re.ASCII)
CLOCK_AFTER = re.compile(rf"(?:,\s*|\s+|(?<=\d)t)(kl\.?\s*|klokken\s+)?{_CLOCK}$", re.ASCII)
WEEKDAY_BEFORE = re.compile(r"([a-zæøå]+)\.?,?\s+(?:den\s+|d\.\s*|the\s+)?(?=[\da-z])")
DEN_BEFORE = re.compile(r"(?:den\s+|d\.\s*)(?=\d)")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
NUMERIC = re.compile(
    r"(\d{1,2})(?:(-)(\d{1,2})[- ]|(\.) ?(\d{1,2})(?:\. ?|[- ])|(/)(\d{1,2})(?:[-/ ]|\. ?))(\d{4}|\d{2})",
    re.ASCII,
)
DAY_MONTH = re.compile(
    r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th)? ?(?P<month>[a-z]+)\.?,? (?P<year>\d{4}|\d{2})", re.ASCII
)
MONTH_DAY = re.compile(r"(?P<month>[a-z]+)\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})", re.ASCII)
DANISH_ALONE = re.compile(r"\d{1,2}/\d{1,2}[- ]\d{2}", re.ASCII)

YEARS, HALVES, QUARTERS = r"(20\d\d|21\d\d)", r"([12])", r"([1-4])"
PERIODS = (
    (re.compile(rf"{HALVES}\. ?(?:halvår|halvaar) {YEARS}"), "H"),
    (re.compile(rf"{QUARTERS}\. ?(?:kvartal|kvt\.?) {YEARS}"), "Q"),
    (re.compile(rf"h{HALVES} {YEARS}"), "H"),
    (re.compile(rf"[qk]{QUARTERS} {YEARS}"), "Q"),
)
MONTH_AND_YEAR = re.compile(rf"([a-z]+)\.? {YEARS}")
DURATION = re.compile(
    r"(\d{1,5}) ?(minutter|minut|minutes|minute|min\.?|m|timer|time|hours|hour|t|h|"
    r"dage|dag|days|day|d|uger|uge|weeks|week|w)"
)


def read_date(words: str) -> tuple[str | None, str]:
    """`2025-06-18` or `2025-06-18T09:00`, and ""; or None and why.

    The reasons: `moment`, `two_days`, `month_first`, `weekday`.
    """
    text = re.sub(r"\s*([-/])\s*", r"\1", " ".join(words.replace("–", "-").casefold().split()))
    text = text.removesuffix(":00") if text.count(":") > 1 else text
    if ISO_DATE.fullmatch(text):
        return text, ""
    rest, clock = _split_clock(text)
    if clock is None:
        return None, "moment"
    weekday = None
    if (found := WEEKDAY_BEFORE.match(rest)) and found[1] in WEEKDAYS:
        weekday, rest = WEEKDAYS[found[1]], rest[found.end() :]
    elif found := DEN_BEFORE.match(rest):
        rest = rest[found.end() :]
    day, reason = _read_day(rest)
    if day is None:
        return None, reason
    if weekday is not None and not _falls_on(day, weekday):
        return None, "weekday"
    return day + clock, ""


def _split_clock(text: str) -> tuple[str, str | None]:
    """What stands before the hour, and `T09:00`; "" without one, None for one that no clock has."""
    found = CLOCK_AFTER.search(text)
    if found is None or (found[3] is None and not found[1]):  # `18/6 25` ends in a year
        return text, ""
    hour, minute = int(found[2]), found[3] or "00"
    return text[: found.start()], f"T{hour:02}:{minute}"


def _read_day(text: str) -> tuple[str | None, str]:
    if found := YEAR_FIRST.fullmatch(text):
        return _iso(found[1], found[3], found[4]), ""
    if found := NUMERIC.fullmatch(text):
        return _read_numeric(text, found[1], found[3] or found[5] or found[7], found[8])
    named = DAY_MONTH.fullmatch(text) or MONTH_DAY.fullmatch(text)
    if named is None or named["month"] not in MONTHS:
        return None, "moment"
    return _iso(named["year"], MONTHS[named["month"]], named["day"]), ""


def _read_numeric(text: str, day: str, month: str, year: str) -> tuple[str | None, str]:
    if len(year) == 2 and not DANISH_ALONE.fullmatch(text):  # noqa: PLR2004 - 25 for 2025
        return None, "two_days"
    if int(month) > LAST_MONTH >= int(day):
        return None, "month_first"
    return _iso(year, month, day), ""


def _iso(year: str, month: str | int, day: str) -> str:
    full = year if len(year) > 2 else f"20{year}"  # noqa: PLR2004 - 25 for 2025
    return f"{full}-{int(month):02}-{int(day):02}"


def _falls_on(day: str, weekday: int) -> bool:
    """Whether the day is that one of the week; a day that is none at all is refused elsewhere."""
    try:
        return date.fromisoformat(day).weekday() == weekday
    except ValueError:
        return True


def read_clock(words: str) -> str | None:
    """`09:00` of `9:00`, `9.00`, `kl. 9`, `9`; None for what no clock shows."""
    found = CLOCK_ALONE.fullmatch(" ".join(words.casefold().split()))
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:  # noqa: PLR2004 - a clock
        return None
    return f"{int(found[1]):02}:{found[2] or '00'}"


def day_of_excel(raw: datetime | date) -> str | None:
    """Excel's own date; None for one with seconds, that nobody typed."""
    if not isinstance(raw, datetime):
        return raw.isoformat()
    rounded = raw.replace(microsecond=0) + timedelta(seconds=round(raw.microsecond / 1_000_000))
    return f"{rounded:%Y-%m-%dT%H:%M}" if rounded.second == 0 else None


def read_period(words: str) -> str:
    """`2024-H2` of `2. halvår 2024`, `2024-09` of `september 2024`; anything else as it is."""
    text = " ".join(words.casefold().split())
    for pattern, letter in PERIODS:
        if found := pattern.fullmatch(text):
            return f"{found[2]}-{letter}{found[1]}"
    if (found := MONTH_AND_YEAR.fullmatch(text)) and found[1] in MONTHS:
        return f"{found[2]}-{MONTHS[found[1]]:02}"
    return words


def read_duration(words: str) -> str:
    """`2h` of `2 timer`, `1d` of `1 dag`; anything else as it is."""
    found = DURATION.fullmatch(" ".join(words.casefold().split()))
    if found is None:
        return words
    letter = {"t": "h", "u": "w"}.get(found[2][0], found[2][0])
    return f"{found[1]}{letter}"
