"""The book of what people answered to a course's questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.domain.actions import Action
    from bot.domain.questions import QuestionAnswer


class QuestionAnswerBook(Protocol):
    """One answer for each person and question."""

    def load_answers(
        self,
        plan: str,
        *,
        course: str | frozenset[str] | None = None,
        emails: Collection[str] | None = None,
    ) -> tuple[QuestionAnswer, ...]:
        """All of the plan, or of some of its courses, by course, address and question.

        Of everybody, or of these addresses only.
        """

    def save_answers(self, answers: Iterable[QuestionAnswer], *, noted: Iterable[Action] = ()) -> None:
        """Insert or replace, an empty answer deletes its row; with the lines that tell of it.

        All or nothing.
        """
