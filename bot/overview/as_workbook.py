"""The overview as an Excel workbook.

One list a sheet, amounts as numbers and days as Excel's dates, ready to print.

Text is always written as text: nothing that somebody wrote becomes a formula or a link.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot.i18n.catalogue import text
from bot.overview.tables import sheets
from bot.workbook_looks import ShownCell, column_widths, lay_out_page, pages_across, row_height

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.people import Language
    from bot.overview.lines import Overview
    from bot.overview.tables import OverviewSheet, Value

SAFELY = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
AMOUNT = "#,##0.00"


def overview_xlsx(overview: Overview, language: Language) -> bytes:
    """The workbook."""
    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, SAFELY) as workbook:
        workbook.set_properties(
            {"title": text(language, "overview.title", years="").strip(), "company": overview.organisation}
        )
        look = _Look(workbook, language)
        for sheet in sheets(overview, language):
            look.write(sheet)
    return buffer.getvalue()


class _Look:
    """The formats of one workbook."""

    def __init__(self, workbook: Any, language: Language) -> None:
        self._workbook = workbook
        self._day = text(language, "overview.excel_day")
        top = {"valign": "top"}
        self._heading = workbook.add_format(
            {"bold": True, "text_wrap": True, "bottom": 1, "align": "left", "indent": 1, **top}
        )
        self._words = workbook.add_format({"text_wrap": True, "align": "left", "indent": 1, **top})
        self._number = workbook.add_format(top)
        self._amount = workbook.add_format({"num_format": AMOUNT, **top})
        self._date = workbook.add_format({"num_format": self._day, "align": "left", **top})

    def write(self, sheet: OverviewSheet) -> None:
        """One sheet, with the headings frozen, filtered and repeated on paper."""
        page = self._workbook.add_worksheet(sheet.title)
        for column, heading in enumerate(sheet.headings):
            page.write_string(0, column, heading, self._heading)
        for line, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                self._write(page, line, column, value)
        page.autofilter(0, 0, len(sheet.rows), len(sheet.headings) - 1)
        page.freeze_panes(1, 1)
        widths = column_widths(
            [
                self._shown(heading, [row[at] for row in sheet.rows])
                for at, heading in enumerate(sheet.headings)
            ]
        )
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        for line, row in enumerate([sheet.headings, *sheet.rows]):
            page.set_row(line, row_height([value if isinstance(value, str) else "" for value in row], widths))
        lay_out_page(page, across=pages_across(widths))

    def _write(self, page: Any, line: int, column: int, value: Value) -> None:
        match value:
            case None | "":
                return
            case str():
                page.write_string(line, column, value, self._words)
            case Decimal():
                page.write_number(line, column, value, self._amount)
            case int():
                page.write_number(line, column, value, self._number)
            case date():
                day = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - Excel has no zones
                page.write_datetime(line, column, day, self._date)

    def _shown(self, heading: str, values: Sequence[Value]) -> ShownCell:
        """A column as it will be read; a date takes as much as its format has letters."""
        texts = tuple(value for value in values if isinstance(value, str))
        return ShownCell(
            heading=heading,
            texts=texts,
            whole=tuple(self._whole(value) for value in values if not isinstance(value, str)),
        )

    def _whole(self, value: Value) -> str:
        match value:
            case Decimal():
                return f"{value:,.2f}"
            case date():
                return self._day
            case _:
                return "" if value is None else str(value)
