"""The overview as plain text for a terminal.

A narrow table is set as one, a wide one as an entry for each row (pure).
"""

from __future__ import annotations

from functools import cache
from textwrap import TextWrapper
from typing import TYPE_CHECKING

from bot.overview.document import PaperTable, Sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.overview.document import Document, PaperSection

WIDTH = 100
GAP = "  "
UNDERLINES = {1: "=", 2: "-"}


def overview_text(document: Document) -> str:
    """The paper; charts are left out, because the table beside each says the same."""
    head = [document.title, f"{document.organisation} · {document.made}"]
    return "\n".join([*head, *(line for section in document.sections for line in _section(section))]) + "\n"


def _section(section: PaperSection) -> Iterator[str]:
    yield ""
    yield section.heading
    yield UNDERLINES[section.level] * len(section.heading)
    for number, block in enumerate(
        block for block in section.blocks if isinstance(block, (Sentences, PaperTable))
    ):
        if number:
            yield ""
        if isinstance(block, PaperTable) and block.caption != section.heading:
            yield block.caption
        yield from _block(block)


def _block(block: Sentences | PaperTable) -> Iterator[str]:
    if isinstance(block, PaperTable):
        yield from _table(block)
        return
    for line in block.lines:
        lead, indent = ("- ", "  ") if block.are_points else ("", "")
        yield from _wrapped(line, lead, indent)


def _table(table: PaperTable) -> Iterator[str]:
    rows = [
        [column.heading for column in table.columns],
        *([cell.text for cell in row] for row in table.rows),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + len(GAP) * (len(widths) - 1) > WIDTH:
        yield from _entries(table)
        return
    for row in rows:
        cells = (
            word.rjust(width) if column.is_number else word.ljust(width)
            for word, width, column in zip(row, widths, table.columns, strict=True)
        )
        yield GAP.join(cells).rstrip()


def _entries(table: PaperTable) -> Iterator[str]:
    for number, row in enumerate(table.rows):
        if number:
            yield ""
        title, *more = row[0].lines or ("",)
        yield from _wrapped(title)
        for line in more:
            yield from _wrapped(line, "  ", "  ")
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            if cell.lines:
                yield from _wrapped(f"{column.heading}: {cell.text}", "  ", "    ")


def _wrapped(line: str, lead: str = "", indent: str = "") -> list[str]:
    """A line of text in as many as it takes, none for nothing; most fit as they are."""
    whole = lead + line
    return [whole] if line and len(whole) <= WIDTH else _wrapper(lead, indent).wrap(line)


@cache
def _wrapper(lead: str, indent: str) -> TextWrapper:
    return TextWrapper(WIDTH, initial_indent=lead, subsequent_indent=indent)
