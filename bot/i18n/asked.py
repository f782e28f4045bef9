"""A course's questions and their answers as people read them (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.people import Language
from bot.domain.questions import QuestionKind, Worth
from bot.i18n.catalogue import plural, text

if TYPE_CHECKING:
    from bot.domain.questions import GivenAnswer, Question


def question_text(language: Language, question: Question) -> str:
    """The question in the reader's language where it is ready-made, else as HR wrote it."""
    return text(language, f"questions.ready.{question.text}") if question.is_ready_made else question.text


def wordings(question: Question) -> tuple[str, ...]:
    """How the question reads, in every language."""
    return tuple(question_text(language, question) for language in Language)


def value_text(language: Language, kind: QuestionKind, answer: str) -> str:
    """An answer as it is read: yes and no in the reader's language, anything else as it was given."""
    return text(language, f"questions.value.{answer}") if answer and kind is QuestionKind.YES_NO else answer


def given_text(language: Language, given: GivenAnswer) -> str:
    """What stands in a list as the answer, with what it was asked as where that is another thing now.

    "" where nothing was answered.
    """
    if given.given is None:
        return ""
    answer = value_text(language, given.given.kind, given.given.answer)
    if given.worth is Worth.STANDS:
        return answer
    return text(language, f"questions.{given.worth.value}", answer=answer, asked=given.given.asked)


def promise_text(language: Language, question: Question) -> str:
    """Who sees the answer, and when it is deleted where the question says so."""
    seen = text(language, f"questions.seen.{question.seen_by.value}")
    if question.keep_days is None:
        return seen
    return f"{seen} {plural(language, 'questions.kept', question.keep_days)}"
