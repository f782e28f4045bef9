"""What is typed into the fields of a course's questions: what is wrong with it, and what is kept (pure).

| what is typed for a question | then |
|---|---|
| the form does not have the question | what stands stays; where it has to be answered, the page is shown again |
| something that cannot be kept (`problem_of`) | nothing of the form is kept, and what is wrong stands beside each field |
| nothing, and HR is typing | kept: HR need not know |
| the same as stands | nothing: the time and the words of then stay |
| anything else | kept, in the words that the question has now |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.questions import QuestionAnswer, Worth, WrongAnswer, problem_of
from bot.i18n.asked import question_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.domain.people import Language
    from bot.domain.questions import GivenAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoAnswers:
    """Whose answers they are (`email` canonical), who gives them by which door, in whose language."""

    plan: str
    course: str
    email: str
    by: str
    door: str
    language: Language


def problems_of(
    given: Sequence[GivenAnswer], typed: Mapping[str, str], *, by_hr: bool = False
) -> dict[str, WrongAnswer]:
    """By question what has to be put right, by the table above; `typed` by question."""
    found: dict[str, WrongAnswer] = {}
    for one in given:
        answer = typed.get(one.question.id)
        problem = problem_of(one.question, one.answer if answer is None else answer)
        if problem is not None and not (by_hr and problem is WrongAnswer.MISSING):
            found[one.question.id] = problem
    return found


def new_answers(
    given: Sequence[GivenAnswer], typed: Mapping[str, str], who: WhoAnswers, *, now: datetime
) -> tuple[QuestionAnswer, ...]:
    """What is to be kept of what was typed, by the table above; an empty answer takes one away. `now` UTC.

    What was answered under an earlier address stays under it, so that nobody has two answers.
    """
    return tuple(
        QuestionAnswer(
            plan=who.plan,
            course=who.course,
            question=one.question.id,
            email=one.given.email if one.given is not None else who.email,
            answer=typed[one.question.id],
            kind=one.question.kind,
            asked=question_text(who.language, one.question),
            at=now,
        )
        for one in given
        if one.question.id in typed and _is_new(one, typed[one.question.id])
    )


def _is_new(given: GivenAnswer, typed: str) -> bool:
    """Whether it says something else; of what answers other words, or another question, also the same."""
    if not typed:
        return given.given is not None
    return typed != given.answer or given.worth is not Worth.STANDS
