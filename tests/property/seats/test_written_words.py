"""Whatever stands in a response message: the person's words are kept, and nothing of what Outlook adds."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.comments import LONGEST_COMMENT
from bot.rounds.steps.collect_comments import written_words

WORD = st.text(alphabet="abcæøåABC,.!?0123456789", min_size=1, max_size=12)
LINE = st.lists(WORD, min_size=1, max_size=8).map(" ".join)
QUOTED = st.sampled_from(
    [
        "-----Oprindelig aftale-----\nFra: HR <hr@by.example>\nEmne: HEMMELIG",
        "-----Original Appointment-----\r\nFrom: HR\r\nSubject: HEMMELIG",
        "________________________________\nHEMMELIG",
        "Fra: HEMMELIG\nSendt: i går",
        "-- \nHEMMELIG",
        "Sendt fra min iPhone\nHEMMELIG",
    ]
)


@given(st.text(max_size=2_000))
def test_any_text_becomes_one_line_that_is_not_too_long_and_is_cut_once(message: str) -> None:
    words = written_words(message)
    assert len(words) <= LONGEST_COMMENT
    assert words == " ".join(words.split())
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", words)


@given(st.lists(LINE, min_size=0, max_size=4), QUOTED, st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_plain_lines_are_kept_whole_and_what_is_quoted_below_is_not(lines: list[str], quoted: str, between: str) -> None:
    words = written_words(between.join([*lines, quoted]))
    assert words == " ".join(" ".join(lines).split())
    assert "HEMMELIG" not in words
