"""Days, half-years and the periods of what is not dated yet.

`2024`, `2024-H2`, `2024-Q3`, `2024-09` (pure).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.plan import CourseSession

MONTHS = {"H": 6, "Q": 3}
YEAR = 12


def days_of_period(period: str) -> tuple[date, date]:
    """The first day of a period, and the day after its last."""
    year, _, part = period.partition("-")
    if not part:
        return _span(int(year), 1, YEAR)
    if part[0] in MONTHS:
        length = MONTHS[part[0]]
        return _span(int(year), (int(part[1:]) - 1) * length + 1, length)
    return _span(int(year), int(part), 1)


def days_of_session(session: CourseSession) -> tuple[date | None, date | None]:
    """The days that a session is on, or that it may be on; the second is the day after."""
    if session.start is not None and session.end is not None:
        return session.start.date(), (session.end - timedelta(microseconds=1)).date() + timedelta(days=1)
    return days_of_period(session.period) if session.period else (None, None)


def half_of(begins: date | None, ends: date | None) -> tuple[int, int] | None:
    """Year and half (1 or 2) of what begins then; 0 where it may be on in either half. None without days."""
    if begins is None or ends is None:
        return None
    # The longer half has 184 days.
    if (ends - begins).days > 184 and (begins.month, begins.day) == (1, 1):  # noqa: PLR2004
        return begins.year, 0
    return begins.year, 1 if begins.month <= YEAR // 2 else 2


def _span(year: int, month: int, length: int) -> tuple[date, date]:
    after = month + length
    return date(year, month, 1), date(year + (after > YEAR), (after - 1) % YEAR + 1, 1)
