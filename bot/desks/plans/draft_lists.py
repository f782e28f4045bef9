"""Somebody else's list of courses in a draft: what would become of each row, before anything is taken in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.errors import InputError
from bot.i18n.catalogue import text
from bot.plan.foreign_list import ListField, SameTitle, headings_of, taken_in
from bot.plan.tables import ListedRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.drafts import Cells, Rows
    from bot.domain.people import Language
    from bot.plan.foreign_list import ListColumn, TakenIn

MOST_ROWS = 500
"""More than a page can show, and than any year has: some other list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftList:
    """A list that is looked over: `lines` are all its cells, `below` those under the headings."""

    lines: tuple[tuple[str, ...], ...]
    below: tuple[tuple[str, ...], ...]
    columns: tuple[ListColumn, ...]
    same: SameTitle
    taken: TakenIn

    @property
    def new(self) -> tuple[tuple[Cells, tuple[Cells, ...]], ...]:
        """Each course that it would become, with its sessions."""
        rows = self.taken.rows
        return tuple(
            (
                rows["courses", course][0],
                tuple(
                    lines[0]
                    for (sheet, row), lines in rows.items()
                    if sheet == "sessions" and row.startswith(f"{course}/")
                ),
            )
            for course in self.taken.courses
        )


def draft_list(
    rows: Rows,
    lines: Sequence[Sequence[str]],
    language: Language,
    *,
    fields: Mapping[int, ListField] | None = None,
    same: SameTitle | None = None,
) -> DraftList:
    """What a list would become in the plan of these rows.

    `fields` and `same` are what HR says of its columns and of rows of one title; None what is guessed. Raises
    InputError `list_too_long`.
    """
    if len(lines) > MOST_ROWS:
        raise InputError("list_too_long", rows=len(lines), most=MOST_ROWS)
    listed = [ListedRow(cells=tuple(cells), sheet="", line=number) for number, cells in enumerate(lines, 1)]
    at, guessed = headings_of(listed)
    columns = guessed
    if fields is not None:
        columns = tuple(replace(column, field=fields.get(column.position)) for column in guessed)
    said = {column.position: column.field for column in columns if column.field is not None}
    same = same or SameTitle.OFFERINGS
    note_of = {about: text(language, f"plan_list.field.{about.value}") for about in ListField}
    taken = taken_in(
        rows,
        listed[at + 1 :],
        said,
        same=same,
        note_of=note_of,
        called=lambda number: text(language, "plan_edit.copy.next", number=number),
    )
    return DraftList(
        lines=tuple(tuple(cells) for cells in lines),
        below=tuple(one.cells for one in listed[at + 1 :]),
        columns=columns,
        same=same,
        taken=taken,
    )
