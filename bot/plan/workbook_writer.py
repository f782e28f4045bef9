"""`CoursePlan` → a workbook that a person can go on working with.

Danish headings, drop-downs, comments, real dates.

The sheets and columns are the table in `sheets`; their explanations are `plan.hint.*` of the catalogue.
Written with `xlsxwriter` (3.3). Nothing a plan says can become a formula: every text is written as text.
"""

from __future__ import annotations

import io
import math
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from bot.domain.people import Language
from bot.i18n.catalogue import text
from bot.plan import sheets
from bot.plan.cells import EMPTY_LIST
from bot.plan.columns import CellKind
from bot.plan.document import plan_document
from bot.plan.labels import FLAGS, danish, danish_condition, danish_duration, danish_period
from bot.plan.moments import FIRST_YEAR
from bot.plan.read_me_sheet import NAME as READ_ME
from bot.plan.read_me_sheet import write_read_me
from bot.plan.sheets import PLAN, PLAN_HEADINGS, SHEETS, WHEN
from bot.plan.workbook_lists import names_in, rows_by_sheet, with_names
from bot.workbook_looks import ShownCell, column_widths, lay_out_page, pages_across, row_height

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from bot.domain.plan import CoursePlan
    from bot.plan.columns import Sheet, SheetColumn
    from bot.plan.document import Document
    from bot.plan.labels import Labels
    from bot.plan.workbook_lists import Names

# Rows that drop-downs and text formats reach, so that new rows have them too.
READY_ROWS = 2_000
ROOM = {
    CellKind.TEXT: 24,
    CellKind.MOMENT: 18,
    CellKind.END: 18,
    CellKind.DAY: 12,
    CellKind.DAY_OR_PERIOD: 16,
    CellKind.NUMBER: 10,
    CellKind.AMOUNT: 16,
    CellKind.PERIOD: 16,
    CellKind.DURATION: 14,
    CellKind.DAY_OR_DURATION: 14,
    CellKind.TIME: 8,
    CellKind.FLAG: 10,
    CellKind.NAMES: 28,
}
"""How wide a column is at least, in characters: what somebody will write there."""
LONG_ROOM, SOME_ROOM, VALUE_ROOM = 50, 18, 50
LONG_TEXT = frozenset({"description", "note", "question", "opening", "closing", "text"})
DATES = frozenset({CellKind.MOMENT, CellKind.DAY, CellKind.DAY_OR_PERIOD, CellKind.DAY_OR_DURATION})
OR_IN_WORDS = frozenset({CellKind.DAY_OR_PERIOD, CellKind.DAY_OR_DURATION})
FIRST_DAY = date(FIRST_YEAR, 1, 1)
MOMENT_FORMAT, DAY_FORMAT, AMOUNT_FORMAT = "dd-mm-yyyy hh:mm", "dd-mm-yyyy", "#,##0.00"
REFERENCES = {
    "course": sheets.COURSES,
    "audience": sheets.AUDIENCES,
    "optional_audience": sheets.AUDIENCES,
    "pool": sheets.POOLS,
}
"""Columns that name rows of another sheet, by what those are called; ids are not seen there."""
UNSEEN_IDS = (sheets.SIMPLE_COURSES, sheets.COURSES, sheets.AUDIENCES, sheets.POOLS, sheets.QUESTIONS,
    sheets.EVALUATION_QUESTIONS, sheets.AFTER,
)  # fmt: skip
IN_WORDS = {
    CellKind.PERIOD: danish_period,
    CellKind.DAY_OR_PERIOD: danish_period,
    CellKind.DURATION: danish_duration,
    CellKind.DAY_OR_DURATION: danish_duration,
}
MOST_IN_A_LIST = 255
"""Characters of the choices that Excel keeps in a drop-down itself."""
FIRST_LIST = 2
"""The column of the sheet to read in which the first longer list stands."""
# The same bytes for the same plan: a workbook otherwise carries the second it was written.
WRITTEN = datetime(2026, 1, 1)  # noqa: DTZ001 - xlsxwriter takes a naive time


def render_workbook(plan: CoursePlan, language: Language = Language.DA) -> bytes:
    """The plan as `.xlsx`; parsing it gives the same plan but for the revision.

    Comments are in `language`.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": plan.organisation, "created": WRITTEN})
    book.set_size(2400, 1400)
    document = plan_document(plan)
    writer = _Writer(book, language, names_in(document))
    rows = rows_by_sheet(document)
    writer.write_read_me()
    for sheet in SHEETS:
        if sheet is PLAN:
            writer.write_plan(rows[PLAN.key][0])
        else:
            writer.write_sheet(sheet, rows.get(sheet.key, []))
    book.close()
    return stream.getvalue()


class _Writer:
    """One workbook being written; keeps its formats."""

    def __init__(self, book: xlsxwriter.Workbook, language: Language, names: Names) -> None:
        self._book = book
        self._language = language
        self._names = names
        self._listed: list[Labels] = []
        self._heading = book.add_format({"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "valign": "top"})
        self._plain = book.add_format({"valign": "top"})
        self._text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        self._moment = book.add_format({"num_format": MOMENT_FORMAT, "valign": "top", "align": "left"})
        self._day = book.add_format({"num_format": DAY_FORMAT, "valign": "top", "align": "left"})
        self._clock = book.add_format({"num_format": "hh:mm", "valign": "top", "align": "left"})
        self._amount = book.add_format({"num_format": AMOUNT_FORMAT, "valign": "top"})

    def write_read_me(self) -> None:
        """The sheet that says how the others are filled in."""
        wrapped = self._book.add_format({"valign": "top", "text_wrap": True})
        write_read_me(self._book, self._language, self._heading, wrapped)

    def write_plan(self, row: Document) -> None:
        """The sheet with a name and a value on each row."""
        page = self._book.add_worksheet(PLAN.danish)
        names = ShownCell(heading=PLAN_HEADINGS[0], texts=tuple(column.danish for column in PLAN.columns))
        values = ShownCell(
            heading=PLAN_HEADINGS[1],
            texts=tuple(self._as_shown(column, row.get(column.key)) for column in PLAN.columns),
        )
        first, second = column_widths((names, values))
        page.set_column(0, 0, first)
        page.set_column(1, 1, max(second, VALUE_ROOM))
        page.freeze_panes(1, 0)
        lay_out_page(page)
        for position, heading in enumerate(PLAN_HEADINGS):
            page.write_string(0, position, heading, self._heading)
        for number, column in enumerate(PLAN.columns, 1):
            page.write_string(number, 0, column.danish, self._heading)
            self._comment(page, number, 0, column)
            self._write(page, number, 1, column, row.get(column.key))
            self._offer(page, number, number, 1, column)
            page.set_row(number, row_height((values.texts[number - 1],), (max(second, VALUE_ROOM),)))

    def write_sheet(self, sheet: Sheet, rows: list[Document]) -> None:
        """A list: headings with comments, then a row for each thing."""
        page = self._book.add_worksheet(sheet.danish)
        page.freeze_panes(1, 0)
        rows = [with_names(row, self._names) for row in rows]
        last = max(READY_ROWS, len(rows))
        widths = self._widths(sheet, rows)
        unseen = [column.key == "id" and sheet in UNSEEN_IDS for column in sheet.written]
        for position, (column, width) in enumerate(zip(sheet.written, widths, strict=True)):
            page.write_string(0, position, column.danish, self._heading)
            page.set_column(position, position, width, self._format(column), {"hidden": unseen[position]})
            self._comment(page, 0, position, column)
            self._offer(page, 1, last, position, column)
            for number, row in enumerate(rows, 1):
                self._write(page, number, position, column, row.get(column.key))
        for number, row in enumerate(rows, 1):
            page.set_row(
                number,
                row_height((self._as_shown(column, row.get(column.key)) for column in sheet.written), widths),
            )
        page.autofilter(0, 0, max(len(rows), 1), len(sheet.written) - 1)
        page.print_area(0, 0, len(rows), len(sheet.written) - 1)
        seen = [width for width, is_unseen in zip(widths, unseen, strict=True) if not is_unseen]
        lay_out_page(page, across=pages_across(seen))
        if unseen[0] and pages_across(seen) > 1:
            page.repeat_columns(0, 1)

    def _widths(self, sheet: Sheet, rows: list[Document]) -> list[float]:
        """As wide as what stands in the column, and never narrower than what will be written there."""
        shown = [
            ShownCell(
                heading=column.danish,
                texts=tuple(self._as_shown(column, row.get(column.key)) for row in rows),
            )
            for column in sheet.written
        ]
        room = [
            LONG_ROOM if column.key in LONG_TEXT else ROOM.get(column.kind, SOME_ROOM)
            for column in sheet.written
        ]
        return [
            max(width, least) for width, least in zip(column_widths(shown, page=math.inf), room, strict=True)
        ]

    @staticmethod
    def _as_shown(column: SheetColumn, value: Any) -> str:
        """A cell as it will be read, for its width; a moment's blank never breaks."""
        match value:
            case None | bool() | time():
                return ""  # less than any column has room for
            case date():
                return MOMENT_FORMAT.replace(" ", "-") if isinstance(value, datetime) else DAY_FORMAT
            case int() | Decimal():
                return f"{value:,.2f}"
            case _:
                return cell_text(column, value)

    def _format(self, column: SheetColumn) -> Format:
        match column.kind:
            case CellKind.MOMENT | CellKind.END:
                return self._moment
            case CellKind.DAY | CellKind.DAY_OR_PERIOD | CellKind.DAY_OR_DURATION:
                return self._day
            case CellKind.TIME:
                return self._clock
            case CellKind.AMOUNT:
                return self._amount
            case CellKind.NUMBER:
                return self._plain
            case _:
                return self._text

    def _comment(self, page: Worksheet, row: int, position: int, column: SheetColumn) -> None:
        lines: list[str] = []
        if column.hint:
            lines.append(text(self._language, f"plan.hint.{column.hint}"))
        if column.choices:
            lines.append(
                text(
                    self._language, "plan.hint_choices", choices=", ".join(name for _, name in column.choices)
                )
            )
        if column.english != column.danish:
            lines.append(f"({column.english})")
        if lines:
            page.write_comment(
                row, position, "\n".join(lines), {"x_scale": 2.2, "y_scale": 1.4, "author": "kursusbot"}
            )

    def _offer(self, page: Worksheet, first: int, last: int, position: int, column: SheetColumn) -> None:
        """A drop-down: strict for fixed choices, only a suggestion for ids of another sheet."""
        choices = FLAGS if column.kind is CellKind.FLAG else column.choices
        if choices and column.kind is not CellKind.CHOICES:
            shown = {"validate": "list", "source": self._source(choices)}
            # A decision may have options of its own.
            kind = {"error_type": "warning"} if column.kind is CellKind.DECISION else {}
            page.data_validation(first, position, last, position, shown | kind)
        elif column.kind in DATES:
            page.data_validation(first, position, last, position, self._date_rule(column))
        elif owners := REFERENCES.get(column.key):
            source = f"='{owners.danish}'!$B$2:$B${READY_ROWS}"
            page.data_validation(
                first, position, last, position,
                {"validate": "list", "source": source, "error_type": "warning"},
            )  # fmt: skip

    def _source(self, choices: Labels) -> list[str] | str:
        """The words of a drop-down; more than Excel keeps stand out of sight, beside what is to be read."""
        words = [name for _, name in choices]
        if len(",".join(words)) <= MOST_IN_A_LIST:
            return words
        page = self._book.get_worksheet_by_name(READ_ME)
        if choices not in self._listed:
            self._listed.append(choices)
            column = FIRST_LIST + len(self._listed) - 1
            page.write_column(0, column, words)
            page.set_column(column, column, max(map(len, words)), None, {"hidden": True})
        letters = xl_col_to_name(FIRST_LIST + self._listed.index(choices), col_abs=True)
        return f"='{READ_ME}'!{letters}$1:{letters}${len(words)}"

    def _date_rule(self, column: SheetColumn) -> dict[str, Any]:
        """Excel's own check of a date.

        What is written in words is only asked about, and read all the same.
        """
        kind = "information" if column.kind in OR_IN_WORDS else "warning"
        return {
            "validate": "date",
            "criteria": ">=",
            "value": FIRST_DAY,
            "error_type": kind,
            "error_title": text(self._language, "plan.date_rule.title"),
            "error_message": text(self._language, f"plan.date_rule.{column.kind.value}"),
        }

    def _write(self, page: Worksheet, row: int, position: int, column: SheetColumn, value: Any) -> None:
        shape = self._format(column)
        match value:
            case None:
                return
            case bool():
                page.write_string(row, position, danish(FLAGS, "true" if value else "false"), shape)
            case datetime() if (value.hour, value.minute) == (0, 0):
                page.write_string(row, position, f"{value:%Y-%m-%dT%H:%M}", shape)
            case datetime():
                page.write_datetime(row, position, value, shape)
            case date():
                page.write_datetime(row, position, value, self._day)
            case time() if page.name == PLAN.danish:  # its column of values has no format of one kind
                page.write_string(row, position, f"{value:%H:%M}", shape)
            case time():
                page.write_datetime(row, position, value, shape)
            case int() | Decimal():
                page.write_number(row, position, float(value), shape)
            case _:
                page.write_string(row, position, cell_text(column, value), shape)


def cell_text(column: SheetColumn, value: str | list[str]) -> str:
    """Words, or several of them, as a cell has them: fixed choices in Danish."""
    if isinstance(value, str) and (words := IN_WORDS.get(column.kind)):
        return words(value)
    names = [value] if isinstance(value, str) else value
    if column is WHEN:
        names = [danish_condition(name) for name in names]
    if column.choices and column.kind is not CellKind.DECISION:
        names = [danish(column.choices, name) for name in names]
    return ", ".join(names) or EMPTY_LIST
