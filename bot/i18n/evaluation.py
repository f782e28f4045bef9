"""How the questions of an evaluation read: ours in both languages, HR's own as they stand in the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.evaluation import READY_EVALUATION
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from bot.domain.evaluation import EvaluationQuestion
    from bot.domain.people import Language


def evaluation_text(language: Language, question: EvaluationQuestion) -> str:
    """What is asked."""
    is_ours = question.text in READY_EVALUATION
    return text(language, f"evaluation.ask.{question.text}") if is_ours else question.text
