"""The results of evaluations for a spreadsheet: CSV for a Danish Excel, and a workbook.

One row for each value of a question, or each text. Only what may be shown is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n.catalogue import text
from bot.registrations.row_files import rows_csv, rows_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.domain.evaluation_results import CourseEvaluation, QuestionResult
    from bot.domain.people import Language
    from bot.registrations.row_files import FileRow

COLUMNS = ("course", "theme", "asked", "forms", "question", "answer", "count")


def evaluations_csv(
    courses: Iterable[CourseEvaluation], language: Language, words: Callable[[QuestionResult], str]
) -> bytes:
    """UTF-8 with a byte order mark, semicolons; `words` are how a question reads."""
    return rows_csv(_headings(language), _rows(courses, words))


def evaluations_xlsx(
    courses: Iterable[CourseEvaluation], language: Language, words: Callable[[QuestionResult], str]
) -> bytes:
    """One sheet; text is always written as text."""
    sheet = text(language, "evaluation.export.sheet")
    return rows_xlsx(sheet, _headings(language), [*_rows(courses, words)])


def _headings(language: Language) -> list[str]:
    return [text(language, f"evaluation.export.{name}") for name in COLUMNS]


def _rows(courses: Iterable[CourseEvaluation], words: Callable[[QuestionResult], str]) -> Iterator[FileRow]:
    for course in courses:
        about = (course.title, course.theme, course.shown.asked, course.shown.forms)
        for one in course.shown.questions:
            for value, count in one.counts:
                yield (*about, words(one), value, count)
            for said in one.texts:
                yield (*about, words(one), said, "")
