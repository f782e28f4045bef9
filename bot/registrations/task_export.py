"""What became of the tasks after a course, for a spreadsheet: CSV for a Danish Excel, and a workbook.

What the page shows and nothing else (`bot.domain.task_answers.shown_answers`). Of each task that has
fallen due

| a row for | name | answer | text | count |
|---|---|---|---|---|
| each state, where the counts may be shown | – | the state | – | how many |
| each answer that is shown one by one | where it was given under it | the state | what was written | – |
| all that is held back | – | – | that it is, and why | – |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.evaluation_results import FEWEST
from bot.i18n.catalogue import text
from bot.i18n.tasks import task_question
from bot.registrations.row_files import rows_csv, rows_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.domain.people import Language
    from bot.domain.task_answers import TaskResult, TaskState
    from bot.registrations.row_files import FileRow

COLUMNS = ("course", "task", "question", "asked", "answers", "name", "state", "said", "count")


def tasks_csv(found: Iterable[TaskResult], language: Language) -> bytes:
    """UTF-8 with a byte order mark, semicolons."""
    return rows_csv(_headings(language), _rows(found, language))


def tasks_xlsx(found: Iterable[TaskResult], language: Language) -> bytes:
    """One sheet; text is always written as text."""
    sheet = text(language, "tasks.export.sheet")
    return rows_xlsx(sheet, _headings(language), [*_rows(found, language)])


def _headings(language: Language) -> list[str]:
    return [text(language, f"tasks.export.{name}") for name in COLUMNS]


def _rows(found: Iterable[TaskResult], language: Language) -> Iterator[FileRow]:
    def called(state: TaskState | None) -> str:
        return text(language, f"tasks.state.{state.value}") if state is not None else ""

    for one in found:
        if one.due is None:
            continue
        about = (one.title, one.task.text, task_question(one.task, language), one.asked, one.answers)
        if one.has_counts:
            for state, count in one.counts:
                yield (*about, "", called(state), "", count)
        for said in one.said:
            yield (*about, said.name, called(said.state), said.said, "")
        if one.held_back:
            yield (*about, "", "", text(language, "tasks.result.few", fewest=FEWEST), "")
