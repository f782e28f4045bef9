"""Dates and times as people write them in Danish and English, through Babel's CLDR data.

All functions take wall times as they stand (in the plan's zone) and never convert. What an overview says a
thousand times is worked out once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any

from babel.dates import format_date, format_datetime, get_month_names
from babel.numbers import format_decimal

from bot.domain.people import Language

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from decimal import Decimal

SAID_ONCE = 4096


def said_once(words: Callable[[Language, Any], str]) -> Callable[[Language, Any], str]:
    """Work out the text of a wall time once.

    Two aware times of one instant are equal, and not the same wall time: what they are kept by has no zone.
    """
    kept = lru_cache(maxsize=SAID_ONCE)(words)

    @wraps(words)
    def said(language: Language, wall: Any) -> str:
        return kept(language, wall.replace(tzinfo=None) if isinstance(wall, datetime) else wall)

    return said


LOCALES = {Language.DA: "da_DK", Language.EN: "en_GB"}
DAY = {Language.DA: "EEEE 'den' d. MMMM yyyy", Language.EN: "EEEE d MMMM yyyy"}
TIME = {Language.DA: "HH.mm", Language.EN: "HH:mm"}
CLOCK = {Language.DA: "'kl.' HH.mm", Language.EN: "HH:mm"}
DATE = {Language.DA: "d. MMMM yyyy", Language.EN: "d MMMM yyyy"}
DAY_OF_MONTH = {Language.DA: "EEE\u00a0'd.'\u00a0d.", Language.EN: "EEE\u00a0d"}
SHORT_DAY = {Language.DA: "dd-MM-yyyy", Language.EN: "yyyy-MM-dd"}
SHORT_MOMENT = {Language.DA: "dd-MM-yyyy 'kl.' HH.mm", Language.EN: "yyyy-MM-dd HH:mm"}
MOMENT = {Language.DA: "EEEE 'den' d. MMMM yyyy 'kl.' HH.mm", Language.EN: "EEEE d MMMM yyyy 'at' HH:mm"}


@said_once
def day_text(language: Language, wall: datetime) -> str:
    """`onsdag den 18. juni 2025` or `Wednesday 18 June 2025`."""
    return format_date(wall.date(), DAY[language], locale=LOCALES[language])


@said_once
def moment_text(language: Language, wall: datetime) -> str:
    """`onsdag den 18. juni 2025 kl. 09.00` or `Wednesday 18 June 2025 at 09:00`."""
    return format_datetime(wall, MOMENT[language], locale=LOCALES[language])


@said_once
def short_moment_text(language: Language, wall: datetime) -> str:
    """On one line: `18-06-2025 kl. 09.00` or `2025-06-18 09:00`."""
    return format_datetime(wall, SHORT_MOMENT[language], locale=LOCALES[language])


@said_once
def short_day_text(language: Language, day: date) -> str:
    """On one line: `18-06-2025` or `2025-06-18`."""
    return format_date(day, SHORT_DAY[language], locale=LOCALES[language])


@said_once
def date_text(language: Language, day: date) -> str:
    """In a sentence or a table: `18. juni 2025` or `18 June 2025`."""
    return format_date(day, DATE[language], locale=LOCALES[language])


@said_once
def month_text(language: Language, day: date) -> str:
    """`september 2024` or `September 2024`."""
    return format_date(day, "MMMM yyyy", locale=LOCALES[language])


@lru_cache(maxsize=24)
def month_name(language: Language, month: int) -> str:
    """As a heading, where the year is known: `September`; `month` 1 to 12."""
    name: str = get_month_names("wide", context="stand-alone", locale=LOCALES[language])[month]
    return name.capitalize()


@said_once
def day_of_month_text(language: Language, day: date) -> str:
    """Where month and year are known: `tirs. d. 5.` or `Tue 5`. The blanks do not break."""
    return format_date(day, DAY_OF_MONTH[language], locale=LOCALES[language])


@said_once
def clock_text(language: Language, wall: datetime) -> str:
    """`kl. 09.00` or `09:00`."""
    return format_datetime(wall, CLOCK[language], locale=LOCALES[language])


def span_text(language: Language, start: datetime, end: datetime, *, all_day: bool) -> str:
    """A session's time on one line; an all-day `end` is exclusive (00:00 of the day after)."""
    if all_day:
        last = end - timedelta(days=1)
        return (
            day_text(language, start)
            if last.date() <= start.date()
            else f"{day_text(language, start)} – {day_text(language, last)}"
        )
    if start.date() != end.date():
        return f"{moment_text(language, start)} – {moment_text(language, end)}"
    return f"{moment_text(language, start)}–{_until_text(language, end)}"


@said_once
def _until_text(language: Language, wall: datetime) -> str:
    return format_datetime(wall, TIME[language], locale=LOCALES[language])


def number_text(language: Language, number: int | Decimal) -> str:
    """`150.000` or `150,000`."""
    return format_decimal(number, locale=LOCALES[language])
