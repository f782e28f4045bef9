"""The decisions on paper.

All of them with where each stands, then what the outcomes of each mean, side by side (pure).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.messages.characters import one_line
from bot.overview.document import (
    Cell,
    Document,
    PaperColumn,
    PaperSection,
    PaperTable,
    Sentences,
    cell,
    without_empty,
)
from bot.overview.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.assumptions import Outcome
    from bot.domain.people import Language
    from bot.overview.lines import DecisionLine, OutcomeLine, Overview

HISTORY_COLUMNS = (
    ("question", 8),
    ("changed_on", 3),
    ("before", 3),
    ("after", 3),
    ("decided_by", 3),
    ("case", 2),
)
COLUMNS = (("question", 8), ("decided", 3), ("decided_by", 3), ("decided_on", 3), ("case", 2), ("note", 6))


def decision_sections(overview: Overview, words: Words) -> Iterator[PaperSection]:
    """One table of all decisions, then a section for each that something depends on."""
    if not overview.decisions:
        return
    columns = tuple(PaperColumn(heading=words(f"column.{name}"), share=share) for name, share in COLUMNS)
    rows = tuple(_standing(decision, words) for decision in overview.decisions)
    every = without_empty(PaperTable(caption=words("decisions"), columns=columns, rows=rows))
    yield PaperSection(
        heading=words("decisions"), blocks=(Sentences(lines=(words("decisions_terms"),)), every)
    )
    yield from _history(overview, words)
    for decision in overview.decisions:
        if decision.courses or any(outcome.amounts for outcome in decision.outcomes):
            by = words.standing(decision)
            blocks = (Sentences(lines=(by,)), _outcomes(overview, decision, words))
            yield PaperSection(heading=words.question(decision.assumption.id), blocks=blocks, level=2)


def decision_document(overview: Overview, assumption: str, language: Language) -> Document | None:
    """One decision alone: where it stands and what its outcomes mean; None where the plan has no such one."""
    decision = next((one for one in overview.decisions if one.assumption.id == assumption), None)
    if decision is None:
        return None
    words = Words(language, overview.questions)
    heading = words.question(assumption)
    blocks = (Sentences(lines=(words.standing(decision),)), _outcomes(overview, decision, words))
    section = PaperSection(heading=words("column.outcomes"), blocks=blocks)
    wall = overview.as_of.astimezone(ZoneInfo(overview.timezone))
    return Document(
        language=language.value,
        title=heading,
        organisation=one_line(overview.organisation),
        made=words("made", moment=words.moment(wall)),
        page=words("page"),
        of=words("of"),
        sections=(section,),
    )


def _standing(decision: DecisionLine, words: Words) -> tuple[Cell, ...]:
    assumption = decision.assumption
    return (
        cell(words.question(assumption.id)),
        cell(_value(assumption.value, words)),
        cell(one_line(assumption.decided_by)),
        cell(words.day(assumption.decided_on) if assumption.decided_on else ""),
        cell(one_line(assumption.case)),
        cell(one_line(assumption.note)),
    )


def _history(overview: Overview, words: Words) -> Iterator[PaperSection]:
    """What came to something else than before, the oldest first; none where nobody knows of any."""
    zone = ZoneInfo(overview.timezone)
    found = [
        (change, decision.assumption.id) for decision in overview.decisions for change in decision.changes
    ]
    rows = [
        (
            cell(words.question(name)),
            cell(words.day(one.after.decided_on or one.after.noted_at.astimezone(zone).date())),
            cell(_value(one.before, words)),
            cell(_value(one.after.value, words)),
            cell(one_line(one.after.decided_by)),
            cell(one_line(one.after.case)),
        )
        for one, name in sorted(found, key=lambda pair: pair[0].after.noted_at)
    ]
    if rows:
        columns = tuple(
            PaperColumn(heading=words(f"column.{name}"), share=share) for name, share in HISTORY_COLUMNS
        )
        table = without_empty(PaperTable(caption=words("history"), columns=columns, rows=tuple(rows)))
        yield PaperSection(heading=words("history"), blocks=(table,), level=2)


def _value(value: Outcome | None, words: Words) -> str:
    return words("open") if value is None else words.outcome(value)


def _outcomes(overview: Overview, decision: DecisionLine, words: Words) -> PaperTable:
    pools = {money.pool.id: money.pool for money in overview.pools}
    touched = [
        pool
        for pool in pools
        if any(amount.pool == pool for outcome in decision.outcomes for amount in outcome.amounts)
    ]
    rows = [
        (cell(words("row.courses")), *(_courses(overview, one, words) for one in decision.outcomes)),
        (
            cell(words("row.dates")),
            *(cell(*(words.times(one.sessions) or (words("none"),))) for one in decision.outcomes),
        ),
        (cell(words("row.mails")), *(_mails(one, words) for one in decision.outcomes)),
    ]
    for pool in touched:
        name = words("row.amount", pool=one_line(pools[pool].name or pool))
        rows.append(
            (cell(name), *(_amount(one, pool, pools[pool].currency, words) for one in decision.outcomes))
        )
    headings = tuple(
        PaperColumn(heading=words("column.outcome", value=words.outcome(one.value)), share=4)
        for one in decision.outcomes
    )
    return PaperTable(
        caption=words.question(decision.assumption.id),
        columns=(PaperColumn(heading=words("column.outcomes"), share=3), *headings),
        rows=tuple(rows),
    )


def _courses(overview: Overview, outcome: OutcomeLine, words: Words) -> Cell:
    return cell(*([one_line(overview.titles[course]) for course in outcome.courses] or [words("none")]))


def _mails(outcome: OutcomeLine, words: Words) -> Cell:
    unread = words("unread", audiences=one_line(", ".join(outcome.unread))) if outcome.unread else ""
    return cell(words.count("mails", outcome.mails), unread)


def _amount(outcome: OutcomeLine, pool: str, currency: str, words: Words) -> Cell:
    amounts = next((amount.amounts for amount in outcome.amounts if amount.pool == pool), None)
    return cell(words("nothing")) if amounts is None else words.planned(amounts, currency)
