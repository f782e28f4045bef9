"""How wide a workbook's columns are, and how its sheets are printed (pure).

What is written to is handed in.

A date in too narrow a column is shown as »####«, and a text is cut by its neighbour. So each column is as
wide as what stands in it, in characters of Excel's standard font:

| stands in the column | it is at least | it would like to be | at most |
|---|---|---|---|
| a heading | its longest word and the filter's arrow | that | – |
| a date, a time, a number | all of it | that | – |
| a text | its longest word, up to `WIDEST_WORD` | its longest line | `WIDEST` |

A row is as high as its longest text needs lines: LibreOffice does not find that out by itself.

Where all of them are wider than a page can show in letters that can be read, the texts are narrowed towards
what they need at least, and wrap.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

A4 = 9
"""The number of the paper in Excel's file format."""
PADDING = 2.0
FILTER_ARROW = 3.0
WIDEST = 60.0
WIDEST_WORD = 44.0
"""Long enough for most addresses; a longer word breaks within."""
LINE_POINTS = 15.0
"""How high Excel makes a row of one line."""
PAGE = 190.0
"""Characters across an A4 page on its side at about 70 %.

The smallest letters that are read without effort.
"""
WIDE_LETTERS = frozenset("mwMW@%")
WIDE, CAPITAL, EAST_ASIAN = 1.5, 1.2, 2.0
WIDEST_LETTER = max(WIDE, CAPITAL, EAST_ASIAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """What a column shows.

    Its heading, its texts, and what must never be broken (dates and numbers as they are formatted).
    """

    heading: str
    texts: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


@lru_cache(maxsize=1 << 14)
def shown_width(words: str) -> float:
    """How many standard characters a line takes; capitals and wide letters take more than one."""
    return sum(map(_letter_width, words))


def column_widths(columns: Sequence[ShownCell], *, page: float = PAGE) -> tuple[float, ...]:
    """The width of each column by the table above.

    Together no more than `page` where the texts can give way.
    """
    least = [_least(column) for column in columns]
    liked = [max(needed, _liked(column)) for needed, column in zip(least, columns, strict=True)]
    room, wish = page - sum(least), sum(liked) - sum(least)
    if wish <= 0 or wish <= room:
        return tuple(liked)
    share = max(room, 0.0) / wish
    return tuple(needed + (like - needed) * share for needed, like in zip(least, liked, strict=True))


def row_height(texts: Iterable[str], widths: Iterable[float]) -> float:
    """How high a row is in points: as many lines as its longest text wraps to in its column."""
    return LINE_POINTS * max(
        (_lines(words, width - PADDING) for words, width in zip(texts, widths, strict=True)), default=1
    )


def pages_across(widths: Iterable[float], *, page: float = PAGE) -> int:
    """On how many pages beside each other the columns can be read."""
    return max(1, math.ceil(sum(widths) / page - 0.01))


def lay_out_page(sheet: Any, *, across: int = 1) -> None:
    """Set a worksheet of xlsxwriter up for paper.

    A4 on its side, `across` pages wide, headings repeated, name and page number below.
    """
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(across, 0)
    sheet.repeat_rows(0)
    if across > 1:
        sheet.repeat_columns(0)
    sheet.set_footer("&L&F&C&A&R&P/&N")


def _least(column: ShownCell) -> float:
    heading = max((shown_width(word) for word in column.heading.split()), default=0.0) + FILTER_ARROW
    whole = max(map(shown_width, column.whole), default=0.0)
    words = (min(shown_width(word), WIDEST_WORD) for words in column.texts for word in words.split())
    return max(heading, whole, *words, 0.0) + PADDING


def _liked(column: ShownCell) -> float:
    lines = (shown_width(line) for words in column.texts for line in words.splitlines())
    return min(max(lines, default=0.0) + PADDING, WIDEST)


def _lines(words: str, width: float) -> int:
    """Lines of a text, word by word; a word that is wider than the column breaks within."""
    lines = 0
    for line in words.splitlines() or [""]:
        lines, taken = lines + 1, 0.0
        if len(line) * WIDEST_LETTER <= width:
            continue
        for word in line.split():
            needed = shown_width(word)
            if taken and taken + 1 + needed > width:
                lines, taken = lines + 1, 0.0
            taken += needed + (1 if taken else 0)
            while taken > width > 0:
                lines, taken = lines + 1, taken - width
    return lines


@lru_cache(maxsize=1 << 10)
def _letter_width(letter: str) -> float:
    if letter in WIDE_LETTERS:
        return WIDE
    if unicodedata.east_asian_width(letter) in {"W", "F"}:
        return EAST_ASIAN
    return CAPITAL if letter.isupper() else 1.0
