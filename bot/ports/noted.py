"""The books of what a plan's decisions had come to, and of what was said of its ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.actions import Action
    from bot.domain.changed_ids import NotedId
    from bot.domain.noted import NotedDecision


class NotedBook(Protocol):
    """How each decision stood, and since when; only ever added to."""

    def load(self, plan: str) -> tuple[NotedDecision, ...]:
        """All of the plan, oldest first."""

    def add(self, plan: str, notes: Iterable[NotedDecision]) -> None:
        """Write them down, all or none."""

    def decide(self, plan: str, note: NotedDecision, *, known: int, noted: Iterable[Action] = ()) -> bool:
        """Write down what was decided at the desk, with who did it (`noted`).

        False, and nothing is written, where there are not `known` notes about it any more.
        """


class NotedIdBook(Protocol):
    """What HR has said at the desk of ids that look changed; only ever added to."""

    def load(self, plan: str) -> tuple[NotedId, ...]:
        """All of the plan, oldest first."""

    def say(self, plan: str, note: NotedId, *, known: int, noted: Iterable[Action] = ()) -> bool:
        """Write down what was said, with who did it (`noted`).

        False, and nothing is written, where there are not `known` words of the plan any more.
        """
