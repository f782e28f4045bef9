"""Bytes of a workbook → the rows of each known sheet, every cell under its key and with its address.

Knows headings and cells, not how the sheets belong together (`workbook_source`). Opened by
`python-calamine`, after `workbook_scan` found the archive safe to open.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import python_calamine as calamine

from bot.plan.cells import is_empty, is_unticked, read_cell
from bot.plan.columns import folded
from bot.plan.findings import shown
from bot.plan.headings import near_heading, near_sheet
from bot.plan.nodes import ROOT, Broken, Node, Spot
from bot.plan.sheets import PLAN, SHEETS
from bot.plan.workbook_scan import SheetScan, scan_workbook

if TYPE_CHECKING:
    from bot.plan.cells import Raw
    from bot.plan.columns import Sheet, SheetColumn
    from bot.plan.findings import Findings

# Cells of one sheet that are told one by one; a file that nobody calculated may have a hundred thousand.
MOST_TOLD = 200
# Rows that are looked through for headings that do not stand in the first.
HEADINGS_LOOKED_FOR = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by the column's key, empty ones left out; `spot` is its first cell."""

    cells: dict[str, Node]
    spot: Spot


@dataclass(frozen=True, slots=True)
class RowTable:
    """One sheet that was there, with the known columns that it has and its rows that say something."""

    sheet: Sheet
    columns: tuple[SheetColumn, ...]
    rows: tuple[Row, ...]
    spot: Spot


def read_tables(data: bytes, findings: Findings) -> dict[str, RowTable] | None:
    """The known sheets by their key; None (and noted) when the workbook cannot be opened."""
    scans = scan_workbook(data, findings)
    if scans is None:
        return None
    try:
        return _read_sheets(calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)), scans, findings)
    except (calamine.CalamineError, ValueError, OSError):
        findings.error("workbook.unreadable", ROOT, reason="broken")
        return None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a crash in Rust arrives; it is no Exception
            raise
        findings.error("workbook.unreadable", ROOT, reason="broken")
        return None


def _read_sheets(
    workbook: calamine.CalamineWorkbook, scans: dict[str, SheetScan], findings: Findings
) -> dict[str, RowTable]:
    """The known sheets; one of HR's own is not opened, whatever stands in it."""
    tables: dict[str, RowTable] = {}
    known = {folded(name): sheet for sheet in SHEETS for name in (sheet.danish, sheet.english)}
    unknown: dict[str, Spot] = {}
    for number, name in enumerate(workbook.sheet_names, 1):
        sheet = known.get(folded(name))
        corner = Spot(f"{name}!A1", 1, (number, 1, 1))
        if sheet is None:
            unknown[name] = corner
        elif sheet.key in tables:
            findings.error(
                "cell.invalid",
                corner,
                reason="double_sheet",
                value=shown(name),
                other=tables[sheet.key].sheet.danish,
            )
        else:
            grid = _Grid(name, number, workbook, scans.get(name) or SheetScan(), findings)
            tables[sheet.key] = grid.read_plan() if sheet is PLAN else grid.read(sheet)
    missing = [sheet for sheet in SHEETS if sheet.key not in tables]
    for name, corner in unknown.items():
        # Other sheets are fine, but the rows of one that is misspelt would be lost in silence.
        if nearest := near_sheet(name, missing):
            findings.error("sheet.unknown", corner, value=shown(name), nearest=nearest)
    return tables


class _Grid:
    """The cells of one known sheet, addressed by row and column from 1.

    What the reader gives, held against the scan.
    """

    def __init__(
        self, name: str, number: int, workbook: calamine.CalamineWorkbook, scan: SheetScan, findings: Findings
    ) -> None:
        self._name = name
        self._number = number
        self._scan = scan
        self._findings = findings
        sheet, self._rows = self._open(workbook)
        self._is_unread = sheet is None
        self._merged = (sheet.merged_cell_ranges or []) if sheet else []
        # Whatever the column: a formula that nobody calculated says that the file was not, and then no value
        # of it holds.
        self._told = [cell for cell, why in scan.hidden.items() if why == "formula" or cell[0] == 1][
            :MOST_TOLD
        ]
        for row, column in self._told:
            findings.error("cell.invalid", self.spot(row, column), reason=scan.hidden[row, column])

    def spot(self, row: int, column: int) -> Spot:
        """`Sessioner!D7`, in the order of sheets, rows and columns."""
        return Spot(f"{self._name}!{column_letters(column)}{row}", row, (self._number, row, column))

    def read(self, sheet: Sheet) -> RowTable:
        """The rows below the headings."""
        columns = self._read_headings(sheet)
        there, start = tuple(columns.values()), self.spot(1, 1)
        missing = _missing(sheet, there)
        self._note_merged(columns)
        if missing:
            self._note_without_headings(sheet, missing)
            return RowTable(sheet, there, (), start)
        rows: list[Row] = []
        blank: list[Spot] = []
        for number in self._numbers(2):
            spot = self.spot(number, 1)
            if not self._says_nothing(number, columns):
                rows.append(Row(self._read_row(number, columns), spot))
            elif any((number, position) in self._scan.blank for position in columns):
                blank.append(spot)
        if blank:
            self._findings.warn("row.blank", blank[0], count=len(blank))
        return RowTable(sheet, there, tuple(row for row in rows if row.cells), start)

    def read_plan(self) -> RowTable:
        """The sheet with a name and a value on each row, as one row."""
        by_name = {
            folded(name): column
            for column in PLAN.columns
            for name in (column.danish, column.english, column.key)
        }
        there: dict[str, SheetColumn] = {}
        cells: dict[str, Node] = {}
        self._note_merged({1: PLAN.columns[0], 2: PLAN.columns[1]})
        for number in self._numbers(1):
            name = "" if self._raw(number, 1) is False else str(self._raw(number, 1))  # an unticked box
            if (why := self._scan.at((number, 1), given=self._raw(number, 1) != "")) and (
                number,
                1,
            ) not in self._told:
                self._findings.error("cell.invalid", self.spot(number, 1), reason=why)
            if not folded(name) or (number == 1 and folded(name) in {"navn", "name"}):
                continue
            column = by_name.get(folded(name))
            if column is None:
                self._note_unknown_name(name, number, by_name)
            elif column.key in there:
                self._findings.error(
                    "cell.invalid", self.spot(number, 1), reason="double_heading", value=shown(name)
                )
            else:
                there[column.key] = column
                node = self._read_cell(number, 2, column)
                if node is not None:
                    cells[column.key] = node
        return RowTable(PLAN, tuple(there.values()), (Row(cells, ROOT),), self.spot(1, 1))

    def _open(
        self, workbook: calamine.CalamineWorkbook
    ) -> tuple[calamine.CalamineSheet | None, list[list[Raw]]]:
        """The sheet with its rows.

        None (and noted) where an error stands in a cell that the reader does not know (`#SPILL!`).
        """
        try:
            sheet = workbook.get_sheet_by_name(self._name)
            return sheet, sheet.to_python(skip_empty_area=False)
        except calamine.CalamineError:
            errors = [cell for cell, why in self._scan.hidden.items() if why == "error"]
            if not errors:
                raise
            for row, column in errors[:MOST_TOLD]:
                self._findings.error("cell.invalid", self.spot(row, column), reason="error")
            return None, []

    def _numbers(self, first: int) -> list[int]:
        """The rows from `first` that the reader gives, and those further down that hold something."""
        return sorted({*range(first, len(self._rows) + 1), *(row for row in self._scan.rows if row >= first)})

    def _raw(self, row: int, position: int) -> Raw:
        """What the reader gives of a cell; "" where it gives none."""
        cells = self._rows[row - 1] if row <= len(self._rows) else []
        return cells[position - 1] if position <= len(cells) else ""

    def _says_nothing(self, number: int, columns: dict[int, SheetColumn]) -> bool:
        """Whether a row's known cells are all empty, or boxes that nobody has ticked."""
        raws = {position: self._raw(number, position) for position in columns}
        if any(self._scan.at((number, position), given=raws[position] != "") for position in columns):
            return False
        return all(is_empty(raw) or is_unticked(raw, columns[position]) for position, raw in raws.items())

    def _note_unknown_name(self, name: str, row: int, by_name: dict[str, SheetColumn]) -> None:
        near = self._findings.near_params(folded(name), by_name)
        near["nearest"] = by_name[near["nearest"]].danish if near["nearest"] else ""
        known = ", ".join(column.danish for column in PLAN.columns)
        self._findings.error("key.unknown", self.spot(row, 1), key=shown(name), known=known, **near)

    def _read_headings(self, sheet: Sheet) -> dict[int, SheetColumn]:
        """Which column of the sheet is which, by its number.

        One that looks like a known one is noted, others are HR's own.
        """
        columns: dict[int, SheetColumn] = {}
        others: list[tuple[int, str]] = []
        known = _columns_of(sheet)
        for number, heading in self._headings_at(1):
            column = known.get(folded(heading))
            if column is None:
                others.append((number, heading))
            elif column in columns.values():
                self._findings.error(
                    "cell.invalid", self.spot(1, number), reason="double_heading", value=shown(heading)
                )
            else:
                columns[number] = column
        for number, heading in others:
            if nearest := near_heading(heading, sheet, columns.values()):
                self._findings.error(
                    "column.unknown",
                    self.spot(1, number),
                    reason="near",
                    value=shown(heading),
                    nearest=nearest,
                )
        return columns

    def _headings_at(self, row: int) -> list[tuple[int, str]]:
        return [
            (number, str(raw))
            for number, raw in enumerate(self._rows[row - 1] if row <= len(self._rows) else [], 1)
        ]

    def _note_without_headings(self, sheet: Sheet, missing: list[SheetColumn]) -> None:
        """Say what is missing in the first row, or that the headings stand further down."""
        if self._is_unread or any(row == 1 for row, _ in self._told):
            return
        known = _columns_of(sheet)
        for row in range(2, HEADINGS_LOOKED_FOR + 1):
            headings = [folded(heading) for _, heading in self._headings_at(row)]
            found = {known[name] for name in headings if name in known}
            if found.issuperset(missing) and len(found) > 1:
                self._findings.error("cell.invalid", self.spot(row, 1), reason="headings", row=row)
                return
        for column in missing:
            self._findings.error("key.missing", self.spot(1, 1), key=column.danish)

    def _read_row(self, number: int, columns: dict[int, SheetColumn]) -> dict[str, Node]:
        cells: dict[str, Node] = {}
        for position, column in columns.items():
            node = self._read_cell(number, position, column)
            if node is not None:
                cells[column.key] = node
        return cells

    def _read_cell(self, row: int, position: int, column: SheetColumn) -> Node | None:
        raw, spot = self._raw(row, position), self.spot(row, position)
        why = self._scan.at((row, position), given=raw != "")
        if not why and raw == "" and (row, position) in self._scan.blank:
            why = "blank"
        if not why:
            return read_cell(raw, column, spot, self._findings)
        if why != "formula":  # those are told already
            self._findings.error("cell.invalid", spot, reason=why)
        return Broken(spot)

    def _note_merged(self, columns: dict[int, SheetColumn]) -> None:
        """Note merged cells that say something in a known column.

        Their value may be meant for each row or for one.
        """
        for (top, left), (bottom, right) in self._merged:
            touched = any(left < number <= right + 1 for number in columns)
            if touched and (top, left) != (bottom, right) and self._raw(top + 1, left + 1) != "":
                area = f"{column_letters(left + 1)}{top + 1}:{column_letters(right + 1)}{bottom + 1}"
                self._findings.error("cell.invalid", self.spot(top + 1, left + 1), reason="merged", area=area)


def _missing(sheet: Sheet, there: tuple[SheetColumn, ...]) -> list[SheetColumn]:
    """The columns without which the rows say nothing: what each belongs to, and its id or its name."""
    has_name = not sheet.named_by or bool({"id", sheet.named_by} & {column.key for column in there})
    return [
        column
        for column in sheet.columns
        if (column.needed and column not in there) or (column.key == sheet.named_by and not has_name)
    ]


@cache
def _columns_of(sheet: Sheet) -> dict[str, SheetColumn]:
    """By every heading that they may have, as it is compared; what two have is the first one's."""
    return {folded(name): column for column in reversed(sheet.columns) for name in column.names}


def column_letters(number: int) -> str:
    """Excel's name of a column: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
