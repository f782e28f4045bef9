"""What the house needs of whoever keeps who came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.domain.actions import Action
    from bot.domain.attendance import AttendanceWord
    from bot.domain.meeting_reports import ReportReading


class AttendanceBook(Protocol):
    """The words that were said about who came. Every method raises DatabaseFailed."""

    def load_words(
        self,
        plan: str,
        *,
        course: str | frozenset[str] | None = None,
        emails: Collection[str] | None = None,
    ) -> tuple[AttendanceWord, ...]:
        """All of the plan, or of some of its courses, about anybody or these addresses, as they were said."""

    def add(self, words: Iterable[AttendanceWord], *, noted: Iterable[Action] = ()) -> int:
        """Add those whose key is not there yet, with the lines that tell of it; how many that were."""

    def load_readings(self, plan: str) -> dict[tuple[str, str, str], ReportReading]:
        """By course, offering and session, how far it is with the reports of the plan's meetings."""

    def save_reading(self, reading: ReportReading, words: Iterable[AttendanceWord] = ()) -> None:
        """Insert or replace, with what the reports say: both or nothing."""
