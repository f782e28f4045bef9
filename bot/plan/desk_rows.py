"""A plan as rows of cells, as it is edited on the desk, and such rows as a plan.

The rows are those of the workbook's sheets (`bot.plan.sheets`), so every key of the format has its cell,
and a cell may say all that it may say in a workbook: `18. juni 2027 kl. 9`, `300.000`, `ja`. The narrow
sheet is left out: a course stands on `Kurser`.

    sheet                              a row is named
    with an id                         by the id, behind the ids of what it belongs to: `lederdag/hold-1/dag`
    without                            by what it belongs to: `lederdag/*` are all the speakers of that course
    the plan's own keys                `plan`

A cell that is understood is written one way only (`bot.plan.desk_cells`), whoever typed it, so that two
people's rows can be held against each other.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.domain.clashes import COURSES_A_WEEK
from bot.domain.desk_plans import document_content
from bot.domain.drafts import LINES
from bot.plan import sheets
from bot.plan.cells import read_cell
from bot.plan.desk_cells import settled_value
from bot.plan.document import json_document, plan_document
from bot.plan.findings import Findings
from bot.plan.nodes import Spot
from bot.plan.parse import checked_plan
from bot.plan.read_root import read_root
from bot.plan.sheets import PLAN, SHEETS, SIMPLE_COURSES
from bot.plan.workbook_lists import rows_by_sheet
from bot.plan.workbook_rows import Row, RowTable
from bot.plan.workbook_source import tree_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.drafts import Cells, RowKey, Rows
    from bot.domain.plan import CoursePlan
    from bot.domain.problems import Problem
    from bot.plan.columns import Sheet
    from bot.plan.nodes import Node
    from bot.plan.parse import ParsedPlan

THE_PLAN: RowKey = (PLAN.key, "plan")
DESK_SHEETS = tuple(sheet for sheet in SHEETS if sheet is not SIMPLE_COURSES)
BY_KEY = {sheet.key: sheet for sheet in DESK_SHEETS}
SEPARATOR = "!"
"""Between the parts of a problem's place, which no id has in it."""


def rows_of(plan: CoursePlan) -> Rows:
    """Every row of a plan, in its order; `read_rows` gives the same plan but for the revision."""
    found: dict[RowKey, list[Cells]] = {}
    by_sheet = rows_by_sheet(plan_document(plan), has_short=False)
    for sheet in DESK_SHEETS:
        for document in by_sheet[sheet.key]:
            cells = {
                column.key: settled_value(column, document[column.key])
                for column in sheet.written
                if document.get(column.key) is not None
            }
            found.setdefault((sheet.key, row_name(sheet, cells)), []).append(cells)
    return {key: tuple(lines) for key, lines in found.items()}


def row_name(sheet: Sheet, cells: Cells) -> str:
    """What names a row of these cells for good; its id, where it has one, must stand there."""
    if sheet is PLAN:
        return THE_PLAN[1]
    owners = [cells.get(column.key, "") for column in sheet.columns if column.parent]
    return "/".join([*owners, cells["id"] if has_ids(sheet) else LINES])


def has_ids(sheet: Sheet) -> bool:
    """Whether each row of the sheet is a thing of its own, and not one of the lines of another."""
    return any(column.key == "id" for column in sheet.columns)


def read_rows(
    rows: Rows, *, now: datetime, courses_a_week: int = COURSES_A_WEEK, doubts: bool = True
) -> ParsedPlan:
    """The plan that the rows are, and everything that is wrong with it; the rest as for `parse_plan`.

    A problem's place is `sheet!row!number!column` (`place_of`), the number counting an owner's lines from 0;
    its text has a workbook's words.
    """
    findings = Findings()
    node = tree_of(_tables(rows, findings), findings)
    placed = read_root(node, revision=_revision(rows), findings=findings)
    return checked_plan(placed, findings, now=now, courses_a_week=courses_a_week, doubts=doubts)


def _revision(rows: Rows) -> str:
    """Equal for equal rows; no content has it."""
    said = json.dumps([[*key, *map(dict, lines)] for key, lines in rows.items()], sort_keys=True)
    return "draft:" + sha256(said.encode()).hexdigest()


def _tables(rows: Rows, findings: Findings) -> dict[str, RowTable]:
    made: dict[str, list[Row]] = {sheet.key: [] for sheet in DESK_SHEETS}
    numbers = {sheet.key: number for number, sheet in enumerate(DESK_SHEETS)}
    for order, ((sheet_key, name), lines) in enumerate(rows.items()):
        sheet = BY_KEY[sheet_key]
        for line, cells in enumerate(lines):
            at = (numbers[sheet_key], order, line)
            spot = Spot(SEPARATOR.join((sheet_key, name, str(line), "")), 0, at)
            nodes: dict[str, Node] = {}
            for position, column in enumerate(sheet.columns):
                place = Spot(spot.place + column.key, 0, (*at, position))
                node = read_cell(cells.get(column.key, ""), column, place, findings)
                if node is not None:
                    nodes[column.key] = node
            made[sheet_key].append(Row(nodes, spot))
    start = Spot("", 0, (0,))
    return {sheet.key: RowTable(sheet, sheet.columns, tuple(made[sheet.key]), start) for sheet in DESK_SHEETS}


def place_of(problem: Problem) -> tuple[RowKey, int, str] | None:
    """The row, the line of it and the column that a problem of `read_rows` is about.

    The column is "" of the row as a whole; None of the plan as a whole.
    """
    parts = problem.place.split(SEPARATOR)
    if len(parts) != 4:  # noqa: PLR2004 - as `_tables` makes them
        return None
    return (parts[0], parts[1]), int(parts[2]), parts[3]


def content_of(plan: CoursePlan) -> bytes:
    """What is kept of a plan on the desk: the format itself, which any program that reads plans reads."""
    return document_content(json_document(plan))


def owned_by(rows: Rows, course: str) -> tuple[RowKey, ...]:
    """The rows of a course: its own first, then all that belong to it."""
    found = [key for key in rows if course_of(key) == course]
    return tuple(sorted(found, key=lambda key: key[0] != sheets.COURSES.key))


def course_of(key: RowKey) -> str | None:
    """The course that a row is or belongs to, None of every other; `""` of a reminder to all of them."""
    sheet, row = BY_KEY[key[0]], key[1]
    if sheet is sheets.COURSES:
        return row
    parents = [column.key for column in sheet.columns if column.parent]
    return row.split("/")[0] if parents[:1] == ["course"] else None
