"""Dates for several offerings of one course."""

from __future__ import annotations

import pytest

from bot.free_dates.combination import best_together, reached, score, seated
from tests.unit.free_dates.search import ROOM, weighed

EVERY_WAY = pytest.mark.parametrize("most_tried", [10**6, 0], ids=["all of them", "step by step"])


def days(chosen) -> list[int]:
    return [one.candidate.start.day for one in chosen]


@EVERY_WAY
def test_two_dates_that_reach_everybody_beat_two_that_more_can_come_to(most_tried: int) -> None:
    times = [weighed("06-16 09:00", "01111"), weighed("06-17 09:00", "01111"), weighed("06-18 09:00", "11000")]
    chosen = best_together(times, [None, None], most_tried=most_tried)
    assert (days(chosen), reached(chosen)) == ([16, 18], 5)


@EVERY_WAY
def test_no_two_are_on_one_day(most_tried: int) -> None:
    times = [weighed("06-16 09:00", "011"), weighed("06-16 13:00", "110"), weighed("06-17 09:00", "001")]
    assert len(set(days(best_together(times, [None, None], most_tried=most_tried)))) == 2


@EVERY_WAY
def test_where_there_are_not_so_many_days_there_are_fewer_dates(most_tried: int) -> None:
    assert days(best_together([weighed("06-16 09:00", "1"), weighed("06-16 13:00", "1")], [None, 5, 1], most_tried=most_tried)) == [16]
    assert best_together([], [None, 2], most_tried=most_tried) == ()


@EVERY_WAY
def test_a_speaker_who_cannot_come_weighs_more_than_people_who_can(most_tried: int) -> None:
    times = [weighed("06-16 09:00", "1111", required_busy=1), weighed("06-17 09:00", "0011"), weighed("06-18 09:00", "0011")]
    assert days(best_together(times, [None, None], most_tried=most_tried)) == [17, 18]


def test_step_by_step_a_first_choice_can_be_taken_back() -> None:
    """The date that most can come to is not one of the two that everybody can come to."""
    times = [weighed("06-16 09:00", "011110"), weighed("06-17 09:00", "111000"), weighed("06-18 09:00", "000111")]
    assert days(best_together(times, [None, None], most_tried=0)) == [17, 18]


def test_those_who_may_be_able_to_come_count_after_those_who_can() -> None:
    sure = (weighed("06-16 09:00", "0011"), weighed("06-17 09:00", "0100"))
    maybe = (weighed("06-16 09:00", "0011"), weighed("06-17 09:00", "0000", unseen="1100"))
    nobody_sure = (weighed("06-16 09:00", "0011"), weighed("06-17 09:00", "0000", unseen="0100"))
    no_limit = (None, None)
    assert score(sure, no_limit) < score(maybe, no_limit) < score(nobody_sure, no_limit)


@EVERY_WAY
def test_more_seats_than_there_are_do_not_count(most_tried: int) -> None:
    """On the 16th everybody can, but there is room for two: two days for two each reach more than one for all and one for the same."""
    times = [weighed("06-16 09:00", "1111"), weighed("06-17 09:00", "0001"), weighed("06-18 09:00", "1100")]
    assert days(best_together(times, [4, 4], most_tried=most_tried)) == [16, 18]
    chosen = best_together(times, [2, 1], most_tried=most_tried)
    assert (reached(chosen), seated(chosen, [2, 1])) == (4, 3)


@EVERY_WAY
def test_the_offering_with_most_seats_gets_the_date_that_most_can_come_to(most_tried: int) -> None:
    times = [weighed("06-16 09:00", "0111"), weighed("06-17 09:00", "1000")]
    assert days(best_together(times, [3, 1], most_tried=most_tried)) == [16, 17]
    assert days(best_together(times, [1, 3], most_tried=most_tried)) == [17, 16]
    assert days(best_together(times, [3, None], most_tried=most_tried)) == [16, 17], "where it is all the same, in the plan's order"


def test_who_can_come_to_one_date_only_is_seated_there() -> None:
    """Two who can both days stand aside for one who can only the first, and one only the second."""
    chosen = (weighed("06-16 09:00", "0111"), weighed("06-17 09:00", "1110"))
    assert seated(chosen, [2, 2]) == 4
    assert seated(chosen, [1, 2]) == 3
    assert seated(chosen, [None, 0]) == 3
    assert seated(chosen, [1, None]) == 4
    assert seated((), []) == 0


def test_a_room_holds_no_more_than_it_does_whatever_the_plan_gives() -> None:
    """The room that is taken counts, else the first that may be; without a number it does not."""
    full = "1" * 50
    free = (weighed("06-16 09:00", full),)
    assert seated(free, [None]) == ROOM.capacity == 40
    assert seated(free, [30]) == 30
    assert seated((weighed("06-16 09:00", full, room=None),), [None]) == 40
    assert seated((weighed("06-16 09:00", full, room=False),), [None]) == 50
    assert seated((weighed("06-16 09:00", full, rooms=()),), [None]) == 50
