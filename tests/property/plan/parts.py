"""The smallest parts of plans by chance: words, ids, addresses, days and sums, and lists of them.

A strategy is made once: Hypothesis looks through each that it has not seen, which takes longer than to draw from it.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from bot.plan.moments import WallTime, occurrence

# Words that YAML or Excel would like to be something else.
TRAPS = (
    "no", "Yes", "~", "null", "1e3", "007", "2024-09", "09:00", "=1+1", "@a", "- a", "a: b",
    "a #b", "'", '"', "_x0041_", "TRUE", "#REF!", "ja", "-",
)  # fmt: skip
letters = st.characters(
    codec="utf-8",
    exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn"),
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b\u2060",
)
lines = st.one_of(st.sampled_from(TRAPS), st.text(letters, max_size=30)).map(
    lambda text: " ".join(unicodedata.normalize("NFC", text).split())
)
needed_lines = lines.filter(lambda text: text != "")
blocks = st.lists(st.text(letters, max_size=20), max_size=4).map(lambda rows: unicodedata.normalize("NFC", "\n".join(rows)).strip())
ids = st.one_of(
    st.sampled_from(("on", "null", "1", "2025", "forløb", "main", "a-b", "dag")),
    st.text("abcæøå019-", min_size=1, max_size=8).filter(lambda text: text.strip("-") != ""),
)
addresses = st.builds("{}@{}.example".format, st.text("abc019", min_size=1, max_size=6), st.sampled_from(("a", "x-1.y")))
groups = st.one_of(addresses, st.uuids().map(str))
walls = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)).map(lambda wall: wall.replace(second=0, microsecond=0))
wall_days = walls.map(datetime.date)
clocks = st.times().map(lambda at: time(at.hour, at.minute))
minutes = st.integers(1, 60 * 24 * 30).map(lambda number: timedelta(minutes=number))
amounts = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
flags = st.booleans()


one_of = cache(st.sampled_from)


@cache
@cache
def some(values):
    return st.none() | values


@cache
def walls_in(zone):
    return walls.filter(lambda wall: occurrence(wall, zone) is not WallTime.NEVER)


@cache
@cache
def few(values, **limits):
    return st.lists(values, max_size=3, **limits).map(tuple)


tags = lines.filter(lambda text: any(sign.isalnum() for sign in text) and not {",", ";"} & set(text))


@cache
def names_of(known):
    return st.lists(st.sampled_from(known), unique=True, max_size=2).map(tuple)


@cache
def once(values, min_size=0):
    """A list without two items of the same id."""
    return st.lists(values, min_size=min_size, max_size=2, unique_by=lambda item: item.id).map(tuple)
