"""Which days are not working days: public holidays of a country, and the plan's own closing days.

Facts: the `holidays` library 0.109 (2026-11), public holidays only: Danish ones of the law. Days that
only some workplaces close (24 December, 5 June) are the plan's `closing_days`. The library's tables are
imported where they are used, because they are large.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from bot.domain.sending import ClosingDay

SATURDAY = 5


@cache
def has_holidays(country: str) -> bool:
    """Whether the library knows the country (ISO 3166, two capitals)."""
    # The library's own list imports every country of the world; its registry names them without.
    from holidays.registry import COUNTRIES

    return any(country == names[1] for names in COUNTRIES.values())


@cache
def public_holidays(country: str, year: int) -> dict[date, str]:
    """The public holidays of a year with their local names, of the whole country."""
    from holidays import country_holidays

    # Else the library speaks the language of the machine.
    local = country_holidays(country).default_language
    return dict(country_holidays(country, years=year, language=local).items())


def holiday_name(day: date, country: str | None, closing_days: tuple[ClosingDay, ...]) -> str | None:
    """The name of the holiday, "" for a closing day of the plan, None for any other day."""
    if country is not None and (name := public_holidays(country, day.year).get(day)):
        return name
    closed = any((closed.month, closed.day) == (day.month, day.day) and closed.year in {None, day.year} for closed in closing_days)
    return "" if closed else None


def is_weekend(day: date) -> bool:
    """Whether the day is a Saturday or Sunday."""
    return day.weekday() >= SATURDAY


def is_working_day(day: date, country: str | None, closing_days: tuple[ClosingDay, ...]) -> bool:
    """Whether people are at work: not a weekend, a public holiday or a closing day of the plan."""
    return not is_weekend(day) and holiday_name(day, country, closing_days) is None


def working_days_from(day: date, count: int, country: str | None, closing_days: tuple[ClosingDay, ...]) -> date:
    """The day that lies `count` working days after `day`, or before it where `count` is negative; `day` itself is not counted."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, country, closing_days)
    return day
