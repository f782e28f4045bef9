"""What cannot be undone waits for a person where the clock, or how much would go, gives reason to doubt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.letting_go import FEWEST, LONGEST_AWAY, MOST_APART, Foreseen, WaitsFor, why_it_waits

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
A_BIT = timedelta(seconds=1)
SOME = Foreseen(anything=True, places=FEWEST, of=2 * FEWEST)


@pytest.mark.parametrize(
    ("foreseen", "believed_at", "apart", "why"),
    [
        (SOME, NOW - timedelta(days=1), timedelta(), None),
        (SOME, None, None, None),
        (SOME, NOW - LONGEST_AWAY, MOST_APART, None),
        (SOME, NOW - LONGEST_AWAY - A_BIT, None, WaitsFor.CLOCK_JUMPED),
        (SOME, NOW + timedelta(days=900), None, None),
        (SOME, NOW, MOST_APART + A_BIT, WaitsFor.CLOCK_DIFFERS),
        (SOME, NOW, -MOST_APART - A_BIT, WaitsFor.CLOCK_DIFFERS),
        (Foreseen(anything=True, places=FEWEST + 1, of=2 * FEWEST), NOW, None, WaitsFor.MANY),
        (Foreseen(anything=True, places=FEWEST - 1, of=FEWEST - 1), NOW, None, None),
        (Foreseen(anything=False, places=0, of=99), NOW - 2 * LONGEST_AWAY, 9 * MOST_APART, None),
    ],
)
def test_it_waits_by_the_table(foreseen: Foreseen, believed_at: datetime | None, apart: timedelta | None, why: WaitsFor | None) -> None:
    assert why_it_waits(foreseen, now=NOW, believed_at=believed_at, apart=apart) is why
