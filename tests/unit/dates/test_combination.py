"""Dates for several offerings of one course."""

from __future__ import annotations

import pytest

from bot.dates.combination import best_together, reached, score
from tests.unit.dates.search import weighed

EVERY_WAY = pytest.mark.parametrize("most_tried", [10**6, 0], ids=["all of them", "step by step"])


def days(chosen) -> list[int]:
    return [one.candidate.start.day for one in chosen]


@EVERY_WAY
def test_two_dates_that_reach_everybody_beat_two_that_more_can_come_to(most_tried: int) -> None:
    times = [weighed("06-16 09:00", "01111"), weighed("06-17 09:00", "01111"), weighed("06-18 09:00", "11000")]
    chosen = best_together(times, 2, most_tried=most_tried)
    assert (days(chosen), reached(chosen)) == ([16, 18], 5)


@EVERY_WAY
def test_no_two_are_on_one_day(most_tried: int) -> None:
    times = [weighed("06-16 09:00", "011"), weighed("06-16 13:00", "110"), weighed("06-17 09:00", "001")]
    assert len(set(days(best_together(times, 2, most_tried=most_tried)))) == 2


@EVERY_WAY
def test_where_there_are_not_so_many_days_there_are_fewer_dates(most_tried: int) -> None:
    assert days(best_together([weighed("06-16 09:00", "1"), weighed("06-16 13:00", "1")], 3, most_tried=most_tried)) == [16]
    assert best_together([], 2, most_tried=most_tried) == ()


@EVERY_WAY
def test_a_speaker_who_cannot_come_weighs_more_than_people_who_can(most_tried: int) -> None:
    times = [weighed("06-16 09:00", "1111", required_busy=1), weighed("06-17 09:00", "0011"), weighed("06-18 09:00", "0011")]
    assert days(best_together(times, 2, most_tried=most_tried)) == [17, 18]


def test_step_by_step_a_first_choice_can_be_taken_back() -> None:
    """The date that most can come to is not one of the two that everybody can come to."""
    times = [weighed("06-16 09:00", "011110"), weighed("06-17 09:00", "111000"), weighed("06-18 09:00", "000111")]
    assert days(best_together(times, 2, most_tried=0)) == [17, 18]


def test_those_who_may_be_able_to_come_count_after_those_who_can() -> None:
    sure = (weighed("06-16 09:00", "0011"), weighed("06-17 09:00", "0100"))
    maybe = (weighed("06-16 09:00", "0011"), weighed("06-17 09:00", "0000", unseen="1100"))
    assert score(sure) < score(maybe)
    assert score(maybe) < score((weighed("06-16 09:00", "0011"), weighed("06-17 09:00", "0000", unseen="0100")))
