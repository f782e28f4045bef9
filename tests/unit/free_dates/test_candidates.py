"""Which days and times there are to choose from."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.closing_days import ClosingDay, SchoolHoliday
from bot.free_dates.candidates import DatesLeftOut, find_candidates
from tests.unit.free_dates.search import search, span


def starts(**changes: object) -> list[str]:
    return [f"{one.start:%d. %H:%M}" for one in find_candidates(search(**changes)).times]


def test_a_day_has_a_start_every_half_hour_that_ends_in_time() -> None:
    assert starts(hours=6.5) == ["16. 08:30", "16. 09:00", "16. 09:30"]
    assert starts(hours=3, earliest=time(8, 15), latest=time(12)) == ["16. 08:15", "16. 08:45"]


def test_what_fills_the_day_has_one_start_and_what_is_longer_none() -> None:
    assert starts(hours=7.5) == ["16. 08:30"]
    assert starts(hours=8) == []
    assert (search(hours=7.5).fits, search(hours=8).fits) == (True, False)


@pytest.mark.parametrize(
    ("day", "changes", "why"),
    [
        ("2025-03-02", {}, DatesLeftOut.PAST),
        ("2025-06-14", {}, DatesLeftOut.WEEKEND),
        ("2025-06-09", {"holidays": "DK"}, DatesLeftOut.HOLIDAY),
        ("2025-06-05", {"closing_days": (ClosingDay(month=6, day=5),)}, DatesLeftOut.HOLIDAY),
        (
            "2025-10-17",
            {"school_holidays": (SchoolHoliday(first=date(2025, 10, 13), last=date(2025, 10, 17)),)},
            DatesLeftOut.SCHOOL_HOLIDAY,
        ),
        ("2025-10-15", {"avoid": ((date(2025, 10, 13), date(2025, 10, 17)),)}, DatesLeftOut.AVOIDED),
        ("2025-06-18", {"taken_days": {date(2025, 6, 18)}}, DatesLeftOut.OTHER_COURSE),
        # The first reason counts, so that the numbers add up to the days.
        ("2025-06-14", {"avoid": ((date(2025, 6, 14), date(2025, 6, 14)),)}, DatesLeftOut.WEEKEND),
    ],
)
def test_a_day_is_left_out_and_counted_once(day: str, changes: dict[str, object], why: DatesLeftOut) -> None:
    found = find_candidates(search(day, **changes))
    assert (found.times, found.left_out) == ((), {why: 1})


def test_a_holiday_of_another_country_is_a_day_as_any_other() -> None:
    assert starts(first="2025-06-09", holidays=None, hours=7.5) == ["09. 08:30"]


def test_today_begins_now() -> None:
    now = datetime(2025, 6, 16, 10, tzinfo=UTC)  # 12.00 in Copenhagen
    assert starts(hours=3, now=now) == ["16. 12:30", "16. 13:00"]


def test_the_same_people_are_not_in_two_parts_of_the_course_at_once() -> None:
    taken = (span("06-16 10:30", "12:00"),)
    assert starts(hours=2, taken_times=taken) == ["16. 08:30", "16. 12:00", "16. 12:30", "16. 13:00", "16. 13:30", "16. 14:00"]


def test_a_time_that_is_skipped_in_spring_is_no_candidate_and_an_hour_stays_an_hour() -> None:
    """Jerusalem's clocks go from two to three on a Friday, a working day here."""
    night = {"zone": "Asia/Jerusalem", "earliest": time(0, 30), "latest": time(5), "hours": 1.0}
    found = find_candidates(search("2025-03-28", **night)).times
    assert [f"{one.start:%H:%M}–{one.end:%H:%M}" for one in found] == [
        "00:30–01:30", "01:00–03:00", "01:30–03:30", "03:00–04:00", "03:30–04:30", "04:00–05:00",
    ]  # fmt: skip
    assert {one.span[1] - one.span[0] for one in found} == {timedelta(hours=1)}


def test_a_time_that_occurs_twice_in_autumn_is_neither_start_nor_end() -> None:
    """Cairo's clocks go from midnight back to eleven on a Thursday."""
    night = {"zone": "Africa/Cairo", "earliest": time(21), "latest": time(23, 59), "hours": 1.0}
    assert [f"{one.start:%H:%M}" for one in find_candidates(search("2025-10-30", **night)).times] == ["21:00", "21:30"]


def test_an_evening_does_not_go_on_into_the_next_day() -> None:
    assert starts(hours=2, earliest=time(21), latest=time(23, 59)) == ["16. 21:00", "16. 21:30"]


def test_noon_divides_the_day() -> None:
    halves = {one.half for one in find_candidates(search(hours=3)).times}
    assert halves == {(date(2025, 6, 16), False), (date(2025, 6, 16), True)}
