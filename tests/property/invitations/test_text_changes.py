"""Nothing is lost between two texts: what was kept and struck is the one, what was kept and added the other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.messages.text_changes import TextFate, text_changes

TEXTS = st.text(st.sampled_from("ab æ\n<&"), max_size=60)


@given(TEXTS, TEXTS)
def test_both_texts_are_in_the_pieces(before, after):
    pieces = text_changes(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind is not TextFate.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind is not TextFate.STRUCK) == after
    assert all(piece.text for piece in pieces)
