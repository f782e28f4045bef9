"""How often: what is understood, and what is refused with an example."""

from __future__ import annotations

import pytest

from config.cadence import Cron, Every, parse_cadence

ANY = {"minute": None, "hour": None, "day": None, "month": None, "weekday": None}


@pytest.mark.parametrize(("text", "seconds"), [("15m", 900), ("1s", 1), (" 2H ", 7200), ("31d", 31 * 86_400)])
def test_an_interval_is_a_number_and_a_unit(text, seconds):
    assert parse_cadence(text) == Every(seconds=seconds)


def test_off_is_never():
    assert parse_cadence("off") is None


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("* * * * *", {}),
        ("0 7 * * 1", {"minute": (0,), "hour": (7,), "weekday": (0,)}),
        ("*/20 8-10 * * mon-fri", {"minute": (0, 20, 40), "hour": (8, 9, 10), "weekday": (0, 1, 2, 3, 4)}),
        ("5/20 0 1,15 jan,6 *", {"minute": (5, 25, 45), "hour": (0,), "day": (1, 15), "month": (1, 6)}),
        ("0-10/5 0 29 feb *", {"minute": (0, 5, 10), "hour": (0,), "day": (29,), "month": (2,)}),
    ],
)
def test_five_fields_are_a_cron_expression(text, fields):
    assert parse_cadence(text) == Cron(**(ANY | fields))


@pytest.mark.parametrize(
    ("text", "days"), [("0", (6,)), ("7", (6,)), ("sun", (6,)), ("sat-sun", (5, 6)), ("5-7", (4, 5, 6)), ("sunday", (6,))]
)
def test_weekdays_are_those_of_cron_where_sunday_is_0_and_7(text, days):
    assert parse_cadence(f"0 7 * * {text}") == Cron(**(ANY | {"minute": (0,), "hour": (7,), "weekday": days}))


@pytest.mark.parametrize(
    "text",
    ["", "15", "0s", "32d", "15 m", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "*/0 * * * *",
     "9-5 * * * *", "a * * * *", "* * * * funday", "0 0 31 feb *", "0 0 31 4,6 *", "0 7 1 * mon", "1,,2 * * * *", "* * * , *"],
)  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        parse_cadence(text)
