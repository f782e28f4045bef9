"""The book of what people say of the tasks that they took home from a course."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.domain.task_answers import TaskAnswer


class TaskAnswerBook(Protocol):
    """One answer for each person, date and task."""

    def load_answers(
        self,
        plan: str,
        *,
        course: str | frozenset[str] | None = None,
        emails: Collection[str] | None = None,
    ) -> tuple[TaskAnswer, ...]:
        """All of the plan, or of some of its courses, by course, date, task and address.

        Of everybody, or of these addresses only.
        """

    def save_answer(self, answer: TaskAnswer, *, others: frozenset[str] = frozenset()) -> None:
        """Insert or replace; `others` are more addresses of the person, whose rows it replaces as well."""
