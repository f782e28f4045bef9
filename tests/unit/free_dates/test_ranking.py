"""Who can come when, which room is free, and which times are better."""

from __future__ import annotations

import pytest

from bot.domain.schedules import Room, Unseen
from bot.free_dates.ranking import Asked, best_of_each_half, never_seen, weigh
from tests.unit.free_dates.search import ROOM, candidate, schedule, span, weighed

NINE, TEN, ONE = (candidate(f"06-16 {hour}:00") for hour in ("09", "10", "13"))
ALL_DAY = span("06-16 00:00", "23:59")


def counts(*schedules, audience=("anna", "bo", "carl"), **more):
    asked = Asked(audience=audience, **{"elsewhere": {}, **more})
    found = weigh([NINE, TEN, ONE], asked, {one.address: one for one in schedules})
    return [(one.free, one.busy, one.unknown) for one in found]


def test_each_is_busy_unknown_or_free() -> None:
    assert counts(
        schedule("anna", span("06-16 08:00", "09:30")), schedule("bo", unseen=(span("06-16 08:00", "10:30"),)), schedule("carl")
    ) == [
        (1, 1, 1),
        (2, 0, 1),
        (3, 0, 0),
    ]


def test_who_has_no_schedule_is_unknown() -> None:
    assert counts(schedule("anna")) == [(1, 0, 2)] * 3


def test_busy_is_more_than_unknown() -> None:
    assert counts(schedule("anna", ALL_DAY, unseen=(ALL_DAY,)), audience=("anna",)) == [(0, 1, 0)] * 3


@pytest.mark.parametrize(
    ("taken", "is_busy"),
    [
        (span("06-16 08:00", "09:00"), False),
        (span("06-16 12:00", "13:00"), False),
        (span("06-16 11:59", "12:00"), True),
        (span("06-16 09:00", "09:01"), True),
        (span("06-16 10:00", "10:00"), False),
        (span("06-16 00:00", "23:00"), True),
    ],
)
def test_what_only_touches_is_no_clash(taken, is_busy) -> None:
    assert counts(schedule("anna", taken), audience=("anna",))[0] == ((0, 1, 0) if is_busy else (1, 0, 0))


def test_the_plan_itself_can_have_somebody_elsewhere() -> None:
    assert counts(schedule("anna"), audience=("anna",), elsewhere={"anna": (span("06-16 12:00", "13:00"),)}) == [
        (1, 0, 0),
        (0, 1, 0),
        (1, 0, 0),
    ]


def test_required_people_and_rooms_stand_beside_the_audience() -> None:
    other = Room(email="loft@kommune.example")
    asked = Asked(audience=("anna",), required=("taler", "chef"), rooms=(ROOM, other), elsewhere={})
    schedules = [schedule("anna"), schedule("taler", span("06-16 09:00", "10:00")), schedule(ROOM.email, span("06-16 09:00", "10:30"))]
    found = weigh([NINE, TEN, ONE], asked, {one.address: one for one in schedules})
    assert [(one.required_busy, one.required_unknown) for one in found] == [(1, 1), (0, 1), (0, 1)]
    assert [[state.free for state in one.rooms] for one in found] == [[False, None], [False, None], [True, None]]
    assert [(one.room, one.room_rank) for one in found] == [(None, 1), (None, 1), (ROOM, 0)]


def test_no_time_is_weighed_where_there_is_none() -> None:
    assert weigh([], Asked(audience=("anna",), elsewhere={}), {"anna": schedule("anna", ALL_DAY)}) == ()


BETTER_FIRST = [
    weighed("06-20 09:00", "1111"),
    weighed("06-16 09:00", "0111"),
    weighed("06-17 09:00", "0111"),
    weighed("06-17 08:30", "0011", unseen="1000"),
    weighed("06-16 08:30", "0011"),
    weighed("06-16 08:30", "1111", room=None),
    weighed("06-16 08:30", "1111", room=False),
    weighed("06-16 08:30", "1111", required_unknown=1),
    weighed("06-16 08:30", "1111", required_busy=1),
]


def test_the_order_is_that_of_the_table() -> None:
    assert sorted([*BETTER_FIRST[4:], *BETTER_FIRST[:4]], key=lambda one: one.rank) == BETTER_FIRST


def test_no_room_that_is_looked_for_is_as_good_as_a_free_one() -> None:
    assert weighed("06-16 09:00", "1", rooms=()).room_rank == 0
    assert weighed("06-16 09:00", "1", room=False).room_rank == 2


def test_of_a_half_day_the_best_time_stays_and_of_two_alike_the_earlier() -> None:
    morning = [weighed("06-16 09:00", "001"), weighed("06-16 09:30", "011"), weighed("06-16 10:00", "011")]
    afternoon = [weighed("06-16 12:00", "111")]
    assert best_of_each_half([*morning, *afternoon]) == (afternoon[0], morning[1])


def test_who_is_never_seen_is_counted_apart_from_who_says_so_of_an_hour() -> None:
    schedules = {
        "anna": schedule("anna", unseen=(ALL_DAY,), why=Unseen.REFUSED),
        "bo": schedule("bo", unseen=(ALL_DAY,)),
        "carl": schedule("carl"),
    }
    assert never_seen(["anna", "bo", "carl", "dorte"], schedules) == 2
