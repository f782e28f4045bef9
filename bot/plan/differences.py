"""What stands otherwise in two plans, sheet by sheet and cell by cell, in the workbook's own words (pure).

Every key of the format is a cell of a sheet (`bot.plan.sheets`), so nothing of a plan is left out: also what
nobody is mailed about.

    rows of a sheet                       are the same when
    with an id                            the id is, and what they belong to
    of the sheet Tekster                  course, message and language are
    of the sheet Plan                     there is one
    others (a speaker, a closing day)     every cell is

    a cell                                is told as
    short, on both sides                  its heading with before and after
    long, or of several lines             its heading
    naming an audience, a course, a pool  what each is called in its own plan, as a workbook has it;
                                          its id where the names alone are the same
    of a row that only one plan has       nothing: the row is told as new or gone
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.domain.people import Language
from bot.i18n.catalogue import text
from bot.i18n.dates import clock_text, short_day_text, short_moment_text
from bot.plan.columns import CellKind
from bot.plan.document import plan_document
from bot.plan.labels import DECISIONS, FLAGS, danish, word_for
from bot.plan.sheets import CLOSING_DAYS, COURSES, PLAN, SHEETS
from bot.plan.workbook_lists import names_in, rows_by_sheet, with_names
from bot.plan.workbook_writer import cell_text
from bot.plan.yaml_writer import amount_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.domain.plan import CoursePlan
    from bot.plan.columns import Sheet, SheetColumn
    from bot.plan.document import Document
    from bot.plan.workbook_lists import Names

LONG = 90
NAMES = ("title", "name", "email", "for", "text", "id", "date", "first", "purpose", "pool", "url", "message")
"""What a row is called by: the first of these that it has."""
UNTOLD = frozenset({"version"})
SOME_DAY = date(2000, 1, 1)

Identity = tuple[object, ...]


class RowFate(StrEnum):
    """What became of a row."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCell:
    """One cell of a row: its key, its heading, and what it said and says, in words.

    Both "" where that would be long; of one side "" where it says nothing there.
    """

    key: str
    heading: str
    before: str = ""
    after: str = ""

    def told(self, language: Language) -> str:
        """On one line."""
        if not (self.before or self.after):
            return self.heading
        nothing = text(language, "preview.empty")
        return text(
            language,
            "preview.moved",
            field=self.heading,
            before=self.before or nothing,
            after=self.after or nothing,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """A row that one plan has otherwise than the other.

    `key` and `sheet` are the sheet's key and name, `name` what the row is called, `course` the id of the
    course that it is of ("" of none); `cells` of a changed one.
    """

    key: str
    course: str
    sheet: str
    name: str
    change: RowFate
    cells: tuple[ChangedCell, ...] = ()


def changed_rows(before: CoursePlan, after: CoursePlan, language: Language) -> tuple[ChangedRow, ...]:
    """In the order of the sheets and of their rows, what is gone at last; () where the plans are equal."""
    documents = plan_document(before), plan_document(after)
    old, new = (rows_by_sheet(document, has_short=False) for document in documents)
    reading = _SheetWords(
        language=language,
        titles=before.titles | after.titles,
        before=names_in(documents[0]),
        after=names_in(documents[1]),
    )
    return tuple(
        changed for sheet in SHEETS for changed in _of_sheet(sheet, old[sheet.key], new[sheet.key], reading)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _SheetWords:
    """What things are called: courses by id in `titles`, and in cells by the plan that the cell is of."""

    language: Language
    titles: Mapping[str, str]
    before: Names
    after: Names


def _of_sheet(
    sheet: Sheet, old: Sequence[Document], new: Sequence[Document], reading: _SheetWords
) -> Iterator[ChangedRow]:
    before, after = _identified(sheet, old), _identified(sheet, new)
    name = sheet.danish if reading.language is Language.DA else sheet.english
    for identity, row in (after | {one: row for one, row in before.items() if one not in after}).items():
        called = _called(sheet, row, reading, reading.after if identity in after else reading.before)
        if identity not in before or identity not in after:
            change = RowFate.NEW if identity in after else RowFate.GONE
            cells: tuple[ChangedCell, ...] = ()
        else:
            change, cells = RowFate.CHANGED, tuple(_cells(sheet, before[identity], row, reading))
            if not cells:
                continue
        course = row["id"] if sheet is COURSES else row.get("course", "")
        yield ChangedRow(key=sheet.key, course=course, sheet=name, name=called, change=change, cells=cells)


def _identified(sheet: Sheet, rows: Sequence[Document]) -> dict[Identity, Document]:
    """Each row by what makes it the same one; of equal ones the first, the second and so on."""
    found: dict[Identity, Document] = {}
    often: Counter[Identity] = Counter()
    for row in rows:
        identity = _identity(sheet, row)
        often[identity] += 1
        found[*identity, often[identity]] = row
    return found


def _identity(sheet: Sheet, row: Document) -> Identity:
    if sheet is PLAN:
        return ()
    has_id = any(column.key == "id" for column in sheet.columns)
    keys = sheet.known_by or [
        column.key for column in sheet.columns if not has_id or column.parent or column.key == "id"
    ]
    return tuple(str(row.get(key, "")) for key in keys)


def _cells(sheet: Sheet, old: Document, new: Document, reading: _SheetWords) -> Iterator[ChangedCell]:
    if old == new:
        return
    language, named = reading.language, (with_names(old, reading.before), with_names(new, reading.after))
    for column in sheet.columns:
        sides = [old.get(column.key), new.get(column.key)]
        if column.key in UNTOLD or sides[0] == sides[1]:
            continue
        heading = column.danish if language is Language.DA else column.english
        said = [_words(column, row.get(column.key), language) for row in named]
        if said[0] == said[1]:
            said = [_words(column, side, language) for side in sides]
        if any(len(one) > LONG or "\n" in one for one in said):
            said = ["", ""]
        yield ChangedCell(key=column.key, heading=heading, before=said[0], after=said[1])


def _called(sheet: Sheet, row: Document, reading: _SheetWords, names: Names) -> str:
    """`Lederdag 2026, Formiddag`: what the row belongs to, and its own name; `names` of the row's plan."""
    if sheet is PLAN:
        return str(row.get("organisation", ""))
    course = row.get("course")
    parts = [reading.titles.get(course, course)] if course else []
    key = next((name for name in NAMES if row.get(name) not in (None, "")), "")
    column = next((one for one in sheet.columns if one.key == key), None)
    if column is not None:
        value = with_names(row, names)[key]
        is_yearly = sheet is CLOSING_DAYS and row.get("yearly")
        parts.append(f"{value.day}/{value.month}" if is_yearly else _words(column, value, reading.language))
    return ", ".join(parts)


def _words(column: SheetColumn, value: Any, language: Language) -> str:
    """A cell as a person reads it; fixed choices are Danish in a workbook, and the format's own else."""
    match value:
        case None:
            return ""
        case bool():
            word = "true" if value else "false"
            return danish(FLAGS, word) if language is Language.DA else word
        case str() | list():
            return _text(column, value, language)
        case int() | Decimal():
            return amount_text(Decimal(value))
        case _:
            return _moment(value, language)


def _text(column: SheetColumn, value: str | list[Any], language: Language) -> str:
    if language is Language.DA:
        return cell_text(column, value)
    if isinstance(value, str):
        return (column.kind is CellKind.DECISION and word_for(DECISIONS, value)) or value
    return ", ".join(map(str, value))


def _moment(value: datetime | date | time, language: Language) -> str:
    match value:
        case time():
            return clock_text(language, datetime.combine(SOME_DAY, value))
        case datetime():
            return short_moment_text(language, value)
        case _:
            return short_day_text(language, value)
