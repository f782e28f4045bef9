"""Answers to a course's questions: what stands, what is typed into a form, and keeping it.

| what is typed for a question | then |
|---|---|
| the form does not have the question | what stands stays; where it has to be answered, the page is shown again |
| something that cannot be kept (`problem_of`) | nothing of the form is kept, and what is wrong stands beside each field |
| nothing, and HR is typing | kept: HR need not know |
| the same as stands | nothing: the time and the words of then stay |
| anything else | kept, in the words that the question has now |

Who answered is written down, for whom and what was asked; never the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.actions import Action
from bot.domain.questions import AnswerProblem, QuestionAnswer, SeenBy, Worth, problem_of
from bot.i18n.asked import question_text
from bot.registrations.question_answers import answers_in_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.domain.questions import GivenAnswer
    from bot.domain.registrations import Registration
    from bot.opening.stores import Stores

PAGE = "page"
"""The door of a person's own page, in the log of who did what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoAnswers:
    """Whose answers they are (`email` canonical), who gives them by which door, in whose language."""

    plan: str
    course: str
    email: str
    by: str
    door: str
    language: Language


def given_answers(
    plan: CoursePlan,
    stores: Stores,
    rows: Iterable[Registration],
    people: PeopleIndex,
    *,
    reader: SeenBy,
    course: str | None = None,
) -> dict[tuple[str, str], tuple[GivenAnswer, ...]]:
    """By (course, address) what those who are asked answered, as far as the reader sees it.

    Of one course, or of all where it is None. Raises DatabaseFailed.
    """
    if not any(one.questions for one in plan.courses if course in {None, one.id}):
        return {}
    answers = stores.question_answers.load_answers(plan.id, course=course)
    return answers_in_plan(plan, rows, answers, people, reader)


def problems_of(
    given: Sequence[GivenAnswer], typed: Mapping[str, str], *, by_hr: bool = False
) -> dict[str, AnswerProblem]:
    """By question what has to be put right, by the table above; `typed` by question."""
    found: dict[str, AnswerProblem] = {}
    for one in given:
        answer = typed.get(one.question.id)
        problem = problem_of(one.question, one.answer if answer is None else answer)
        if problem is not None and not (by_hr and problem is AnswerProblem.MISSING):
            found[one.question.id] = problem
    return found


def new_answers(
    given: Sequence[GivenAnswer], typed: Mapping[str, str], who: WhoAnswers, *, now: datetime
) -> tuple[QuestionAnswer, ...]:
    """What is to be kept of what was typed, by the table above; an empty answer takes one away. `now` UTC."""
    return tuple(
        QuestionAnswer(
            plan=who.plan,
            course=who.course,
            question=one.question.id,
            email=who.email,
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


def keep_answers(
    stores: Stores, given: Sequence[GivenAnswer], typed: Mapping[str, str], who: WhoAnswers, *, now: datetime
) -> int:
    """Keep what was typed, which has no problem, with the line that tells who; how many answers are new.

    Raises DatabaseFailed.
    """
    answers = new_answers(given, typed, who, now=now)
    if answers:
        line = Action(
            at=now,
            by=who.by,
            command="answer",
            plan=who.plan,
            course=who.course,
            subject=who.email,
            door=who.door,
            detail=", ".join(one.question for one in answers),
        )
        stores.question_answers.save_answers(answers, noted=[line])
    return len(answers)
