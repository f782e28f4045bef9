"""What HR is told by its commands, and what is noted of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

OUTSIDER = "ekstern@firma.example"


def told(ran: Ran) -> list[str]:
    """What stands on stderr beside the log."""
    return [line for line in ran.err.splitlines() if not line.startswith("{")]


def log_of(world: World) -> list[tuple[str, str, str, str]]:
    rows = world.run("seats", "kursus", "--format", "json").json
    return [(row["email"], row["cause"], row["by"], row["reason"]) for row in rows]
