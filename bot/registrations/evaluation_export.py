"""The results of evaluations for a spreadsheet: CSV for a Danish Excel, and a workbook.

One row for each value of a question, or each text. Only what may be shown is in it.
"""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from bot.i18n.catalogue import text
from bot.registrations.export import no_formula
from bot.workbook_looks import ShownCell, column_widths, lay_out_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.domain.evaluation_results import CourseEvaluation, QuestionResult
    from bot.domain.people import Language

COLUMNS = ("course", "theme", "asked", "forms", "question", "answer", "count")
Row = tuple[str | int, ...]


def evaluations_csv(
    courses: Iterable[CourseEvaluation], language: Language, words: Callable[[QuestionResult], str]
) -> bytes:
    """UTF-8 with a byte order mark, semicolons; `words` are how a question reads."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(_headings(language))
    for row in _rows(courses, words):
        writer.writerow([no_formula(str(cell)) for cell in row])
    return buffer.getvalue().encode("utf-8-sig", "replace")


def evaluations_xlsx(
    courses: Iterable[CourseEvaluation], language: Language, words: Callable[[QuestionResult], str]
) -> bytes:
    """One sheet; text is always written as text."""
    import xlsxwriter

    buffer, rows, headings = BytesIO(), [*_rows(courses, words)], _headings(language)
    safely = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, safely) as workbook:
        sheet = workbook.add_worksheet(text(language, "evaluation.export.sheet"))
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


def _headings(language: Language) -> list[str]:
    return [text(language, f"evaluation.export.{name}") for name in COLUMNS]


def _rows(courses: Iterable[CourseEvaluation], words: Callable[[QuestionResult], str]) -> Iterator[Row]:
    for course in courses:
        about = (course.title, course.theme, course.shown.asked, course.shown.forms)
        for one in course.shown.questions:
            for value, count in one.counts:
                yield (*about, words(one), value, count)
            for said in one.texts:
                yield (*about, words(one), said, "")
