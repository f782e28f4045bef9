"""Graph's times: whatever zone the answer is in, the plan's wall time comes out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.graph.times import find_zone, graph_time, instant, utc_text, wall_time

ZONE = "Europe/Copenhagen"
wall = datetime.fromisoformat


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2027-06-18T09:00:00.0000000", "Europe/Copenhagen", "2027-06-18T09:00"),
        ("2027-06-18T09:00:00.0000000", "Romance Standard Time", "2027-06-18T09:00"),
        ("2027-06-18T07:00:00.0000000", "UTC", "2027-06-18T09:00"),
        ("2027-12-18T08:00:00", "UTC", "2027-12-18T09:00"),
        ("2027-06-18T10:00:00", "GTB Standard Time", "2027-06-18T09:00"),
        ("2027-06-18T00:00:00", "Pacific Standard Time", "2027-06-18T09:00"),
        ("2027-06-18T07:00:00Z", "Pacific Standard Time", "2027-06-18T09:00"),
        ("2027-06-18T07:00:00", None, "2027-06-18T09:00"),
        ("2027-06-18T09:00:00", "tzone://Microsoft/Custom", "2027-06-18T09:00"),
        ("2027-03-28T03:30:00", "Europe/Copenhagen", "2027-03-28T03:30"),
    ],
)
def test_a_time_of_any_zone_becomes_the_plans_wall_time(text: str, zone: str | None, expected: str) -> None:
    """Windows names by CLDR; an unknown zone is read as the plan's own."""
    assert wall_time({"dateTime": text, "timeZone": zone}, ZONE) == wall(expected)


@pytest.mark.parametrize("value", [None, "2027-06-18", {}, {"dateTime": None}, {"dateTime": "i morgen"}, []])
def test_what_is_no_time_is_none(value: object) -> None:
    """Nothing is guessed."""
    assert wall_time(value, ZONE) is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2027-06-18T00:00:00.0000000", "Europe/Copenhagen"),
        ("2027-06-18T00:00:00.0000000", "UTC"),
        ("2027-06-17T22:00:00.0000000", "UTC"),
        ("2027-06-18T00:00:00.0000000", "Pacific Standard Time"),
    ],
)
def test_an_all_day_event_stays_on_its_date(text: str, zone: str) -> None:
    """Graph keeps its midnight, or shifts it by the zone asked for."""
    assert wall_time({"dateTime": text, "timeZone": zone}, ZONE, all_day=True) == wall("2027-06-18T00:00")


@given(
    st.datetimes(wall("2020-01-01T00:00"), wall("2040-01-01T00:00")),
    st.sampled_from(["UTC", "Romance Standard Time", "Tokyo Standard Time", ZONE]),
)
def test_a_wall_time_survives_the_way_through_another_zone(moment: datetime, other: str) -> None:
    """But for the hour that exists twice in October, and the one that does not exist in March."""
    moment = moment.replace(microsecond=0)
    utc = moment.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    there = utc.astimezone(find_zone(other)).replace(tzinfo=None)
    exists = utc.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None) == moment
    if exists and moment.month != 10:
        assert wall_time({"dateTime": there.isoformat(), "timeZone": other}, ZONE) == moment
    assert wall_time(graph_time(moment, ZONE), ZONE) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("0001-01-01T00:00:00Z", None),
        ("4501-01-01T00:00:00Z", None),
        ("4500-08-31T23:59:00+02:00", None),
        ("9999-12-31T23:59:59-12:00", None),
        (4501, None),
        ("1601-01-01T00:00:00Z", None),
        ("", None),
        (None, None),
        ("x", None),
        ("2027-01-01T12:00:00.1234567Z", datetime(2027, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)),
        ("2027-01-01T13:00:00+01:00", datetime(2027, 1, 1, 12, tzinfo=UTC)),
        ("2027-01-01T12:00:00", datetime(2027, 1, 1, 12, tzinfo=UTC)),
    ],
)
def test_an_instant_is_utc_and_the_years_of_never_are_none(text: object, moment: datetime | None) -> None:
    """Windows' own zero is never too."""
    assert instant(text) == moment


def test_an_instant_is_written_as_utc() -> None:
    """With the margin that a filter needs."""
    moment = datetime(2027, 6, 18, 9, tzinfo=ZoneInfo(ZONE))
    assert utc_text(moment) == "2027-06-18T07:00:00Z"
    assert utc_text(moment, earlier=timedelta(days=1)) == "2027-06-17T07:00:00Z"


@pytest.mark.parametrize("name", ["UTC", "utc", "Coordinated Universal Time", "tzone://Microsoft/Utc"])
def test_utc_is_utc_by_every_name_that_graph_gives_it(name: str) -> None:
    """In capitals or not."""
    find_zone.cache_clear()
    assert find_zone(name) is UTC
