"""Dates and numbers as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.domain.people import Language
from bot.i18n.catalogue import text
from bot.i18n.dates import clock_text, day_text, moment_text, number_text, short_day_text, short_moment_text, span_text

START = datetime(2025, 6, 18, 9)
MIDNIGHT = datetime(2025, 6, 18)


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        (Language.DA, "onsdag den 18. juni 2025", "onsdag den 18. juni 2025 kl. 09.00"),
        (Language.EN, "Wednesday 18 June 2025", "Wednesday 18 June 2025 at 09:00"),
    ],
)
def test_a_day_and_a_moment_have_weekday_and_month_in_words(language, day, moment):
    """A weekday tells a person whether a date is a slip of the pen."""
    assert day_text(language, START) == day
    assert moment_text(language, START) == moment


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [(Language.DA, "18-06-2025", "18-06-2025 kl. 09.00"), (Language.EN, "2025-06-18", "2025-06-18 09:00")],
)
def test_on_one_line_a_moment_has_digits_and_says_what_of_it_is_the_time(language, day, moment):
    """The same where a text of the catalogue has it among its words."""
    assert (short_day_text(language, START), short_moment_text(language, START)) == (day, moment)
    assert moment.endswith(clock_text(language, START))
    assert f"({day})" in text(language, "problems.session.on_weekend", day=START.date())
    assert moment in text(language, "errors.day_is_full", until=START)


@pytest.mark.parametrize(
    ("start", "end", "all_day", "said"),
    [
        (START, START + timedelta(hours=6, minutes=30), False, "onsdag den 18. juni 2025 kl. 09.00–15.30"),
        (START, START + timedelta(hours=20), False, "onsdag den 18. juni 2025 kl. 09.00 – torsdag den 19. juni 2025 kl. 05.00"),
        (MIDNIGHT, MIDNIGHT + timedelta(days=1), True, "onsdag den 18. juni 2025"),
        (MIDNIGHT, MIDNIGHT + timedelta(days=3), True, "onsdag den 18. juni 2025 – fredag den 20. juni 2025"),
    ],
)
def test_a_session_takes_one_line(start, end, all_day, said):
    """The end of an all-day session is the day after, which nobody says."""
    assert span_text(Language.DA, start, end, all_day=all_day) == said


@pytest.mark.parametrize(("language", "said"), [(Language.DA, "150.000,5"), (Language.EN, "150,000.5")])
def test_a_number_has_the_marks_of_the_language(language, said):
    """Thousands and decimals are the other way round."""
    assert number_text(language, Decimal("150000.5")) == said


def test_one_instant_in_two_zones_is_two_wall_times():
    """They are equal for Python, and what was said of the one is not said of the other."""
    instant = datetime(2025, 3, 3, 8, tzinfo=UTC)
    here = instant.astimezone(ZoneInfo("Europe/Copenhagen"))
    for words in (short_moment_text, moment_text, clock_text):
        assert words(Language.DA, instant) == words(Language.DA, instant.replace(tzinfo=None))
        assert words(Language.DA, here) == words(Language.DA, here.replace(tzinfo=None))
        assert words(Language.DA, instant) != words(Language.DA, here)
