"""A day that was only reserved and is over: HR hears of it where HR looks, and nobody else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.as_it_was import synced
from tests.e2e.plans import make_course, make_plan, make_session

if TYPE_CHECKING:
    from tests.e2e.driver import World


def test_preview_and_report_tell_of_a_reserved_day_that_is_over(world: World) -> None:
    """Until then nothing, and never of what was held."""
    reserved = make_course("maaske", make_session(day="2025-04-02"), title="Måske", status="save_the_date")
    held = make_course("holdt", make_session(day="2025-04-02"), title="Holdt")
    synced(world, make_plan(reserved, held))
    assert "kun reserveret" not in world.run("preview").out
    world.move_clock("2025-04-03T09:00:00+02:00")
    shown = world.run("preview").out
    assert "Datoen for »Måske«, onsdag den 2. april 2025 kl. 09.00, var kun reserveret og er gået" in shown
    assert "Datoen for »Holdt«" not in shown
    told = world.run("report").out
    assert "Reserverede dage, der er gået" in told
    assert "Måske" in told.partition("Reserverede dage, der er gået")[2]
    world.move_clock("2025-06-03T09:00:00+02:00")
    assert "kun reserveret" not in world.run("preview").out
