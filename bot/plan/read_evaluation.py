"""How a course is evaluated: an outside link, or a form of our own.

    evaluation is           then
    a link                  that; nothing of it is kept here
    the word `standard`     the ready-made form
    form, opens, closes     the same, with other times; `form` is what stands alone above
    questions, …            a form of these; each a record, or one word where it is ready-made

A form has three to eight questions. `kind` is `choice` where there are options, else `scale`. A choice has
at least two options, and no other kind has any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.evaluation import (
    CLOSES,
    FEWEST_QUESTIONS,
    LONGEST_OPEN,
    MOST_QUESTIONS,
    OPENS,
    READY_EVALUATION,
    STANDARD,
    EvaluationForm,
    EvaluationKind,
    EvaluationQuestion,
)
from bot.plan import fields, keys
from bot.plan.findings import shown
from bot.plan.labels import EVALUATION_FORMS, READY_EVALUATIONS, word_for
from bot.plan.moments import duration
from bot.plan.read_questions import read_options
from bot.plan.scope import IdsOnce

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.plan.findings import Findings
    from bot.plan.nodes import Scalar
    from bot.plan.records import PlanRecord

Evaluated = tuple[str | None, EvaluationForm | None]
"""An outside link or a form of our own; never both."""
STANDARD_WORD = EVALUATION_FORMS[0][0]


def read_evaluation(course: PlanRecord) -> Evaluated:
    """What stands under `evaluation` of a course; what is wrong is noted."""
    if not course.has("evaluation"):
        return None, None
    if course.is_single("evaluation"):
        return _meant(course.read("evaluation", _link_or_word))
    item = course.read_record("evaluation", keys.EVALUATION_KEYS)
    if item is None:
        return None, None
    link, form = _meant(item.read("form", _link_or_word))
    others = item.given(("questions", "opens", "closes"))
    if link is not None and others:
        item.note_contradiction(others[0], "form")
    if item.has("form") and item.has("questions") and link is None:
        item.note_contradiction("questions", "form")
    if item.has("form") and form is None:
        return link, None
    return None, _read_form(item)


def _meant(said: str | None) -> Evaluated:
    if said is None:
        return None, None
    return (None, EvaluationForm()) if said == STANDARD_WORD else (said, None)


def _link_or_word(scalar: Scalar, findings: Findings) -> str | None:
    return word_for(EVALUATION_FORMS, scalar.text) or fields.web_address(scalar, findings)


def _read_form(item: PlanRecord) -> EvaluationForm:
    opens, closes = item.read("opens", _length), item.read("closes", _length)
    opens, closes = OPENS if opens is None else opens, CLOSES if closes is None else closes
    if closes <= opens:
        item.findings.error("value.invalid", item.spot_of("closes"), reason="evaluation_times")
        closes = opens + CLOSES
    return EvaluationForm(
        questions=_read_questions(item) if item.has("questions") else STANDARD, opens=opens, closes=closes
    )


def _read_questions(item: PlanRecord) -> tuple[EvaluationQuestion, ...]:
    ids = IdsOnce()

    def ready_made(scalar: Scalar, findings: Findings) -> EvaluationQuestion | None:
        name = word_for(READY_EVALUATIONS, scalar.text)
        if name is None:
            fields.note_choice(scalar, findings, READY_EVALUATION)
            return None
        ids.note(name, scalar.spot, findings)
        return READY_EVALUATION[name]

    found = item.read_list(
        "questions", keys.EVALUATION_QUESTION_KEYS, lambda one: _read_question(one, ids), in_short=ready_made
    )
    if not FEWEST_QUESTIONS <= len(found) <= MOST_QUESTIONS:
        item.findings.error(
            "value.invalid",
            item.spot_of("questions"),
            reason="evaluation_questions",
            count=len(found),
            minimum=FEWEST_QUESTIONS,
            maximum=MOST_QUESTIONS,
        )
    return found


def _read_question(item: PlanRecord, ids: IdsOnce) -> EvaluationQuestion:
    words = item.require_text("text", fields.line_text())
    name = word_for(READY_EVALUATIONS, words)
    if name is not None:
        for key in item.given(("kind", "options")):
            item.note_contradiction(key, "text")
        if item.has("id"):
            return EvaluationQuestion(id=ids.read(item), text=name, kind=READY_EVALUATION[name].kind)
        ids.note(name, item.spot, item.findings)
        return READY_EVALUATION[name]
    given = item.read("kind", fields.choice(EvaluationKind))
    kind = given or (EvaluationKind.CHOICE if item.has("options") else EvaluationKind.SCALE)
    options = read_options(item, is_choice=kind is EvaluationKind.CHOICE)
    return EvaluationQuestion(id=ids.read(item), text=words, kind=kind, options=options)


def _length(scalar: Scalar, findings: Findings) -> timedelta | None:
    """How long after the last session; at most what links to people's pages outlast it."""
    found = duration(scalar, findings)
    if found is not None and found > LONGEST_OPEN:
        findings.error(
            "value.invalid",
            scalar.spot,
            reason="evaluation_long",
            value=shown(scalar.as_written),
            limit=LONGEST_OPEN.days,
        )
        return None
    return found
