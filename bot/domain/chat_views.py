"""What the bot answers in a chat, as data: `bot.desks.teams.chat` makes it, `bot.cards` draws it.

Every answer is one card. `acts_for` is the name of whom somebody answers for, "" for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.conversations import ChatWish
    from bot.domain.pages import FormProblem, PersonCourse, PersonPage
    from bot.domain.people import Language
    from bot.domain.questions import WrongAnswer
    from bot.domain.seats import RefusalReason, RequestKind


class StrangerReason(StrEnum):
    """Why the bot has nothing to show somebody."""

    NO_PARTICIPANT = "no_participant"
    COURSE_ENDED = "course_ended"
    NOT_THEIRS = "not_theirs"
    NO_DELEGATE = "no_delegate"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCourse:
    """A course in a list: which plan's, what there is of the person in it, and for whom they answer."""

    plan: str
    course: PersonCourse
    acts_for: str = ""
    acts_for_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseList:
    """The courses of a person, nearest first. `now` is wall time in the plan's zone; `contact` is HR's."""

    which: ChatWish
    courses: tuple[ListedCourse, ...]
    language: Language
    contact: str
    now: datetime
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseCard:
    """One course as the person sees it now, and what has just become of what they pressed.

    `done` names what happened as the page behind the link has it (`bot.web.person.forms`), `refused` why
    nothing did; both may be about another `offering` than the card's first. `happened_before`: the same press
    came again, and nothing was done twice. `link` is the person's own page, "" where there are no pages.
    """

    plan: str
    page: PersonPage
    done: str = ""
    refused: RefusalReason | None = None
    offering: str = ""
    acts_for: str = ""
    acts_for_id: str = ""
    happened_before: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCard:
    """The question before something is done: whether it is meant, why, to whom, and the course's questions.

    `problem` and `answers` are what has to be put right, `typed` what was written.
    """

    plan: str
    page: PersonPage
    kind: RequestKind
    offering: str
    acts_for: str = ""
    acts_for_id: str = ""
    problem: FormProblem | None = None
    answers: Mapping[str, WrongAnswer] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsCard:
    """The course's open questions, for who has a place already."""

    plan: str
    page: PersonPage
    acts_for: str = ""
    acts_for_id: str = ""
    answers: Mapping[str, WrongAnswer] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCard:
    """What can be written and pressed; `misread`: what somebody wrote was not understood."""

    language: Language
    contact: str
    misread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerCard:
    """A kind word to somebody whom the bot has nothing to show; `contact` of HR, "" where no plan has any."""

    language: Language
    why: StrangerReason
    contact: str = ""


ChatAnswer = CourseList | CourseCard | AskCard | QuestionsCard | HelpCard | StrangerCard
"""Everything that the bot can answer one person."""
