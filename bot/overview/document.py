"""A paper in the making.

Sections with sentences, lists, tables and charts, which each format sets in its own way (pure).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in a table: lines of text, and the number behind them where it is nothing but that one."""

    lines: tuple[str, ...] = ()
    number: Decimal | int | None = None
    currency: str = ""

    @property
    def text(self) -> str:
        """On one line."""
        return "; ".join(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperColumn:
    """A column; `share` is its part of the width beside the others', numbers stand to the right."""

    heading: str
    share: int = 1
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTable:
    """A table whose first cells head their rows. `has_total`: the last row adds the others up."""

    caption: str
    columns: tuple[PaperColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    has_total: bool = False

    @property
    def width(self) -> int:
        """All shares together."""
        return sum(column.share for column in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """Text, as a paragraph or as a list of points."""

    lines: tuple[str, ...]
    are_points: bool = False


class Fill(StrEnum):
    """What a part of a bar is, in the order of the legend; each format has a pattern for each.

    `LIMIT` is a mark and no part.
    """

    SPENT = "spent"
    COMMITTED = "committed"
    PLANNED = "planned"
    FREE = "free"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class BarPart:
    """A part of a bar: `begins` and `width` in thousandths of the chart's scale."""

    fill: Fill
    begins: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What `label` names: `value` stands beside the bar, `told` says its parts in words.

    `limit` in thousandths.
    """

    label: str
    value: str
    told: str
    parts: tuple[BarPart, ...]
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars of one scale. `legend` are what is drawn and its words; the table beside it has the numbers."""

    title: str
    bars: tuple[Bar, ...]
    legend: tuple[tuple[Fill, str], ...]

    @property
    def told(self) -> str:
        """All of it in words, for whoever cannot see it."""
        return f"{self.title}. " + " ".join(f"{bar.label}: {bar.value} ({bar.told})." for bar in self.bars)


Block: TypeAlias = PaperTable | Sentences | Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSection:
    """A heading and what stands under it; `level` 1 or 2.

    `begins_page`: on paper it has the top of a page.
    """

    heading: str
    blocks: tuple[Block, ...]
    level: int = 1
    begins_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The paper. `made` says of when it is, `page` and `of` are the words of page numbers."""

    language: str
    title: str
    organisation: str
    made: str
    page: str
    of: str
    sections: tuple[PaperSection, ...]


def without_empty(table: PaperTable) -> PaperTable:
    """The table without the columns, after the first, in which nothing stands."""
    kept = [at for at in range(len(table.columns)) if not at or any(row[at].lines for row in table.rows)]
    rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[at] for at in kept), rows=rows)


def cell(*lines: str) -> Cell:
    """A cell of text; empty lines are left out."""
    return Cell(lines=tuple(line for line in lines if line))
