"""HR's own words in messages: which message, in which language, what stands before and after it.

    message             one of `bot.domain.wording.WORDED`
    language            silent: the plan's
    opening · closing   at least one; Markdown with fields in braces

Once for each message and language, in the plan and in each course. What may be filled into which message is
the table in `bot.domain.wording`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.people import Language
from bot.domain.wording import (
    FIELD_WORDS,
    LONGEST_WORDING,
    WORDED,
    InsertField,
    Unread,
    Wording,
    pieces,
    refusal,
)
from bot.plan import fields, keys
from bot.plan.findings import Findings, shown
from bot.plan.nodes import ROOT, Scalar

if TYPE_CHECKING:
    from bot.domain.problems import Problem
    from bot.domain.wording import WordedMessage
    from bot.plan.nodes import Spot
    from bot.plan.records import PlanRecord

PARTS = ("opening", "closing")


def read_texts(owner: PlanRecord, language: Language) -> tuple[Wording, ...]:
    """What stands under `texts` of the plan or of a course; `language` is the plan's."""
    seen: set[tuple[str, Language]] = set()
    read = owner.read_list("texts", keys.TEXT_KEYS, lambda item: _read_wording(item, language, seen))
    return tuple(wording for wording in read if wording is not None)


def _read_wording(item: PlanRecord, language: Language, seen: set[tuple[str, Language]]) -> Wording | None:
    message = item.require("message", _message)
    speaks = item.read("language", fields.choice(Language)) or language
    words = {part: item.read_text(part, fields.text_of(LONGEST_WORDING)) for part in PARTS}
    if not item.given(PARTS):
        item.note_missing(" / ".join(item.name_of(part) for part in PARTS))
    if message is None:
        return None
    for part, text in words.items():
        note_fields(text, WORDED[message], item.spot_of(part), item.findings)
    if (message, speaks) in seen:
        item.findings.error("value.invalid", item.spot_of("message"), reason="text_twice")
    seen.add((message, speaks))
    return Wording(message=message, language=speaks, **words)


def _message(scalar: Scalar, findings: Findings) -> str | None:
    if scalar.text in WORDED:
        return scalar.text
    fields.note_choice(scalar, findings, tuple(WORDED))
    return None


def problems_of(text: str, message: WordedMessage) -> tuple[Problem, ...]:
    """What is wrong with words that stand in no plan yet, as it would be told of a plan that has them."""
    findings = Findings()
    fields.text_of(LONGEST_WORDING)(Scalar(text, ROOT), findings)
    note_fields(text, message, ROOT, findings)
    return findings.in_order()


def note_fields(text: str, message: WordedMessage, spot: Spot, findings: Findings) -> None:
    """Note what stands in braces and cannot be filled in there, each once."""
    for piece in dict.fromkeys(pieces(text)):
        if isinstance(piece, Unread):
            _note_unread(piece.word, message, spot, findings)
        elif isinstance(piece, InsertField) and (why := refusal(message.about, piece)) is not None:
            findings.error("value.invalid", spot, reason=why.value, fields=(piece,))


def _note_unread(word: str, message: WordedMessage, spot: Spot, findings: Findings) -> None:
    if not word:
        findings.error("value.invalid", spot, reason="text_brace", fields=message.fields)
        return
    near = findings.near_params(word, FIELD_WORDS, near="text_field_near", far="text_field")
    findings.error("value.invalid", spot, value=shown(word), fields=message.fields, **near)
