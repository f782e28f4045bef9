"""What a seat costs, on paper: course by course, and by department (pure; `bot.overview.costs` reckons it).

What nobody knows is said and never 0: who came, departments that the directory does not have, and courses
without an amount.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bot.domain.plan import CourseStatus
from bot.messages.characters import one_line
from bot.overview.costs import by_department
from bot.overview.document import Cell, PaperColumn, PaperSection, PaperTable, Sentences, cell, without_empty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.overview.document import Block
    from bot.overview.lines import CourseCost, DepartmentCost, Overview
    from bot.overview.words import Words

COURSE_COLUMNS = (
    ("course", 6), ("cost", 3), ("capacity", 2), ("registered", 2), ("attended", 2),
    ("per_seat", 3), ("per_registered", 3), ("per_attended", 3),
)  # fmt: skip
DEPARTMENT_COLUMNS = (
    ("department", 6),
    ("registered", 2),
    ("attended", 2),
    ("cost", 3),
    ("per_registered", 3),
)
WORDS = frozenset({"course", "department"})
"""The columns that are no numbers."""


def cost_sections(overview: Overview, words: Words) -> Iterator[PaperSection]:
    """One section, where any course of the overview is paid from a pool."""
    if not any(course.funding for course in overview.courses):
        return
    blocks: list[Block] = [Sentences(lines=tuple(_notes(overview, words)))]
    if overview.costs:
        attended_known = any(cost.seats.attended is not None for cost in overview.costs)
        rows = tuple(_course(overview, cost, words, attended_known=attended_known) for cost in overview.costs)
        blocks.append(_table(words("costs"), COURSE_COLUMNS, rows, words))
    for currency in dict.fromkeys(cost.currency for cost in overview.costs):
        blocks += _departments(overview, currency, words)
    yield PaperSection(heading=words("costs"), blocks=tuple(blocks), level=2)


def _notes(overview: Overview, words: Words) -> Iterator[str]:
    if overview.costs:
        yield words("costs_terms")
    if without := _courses_without_cost(overview):
        yield words.count("costs_unknown", without)
    if overview.costs and all(cost.seats.attended is None for cost in overview.costs):
        yield words("attended_unknown")
    seated = [part for cost in overview.costs for part in cost.departments]
    if seated and not any(part.department for part in seated):
        yield words("departments_unknown")


def _courses_without_cost(overview: Overview) -> int:
    """How many are paid for, and nobody knows what they cost."""
    known = {cost.course for cost in overview.costs}
    return sum(
        course.id not in known
        for course in overview.courses
        if course.funding and course.status is not CourseStatus.CANCELLED
    )


def _course(overview: Overview, cost: CourseCost, words: Words, *, attended_known: bool) -> tuple[Cell, ...]:
    seats, is_known = cost.seats, not cost.amounts.unknown

    def per(amount: Decimal | None) -> Cell:
        if amount is None:
            return cell(words("not_applicable"))
        shown = words.amount(amount, cost.currency)
        return shown if is_known else cell(words("at_least", amount=shown.text))

    return (
        cell(one_line(overview.titles[cost.course])),
        words.planned(cost.amounts, cost.currency),
        cell(words("no_limit")) if seats.capacity is None else _number(seats.capacity),
        _number(seats.registered),
        _attended(seats.attended, words) if attended_known else Cell(),
        per(cost.per_seat),
        per(cost.per_registered),
        (cell(words("unknown")) if seats.attended is None else per(cost.per_attended))
        if attended_known
        else Cell(),
    )


def _departments(overview: Overview, currency: str, words: Words) -> Iterator[Block]:
    """Where any department is known."""
    found, nobody = by_department(overview.costs, currency)
    if not any(one.department for one in found):
        return
    attended_known = any(one.attended is not None for one in found)
    rows = [_department(one, currency, words, attended_known=attended_known) for one in found]
    if nobody:
        rows.append(
            (
                cell(words("nobody_yet")),
                _number(0),
                Cell(),
                words.amount(nobody, currency),
                cell(words("not_applicable")),
            )
        )
    total = sum((one.amount for one in found), nobody)
    rows.append(
        (
            cell(words("in_all")),
            _number(sum(one.registered for one in found)),
            Cell(),
            words.amount(total, currency),
            Cell(),
        )
    )
    yield _table(words("by_department_caption"), DEPARTMENT_COLUMNS, tuple(rows), words, has_total=True)


def _department(
    one: DepartmentCost, currency: str, words: Words, *, attended_known: bool
) -> tuple[Cell, ...]:
    return (
        cell(one_line(one.department) or words("department_unknown")),
        _number(one.registered),
        _attended(one.attended, words) if attended_known else Cell(),
        words.amount(one.amount, currency),
        cell(words("not_applicable"))
        if one.per_registered is None
        else words.amount(one.per_registered, currency),
    )


def _attended(attended: int | None, words: Words) -> Cell:
    return cell(words("unknown")) if attended is None else _number(attended)


def _number(count: int) -> Cell:
    return Cell(lines=(str(count),), number=count)


def _table(
    caption: str,
    columns: tuple[tuple[str, int], ...],
    rows: tuple[tuple[Cell, ...], ...],
    words: Words,
    *,
    has_total: bool = False,
) -> PaperTable:
    made = tuple(
        PaperColumn(heading=words(f"column.{name}"), share=share, is_number=name not in WORDS)
        for name, share in columns
    )
    return without_empty(PaperTable(caption=caption, columns=made, rows=rows, has_total=has_total))
