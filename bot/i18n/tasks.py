"""How the question about a task reads: ours in both languages, HR's own as it stands in the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from bot.domain.local_tasks import LocalTask
    from bot.domain.people import Language
    from bot.domain.task_answers import OwnTask


def task_question(task: LocalTask | OwnTask, language: Language) -> str:
    """What is asked."""
    return task.question or text(language, "tasks.question")
