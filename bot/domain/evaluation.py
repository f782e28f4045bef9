"""What people say of a course when it is over: the form, who is asked, until when (pure).

Who is asked about the date that they had a seat on:

| of who came to that date | the person | is asked |
|---|---|---|
| nobody has said anything | has a seat | yes |
| something was said | came, with a seat or without | yes |
| something was said | anybody else | no |

When, where `ends` is the end of the last session of the date and the form says `opens` and `closes`:

| now | the form |
|---|---|
| before `ends` + `opens` | is not open yet |
| then, until `ends` + `closes` | open, until the person has answered |
| later | closed; what was said can be read from now on |
| once that was shown, whatever the plan says of `closes` by then | closed for good |

So no answer comes to what somebody has seen: two looks at it would differ by that one.

An answer belongs to nobody: it is kept without a person, a link or a time, apart from that somebody has
answered (`bot.store.evaluations`). So it cannot be changed nor taken back, which the page says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.domain.attendance import Presence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class EvaluationKind(StrEnum):
    """What kind of answer a question wants."""

    SCALE = "scale"
    CHOICE = "choice"
    TEXT = "text"


SCALE = ("1", "2", "3", "4", "5")
"""From the least to the most, as it is kept."""
LONGEST_SAID = 1_000
"""Characters of a text."""
FEWEST_QUESTIONS, MOST_QUESTIONS = 3, 8
OPENS, CLOSES = timedelta(0), timedelta(days=14)
"""After the last session, where the plan is silent."""
LONGEST_OPEN = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationQuestion:
    """A question of the form. `text` is a name of `READY_EVALUATION` where its words are ours."""

    id: str
    text: str
    kind: EvaluationKind = EvaluationKind.SCALE
    options: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """What can be answered, as it is kept; () where it is free text."""
        return SCALE if self.kind is EvaluationKind.SCALE else self.options


def _ready(name: str, kind: EvaluationKind = EvaluationKind.SCALE) -> tuple[str, EvaluationQuestion]:
    return name, EvaluationQuestion(id=name, text=name, kind=kind)


READY_EVALUATION: Mapping[str, EvaluationQuestion] = MappingProxyType(
    dict(
        (
            _ready("overall"),
            _ready("useful"),
            _ready("taught"),
            _ready("practical"),
            _ready("best", EvaluationKind.TEXT),
            _ready("better", EvaluationKind.TEXT),
        )
    )
)
"""Questions that the plan may name in one word, in both languages."""
STANDARD = tuple(READY_EVALUATION.values())
"""The ready-made form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationForm:
    """What is asked, and from when to when; both after the end of the date's last session."""

    questions: tuple[EvaluationQuestion, ...] = STANDARD
    opens: timedelta = OPENS
    closes: timedelta = CLOSES


FORM = "form"
"""The kind of the row that says that a form was handed in, and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationAnswer:
    """One answer that somebody gave; nothing says who, when, or what else they said.

    `asked` is the question in the words that were read, `kind` that of the question, or `FORM`.
    """

    course: str
    offering: str
    question: str
    kind: str
    asked: str
    answer: str


class EvaluationState(StrEnum):
    """Where the form stands for one person."""

    NOT_ASKED = "not_asked"
    NOT_OPEN = "not_open"
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEvaluation:
    """One person's form about the date `offering` of a course; it `closes` at that wall time."""

    form: EvaluationForm
    offering: str
    state: EvaluationState
    closes: datetime | None


class WrongEvaluation(StrEnum):
    """What has to be put right before the form is kept."""

    NOTHING = "nothing"
    TOO_LONG = "too_long"
    NO_OPTION = "no_option"


def is_asked(presence: Presence | None, *, has_seat: bool, was_said: bool) -> bool:
    """By the first table above; `was_said`: anything was said of who came to the date."""
    return presence is Presence.ATTENDED if was_said else has_seat


def form_state(
    form: EvaluationForm,
    *,
    ends: datetime | None,
    now: datetime,
    asked: bool,
    answered: bool,
    shown: bool = False,
) -> EvaluationState:
    """By the second table above; `ends` of the date, None without one. UTC."""
    if not asked or ends is None:
        return EvaluationState.NOT_ASKED
    if answered:
        return EvaluationState.ANSWERED
    if shown:
        return EvaluationState.CLOSED
    if now < ends + form.opens:
        return EvaluationState.NOT_OPEN
    return EvaluationState.OPEN if now < ends + form.closes else EvaluationState.CLOSED


def said_of(form: EvaluationForm, typed: Mapping[str, str]) -> dict[str, str]:
    """What was answered, by question; without what is empty or was not asked."""
    return {one.id: said for one in form.questions if (said := typed.get(one.id, "").strip())}


def wrong_answers(form: EvaluationForm, typed: Mapping[str, str]) -> dict[str, WrongEvaluation]:
    """What has to be put right, by question; of a form with nothing on it under ""."""
    said = said_of(form, typed)
    if not said:
        return {"": WrongEvaluation.NOTHING}
    wrong: dict[str, WrongEvaluation] = {}
    for one in form.questions:
        given = said.get(one.id, "")
        if given and one.values and given not in one.values:
            wrong[one.id] = WrongEvaluation.NO_OPTION
        elif len(given) > LONGEST_SAID:
            wrong[one.id] = WrongEvaluation.TOO_LONG
    return wrong
