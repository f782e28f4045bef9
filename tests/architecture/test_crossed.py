"""What `crossed` leaves for the long tests (`tests.crossed`)."""

from __future__ import annotations

from itertools import product

import pytest

from tests.crossed import kept_for_long


@pytest.mark.parametrize("sizes", [(1,), (4,), (2, 2), (3, 2), (2, 3), (2, 4, 3), (5, 5)])
def test_every_value_is_played_every_day(sizes: tuple[int, ...]) -> None:
    """As few plays as the longest parameter has values, and each value of each in one of them."""
    names = ["abcde"[:size] for size in sizes]
    plays = [*product(*names)]
    long = kept_for_long(plays)
    every_day = [play for place, play in enumerate(plays) if place not in long]
    assert len(every_day) == max(sizes)
    assert [{*played} for played in zip(*every_day, strict=True)] == [{*values} for values in names]


def test_what_varies_alone_is_played_whole() -> None:
    """`parametrize(("edit", "fails"), …)` is one name for two values, and no crossing."""
    assert kept_for_long([["gone-cancel"], ["moved-cancel"], ["moved-events"]]) == []
