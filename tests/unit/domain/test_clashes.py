"""What two sessions at once may share, and what not; the table is in `bot.domain.clashes`."""

from datetime import datetime, timedelta

import pytest

from bot.domain.clashes import Shared, Stay, find_clashes
from bot.domain.events import SessionKey

NINE = datetime(2025, 6, 18, 9)


def stay(course, *, at=0.0, hours=3.0, offering="main", **changes):
    start = NINE + timedelta(hours=at)
    key = SessionKey(plan="demo", course=course, offering=offering, session=f"s{at}")
    values = {name: frozenset(value) if name in {"people", "speakers"} else value for name, value in changes.items()}
    return Stay(key=key, title=course, start=start, end=start + timedelta(hours=hours), **values)


def told(*stays):
    return [(one.shared, one.first.title, one.second.title, sorted(one.addresses)) for one in find_clashes(stays)]


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        (stay("a", people="xy"), stay("b", at=1, people="yz"), (Shared.PEOPLE, ["y"])),
        (stay("a", people="xy"), stay("b", at=3, people="yz"), None),
        (stay("a", people="x"), stay("b", at=1, people="z"), None),
        (stay("a", at=-9, hours=24, all_day=True, people="x"), stay("b", people="x"), (Shared.PEOPLE, ["x"])),
        (stay("a", people="x", to_choose=True), stay("a", at=1, offering="h2", people="x", to_choose=True), None),
        (stay("a", people="x", to_choose=True), stay("a", at=1, people="x", to_choose=True), (Shared.PEOPLE, ["x"])),
        (stay("a", people="x"), stay("a", at=1, offering="h2", people="x"), (Shared.PEOPLE, ["x"])),
        (stay("a", speakers="x"), stay("b", at=1, people="x"), (Shared.PEOPLE, ["x"])),
        (stay("a", people="x"), stay("b", at=1, speakers="x"), (Shared.PEOPLE, ["x"])),
        (stay("a", speakers="x", people="x"), stay("b", at=1, speakers="x"), (Shared.SPEAKER, ["x"])),
        (stay("a", speakers="x"), stay("a", at=1, offering="h2", speakers="x"), (Shared.SPEAKER, ["x"])),
        (stay("a", speakers="xy", shares_speakers=True), stay("a", at=1, speakers="xy", shares_speakers=True), None),
        (stay("a", speakers="xy", shares_speakers=True), stay("b", at=1, speakers="y"), (Shared.SPEAKER, ["y"])),
        (stay("a", room="sal"), stay("b", at=1, room="sal"), (Shared.ROOM, ["sal"])),
        (stay("a", room="sal", to_choose=True), stay("a", at=1, offering="h2", room="sal", to_choose=True), (Shared.ROOM, ["sal"])),
        (stay("a", room="sal"), stay("b", at=1, room="salen"), None),
        (stay("a"), stay("b", at=1), None),
    ],
)
def test_two_sessions_clash_by_what_they_share(first, second, clash):
    """Whichever is given first, the one that begins first stands in front."""
    expected = [] if clash is None else [(clash[0], first.title, second.title, clash[1])]
    assert told(first, second) == told(second, first) == expected


def test_all_that_two_sessions_share_is_told_and_each_pair_once():
    """Three at once are three pairs; what begins when the others have ended is none of them."""
    three = [stay(name, at=at, people="x", room="sal") for name, at in (("a", 0), ("b", 1), ("c", 2), ("d", 6))]
    assert [(shared, first, second) for shared, first, second, _ in told(*three)] == [
        (shared, first, second) for first, second in (("a", "b"), ("a", "c"), ("b", "c")) for shared in (Shared.PEOPLE, Shared.ROOM)
    ]
