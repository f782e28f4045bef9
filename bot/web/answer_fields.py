"""The fields for answers to a course's questions: what stands in them, and what a form with them says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from bot.domain.questions import LONGEST_ANSWER, Worth
from bot.i18n.asked import given_text, promise_text, question_text, value_text
from bot.i18n.catalogue import text
from bot.messages.characters import one_line, typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.people import Language
    from bot.domain.questions import GivenAnswer, WrongAnswer

FIELD = "q-"
"""What the names of the fields begin with."""


def answer_words(language: Language) -> dict[str, object]:
    """What `questions.html.j2` shows answers with."""
    return {
        "asked_text": partial(question_text, language),
        "value_text": partial(value_text, language),
        "given_text": partial(given_text, language),
        "promise": partial(promise_text, language),
        "answer_promise": partial(_promise, language),
        "answer_problem": partial(_problem, language),
        "answer_value": lambda given, said: said.get(given.question.id, given.answer),
        "longest_answer": LONGEST_ANSWER,
    }


async def _typed(request: Request) -> dict[str, str]:
    form = await request.form()
    return {
        name.removeprefix(FIELD): typed(value).strip()
        for name, value in form.items()
        if name.startswith(FIELD) and isinstance(value, str)
    }


TypedAnswers = Annotated[dict[str, str], Depends(_typed)]
"""What a form says, by question; a question that it does not have is not there."""


def _promise(language: Language, given: GivenAnswer) -> str:
    """Who sees the answer and how long, and what was said before where that answers something else."""
    promise = promise_text(language, given.question)
    return promise if given.worth is Worth.STANDS else f"{promise} {one_line(given_text(language, given))}"


def _problem(language: Language, given: GivenAnswer, problems: Mapping[str, WrongAnswer]) -> str:
    """What is wrong with an answer, "" where nothing is."""
    problem = problems.get(given.question.id)
    if problem is None:
        return ""
    asked = one_line(question_text(language, given.question))
    return text(language, f"questions.problem.{problem.value}", asked=asked, longest=LONGEST_ANSWER)
