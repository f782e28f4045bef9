"""Holidays by the library, one country at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import holidays
from holidays.registry import COUNTRIES

from bot.working_days import HOME, has_holidays, public_holidays


def test_every_country_has_the_holidays_that_the_library_gives_it():
    """Each is loaded by itself; the library would import them all."""
    codes = sorted(names[1] for names in COUNTRIES.values())
    assert len(codes) > 200
    for code in codes:
        local = holidays.country_holidays(code).default_language
        assert has_holidays(code)
        assert public_holidays(code, 2026) == dict(holidays.country_holidays(code, years=2026, language=local).items()), code


def test_a_country_is_known_when_the_library_knows_it():
    assert HOME in {names[1] for names in COUNTRIES.values()}
    assert not has_holidays("XX")
    assert not has_holidays("DNK")


def test_danish_holidays_import_no_other_country():
    asked = "import sys, bot.working_days as w; w.public_holidays('DK', 2026); print('holidays.countries' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout.strip() == "False"
