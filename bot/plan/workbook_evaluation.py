"""A course's evaluation in a workbook: three cells of its row, and the questions on a sheet of their own.

the cells and rows           are in the document
`Evaluering` alone           what stands in it
anything else besides        a mapping of all of it
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.plan import sheets
from bot.plan.nodes import Mapping, NodeEntry

if TYPE_CHECKING:
    from bot.plan.nodes import Node

EVALUATION_CELLS = MappingProxyType(
    {"evaluation": "form", "evaluation_opens": "opens", "evaluation_closes": "closes"}
)
"""By a column's key, what the document calls it."""
QUESTIONS = sheets.EVALUATION_QUESTIONS.key
_CALLED = {column.key: column.danish for column in sheets.COURSES.columns if column.key in EVALUATION_CELLS}
HEADINGS = MappingProxyType(
    {EVALUATION_CELLS[key]: danish for key, danish in _CALLED.items()}
    | {"questions": sheets.EVALUATION_QUESTIONS.danish}
)


def listed_questions(rows: Node | None) -> list[NodeEntry]:
    """The rows of one course, on their way into its evaluation."""
    return [] if rows is None else [NodeEntry(QUESTIONS, rows.spot, rows)]


def with_evaluation(entries: list[NodeEntry]) -> tuple[NodeEntry, ...]:
    """What a course says, with what belongs to its evaluation as one."""
    names = {**EVALUATION_CELLS, QUESTIONS: "questions"}
    parts = [NodeEntry(names[one.key], one.spot, one.value) for one in entries if one.key in names]
    if all(one.key == "form" for one in parts):
        return tuple(entries)
    others = [one for one in entries if one.key not in names]
    return (*others, NodeEntry("evaluation", parts[0].spot, Mapping(tuple(parts), parts[0].spot, HEADINGS)))
