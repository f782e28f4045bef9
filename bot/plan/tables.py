"""A list that somebody made in a spreadsheet → rows of text with their places: xlsx (the first sheet) or CSV.

| the file | is read as |
|---|---|
| a workbook | its first sheet, after `workbook_scan` has found it safe; cells that look empty and are not are named |
| text | UTF-8, else Windows-1252 as Danish Excel writes it; `;`, tab or `,`, whichever the first line has most of, or Excel's `sep=` |

A quotation mark that is never closed would make one cell of many rows, so CSV is read strictly. Does not know
what the columns mean.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import python_calamine as calamine

from bot.domain.errors import InputError
from bot.plan.findings import Findings
from bot.plan.workbook_rows import column_letters
from bot.plan.workbook_scan import MOST_TABLE_CELLS, scan_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bot.plan.workbook_scan import SheetScan

LARGEST_BYTES = 5_000_000
MOST_ROWS = 10_000
ZIP = b"PK\x03\x04"
SEPARATORS = ";\t,"
MERGED = "merged"

Corner = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRow:
    """One row, headings too.

    `cells` by position, `sheet` "" for CSV, `line` 1-based (the first of the row's lines).

    `hidden` are cells that look empty and are not, as (position, `formula` without a value, `error`, or under
    a `merged` one).
    """

    cells: tuple[str, ...]
    sheet: str
    line: int
    hidden: tuple[tuple[int, str], ...] = ()

    def place(self, column: int) -> str:
        """Where a cell stands, as the person sees it: `Ark1!C7`, or for CSV the line."""
        return f"{self.sheet}!{column_letters(column + 1)}{self.line}" if self.sheet else str(self.line)


def read_list_file(path: Path) -> tuple[ListedRow, ...]:
    """`read_list` of a file, of which no more than may be in a list is read; raises InputError."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError:
        raise InputError("list_unreadable", file=str(path)) from None
    return read_list(data, str(path))


def read_list(data: bytes, name: str) -> tuple[ListedRow, ...]:
    """Every row that says something, the headings first.

    Raises InputError `list_unreadable` or `list_quotes`.
    """
    if len(data) > LARGEST_BYTES:
        raise InputError("list_unreadable", file=name)
    rows = _of_workbook(data, name) if data.startswith(ZIP) else _of_text(data, name)
    found = _saying(rows)
    if not found or len(found) > MOST_ROWS:
        raise InputError("list_unreadable", file=name)
    return found


def read_sheets(data: bytes, name: str) -> tuple[tuple[ListedRow, ...], ...]:
    """Every sheet of a workbook that says something, as `read_list` gives the first.

    Raises InputError `list_unreadable`.
    """
    if len(data) > LARGEST_BYTES or not data.startswith(ZIP):
        raise InputError("list_unreadable", file=name)
    found = tuple(filter(None, map(_saying, _sheets(data, name, first_alone=False))))
    if not found or sum(map(len, found)) > MOST_ROWS:
        raise InputError("list_unreadable", file=name)
    return found


def _saying(rows: Iterable[ListedRow]) -> tuple[ListedRow, ...]:
    return tuple(row for row in rows if any(row.cells) or any(why != MERGED for _, why in row.hidden))


def _of_workbook(data: bytes, name: str) -> list[ListedRow]:
    return _sheets(data, name, first_alone=True)[0]


def _sheets(data: bytes, name: str, *, first_alone: bool) -> list[list[ListedRow]]:
    scans = scan_workbook(data, Findings())
    if scans is None:
        raise InputError("list_unreadable", file=name)
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        titles = [workbook.sheet_names[0]] if first_alone else workbook.sheet_names
        sheets = [workbook.get_sheet_by_index(at) for at in range(len(titles))]
        read = [(one.to_python(skip_empty_area=False), one.merged_cell_ranges or []) for one in sheets]
    except (calamine.CalamineError, ValueError, OSError, IndexError):
        raise InputError("list_unreadable", file=name) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a crash in Rust arrives; it is no Exception
            raise
        raise InputError("list_unreadable", file=name) from None
    return [
        _rows(title, grid, merged, scans.get(title), name)
        for title, (grid, merged) in zip(titles, read, strict=True)
    ]


def _rows(
    title: str,
    grid: Sequence[Sequence[object]],
    merged: Iterable[tuple[Corner, Corner]],
    scan: SheetScan | None,
    name: str,
) -> list[ListedRow]:
    rows = [tuple(_clean(str(cell)) for cell in cells) for cells in grid]
    hidden = _under_merged(rows, merged, name)
    for (line, column), why in scan.hidden.items() if scan else ():
        hidden.setdefault(line - 1, {})[column - 1] = why
    found: list[ListedRow] = []
    for at in sorted({*range(len(rows)), *hidden}):
        # Cells without a value may stand beyond the last that has one.
        cells, here = rows[at] if at < len(rows) else (), hidden.get(at, {})
        cells += ("",) * (max(here, default=-1) + 1 - len(cells))
        found.append(ListedRow(cells=cells, sheet=title, line=at + 1, hidden=tuple(sorted(here.items()))))
    return found


def _under_merged(
    rows: list[tuple[str, ...]], merged: Iterable[tuple[Corner, Corner]], name: str
) -> dict[int, dict[int, str]]:
    """The cells (row, column, from 0) that a merged one with a value covers, among the rows there."""
    hidden: dict[int, dict[int, str]] = {}
    left_to_do = MOST_TABLE_CELLS
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]) or not rows[top][left]:
            continue
        last_row, last_column = min(bottom, len(rows) - 1), min(right, len(rows[top]) - 1)
        left_to_do -= (last_row - top + 1) * (last_column - left + 1)
        if left_to_do < 0:
            raise InputError("list_unreadable", file=name)
        for row in range(top, last_row + 1):
            for column in range(left, last_column + 1):
                if (row, column) != (top, left):
                    hidden.setdefault(row, {})[column] = MERGED
    return hidden


def _of_text(data: bytes, name: str) -> list[ListedRow]:
    if b"\0" in data:
        raise InputError("list_unreadable", file=name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    first = text.split("\n", 1)[0].rstrip("\r")
    said = (
        first[-1]
        if len(first) == len("sep=;") and first.lower().startswith("sep=") and first[-1] in SEPARATORS
        else ""
    )
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=said or max(SEPARATORS, key=first.count), strict=True
    )
    rows: list[ListedRow] = []
    line = 1
    try:
        for cells in reader:
            if not (said and line == 1):
                rows.append(ListedRow(cells=tuple(map(_clean, cells)), sheet="", line=line))
            line = reader.line_num + 1
    except csv.Error:
        raise InputError("list_quotes", file=name, line=line) from None
    return rows


def _clean(cell: str) -> str:
    """On one line; a number that Excel keeps as 7.0 is 7."""
    words = " ".join(cell.split())
    return words[:-2] if words.endswith(".0") and words[:-2].isdecimal() else words
