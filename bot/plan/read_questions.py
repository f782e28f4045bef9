"""The questions of a course: each a record, or one word where it is ready-made.

    is given        the rest is, where it is silent
    options         kind choice
    a ready-made    as in `bot.domain.questions.READY_MADE`; its name is read in Danish too
    word as text

A choice has at least two options, and no other kind has any. An option has no comma nor semicolon, since
several stand in one cell of a workbook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.questions import READY_MADE, Question, QuestionKind, SeenBy
from bot.plan import fields, keys
from bot.plan.findings import shown
from bot.plan.labels import READY_MADE as READY_WORDS
from bot.plan.labels import word_for
from bot.plan.scope import IdsOnce

if TYPE_CHECKING:
    from bot.plan.findings import Findings
    from bot.plan.nodes import Scalar
    from bot.plan.records import PlanRecord

OPTION_CHARACTERS = 100
FEWEST_OPTIONS = 2
LONGEST_KEPT = 3_650
"""Days: ten years, more than anything is kept here."""


def read_questions(course: PlanRecord) -> tuple[Question, ...]:
    """The questions under `questions` of a course, in their order; what is wrong is noted."""
    ids = IdsOnce()

    def ready_made(scalar: Scalar, findings: Findings) -> Question | None:
        name = word_for(READY_WORDS, scalar.text)
        if name is None:
            fields.note_choice(scalar, findings, READY_MADE)
            return None
        ids.note(READY_MADE[name].id, scalar.spot, findings)
        return READY_MADE[name]

    return course.read_list(
        "questions", keys.QUESTION_KEYS, lambda item: _read_question(item, ids), in_short=ready_made
    )


def _read_question(item: PlanRecord, ids: IdsOnce) -> Question:
    words = item.require_text("text", fields.line_text())
    name = word_for(READY_WORDS, words)
    silent = READY_MADE[name] if name is not None else Question(id="", text=words)
    given = item.read("kind", fields.choice(QuestionKind))
    kind = given or (QuestionKind.CHOICE if item.has("options") else silent.kind)
    options = read_options(item, is_choice=kind is QuestionKind.CHOICE)
    required, seen_by = item.read("required", fields.flag), item.read("seen_by", fields.choice(SeenBy))
    keep_days = item.read("keep_days", fields.whole(1, LONGEST_KEPT))
    return Question(
        id=_read_id(item, silent, ids),
        text=silent.text,
        kind=kind,
        options=options,
        required=silent.required if required is None else required,
        seen_by=seen_by or silent.seen_by,
        keep_days=silent.keep_days if keep_days is None else keep_days,
    )


def read_options(item: PlanRecord, *, is_choice: bool) -> tuple[str, ...]:
    """What a choice is between; too few, or any where there is no choice, are noted."""
    options = item.read_each("options", _option)
    if is_choice and len(options) < FEWEST_OPTIONS:
        _note_too_few(item)
    if not is_choice and item.has("options"):
        item.note_contradiction("options", "kind")
    return options if is_choice else ()


def _read_id(item: PlanRecord, silent: Question, ids: IdsOnce) -> str:
    """Its id; of a ready-made one that says none, its own."""
    if silent.id and not item.has("id"):
        ids.note(silent.id, item.spot, item.findings)
        return silent.id
    return ids.read(item)


def _note_too_few(item: PlanRecord) -> None:
    if item.has("options"):
        item.findings.error(
            "value.invalid", item.spot_of("options"), reason="answer_options", limit=FEWEST_OPTIONS
        )
    else:
        item.note_missing("options")


def _option(scalar: Scalar, findings: Findings) -> str | None:
    """A line without the signs that stand between several in one cell of a workbook."""
    text = fields.line_text(OPTION_CHARACTERS)(scalar, findings)
    if text is not None and (not any(sign.isalnum() for sign in text) or {",", ";"} & set(text)):
        findings.error("value.invalid", scalar.spot, reason="answer_option", value=shown(text))
    return text
