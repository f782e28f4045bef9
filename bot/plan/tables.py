"""A list that somebody made in a spreadsheet → rows of text with their places: xlsx (the first sheet) or CSV.

| the file | is read as |
|---|---|
| a workbook | its first sheet, after `workbook_scan` has found it safe; a formula nobody has calculated counts as empty |
| text | UTF-8, else Windows-1252 as Danish Excel writes it; `;`, tab or `,`, whichever the first line has most of |

Does not know what the columns mean.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import python_calamine as calamine

from bot.errors import InputError
from bot.plan.findings import Findings
from bot.plan.workbook_rows import column_letters
from bot.plan.workbook_scan import scan_workbook

LARGEST_BYTES = 5_000_000
MOST_ROWS = 10_000
ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRow:
    """One row below the headings: `cells` by position, `sheet` "" for CSV, `line` 1-based."""

    cells: tuple[str, ...]
    sheet: str
    line: int

    def place(self, column: int) -> str:
        """Where a cell stands, as the person sees it: `Ark1!C7`, or for CSV the line."""
        return f"{self.sheet}!{column_letters(column + 1)}{self.line}" if self.sheet else str(self.line)


def read_list(data: bytes, name: str) -> tuple[ListedRow, ...]:
    """Every row that says something, the headings first; raises InputError `list_unreadable` with what is wrong."""
    if len(data) > LARGEST_BYTES:
        raise InputError("list_unreadable", file=name)
    rows = _of_workbook(data, name) if data.startswith(ZIP) else _of_text(data, name)
    found = tuple(row for row in rows if any(cell for cell in row.cells))
    if not found or len(found) > MOST_ROWS:
        raise InputError("list_unreadable", file=name)
    return found


def _of_workbook(data: bytes, name: str) -> list[ListedRow]:
    if scan_workbook(data, Findings()) is None:
        raise InputError("list_unreadable", file=name)
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        title = workbook.sheet_names[0]
        sheet = workbook.get_sheet_by_index(0)
        first_line = (sheet.start or (0, 0))[0] + 1
        first_column = (sheet.start or (0, 0))[1]
        lead = ("",) * first_column
        grid = sheet.to_python(skip_empty_area=True)
    except (calamine.CalamineError, ValueError, OSError, IndexError):
        raise InputError("list_unreadable", file=name) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a crash in Rust arrives; it is no Exception
            raise
        raise InputError("list_unreadable", file=name) from None
    return [
        ListedRow(cells=(*lead, *(_clean(str(cell)) for cell in cells)), sheet=title, line=line)
        for line, cells in enumerate(grid, first_line)
    ]


def _of_text(data: bytes, name: str) -> list[ListedRow]:
    if b"\0" in data:
        raise InputError("list_unreadable", file=name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    first = text.split("\n", 1)[0]
    separator = max(";\t,", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return [ListedRow(cells=tuple(map(_clean, cells)), sheet="", line=reader.line_num) for cells in reader]
    except csv.Error:
        raise InputError("list_unreadable", file=name) from None


def _clean(cell: str) -> str:
    """On one line; a number that Excel keeps as 7.0 is 7."""
    words = " ".join(cell.split())
    return words[:-2] if words.endswith(".0") and words[:-2].isdecimal() else words
