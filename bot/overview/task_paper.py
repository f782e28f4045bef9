"""What courses were used for, on paper: numbers of what people say of the tasks afterwards (pure).

No text and no name; of a task of which too few may be counted only that (`bot.domain.task_answers`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.evaluation_results import FEWEST
from bot.domain.task_answers import TaskState
from bot.messages.characters import one_line
from bot.overview.document import Cell, PaperColumn, PaperSection, PaperTable, Sentences, cell, without_empty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.overview.lines import Overview, TaskLine
    from bot.overview.words import Words

COLUMNS = (("course", 5), ("task", 6), ("answered", 3))
SHARE_OF_STATE = 2


def task_sections(overview: Overview, words: Words) -> Iterator[PaperSection]:
    """One section, where anybody has answered about a task of a course of the overview."""
    if not overview.tasks:
        return
    headings = [(words(f"column.{name}"), share) for name, share in COLUMNS]
    headings += [(words(f"task_state.{state.value}"), SHARE_OF_STATE) for state in TaskState]
    columns = tuple(
        PaperColumn(heading=heading, share=share, is_number=number > 1)
        for number, (heading, share) in enumerate(headings)
    )
    rows = tuple(_row(overview, one, words) for one in overview.tasks)
    table = without_empty(PaperTable(caption=words("tasks"), columns=columns, rows=rows))
    yield PaperSection(heading=words("tasks"), blocks=(Sentences(lines=(words("tasks_terms"),)), table))


def _row(overview: Overview, one: TaskLine, words: Words) -> tuple[Cell, ...]:
    about = (cell(one_line(overview.titles[one.course])), cell(one_line(one.text)))
    if one.counts is None:
        return (*about, cell(words("task_few", fewest=FEWEST)), *(Cell() for _ in TaskState))
    return (*about, _number(sum(one.counts)), *map(_number, one.counts))


def _number(count: int) -> Cell:
    return Cell(lines=(str(count),), number=count)
