"""The money of the overview on paper.

Each pool by purpose, what is paid from it, and what it comes to under each open decision (pure).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bot.domain.assumptions import still_open
from bot.domain.money import expense_share
from bot.i18n.money import money_text
from bot.messages.characters import one_line
from bot.overview.charts import purpose_chart, scenario_chart
from bot.overview.document import Cell, PaperColumn, PaperSection, PaperTable, Sentences, cell, without_empty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.money import Amounts, Overspent, PoolMoney, PurposeMoney, Scenario
    from bot.overview.document import Block
    from bot.overview.lines import Overview
    from bot.overview.words import Words


def money_in_short(overview: Overview, words: Words) -> Iterator[str]:
    """What is free in each pool, and where more is planned than there is."""
    for money in overview.pools:
        name, currency = _name(money), money.pool.currency
        if money.pool.amount is None:
            yield words("pool_unknown", pool=name)
            continue
        yield words(
            "pool_dearest" if len(money.scenarios) > 1 else "pool",
            pool=name,
            amount=money_text(words.language, money.pool.amount, currency),
            free=words.left(money.dearest.free, money.dearest.amounts, currency),
        )
        for case in money.overspent:
            yield _warning(money, case, words)


def money_sections(overview: Overview, words: Words) -> Iterator[PaperSection]:
    """A heading for all, then a section for each pool."""
    if overview.pools:
        yield PaperSection(heading=words("money"), blocks=(Sentences(lines=(words("money_terms"),)),))
    for money in overview.pools:
        amount = words.amount(money.pool.amount, money.pool.currency).text
        blocks = (
            *_warnings(money, words),
            _purposes(money, words),
            *purpose_chart(money, words),
            _paid(overview, money, words),
        )
        heading = words("pool_heading", pool=_name(money), amount=amount)
        yield PaperSection(heading=heading, blocks=(*blocks, *_scenarios(money, words)), level=2)


def _name(money: PoolMoney) -> str:
    return one_line(money.pool.name or money.pool.id)


def _warnings(money: PoolMoney, words: Words) -> Iterator[Block]:
    if money.overspent:
        yield Sentences(
            lines=tuple(_warning(money, case, words) for case in money.overspent), are_points=True
        )


def _warning(money: PoolMoney, case: Overspent, words: Words) -> str:
    said = words(
        f"overspent.{case.by.value}",
        pool=_name(money),
        purpose=words.purpose(case.purpose),
        taken=money_text(words.language, case.taken, money.pool.currency),
        limit=money_text(words.language, case.limit, money.pool.currency),
    )
    return f"{said} ({words.assignment(case.assumptions)})" if case.assumptions else said


def _purposes(money: PoolMoney, words: Words) -> PaperTable:
    dearest, currency = money.dearest, money.pool.currency
    columns = _columns(
        words, ("purpose", 4), ("reserved", 3), ("planned", 3), ("committed", 3), ("spent", 3), ("free", 3)
    )
    shown = [
        purpose
        for purpose in dearest.purposes
        if money.pool.reserved and (purpose.purpose is not None or _says_something(purpose))
    ]
    rows = [
        (cell(words.purpose(one.purpose)), *_amounts(one.reserved, one.amounts, one.free, currency, words))
        for one in shown
    ]
    total = (
        cell(words("in_all")),
        *_amounts(money.pool.amount, dearest.amounts, dearest.free, currency, words),
    )
    caption = words("by_purpose", pool=_name(money))
    if len(money.scenarios) > 1:
        caption = words(
            "by_purpose_dearest", pool=_name(money), scenario=words.assignment(dearest.assumptions)
        )
    return PaperTable(caption=caption, columns=columns, rows=(*rows, total), has_total=True)


def _says_something(rest: PurposeMoney) -> bool:
    return bool(rest.reserved or rest.amounts.planned or rest.amounts.unknown)


def _amounts(
    reserved: Decimal | None, amounts: Amounts, free: Decimal | None, currency: str, words: Words
) -> tuple[Cell, ...]:
    return (
        words.amount(reserved, currency),
        words.planned(amounts, currency),
        words.amount(amounts.committed, currency),
        words.amount(amounts.spent, currency),
        words.free(free, amounts, currency),
    )


def _paid(overview: Overview, money: PoolMoney, words: Words) -> Block:
    pool, currency = money.pool, money.pool.currency
    rows = [
        (
            cell(one_line(course.title)),
            cell(words.purpose(line.purpose)),
            cell(words(f"status.{course.status.value}")),
            words.planned(line.amounts, currency),
            words.amount(line.amounts.spent, currency),
            cell(words.condition((*course.waits_for, *line.waits_for))),
        )
        for course in overview.courses
        for line in course.funding
        if line.pool == pool.id
    ]
    for expense in pool.expenses:
        amounts = expense_share(pool, expense).holding
        rows.append(
            (
                cell(one_line(expense.title), one_line(expense.note)),
                cell(words.purpose(expense.purpose)),
                cell(words(f"expense.{expense.status.value}")),
                words.planned(amounts, currency),
                words.amount(amounts.spent, currency),
                cell(words.condition(still_open(expense.when, overview.values))),
            )
        )
    if not rows:
        return Sentences(lines=(words("nothing_paid"),))
    columns = _columns(
        words, ("what", 6), ("purpose", 3), ("status", 3), ("planned", 3), ("spent", 3), ("condition", 4)
    )
    return without_empty(
        PaperTable(caption=words("paid", pool=_name(money)), columns=columns, rows=tuple(rows))
    )


def _scenarios(money: PoolMoney, words: Words) -> Iterator[Block]:
    if len(money.scenarios) <= 1:
        return
    purposes = [one.purpose for one in money.dearest.purposes if one.purpose is not None]
    columns = _columns(words, ("scenario", 6), ("planned", 3), ("free", 3))
    free_of = tuple(
        PaperColumn(heading=words("free_of", purpose=words.purpose(purpose)), share=3, is_number=True)
        for purpose in purposes
    )
    rows = tuple(_scenario(money, one, words) for one in money.scenarios)
    if money.combinations > len(money.scenarios):
        key = "extremes" if money.is_exact else "extremes_guessed"
        yield Sentences(lines=(words(key, count=money.combinations),))
    yield from scenario_chart(money, words)
    yield PaperTable(caption=words("scenarios", pool=_name(money)), columns=(*columns, *free_of), rows=rows)


def _scenario(money: PoolMoney, scenario: Scenario, words: Words) -> tuple[Cell, ...]:
    currency = money.pool.currency
    return (
        cell(*words.scenario(scenario.assumptions)),
        words.planned(scenario.amounts, currency),
        words.free(scenario.free, scenario.amounts, currency),
        *(
            words.free(purpose.free, purpose.amounts, currency)
            for purpose in scenario.purposes
            if purpose.purpose is not None
        ),
    )


def _columns(words: Words, *columns: tuple[str, int]) -> tuple[PaperColumn, ...]:
    numbers = {"reserved", "planned", "committed", "spent", "free"}
    return tuple(
        PaperColumn(heading=words(f"column.{name}"), share=share, is_number=name in numbers)
        for name, share in columns
    )
