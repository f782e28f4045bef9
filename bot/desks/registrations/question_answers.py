"""Answers to a course's questions, from the books and into them.

What of a form is kept is `bot.desks.registrations.typed_answers`'. Who answered is written down, for whom and
what was asked; never the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desks.registrations.typed_answers import new_answers
from bot.domain.actions import Action
from bot.registrations.question_answers import answers_in_plan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.desks.registrations.typed_answers import WhoAnswers
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.domain.questions import GivenAnswer, SeenBy
    from bot.domain.registrations import Registration
    from bot.opening.stores import Stores

PAGE = "page"
"""The door of a person's own page, in the log of who did what."""


def given_answers(
    plan: CoursePlan,
    stores: Stores,
    rows: Iterable[Registration],
    people: PeopleIndex,
    *,
    reader: SeenBy,
    course: str | None = None,
    emails: Collection[str] | None = None,
) -> dict[tuple[str, str], tuple[GivenAnswer, ...]]:
    """By (course, address) what those who are asked answered, as far as the reader sees it.

    Of one course, or of all where it is None; of everybody, or of these addresses. Raises DatabaseFailed.
    """
    if not any(one.questions for one in plan.courses if course in {None, one.id}):
        return {}
    answers = stores.question_answers.load_answers(plan.id, course=course, emails=emails)
    return answers_in_plan(plan, rows, answers, people, reader)


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
