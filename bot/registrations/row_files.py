"""Rows of words and numbers as a file: CSV for a Danish Excel, and a workbook of one sheet."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, TypeAlias

from bot.registrations.export import no_formula
from bot.workbook_looks import ShownCell, column_widths, lay_out_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FileRow: TypeAlias = "tuple[str | int, ...]"
"""A cell for each heading."""


def rows_csv(headings: Sequence[str], rows: Iterable[FileRow]) -> bytes:
    """UTF-8 with a byte order mark, semicolons; no cell is a formula."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([no_formula(str(cell)) for cell in row])
    return buffer.getvalue().encode("utf-8-sig", "replace")


def rows_xlsx(sheet_name: str, headings: Sequence[str], rows: Sequence[FileRow]) -> bytes:
    """One sheet; text is always written as text."""
    import xlsxwriter

    buffer = BytesIO()
    safely = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, safely) as workbook:
        sheet = workbook.add_worksheet(sheet_name)
        bold, wrapped = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True})
        widths = column_widths(
            [
                ShownCell(heading=heading, texts=tuple(str(row[number]) for row in rows))
                for number, heading in enumerate(headings)
            ]
        )
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width, wrapped)
        sheet.write_row(0, 0, headings, bold)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
        sheet.freeze_panes(1, 0)
        lay_out_page(sheet)
    return buffer.getvalue()
