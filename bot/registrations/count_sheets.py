"""Tables of words and numbers as an Excel workbook; text is always written as text."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from bot.registrations.workbook import sheet_name
from bot.workbook_looks import ShownCell, column_widths, lay_out_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    CountTable = tuple[str, Sequence[str], Sequence[Sequence[str | int | None]]]


def count_sheets(tables: Sequence[CountTable]) -> bytes:
    """A sheet each of (title, headings, rows)."""
    import xlsxwriter

    buffer, taken = BytesIO(), set[str]()
    safely = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, safely) as workbook:
        bold = workbook.add_format({"bold": True, "bottom": 1})
        for title, headings, rows in tables:
            sheet = workbook.add_worksheet(sheet_name(title, taken, title))
            for column, heading in enumerate(headings):
                sheet.write_string(0, column, heading, bold)
            for line, cells in enumerate(rows, start=1):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(line, column, cell)
                    elif cell is not None:
                        sheet.write_number(line, column, cell)
            shown = [
                ShownCell(heading=heading, texts=tuple(str(cells[at] or "") for cells in rows), whole=())
                for at, heading in enumerate(headings)
            ]
            for column, width in enumerate(column_widths(shown)):
                sheet.set_column(column, column, width)
            sheet.freeze_panes(1, 0)
            lay_out_page(sheet)
    return buffer.getvalue()
