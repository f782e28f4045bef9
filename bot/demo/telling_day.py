"""What is told of the day itself and what is around it: lines of a page, without their indent (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.demo.performed import CameToDoor, Certified, Evaluated, FilledIn, Overviewed
from bot.desks.afterwards.evaluations import question_words
from bot.domain.evaluation_results import FEWEST
from bot.domain.people import Language
from bot.i18n.catalogue import plural, text
from bot.i18n.spoken import outcome_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.evaluation_results import CourseEvaluation
    from bot.overview.lines import DecisionLine

TOLD = Overviewed | CameToDoor | FilledIn | Evaluated | Certified
DECISIONS, DEPARTMENTS, TEXTS = 2, 4, 3
"""How many of each are worth telling."""


def day_lines(said: TOLD, language: Language) -> Iterator[str]:
    """What was said, in whole sentences."""
    match said:
        case Overviewed():
            yield from _decisions(said, language)
        case CameToDoor():
            yield from _door(said, language)
        case FilledIn():
            yield plural(language, "demo.day.filled", said.forms, title=said.title)
        case Evaluated():
            for one in said.courses:
                yield from _evaluation(one, language)
        case Certified():
            yield plural(
                language, "demo.day.certified", said.people, title=said.title, kilobytes=said.kilobytes
            )
            yield text(
                language, "demo.day.checked", code=said.holds, answer=text(language, "certificate.check.yes")
            )
            yield text(
                language, "demo.day.checked_back", code=said.holds_no_more,
                answer=text(language, "certificate.check.no"),
            )  # fmt: skip
        case _:
            assert_never(said)


def _decisions(said: Overviewed, language: Language) -> Iterator[str]:
    decided = [one for one in said.decisions if one.assumption.value is not None]
    still = [one for one in said.decisions if one.assumption.value is None]
    yield text(language, "demo.day.decisions", decided=len(decided), open=len(still))
    if decided:
        last = max(decided, key=lambda one: str(one.assumption.decided_on or ""))
        value, about = last.assumption.value, last.assumption
        yield text(
            language, "demo.day.decided", question=about.question or about.id,
            value=outcome_text(language, value) if value is not None else "", by=about.decided_by or "",
        )  # fmt: skip
    meaning = [one for one in still if one.courses]
    for one in meaning[:DECISIONS]:
        yield from _open(one, language)
    if len(still) > DECISIONS:
        yield plural(language, "demo.more_changes", len(still) - min(len(meaning), DECISIONS))


def _open(one: DecisionLine, language: Language) -> Iterator[str]:
    yield text(language, "demo.day.open", question=one.assumption.question or one.assumption.id)
    for outcome in one.outcomes:
        yield text(
            language, "demo.day.outcome", value=outcome_text(language, outcome.value),
            courses=len(outcome.courses), sessions=len(outcome.sessions),
        )  # fmt: skip


def _door(said: CameToDoor, language: Language) -> Iterator[str]:
    numbers = said.numbers
    yield text(
        language, "demo.day.came", came=numbers.came, seats=numbers.seats, by_code=said.by_code,
        ticked=said.ticked, walk_ins=numbers.walk_ins,
    )  # fmt: skip
    yield text(language, "demo.day.refused")
    yield text(language, "demo.day.sent_again", words=said.sent_again)
    missing = [one for one in said.departments if one.absent][:DEPARTMENTS]
    listed = ", ".join(
        f"{one.called or text(language, 'attendance.no_department')} {one.absent}" for one in missing
    )
    yield text(language, "demo.day.absent", absent=numbers.absent, departments=listed)


def _evaluation(one: CourseEvaluation, language: Language) -> Iterator[str]:
    yield f"{one.title}:"
    if not one.batches:
        yield text(language, "evaluation.result.held_back", fewest=FEWEST)
        return
    shown = one.shown
    yield text(language, "evaluation.result.rate", forms=shown.forms, asked=shown.asked, rate=shown.rate)
    for question in shown.questions:
        words = question_words(language, question)
        if question.mean is not None:
            mean = f"{question.mean:.1f}"
            said = mean.replace(".", ",") if language is Language.DA else mean
            yield f"{words} {text(language, 'evaluation.result.mean', mean=said)}"
        elif question.texts:
            quoted = " ".join(
                text(language, "demo.day.quoted", words=said) for said in sorted({*question.texts})[:TEXTS]
            )
            yield f"{words} {quoted}"
