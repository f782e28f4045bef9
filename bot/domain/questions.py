"""What somebody who signs up is asked, and what their answers are worth today (pure).

Who sees an answer, by the question's `seen_by`:

| `seen_by` | HR: the course's page, lists, API | who reads along, and the list mailed to who looks after the course | the sheet to sign |
|---|---|---|---|
| hr | yes | no | no |
| responsible | yes | yes | no |
| participants | yes | yes | yes |

What an answer that was given is worth, where the plan asks otherwise by now; the first line that fits:

| the question now | the answer |
|---|---|
| is not in the plan | shown nowhere; goes as notes to HR do, `bot.store.expiry` |
| wants another kind of answer, or has the option no more | of the earlier question: shown as such, in no total; asked again |
| is worded otherwise (beyond case, blanks and signs) | stands, and is shown with the words that it answered |
| is the same | stands |

An empty answer is none: the row goes. Of somebody who has no place any more nothing is shown, and it goes
with the next round of expiry.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.domain.sign_in import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime


class QuestionKind(StrEnum):
    """What kind of answer a question wants."""

    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"


class SeenBy(StrEnum):
    """Who sees the answers, each line with those before it."""

    HR = "hr"
    RESPONSIBLE = "responsible"
    PARTICIPANTS = "participants"


_WIDTH = {SeenBy.HR: 0, SeenBy.RESPONSIBLE: 1, SeenBy.PARTICIPANTS: 2}
YES, NO = "yes", "no"
YES_OR_NO = (YES, NO)
"""How an answer of yes or no is kept, in whatever language it was given."""
LONGEST_ANSWER = 500
"""Characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of a course. `options` are what a choice is between.

    `text` is the name of a row of `READY_MADE` where the question is one. `keep_days` are days after the
    course's last session; None: as long as the registration itself.
    """

    id: str
    text: str
    kind: QuestionKind = QuestionKind.TEXT
    options: tuple[str, ...] = ()
    required: bool = False
    seen_by: SeenBy = SeenBy.HR
    keep_days: int | None = None

    @property
    def is_ready_made(self) -> bool:
        """Whether its words are ours, in both languages."""
        return self.text in READY_MADE

    @property
    def values(self) -> tuple[str, ...]:
        """What can be answered, as it is kept; () where it is free text."""
        return YES_OR_NO if self.kind is QuestionKind.YES_NO else self.options

    def is_for(self, reader: SeenBy) -> bool:
        """Whether it is seen in what is made for such readers, by the table above."""
        return _WIDTH[self.seen_by] >= _WIDTH[reader]


READY_MADE: Mapping[str, Question] = MappingProxyType(
    {"allergies": Question(id="allergies", text="allergies", keep_days=30)}
)
"""Questions that the plan may name in one word. What people are ill with is HR's alone, and not for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswer:
    """What one person answered to one question; `email` canonical, `at` UTC.

    `kind` and `asked` are the question as it was asked then, in the words that the person read.
    """

    plan: str
    course: str
    question: str
    email: str
    answer: str
    kind: QuestionKind
    asked: str
    at: datetime


class Worth(StrEnum):
    """What an answer is worth by the table above."""

    STANDS = "stands"
    REWORDED = "reworded"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """A question of today, and what one person answered to it; `given` None where nothing is there."""

    question: Question
    given: QuestionAnswer | None = None
    worth: Worth = Worth.STANDS

    @property
    def answer(self) -> str:
        """What stands as the answer today, "" for none: what is absent is no answer."""
        return "" if self.given is None or self.worth is Worth.EARLIER else self.given.answer


def reader_of(roles: frozenset[Role]) -> SeenBy:
    """As whom somebody with these roles in the plan reads answers at the desk."""
    return SeenBy.HR if Role.HR in roles else SeenBy.RESPONSIBLE


def worth_of(question: Question, given: QuestionAnswer, wordings: Iterable[str]) -> Worth:
    """By the table above; `wordings` are how the question reads today, in every language."""
    if given.kind is not question.kind or (question.values and given.answer not in question.values):
        return Worth.EARLIER
    asked = _bare(given.asked)
    return Worth.STANDS if any(asked == _bare(words) for words in wordings) else Worth.REWORDED


def answers_of(
    questions: Sequence[Question],
    given: Mapping[str, QuestionAnswer],
    wordings: Mapping[str, Sequence[str]],
) -> tuple[GivenAnswer, ...]:
    """Each question, in the plan's order, with what one person answered; `given` and `wordings` by its id."""
    return tuple(
        GivenAnswer(question=one)
        if (found := given.get(one.id)) is None
        else GivenAnswer(question=one, given=found, worth=worth_of(one, found, wordings[one.id]))
        for one in questions
    )


class WrongAnswer(StrEnum):
    """What is wrong with an answer as it was typed."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    NO_OPTION = "no_option"


def problem_of(question: Question, answer: str) -> WrongAnswer | None:
    """What has to be put right, None where the answer can be kept; "" is to give none."""
    if not answer:
        return WrongAnswer.MISSING if question.required else None
    if question.values:
        return None if answer in question.values else WrongAnswer.NO_OPTION
    return WrongAnswer.TOO_LONG if len(answer) > LONGEST_ANSWER else None


def _bare(words: str) -> str:
    return "".join(sign for sign in words.casefold() if sign.isalnum())
