"""Tests of everything crossed with everything, marked `crossed`: every day each value meets some other, in the long tests each every other.

Three doors and two settings are six plays of one story, of which three have every door and every setting:

| | plan | limits |
|---|---|---|
| run | every day | `long` |
| sync | `long` | every day |
| jobs | every day | `long` |

What two values do together that neither does with another is for the long tests to find.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def kept_for_long(plays: Sequence[Sequence[str]]) -> list[int]:
    """Which of the plays (the name of its value for each parameter) are not for every day, by their places."""
    values = [list(dict.fromkeys(names)) for names in zip(*plays, strict=True)]
    most = max(values, key=len)
    numbers = [[known.index(name) for known, name in zip(values, play, strict=True)] for play in plays]
    first = values.index(most)
    return [
        place
        for place, numbered in enumerate(numbers)
        if any(number != numbered[first] % len(known) for known, number in zip(values, numbered, strict=True))
    ]


def mark_what_is_long(items: Iterable[pytest.Item]) -> None:
    """`long` for those of a test marked `crossed` that are not for every day."""
    stories: dict[tuple[object, str], list[Any]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("crossed") and not item.get_closest_marker("long") and isinstance(item, pytest.Function):
            stories[item.path, item.originalname].append(item)
    for plays in stories.values():
        for place in kept_for_long([play.callspec._idlist for play in plays]):
            plays[place].add_marker(pytest.mark.long)
