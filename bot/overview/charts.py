"""A pool's money as bars, to be seen at a glance; the table beside each chart has the numbers (pure).

    chart          a bar for                                                          is drawn where
    by purpose     each purpose, what is set aside for none, and the whole pool       something is taken, as far as amounts are known
    by scenario    each scenario that is listed                                       the same, and there are several

A bar is what is spent, committed and otherwise planned, then what is free; the mark is the limit, so that a
bar that goes past it is overspent. Without a known limit there is no bar. All bars of a chart have one scale.
Parts differ in pattern, so that no colour is needed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bot.messages.characters import one_line
from bot.overview.document import Bar, BarPart, Chart, Fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.money import Amounts, PoolMoney
    from bot.overview.words import Words

THOUSAND = 1000
"""Thousandths of the width."""
NONE = Decimal(0)
Row = tuple[str, Decimal, "Amounts"]
"""What a bar is of, its limit, and what is taken."""


def purpose_chart(money: PoolMoney, words: Words) -> Iterator[Chart]:
    """The first chart of the table above, at the dearest of what is open; none where it has no bar."""
    each = (
        (words.purpose(purpose.purpose), purpose.reserved, purpose.amounts)
        for purpose in money.dearest.purposes
        if money.pool.reserved
    )
    rows = [
        (name, limit, amounts)
        for name, limit, amounts in each
        if limit is not None and (limit or amounts.planned)
    ]
    if money.pool.amount is not None:
        rows.append((words("in_all"), money.pool.amount, money.dearest.amounts))
    yield from _chart(words("chart.purposes", pool=_name(money)), rows, money.pool.currency, words)


def scenario_chart(money: PoolMoney, words: Words) -> Iterator[Chart]:
    """The second; none where there is one scenario only."""
    if money.pool.amount is None or len(money.scenarios) <= 1:
        return
    rows = [(words.assignment(one.assumptions), money.pool.amount, one.amounts) for one in money.scenarios]
    yield from _chart(words("chart.scenarios", pool=_name(money)), rows, money.pool.currency, words)


def _chart(title: str, rows: Sequence[Row], currency: str, words: Words) -> Iterator[Chart]:
    if not any(amounts.planned for _, _, amounts in rows):
        return
    scale = max(max(limit, amounts.planned) for _, limit, amounts in rows)
    bars = tuple(_bar(row, scale, currency, words) for row in rows)
    drawn = {part.fill for bar in bars for part in bar.parts}
    legend = tuple(
        (fill, words(f"fill.{fill.value}")) for fill in Fill if fill in drawn or fill is Fill.LIMIT
    )
    yield Chart(title=title, bars=bars, legend=legend)


def _bar(row: Row, scale: Decimal, currency: str, words: Words) -> Bar:
    label, limit, amounts = row
    free = limit - amounts.planned
    value = words(
        "chart.value",
        planned=words.planned(amounts, currency).text,
        limit=words.amount(limit, currency).text,
        free=words.left(free, amounts, currency),
    )
    sizes = {
        Fill.SPENT: amounts.spent,
        Fill.COMMITTED: amounts.committed,
        Fill.PLANNED: amounts.planned - amounts.spent - amounts.committed,
        Fill.FREE: max(free, NONE),
    }
    return Bar(
        label=one_line(label),
        value=value,
        told=", ".join(_told(sizes, currency, words)),
        parts=tuple(_parts(sizes, scale)),
        limit=int(max(limit, NONE) * THOUSAND / scale),
    )


def _told(sizes: dict[Fill, Decimal], currency: str, words: Words) -> Iterable[str]:
    return (
        words(f"told.{fill.value}", amount=words.amount(amount, currency).text)
        for fill, amount in sizes.items()
        if amount
    )


def _parts(sizes: dict[Fill, Decimal], scale: Decimal) -> Iterator[BarPart]:
    gone = NONE
    for fill, amount in sizes.items():
        begins, ends = (int(edge * THOUSAND / scale) for edge in (gone, gone + amount))
        gone += amount
        if amount:
            yield BarPart(fill=fill, begins=begins, width=ends - begins)


def _name(money: PoolMoney) -> str:
    return one_line(money.pool.name or money.pool.id)
