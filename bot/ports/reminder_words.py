"""The book of what HR said about single reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.actions import Action
    from bot.domain.reminders import ReminderWord


class ReminderWordBook(Protocol):
    """Who skipped or sent which reminder, when and why; only ever added to."""

    def load_words(
        self, plan: str, *, course: str | frozenset[str] | None = None
    ) -> tuple[ReminderWord, ...]:
        """All of the plan, or of some of its courses, oldest first."""

    def add_words(
        self, plan: str, words: Iterable[ReminderWord], *, known: int, noted: Iterable[Action] = ()
    ) -> bool:
        """Write down what was said of one course, with the lines that tell of it: all or nothing.

        False where the course has not `known` words any more: somebody else said something meanwhile.
        """
