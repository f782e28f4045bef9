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

from bot.domain.people import Language
from bot.domain.sending import SendingRules
from bot.i18n.catalogue import text
from bot.plan import sheets
from bot.plan.cells import EMPTY_LIST
from bot.plan.document import plan_document
from bot.plan.labels import DECISIONS, FLAGS, danish, danish_condition
from bot.plan.moments import UNTIL
from bot.plan.read_assumptions import UNDECIDED
from bot.plan.sheets import PLAN, PLAN_HEADINGS, SHEETS, WHEN, CellKind
from bot.workbook_looks import ShownCell, column_widths, lay_out_page, pages_across, row_height

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from bot.domain.plan import CoursePlan
    from bot.plan.document import Document
    from bot.plan.sheets import Sheet, SheetColumn

# Rows that drop-downs and text formats reach, so that new rows have them too.
READY_ROWS = 2_000
ROOM = {
    CellKind.TEXT: 24,
    CellKind.MOMENT: 18,
    CellKind.DAY: 12,
    CellKind.NUMBER: 10,
    CellKind.TIME: 8,
    CellKind.FLAG: 10,
    CellKind.NAMES: 28,
}
"""How wide a column is at least, in characters: what somebody will write there."""
LONG_ROOM, SOME_ROOM, VALUE_ROOM = 50, 18, 50
LONG_TEXT = frozenset({"description", "note", "question"})
MONEY = frozenset({"amount", "spent"})
MOMENT_FORMAT, DAY_FORMAT, AMOUNT_FORMAT = "dd-mm-yyyy hh:mm", "dd-mm-yyyy", "#,##0.00"
REFERENCES = {
    ("course", CellKind.TEXT): sheets.COURSES,
    ("audience", CellKind.TEXT): sheets.AUDIENCES,
    ("pool", CellKind.TEXT): sheets.POOLS,
}
# What holds where the plan is silent, so that HR sees it.
SENDING_HOURS = {"sending.from": SendingRules().from_time, "sending.to": SendingRules().to_time}
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
    writer = _Writer(book, language)
    rows = _rows_by_sheet(plan_document(plan))
    for sheet in SHEETS:
        if sheet is PLAN:
            writer.write_plan(rows[PLAN.key][0])
        else:
            writer.write_sheet(sheet, rows.get(sheet.key, []))
    book.close()
    return stream.getvalue()


def _rows_by_sheet(document: Document) -> dict[str, list[Document]]:
    """Every row of every sheet, each a mapping from the column's key."""
    rows: dict[str, list[Document]] = {sheet.key: [] for sheet in SHEETS}
    rows["plan"] = [SENDING_HOURS | _flat(document)]
    rows["closing_days"] = [_closing_day(day) for day in document.get("closing_days", [])]
    rows["school_holidays"] = [_school_holiday(days) for days in document.get("school_holidays", [])]
    for key, audience in document.get("audiences", {}).items():
        rows["audiences"].append({"id": key, **audience})
        rows["people"] += [{"audience": key, **person} for person in audience.get("people", [])]
    for key, pool in document.get("funding", {}).items():
        rows["funding"].append({"id": key, **pool})
        rows["reserved"] += [
            {"pool": key, "purpose": purpose, "amount": share}
            for purpose, share in pool.get("reserved", {}).items()
        ]
        rows["expenses"] += [{"pool": key, **expense} for expense in pool.get("expenses", [])]
    rows["assumptions"] = [
        {"id": key, **_assumption(said)} for key, said in document.get("assumptions", {}).items()
    ]
    rows["reminders"] = [_flat(rule) for rule in document.get("reminders", [])]
    for course in document["courses"]:
        _add_course(rows, course)
    return rows


def _add_course(rows: dict[str, list[Document]], course: Document) -> None:
    mine = {"course": course["id"]}
    rows["courses"].append(_flat(course))
    for part, sheet in (
        ("speakers", "speakers"),
        ("funding", "course_funding"),
        ("materials", "materials"),
        ("reminders", "reminders"),
    ):
        rows[sheet] += [mine | item for item in course.get(part, [])]
    rows["sessions"] += [mine | _flat(session) for session in course.get("sessions", [])]
    for offering in course.get("offerings", []):
        rows["offerings"].append(mine | _flat(offering))
        rows["sessions"] += [
            mine | {"offering": offering["id"]} | _flat(session) for session in offering.get("sessions", [])
        ]


def _assumption(said: Any) -> Document:
    """An assumption in its long form, with the words that the drop-down has."""
    written = said if isinstance(said, dict) else {"value": said}
    options = [
        danish(FLAGS, "true" if one else "false") if isinstance(one, bool) else one
        for one in written.get("options", [])
    ]
    value = danish(DECISIONS, UNDECIDED) if written["value"] == UNDECIDED else written["value"]
    return written | {"value": value, "options": options or None}


def _flat(item: Document) -> Document:
    """`{"venue": {"name": …}}` as `{"venue.name": …}`; lists of rows stay, no column has their key."""
    flat: Document = {}
    for key, value in item.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{name}": inner for name, inner in value.items()}
        else:
            flat[key] = value
    return flat


def _closing_day(day: str) -> Document:
    """Every year is a date with a tick; the leap year 2024 has them all."""
    is_yearly = day.count("-") == 1
    return {
        "date": date.fromisoformat(f"2024-{day}" if is_yearly else day),
        "yearly": True if is_yearly else None,
    }


def _school_holiday(days: str) -> Document:
    """The first day and the last, each a date of its own."""
    first, _, last = days.partition(UNTIL)
    return {"first": date.fromisoformat(first), "last": date.fromisoformat(last) if last else None}


class _Writer:
    """One workbook being written; keeps its formats."""

    def __init__(self, book: xlsxwriter.Workbook, language: Language) -> None:
        self._book = book
        self._language = language
        self._heading = book.add_format({"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "valign": "top"})
        self._plain = book.add_format({"valign": "top"})
        self._text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        self._moment = book.add_format({"num_format": MOMENT_FORMAT, "valign": "top"})
        self._day = book.add_format({"num_format": DAY_FORMAT, "valign": "top"})
        self._clock = book.add_format({"num_format": "hh:mm", "valign": "top"})
        self._amount = book.add_format({"num_format": AMOUNT_FORMAT, "valign": "top"})

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
        last = max(READY_ROWS, len(rows))
        widths = self._widths(sheet, rows)
        for position, (column, width) in enumerate(zip(sheet.columns, widths, strict=True)):
            page.write_string(0, position, column.danish, self._heading)
            page.set_column(position, position, width, self._format(column))
            self._comment(page, 0, position, column)
            self._offer(page, 1, last, position, column)
            for number, row in enumerate(rows, 1):
                self._write(page, number, position, column, row.get(column.key))
        for number, row in enumerate(rows, 1):
            page.set_row(
                number,
                row_height((self._as_shown(column, row.get(column.key)) for column in sheet.columns), widths),
            )
        page.autofilter(0, 0, max(len(rows), 1), len(sheet.columns) - 1)
        page.print_area(0, 0, len(rows), len(sheet.columns) - 1)
        lay_out_page(page, across=pages_across(widths))

    def _widths(self, sheet: Sheet, rows: list[Document]) -> list[float]:
        """As wide as what stands in the column, and never narrower than what will be written there."""
        shown = [
            ShownCell(
                heading=column.danish,
                texts=tuple(self._as_shown(column, row.get(column.key)) for row in rows),
            )
            for column in sheet.columns
        ]
        room = [
            LONG_ROOM if column.key in LONG_TEXT else ROOM.get(column.kind, SOME_ROOM)
            for column in sheet.columns
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
                return _cell_text(column, value)

    def _format(self, column: SheetColumn) -> Format:
        match column.kind:
            case CellKind.MOMENT:
                return self._moment
            case CellKind.DAY:
                return self._day
            case CellKind.TIME:
                return self._clock
            case CellKind.NUMBER:
                return self._amount if column.key in MONEY else self._plain
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
            shown = {"validate": "list", "source": [name for _, name in choices]}
            # A decision may have options of its own.
            kind = {"error_type": "warning"} if column.kind is CellKind.DECISION else {}
            page.data_validation(first, position, last, position, shown | kind)
        elif owners := REFERENCES.get((column.key, column.kind)):
            source = f"='{owners.danish}'!$A$2:$A${READY_ROWS}"
            page.data_validation(
                first, position, last, position,
                {"validate": "list", "source": source, "error_type": "warning"},
            )  # fmt: skip

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
            case time():
                page.write_string(row, position, f"{value:%H:%M}", shape)
            case int() | Decimal():
                page.write_number(row, position, float(value), shape)
            case _:
                page.write_string(row, position, _cell_text(column, value), shape)


def _cell_text(column: SheetColumn, value: str | list[str]) -> str:
    names = [value] if isinstance(value, str) else value
    if column is WHEN:
        names = [danish_condition(name) for name in names]
    if column.choices and column.kind is not CellKind.DECISION:
        names = [danish(column.choices, name) for name in names]
    return ", ".join(names) or EMPTY_LIST
