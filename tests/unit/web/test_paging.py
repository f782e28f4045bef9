"""Lists in pieces, whatever comes and goes between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.api.paging import BadCursor, piece_of

SECRET = "s" * 32


def rows(names):
    return [{"name": name} for name in names]


def piece(names, *, limit=2, cursor=""):
    return piece_of(rows(names), lambda row: row["name"], limit=limit, cursor=cursor, secret=SECRET)


def named(found):
    return [row["name"] for row in found.items]


@given(names=st.lists(st.text(max_size=5), unique=True, max_size=12), limit=st.integers(1, 5))
def test_every_row_comes_once_and_in_order(names, limit):
    """The pieces together are the list."""
    found, cursor, pieces = [], "", 0
    while cursor is not None:
        one = piece(names, limit=limit, cursor=cursor)
        found, cursor, pieces = found + named(one), one.next, pieces + 1
        assert len(one.items) <= limit
    assert (found, pieces) == (names, max(1, -(-len(names) // limit)))


@given(
    before=st.lists(st.integers(0, 50), unique=True, min_size=3, max_size=20),
    come=st.sets(st.integers(51, 80)),
    gone=st.sets(st.integers(0, 50)),
)
def test_what_comes_and_goes_between_moves_nothing(before, come, gone):
    """Whatever stays is given once, as long as the row that the cursor is about stays."""
    names = [f"{one:02}" for one in sorted(before)]
    first = piece(names)
    last = named(first)[-1]
    after = sorted({f"{one:02}" for one in come} | {name for name in names if int(name) not in gone or name == last})
    rest = named(piece(after, limit=200, cursor=first.next))
    assert rest == [name for name in after if name > last]


def test_a_row_that_is_gone_leaves_its_place():
    """Then one may be missed or come twice, and nothing breaks."""
    cursor = piece("abcd").next
    assert named(piece("acd", cursor=cursor)) == ["d"]
    assert named(piece("", cursor=cursor)) == []


@pytest.mark.parametrize("cursor", ["x", ".", "1.", "1.abc", "²." + "a" * 32, "1." + "æ" * 32, "-1." + "a" * 32, "9" * 33 + "." + "a" * 32])
def test_what_is_no_cursor_is_refused(cursor):
    """Whoever makes one up is told."""
    with pytest.raises(BadCursor):
        piece("abc", cursor=cursor)


def test_a_cursor_names_nobody():
    """It stands in addresses, and those stand in logs."""
    names = ["anna@kommune.example", "bo@kommune.example"]
    assert "anna" not in piece(names, limit=1).next
