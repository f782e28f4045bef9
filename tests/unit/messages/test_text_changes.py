"""What was struck and what was added between two texts."""

from __future__ import annotations

import time

import pytest

from bot.messages.text_changes import MOST_AT_ONCE, TextFate, text_changes

KEPT, STRUCK, ADDED = TextFate.KEPT, TextFate.STRUCK, TextFate.ADDED


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("", "", []),
        ("Ens\n", "Ens\n", [(KEPT, "Ens\n")]),
        ("Mød kl. 9 i salen\n", "Mød kl. 10 i salen\n", [(KEPT, "Mød kl. "), (STRUCK, "9"), (ADDED, "10"), (KEPT, " i salen\n")]),
        ("Et\nTo\n", "Et\n", [(KEPT, "Et\n"), (STRUCK, "To\n")]),
        ("Et\n", "Et\nTo\n", [(KEPT, "Et\n"), (ADDED, "To\n")]),
    ],
)
def test_words_are_struck_and_added_where_they_stand(before, after, found):
    """And everything around them is kept."""
    assert [(piece.kind, piece.text) for piece in text_changes(before, after)] == found


def test_a_text_that_is_too_long_to_compare_stands_as_it_was_and_as_it_will_be():
    """Nobody can keep the page waiting by a long plan."""
    one, other = "a " * (MOST_AT_ONCE + 1), "b " * (MOST_AT_ONCE + 1)
    begun = time.perf_counter()
    assert [(piece.kind, piece.text) for piece in text_changes(one, other)] == [(STRUCK, one), (ADDED, other)]
    many = "".join(f"{number}\n" for number in range(MOST_AT_ONCE + 1))
    assert [piece.kind for piece in text_changes(many, f"{many}x")] == [STRUCK, ADDED]
    assert time.perf_counter() - begun < 5
