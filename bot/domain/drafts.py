"""What somebody is about to change in a plan that is kept on the desk: row by row, and what comes of it.

A plan is the rows of the sheets that its workbook has (`bot.plan.desk_rows`). A draft is no plan of its
own: it says of each row how it was and how it shall be, so that what others save meanwhile stays, and
nobody's words are lost.

    the draft says of            there is now                comes to
    a new row                    none, or the same           that row, behind the one that it was put behind
    a new row                    another of that name        a conflict
    a row that goes              none, or the same           no row
    a row that goes              another content             a conflict
    cells of a row               no row                      a conflict
    a cell                       as it was, or as it shall   as it shall be
    a cell                       something else              a conflict
    lines of one owner           as for a cell, all together

The lines of one owner are what has no id: the speakers of a course, the people of an audience, the closing
days. They are changed together, so that nobody's address is ever put to another one's name. Where there is a
conflict, what stands there now is kept until somebody chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

Cells: TypeAlias = Mapping[str, str]
"""What stands in a row, by the column's key; an empty cell is not there."""

Lines: TypeAlias = tuple[Cells, ...]
"""One row, or the lines of one owner; () where there is none."""

RowKey: TypeAlias = tuple[str, str]
"""The key of the sheet, and what names the row there for good."""

Rows: TypeAlias = Mapping[RowKey, Lines]
"""A whole plan, in its order."""

WHOLE = ""
"""The column of a conflict about a row as a whole."""

LINES = "*"
"""What the name of a row ends with that is all the lines of one owner."""


class Side(StrEnum):
    """Whose words hold where two people have changed the same."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """How a row was, and how it shall be; () on one side where it is new or goes.

    `behind` is the row of its sheet that a new one comes after, "" at the end.
    """

    sheet: str
    row: str
    before: Lines = ()
    after: Lines = ()
    behind: str = ""

    @property
    def key(self) -> RowKey:
        """Which row it is about."""
        return self.sheet, self.row

    def is_by_cell(self, now: Lines) -> bool:
        """Whether it is one row, before, after and now, of which cells can be changed one by one."""
        return not self.row.endswith(LINES) and len(self.before) == len(self.after) == len(now) == 1

    def reversed(self) -> RowChange:
        """What takes it back."""
        return replace(self, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftConflict:
    """Something that the draft changes and somebody else has changed otherwise meanwhile.

    `column` is the cell's, `WHOLE` of a whole row; `before`, `mine` and `theirs` are the row or the lines as
    they were, as the draft wants them, and as they stand now.
    """

    sheet: str
    row: str
    column: str
    before: Lines
    mine: Lines
    theirs: Lines

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it among the conflicts of a draft."""
        return self.sheet, self.row, self.column


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The rows with what could be changed, and what could not."""

    rows: Rows
    conflicts: tuple[DraftConflict, ...] = ()


def changes_between(before: Rows, after: Rows) -> tuple[RowChange, ...]:
    """What makes the one of the other, in the order of `after`; what goes comes last."""
    changes = [
        RowChange(sheet=key[0], row=key[1], before=before.get(key, ()), after=lines, behind=behind)
        for key, lines, behind in _with_neighbours(after)
        if lines != before.get(key, ())
    ]
    changes += [
        RowChange(sheet=key[0], row=key[1], before=lines, behind=behind)
        for key, lines, behind in _with_neighbours(before)
        if lines and not after.get(key)
    ]
    return tuple(changes)


def _with_neighbours(rows: Rows) -> Iterator[tuple[RowKey, Lines, str]]:
    """Every row with the one before it on its sheet."""
    last: dict[str, str] = {}
    for key, lines in rows.items():
        sheet, row = key
        yield key, lines, last.get(sheet, "")
        last[sheet] = row


def merged(rows: Rows, changes: Iterable[RowChange]) -> Merged:
    """The rows with the changes, by the table above."""
    made = dict(rows)
    conflicts: list[DraftConflict] = []
    for change in changes:
        now = made.get(change.key, ())
        if change.is_by_cell(now):
            cells, against = _merged_cells(change, now[0])
            made[change.key] = (cells,)
            conflicts += against
        elif now == change.before and now != change.after:
            made = _placed(made, change)
        elif now != change.after:
            conflicts.append(_conflict(change, WHOLE, now))
    return Merged(rows={key: lines for key, lines in made.items() if lines}, conflicts=tuple(conflicts))


def _merged_cells(change: RowChange, now: Cells) -> tuple[Cells, list[DraftConflict]]:
    before, after = change.before[0], change.after[0]
    cells = dict(now)
    conflicts: list[DraftConflict] = []
    for column in dict.fromkeys((*before, *after)):
        was, shall, stands = before.get(column, ""), after.get(column, ""), now.get(column, "")
        if shall in {was, stands}:
            continue
        if stands != was:
            conflicts.append(_conflict(change, column, (now,)))
            continue
        cells[column] = shall
    return {column: cell for column, cell in cells.items() if cell}, conflicts


def _placed(rows: dict[RowKey, Lines], change: RowChange) -> dict[RowKey, Lines]:
    """With the row as the change wants it: in its place, or behind the one that it was put behind."""
    neighbour = (change.sheet, change.behind)
    if change.key in rows or neighbour not in rows:
        return rows | {change.key: change.after}
    made: dict[RowKey, Lines] = {}
    for key, lines in rows.items():
        made[key] = lines
        if key == neighbour:
            made[change.key] = change.after
    return made


def _conflict(change: RowChange, column: str, now: Lines) -> DraftConflict:
    return DraftConflict(
        sheet=change.sheet, row=change.row, column=column,
        before=change.before, mine=change.after, theirs=now,
    )  # fmt: skip


def rebased(
    rows: Rows, changes: Iterable[RowChange], chosen: Mapping[tuple[str, str, str], Side]
) -> tuple[RowChange, ...]:
    """The changes as they stand against what there is now; those that change nothing any more are gone.

    Conflicts that are chosen are settled: what is mine shall be in place of what stands there now, what is
    theirs is no change of mine. Others stay as they are.
    """
    made: list[RowChange] = []
    for change in changes:
        mine = {key for key, side in chosen.items() if side is Side.MINE}
        settled = _settled(change, rows.get(change.key, ()), mine, chosen)
        if settled.before != settled.after:
            made.append(settled)
    return tuple(made)


def _settled(
    change: RowChange,
    now: Lines,
    mine: Container[tuple[str, str, str]],
    chosen: Container[tuple[str, str, str]],
) -> RowChange:
    whole = (*change.key, WHOLE)
    if not change.is_by_cell(now):
        if now in (change.before, change.after) or whole in mine:
            return replace(change, before=now)
        return replace(change, before=now, after=now) if whole in chosen else change
    cells, conflicts = _merged_cells(change, now[0])
    kept, wanted = dict(now[0]), dict(cells)
    for one in conflicts:
        was, shall = (side[0].get(one.column, "") for side in (change.before, change.after))
        if one.key in mine:
            wanted[one.column] = shall
        elif one.key not in chosen:
            kept[one.column], wanted[one.column] = was, shall
    return replace(change, before=(_filled(kept),), after=(_filled(wanted),))


def _filled(cells: Cells) -> Cells:
    return {column: cell for column, cell in cells.items() if cell}


def edited(
    rows: Rows, draft: Iterable[RowChange], form: Iterable[RowChange]
) -> tuple[tuple[RowChange, ...], tuple[DraftConflict, ...]]:
    """The draft with what a form changes of it, as it stands against `rows`; and what met another's words.

    A form is filled in where the draft was shown as far as it could be made. What is in conflict in the draft
    itself stays so, but where the form says something of it: whoever wrote that had both before them.
    """
    known = {change.key: change for change in rebased(rows, draft, {})}
    standing, typed = merged(rows, known.values()), {change.key: change for change in form}
    made = merged(standing.rows, typed.values())
    changes = {change.key: change for change in changes_between(rows, made.rows)}
    for one in standing.conflicts:
        key = one.sheet, one.row
        if one.column == WHOLE:
            changes.update({} if key in typed else {key: known[key]})
        elif key not in typed or not _says(typed[key], one.column):
            now = rows[key]
            change = changes.get(key) or RowChange(sheet=one.sheet, row=one.row, before=now, after=now)
            changes[key] = _still_wanting(change, known[key], one.column)
    return tuple(changes.values()), made.conflicts


def _says(change: RowChange, column: str) -> bool:
    """Whether it has something to say of a cell; a row that goes or is new has of each."""
    sides = [side[0].get(column, "") if len(side) == 1 else None for side in (change.before, change.after)]
    return None in sides or sides[0] != sides[1]


def _still_wanting(change: RowChange, draft: RowChange, column: str) -> RowChange:
    """With the cell as the draft has it on both sides."""
    before, after = (
        _filled({**mine[0], column: theirs[0].get(column, "")})
        for mine, theirs in ((change.before, draft.before), (change.after, draft.after))
    )
    return replace(change, before=(before,), after=(after,))


def taken_back(changes: Iterable[RowChange]) -> tuple[RowChange, ...]:
    """What takes all of them back, the last one first."""
    return tuple(change.reversed() for change in reversed([*changes]))
