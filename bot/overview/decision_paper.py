"""Each decision on paper: where it stands, and what each outcome means, side by side (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.messages.characters import one_line
from bot.overview.document import Cell, Column, Section, Sentences, Table, cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.overview.lines import DecisionLine, OutcomeLine, Overview
    from bot.overview.words import Words


def decision_sections(overview: Overview, words: Words) -> Iterator[Section]:
    """A heading for all, then a section for each decision."""
    if overview.decisions:
        yield Section(heading=words("decisions"), blocks=(Sentences(lines=(words("decisions_terms"),)),))
    for decision in overview.decisions:
        heading = words.question(decision.assumption.id)
        blocks = (Sentences(lines=tuple(_standing(decision, words))), _outcomes(overview, decision, words))
        yield Section(heading=heading, blocks=blocks, level=2)


def _standing(decision: DecisionLine, words: Words) -> Iterator[str]:
    assumption = decision.assumption
    if assumption.value is None:
        by = decision.needed_by
        yield words("undecided_by", day=words.day(by)) if by else words("undecided")
    else:
        yield words("decided", value=words.outcome(assumption.value))
    if assumption.decided_by:
        yield words("decided_by", who=one_line(assumption.decided_by))
    if assumption.decided_on:
        yield words("decided_on", day=words.day(assumption.decided_on))
    if assumption.case:
        yield words("case", case=one_line(assumption.case))
    if assumption.note:
        yield one_line(assumption.note)


def _outcomes(overview: Overview, decision: DecisionLine, words: Words) -> Table:
    pools = {money.pool.id: money.pool for money in overview.pools}
    touched = [pool for pool in pools if any(one.pool == pool for outcome in decision.outcomes for one in outcome.amounts)]
    rows = [
        (cell(words("row.courses")), *(_courses(overview, one, words) for one in decision.outcomes)),
        (cell(words("row.dates")), *(cell(*(words.times(one.sessions) or (words("none"),))) for one in decision.outcomes)),
        (cell(words("row.mails")), *(_mails(one, words) for one in decision.outcomes)),
    ]
    for pool in touched:
        name = words("row.amount", pool=one_line(pools[pool].name or pool))
        rows.append((cell(name), *(_amount(one, pool, pools[pool].currency, words) for one in decision.outcomes)))
    headings = tuple(Column(heading=words("column.outcome", value=words.outcome(one.value)), share=4) for one in decision.outcomes)
    return Table(
        caption=words.question(decision.assumption.id),
        columns=(Column(heading=words("column.outcomes"), share=3), *headings),
        rows=tuple(rows),
    )


def _courses(overview: Overview, outcome: OutcomeLine, words: Words) -> Cell:
    return cell(*([one_line(overview.titles[course]) for course in outcome.courses] or [words("none")]))


def _mails(outcome: OutcomeLine, words: Words) -> Cell:
    unread = words("unread", audiences=one_line(", ".join(outcome.unread))) if outcome.unread else ""
    return cell(words.count("mails", outcome.mails), unread)


def _amount(outcome: OutcomeLine, pool: str, currency: str, words: Words) -> Cell:
    amounts = next((one.amounts for one in outcome.amounts if one.pool == pool), None)
    return cell(words("nothing")) if amounts is None else words.planned(amounts, currency)
