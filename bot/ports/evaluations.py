"""What people say of courses that are over, as a protocol; `bot.store.evaluations` implements it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.domain.evaluation import EvaluationAnswer


class EvaluationBook(Protocol):
    """The answers, and apart from them who has answered."""

    def load_answered(
        self, plan: str, *, course: str | frozenset[str] | None = None
    ) -> frozenset[tuple[str, str, str]]:
        """(Course, offering, address) of everybody who has answered."""

    def load_answers(
        self, plan: str, *, course: str | frozenset[str] | None = None
    ) -> tuple[EvaluationAnswer, ...]:
        """What was said in the plan, or of some of its courses, sorted by what was said."""

    def load_shown(
        self, plan: str, *, course: str | frozenset[str] | None = None
    ) -> dict[tuple[str, str], int]:
        """By (course, offering) the number of the batch that a date was shown in."""

    def note_shown(self, plan: str, course: str, batches: Mapping[int, Collection[str]]) -> None:
        """These dates (offerings) of a course are shown now, each in its batch; what is noted stays."""

    def add(
        self, plan: str, email: str, said: Iterable[EvaluationAnswer], *, others: frozenset[str] = frozenset()
    ) -> bool:
        """Keep one form; False, and nothing is kept, where the person has answered for that date already.

        Neither where the date has been shown.
        """
