"""Registrations by their status."""

from __future__ import annotations

from tests.e2e.driver import World


def statuses(world: World, course: str = "lederdag") -> dict[str, str]:
    return {email: row["status"] for (found, email), row in world.registrations().items() if found == course}
