"""Which clock a process goes by: the machine's, that of `--now`, or one that a demonstration moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.clock import FixedClock, SystemClock

if TYPE_CHECKING:
    from bot.clock import Clock
    from config.settings import Settings


def clock_of(settings: Settings) -> Clock:
    """The machine's clock, the fixed one of `--now`, or one that the settings bring along."""
    if settings.clock is not None:
        return settings.clock
    return SystemClock() if settings.now is None else FixedClock(settings.now)
