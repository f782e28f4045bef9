"""Bytes of a workbook → the rows of each known sheet, every cell under its key and with its address.

Knows headings and cells, not how the sheets belong together (`workbook_source`). Opened by
`python-calamine`, after `workbook_scan` found the archive safe to open.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import python_calamine as calamine

from bot.plan.cells import read_cell
from bot.plan.findings import shown
from bot.plan.headings import near_heading, near_sheet
from bot.plan.nodes import ROOT, Broken, Node, Spot
from bot.plan.sheets import PLAN, SHEETS, folded
from bot.plan.workbook_scan import SheetScan, scan_workbook

if TYPE_CHECKING:
    from bot.plan.cells import Raw
    from bot.plan.findings import Findings
    from bot.plan.sheets import Column, Sheet


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by the column's key, empty ones left out; `spot` is its first cell."""

    cells: dict[str, Node]
    spot: Spot


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet that was there, with the known columns that it has and its rows that say something."""

    sheet: Sheet
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    spot: Spot


def read_tables(data: bytes, findings: Findings) -> dict[str, Table] | None:
    """The known sheets by their key; None (and noted) when the workbook cannot be opened."""
    scans = scan_workbook(data, findings)
    if scans is None:
        return None
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = {name: _Grid(name, number, workbook, scans.get(name)) for number, name in enumerate(workbook.sheet_names, 1)}
    except (calamine.CalamineError, ValueError, OSError):
        findings.error("workbook.unreadable", ROOT, reason="broken")
        return None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a crash in Rust arrives; it is no Exception
            raise
        findings.error("workbook.unreadable", ROOT, reason="broken")
        return None
    tables: dict[str, Table] = {}
    known = {folded(name): sheet for sheet in SHEETS for name in (sheet.danish, sheet.english)}
    for name, grid in grids.items():
        sheet = known.get(folded(name))
        if sheet is None:
            continue
        if sheet.key in tables:
            findings.error("cell.invalid", grid.spot(1, 1), reason="double_sheet", value=shown(name), other=tables[sheet.key].sheet.danish)
            continue
        tables[sheet.key] = grid.read_plan(findings) if sheet is PLAN else grid.read(sheet, findings)
    _note_misspelt(grids, tables, findings)
    return tables


def _note_misspelt(grids: dict[str, _Grid], tables: dict[str, Table], findings: Findings) -> None:
    """An unknown sheet is fine, unless it looks like one that is not there: then its rows would be lost in silence."""
    missing = [sheet for sheet in SHEETS if sheet.key not in tables]
    for name, grid in grids.items():
        if nearest := near_sheet(name, missing):
            findings.error("sheet.unknown", grid.spot(1, 1), value=shown(name), nearest=nearest)


class _Grid:
    """The cells of one sheet as the reader gives them, addressed by row and column from 1."""

    def __init__(self, name: str, number: int, workbook: calamine.CalamineWorkbook, scan: SheetScan | None) -> None:
        self._name = name
        self._number = number
        self._scan = scan or SheetScan()
        sheet = workbook.get_sheet_by_name(name)
        self._rows: list[list[Raw]] = sheet.to_python(skip_empty_area=False)
        self._merged = sheet.merged_cell_ranges or []

    def spot(self, row: int, column: int) -> Spot:
        """`Sessioner!D7`, in the order of sheets, rows and columns."""
        return Spot(f"{self._name}!{column_letters(column)}{row}", row, (self._number, row, column))

    def read(self, sheet: Sheet, findings: Findings) -> Table:
        """The rows below the headings."""
        columns = self._read_headings(sheet, findings)
        missing = [column for column in sheet.columns if column.needed and column not in columns.values()]
        start = self.spot(1, 1)
        for column in missing:
            findings.error("key.missing", start, key=column.danish)
        self._note_merged(columns, findings)
        there = tuple(columns.values())
        if missing:
            return Table(sheet, there, (), start)
        rows: list[Row] = []
        for number, raw in enumerate(self._rows[1:], 2):
            cells = self._read_row(number, raw, columns, findings)
            if cells:
                rows.append(Row(cells, self.spot(number, 1)))
        return Table(sheet, there, tuple(rows), start)

    def read_plan(self, findings: Findings) -> Table:
        """The sheet with a name and a value on each row, as one row."""
        by_name = {folded(name): column for column in PLAN.columns for name in (column.danish, column.english, column.key)}
        there: dict[str, Column] = {}
        cells: dict[str, Node] = {}
        self._note_merged({1: PLAN.columns[0], 2: PLAN.columns[1]}, findings)
        for number, raw in enumerate(self._rows, 1):
            name = folded(str(raw[0])) if raw else ""
            if not name or (number == 1 and name in {"navn", "name"}):
                continue
            column = by_name.get(name)
            if column is None:
                self._note_unknown_name(str(raw[0]), number, by_name, findings)
            elif column.key in there:
                findings.error("cell.invalid", self.spot(number, 1), reason="double_heading", value=shown(str(raw[0])))
            else:
                there[column.key] = column
                node = self._read_cell(number, 2, raw[1] if len(raw) > 1 else "", column, findings)
                if node is not None:
                    cells[column.key] = node
        return Table(PLAN, tuple(there.values()), (Row(cells, ROOT),), self.spot(1, 1))

    def _note_unknown_name(self, name: str, row: int, by_name: dict[str, Column], findings: Findings) -> None:
        near = findings.near_params(folded(name), by_name)
        near["nearest"] = by_name[near["nearest"]].danish if near["nearest"] else ""
        known = ", ".join(column.danish for column in PLAN.columns)
        findings.error("key.unknown", self.spot(row, 1), key=shown(name), known=known, **near)

    def _read_headings(self, sheet: Sheet, findings: Findings) -> dict[int, Column]:
        """Which column of the sheet is which, by its number; one that looks like a known one is noted, others are HR's own."""
        by_name = {folded(name): column for column in sheet.columns for name in (column.danish, column.english)}
        columns: dict[int, Column] = {}
        others: list[tuple[int, str]] = []
        for number, raw in enumerate(self._rows[0] if self._rows else [], 1):
            heading = str(raw)
            column = by_name.get(folded(heading))
            if column is None:
                others.append((number, heading))
            elif column in columns.values():
                findings.error("cell.invalid", self.spot(1, number), reason="double_heading", value=shown(heading))
            else:
                columns[number] = column
        for number, heading in others:
            if nearest := near_heading(heading, sheet, columns.values()):
                findings.error("column.unknown", self.spot(1, number), reason="near", value=shown(heading), nearest=nearest)
        return columns

    def _read_row(self, number: int, raw: list[Raw], columns: dict[int, Column], findings: Findings) -> dict[str, Node]:
        cells: dict[str, Node] = {}
        for position, column in columns.items():
            node = self._read_cell(number, position, raw[position - 1], column, findings)
            if node is not None:
                cells[column.key] = node
        return cells

    def _read_cell(self, row: int, position: int, raw: Raw, column: Column, findings: Findings) -> Node | None:
        if raw == "":
            hidden = self._scan.hidden.get((row, position))
            if hidden is None:
                return None
            findings.error("cell.invalid", self.spot(row, position), reason=hidden)
            return Broken(self.spot(row, position))
        return read_cell(raw, column, self.spot(row, position), findings)

    def _note_merged(self, columns: dict[int, Column], findings: Findings) -> None:
        """Note merged cells that say something in a known column: their value may be meant for each row or for one."""
        for (top, left), (bottom, right) in self._merged:
            touched = any(left < number <= right + 1 for number in columns)
            filled = top < len(self._rows) and left < len(self._rows[top]) and self._rows[top][left] != ""
            if touched and filled and (top, left) != (bottom, right):
                area = f"{column_letters(left + 1)}{top + 1}:{column_letters(right + 1)}{bottom + 1}"
                findings.error("cell.invalid", self.spot(top + 1, left + 1), reason="merged", area=area)


def column_letters(number: int) -> str:
    """Excel's name of a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
