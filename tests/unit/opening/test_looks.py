"""A look at people's data that goes on is noted once."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.opening import looks
from bot.opening.looks import Looks

NOW = datetime(2025, 6, 10, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("later", "is_new"),
    [(timedelta(0), False), (timedelta(minutes=9), False), (timedelta(minutes=10), True), (-timedelta(minutes=1), True)],
)
def test_ten_minutes_make_a_new_look_and_so_does_a_clock_that_was_put_back(later, is_new):
    seen = Looks()
    assert seen.is_new("by", "hr", "registrations", "k", now=NOW)
    assert seen.is_new("by", "hr", "registrations", "k", now=NOW + later) is is_new


def test_who_looks_at_what_tells_looks_apart():
    seen = Looks()
    assert [seen.is_new(*what, now=NOW) for what in (("a", "k"), ("b", "k"), ("a", "l"), ("a", "k"))] == [True, True, True, False]


def test_no_number_of_looks_fills_the_memory(monkeypatch):
    monkeypatch.setattr(looks, "MOST", 2)
    seen = Looks()
    assert [seen.is_new(what, now=NOW) for what in ("a", "b", "c", "a")] == [True, True, True, True]
