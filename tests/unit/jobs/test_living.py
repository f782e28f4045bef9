"""Time in the demonstration: a day that is passed by has its rounds at its hours, and no clock goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.clock import FixedClock, MovableClock
from bot.demo.stage import StorySettings
from bot.opening.clock import clock_of
from config.settings import Settings
from jobs.living import STOPS, stops_on_the_way

WALL = datetime(2025, 4, 3, 9, 0)


def test_a_day_is_passed_by_with_its_hours():
    """The morning, noon and the afternoon, and where one wanted to be."""
    assert [f"{one:%d %H.%M}" for one in stops_on_the_way(WALL, 1)] == ["03 09.05", "03 12.30", "03 17.30", "04 09.00"]


@given(wall=st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2026, 1, 1)), days=st.integers(min_value=1, max_value=9))
def test_the_way_only_leads_forward_and_ends_where_it_should(wall, days):
    """Every hour of a round on it is there once."""
    stops = stops_on_the_way(wall, days)
    assert stops == sorted(set(stops))
    assert (stops[0] > wall, stops[-1]) == (True, wall + timedelta(days=days))
    assert len(STOPS) * days <= len(stops) <= len(STOPS) * days + 1


class Machine:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 29, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


def test_a_clock_that_is_moved_goes_on_as_the_machines_does():
    """From an instant of its own, and it is never put back."""
    machine, began = Machine(), datetime(2025, 4, 3, 7, tzinfo=UTC)
    clock = MovableClock(began, machine)
    assert clock.now() == began
    machine.at += timedelta(minutes=5)
    assert clock.now() == began + timedelta(minutes=5)
    clock.put_forward(began + timedelta(days=1))
    assert clock.now() == began + timedelta(days=1)
    clock.put_forward(began)
    assert clock.now() == began + timedelta(days=1)


def test_settings_that_bring_a_clock_are_gone_by_it_in_every_copy():
    """A plan's own settings are a copy of the common ones."""
    clock = MovableClock(datetime(2025, 4, 3, 7, tzinfo=UTC))
    settings = StorySettings(now=clock.now(), graph={"base_url": "http://127.0.0.1:1/v1.0"}).going_by(clock)
    assert clock_of(settings.model_copy(update={"plan": "plan.yaml"})) is clock
    assert isinstance(clock_of(Settings(now=clock.now(), graph={"base_url": "http://127.0.0.1:1/v1.0"})), FixedClock)
