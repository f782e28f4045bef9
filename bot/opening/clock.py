"""Which clock a process goes by: the machine's, or the fixed one of `--now`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.clock import FixedClock, SystemClock

if TYPE_CHECKING:
    from bot.clock import Clock
    from config.settings import Settings


def clock_of(settings: Settings) -> Clock:
    """The machine's clock, or the fixed one of `--now`."""
    return SystemClock() if settings.now is None else FixedClock(settings.now)
