"""Filters and bodies hold for every text, not only for the examples."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.content import as_text, has_join_block, join_url, rewrite, with_join_block
from bot.sandbox.odata import extended_ids, parse_filter
from bot.sandbox.property_ids import property_id
from bot.sandbox.wire import RefusedError

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
TAGS = st.sampled_from(["<p>", "</p>", "<BR/>", "<td style='a: b'>", "<a href=x>", "tekst æ", "&amp;", "\n", "<b", "<!-- x -->", "</body>"])


def holds(text, value):
    return parse_filter(text, lambda name: name == "subject")(lambda _: value)


@given(value=ANY_TEXT)
def test_a_doubled_apostrophe_lets_every_text_be_asked_for(value):
    quoted = value.replace("'", "''")
    assert holds(f"subject eq '{quoted}'", value)
    assert not holds(f"not (subject eq '{quoted}')", value)
    assert extended_ids(f"singleValueExtendedProperties($filter=id eq '{quoted}')", "as_asked") == {property_id(value): value}


@given(text=st.text(max_size=40))
def test_a_filter_is_read_or_refused_but_never_breaks(text):
    with contextlib.suppress(RefusedError):
        assert holds(text, "x") in {True, False}


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("subject eq 'a' or subject eq 'b' and subject ne 'b'", "a", True),
        ("(subject eq 'a' or subject eq 'b') and subject ne 'b'", "b", False),
        ("subject in ('a','b')", "B", True),
        ("subject eq null", None, True),
        ("subject gt 5", "x", False),
        ("startswith(subject,'Le') and endswith(subject,'dag')", "lederdag", True),
        ("subject eq true", True, True),
        ("subject ge 2", 3, True),
    ],
)
def test_operators_bind_as_odata_says(text, value, expected):
    assert holds(text, value) is expected


@given(parts=st.lists(TAGS, max_size=12))
def test_a_body_is_changed_by_the_first_writing_and_by_none_after_it(parts):
    html = "".join(parts)
    stored = rewrite(html, "html")
    assert stored != html
    assert rewrite(stored, "html") == stored


@given(text=ANY_TEXT)
def test_a_plain_text_body_keeps_its_words(text):
    assert as_text(rewrite(text, "text")).split() == text.split()


def test_the_join_block_survives_being_written_back():
    url = join_url("x")
    stored = with_join_block(rewrite("<p>Hej</p>", "html"), url)
    assert has_join_block(rewrite(stored, "html"), url)
    assert not has_join_block(rewrite("<p>Hej</p>", "html"), url)
