"""Which days are not working days: public holidays of a country, and the plan's own closing days.

Facts: the `holidays` library 0.109 (2026-11), public holidays only: Danish ones of the law. Days that only
some workplaces close (24 December, 5 June) are the plan's `closing_days`. The library is imported where it is
used, and of its 250 countries the one that is asked for, because they are large.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from bot.domain.closing_days import ClosingDay

SATURDAY = 5
HOME = "DK"
"""The country of nearly every plan.

Known to be known, so that reading a plan does not import the library for it.
"""


@cache
def has_holidays(country: str) -> bool:
    """Whether the library knows the country (ISO 3166, two capitals)."""
    return country == HOME or country in _modules()


@cache
def public_holidays(country: str, year: int) -> dict[date, str]:
    """The public holidays of a year with their local names, of the whole country."""
    of_country = _country(country)
    # Else the library speaks the language of the machine.
    return dict(of_country(years=year, language=of_country.default_language).items())


@cache
def _country(country: str) -> Any:
    """The library's class of a country.

    Asked in the usual way the library imports all countries of the world, which takes as long as all else
    that a short command does; so the file of the one is loaded by itself.
    """
    import holidays

    module, name = _modules()[country]
    spec = spec_from_file_location(
        f"holidays.countries.{module}", Path(holidays.__file__).parent / "countries" / f"{module}.py"
    )
    assert spec is not None  # noqa: S101 - for the type checker: the registry names files of the library
    assert spec.loader is not None  # noqa: S101 - as above
    loaded = module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return getattr(loaded, name)


@cache
def _modules() -> dict[str, tuple[str, str]]:
    """By ISO code the library's module and class."""
    from holidays.registry import COUNTRIES

    return {names[1]: (module, names[0]) for module, names in COUNTRIES.items()}


def holiday_name(day: date, country: str | None, closing_days: tuple[ClosingDay, ...]) -> str | None:
    """The name of the holiday, "" for a closing day of the plan, None for any other day."""
    if country is not None and (name := public_holidays(country, day.year).get(day)):
        return name
    closed = any(
        (closed.month, closed.day) == (day.month, day.day) and closed.year in {None, day.year}
        for closed in closing_days
    )
    return "" if closed else None


def is_weekend(day: date) -> bool:
    """Whether the day is a Saturday or Sunday."""
    return day.weekday() >= SATURDAY


def is_working_day(day: date, country: str | None, closing_days: tuple[ClosingDay, ...]) -> bool:
    """Whether people are at work: not a weekend, a public holiday or a closing day of the plan."""
    return not is_weekend(day) and holiday_name(day, country, closing_days) is None


def working_days_from(
    day: date, count: int, country: str | None, closing_days: tuple[ClosingDay, ...]
) -> date:
    """The day that lies `count` working days after `day`, or before it where `count` is negative.

    `day` itself is not counted.
    """
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, country, closing_days)
    return day
