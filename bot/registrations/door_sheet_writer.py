"""A session's list as a workbook to fill in: everybody who is expected, with a column for who came."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from bot.i18n.catalogue import text
from bot.registrations.workbook import CONTROL_CHARACTERS, sheet_name
from bot.workbook_looks import ShownCell, column_widths, lay_out_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.people import Language

COLUMNS = ("name", "email", "department", "came")
EMPTY_LINES = 15
"""For those who come without being on the list; they too get the choice of yes and no."""


def door_sheet(title: str, people: Sequence[tuple[str, str, str, bool | None]], language: Language) -> bytes:
    """The workbook of (name, address, department, whether they came as far as is known)."""
    import xlsxwriter

    def said(key: str) -> str:
        return text(language, f"door_sheet.{key}")

    words = {True: said("yes"), False: said("no"), None: ""}
    rows = [(name, email, department, words[came]) for name, email, department, came in people]
    headings = [said(f"column.{one}") for one in COLUMNS]
    buffer = BytesIO()
    safely = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, safely) as workbook:
        sheet = workbook.add_worksheet(sheet_name(title, set(), said("sheet")))
        bold = workbook.add_format({"bold": True, "bottom": 1})
        for line, cells in enumerate((headings, *rows)):
            for column, cell in enumerate(cells):
                form = bold if line == 0 else None
                sheet.write_string(line, column, CONTROL_CHARACTERS.sub("", cell), form)
        last = len(COLUMNS) - 1
        choice = {"validate": "list", "source": [words[True], words[False]], "ignore_blank": True}
        sheet.data_validation(1, last, len(rows) + EMPTY_LINES, last, choice)
        shown = [
            ShownCell(heading=heading, texts=tuple(cells[at] for cells in rows), whole=())
            for at, heading in enumerate(headings)
        ]
        for column, width in enumerate(column_widths(shown)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        lay_out_page(sheet)
    return buffer.getvalue()
