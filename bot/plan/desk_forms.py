"""The forms in which a plan on the desk is edited: which rows are on which, and what was changed.

A form is made of the table of columns (`bot.plan.sheets`): a sheet or a column that comes to that table is
on its form by itself.

    form          its rows
    a course      its own, and of each sheet whose rows belong to a course those of this one
    audiences     the audiences, each with its people
    money         the pools, each with what is reserved of it and what else it pays
    decisions     the assumptions
    messages      reminders, and whatever else may be of one course, as far as it holds for all of them
    plan          the plan's own keys, and every sheet that is on no other form

    a row that is sent             is
    new, with nothing in it        nothing
    new, with something            a new row; it gets its id when the form is sent for the first time
    gone, and what belongs to it   a row that goes
    another                        the cells that stand otherwise than they were shown

Nobody sees an id. The first `Hold` of a course that has sessions takes these in under the id that they have
without any, so that nobody's appointment is another one by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.drafts import LINES, WHOLE, DraftConflict, RowChange
from bot.domain.plan import MAIN_OFFERING
from bot.plan import sheets
from bot.plan.desk_cells import new_id, settled, shown_cell
from bot.plan.desk_rows import BY_KEY, DESK_SHEETS, THE_PLAN, course_of, has_ids
from bot.plan.workbook_names import THE_SESSION

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from bot.domain.drafts import Cells, Lines, RowKey, Rows
    from bot.domain.people import Language
    from bot.plan.columns import Sheet

OWNERS = {
    "course": sheets.COURSES,
    "offering": sheets.OFFERINGS,
    "audience": sheets.AUDIENCES,
    "pool": sheets.POOLS,
}
"""The sheet of what a row belongs to, by the key of the column that says it."""

NEW = "new"
"""What stands in place of a course that has no id yet."""

OTHERWISE = {
    "courses": "kursus", "offerings": "hold", "sessions": THE_SESSION, "reminders": "paamindelse",
    "audiences": "maalgruppe", "funding": "pulje", "assumptions": "beslutning",
}  # fmt: skip
"""The id of a thing without a name."""

COURSE, PLAN = "course", "plan"
_OF_ALL_COURSES = tuple(
    sheet
    for sheet in DESK_SHEETS
    if any(column.key == "course" and column.parent and not column.needed for column in sheet.columns)
)
ROOTS = {
    "audiences": (sheets.AUDIENCES,),
    "money": (sheets.POOLS,),
    "decisions": (sheets.ASSUMPTIONS,),
    "messages": _OF_ALL_COURSES,
    PLAN: tuple(
        sheet
        for sheet in DESK_SHEETS
        if sheet not in {sheets.COURSES, sheets.AUDIENCES, sheets.POOLS, sheets.ASSUMPTIONS}
        and not any(column.parent for column in sheet.columns)
    ),
}
"""The sheets that the forms of a plan begin with, by the form's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """One row of a form: `owner` is the name of what it belongs to, with a slash at the end ("" of none).

    `id` is "" of a line, and of a new thing that has none yet; `cells` as they are kept, `was` as they were
    when the form was shown, None of a new one. One that is `moved` goes because it stands under another
    owner now.
    """

    sheet: str
    owner: str = ""
    id: str = ""
    cells: Cells
    was: Cells | None = None
    is_gone: bool = False
    is_moved: bool = False

    @property
    def name(self) -> str:
        """What names it for good (`bot.plan.desk_rows.row_name`)."""
        if self.sheet == sheets.PLAN.key:
            return THE_PLAN[1]
        return self.owner + (self.id if has_ids(BY_KEY[self.sheet]) else LINES)

    @property
    def key(self) -> RowKey:
        """The row that it is, or all the lines that it is one of."""
        return self.sheet, self.name


def owner_of(sheet: Sheet) -> Sheet | None:
    """What a row of the sheet belongs to, None of nothing; a session to an offering, where there are any."""
    parents = [column.key for column in sheet.columns if column.parent]
    return OWNERS.get(parents[-1]) if parents else None


def below(sheet: Sheet) -> tuple[Sheet, ...]:
    """The sheets whose rows belong to one of this; of a course also its sessions without an offering."""
    found = [one for one in DESK_SHEETS if owner_of(one) is sheet]
    return (found[0], sheets.SESSIONS, *found[1:]) if sheet is sheets.COURSES else tuple(found)


def roots_of(form: str) -> tuple[Sheet, ...]:
    """The sheets that a form begins with."""
    return (sheets.COURSES,) if form == COURSE else ROOTS[form]


def rows_shown(rows: Rows, form: str, course: str = "") -> tuple[FormRow, ...]:
    """The rows of a form as they stand, each before what belongs to it; of a course of no rows a new one."""
    if form == COURSE and (sheets.COURSES.key, course) not in rows:
        return (FormRow(sheet=sheets.COURSES.key, cells={}),)
    made: list[FormRow] = []
    for sheet in roots_of(form):
        for key, lines in rows.items():
            if key[0] == sheet.key and _is_on(key, form, course):
                _add(made, rows, key, lines)
    return tuple(made)


def _is_on(key: RowKey, form: str, course: str) -> bool:
    if form == COURSE:
        return key[1] == course
    return BY_KEY[key[0]] not in _OF_ALL_COURSES or key[1].startswith("/")


def _add(made: list[FormRow], rows: Rows, key: RowKey, lines: Lines) -> None:
    sheet = BY_KEY[key[0]]
    owner, _, last = key[1].rpartition("/")
    path = f"{owner}/" if "/" in key[1] else ""
    for cells in lines:
        ident = last if has_ids(sheet) else ""
        made.append(FormRow(sheet=sheet.key, owner=path, id=ident, cells=cells, was=cells))
    if not has_ids(sheet):
        return
    for child in below(sheet):
        mine = owned(child, sheet, key[1])
        for other, theirs in rows.items():
            if other[0] == child.key and other[1].rpartition("/")[0] + "/" == mine:
                _add(made, rows, other, theirs)


def owned(sheet: Sheet, by: Sheet, name: str) -> str:
    """What the names of the rows of a sheet begin with that belong to a row of another one."""
    return f"{name}//" if sheet is sheets.SESSIONS and by is sheets.COURSES else f"{name}/"


def as_kept(row: FormRow, typed: Mapping[str, str]) -> FormRow:
    """The row with what was typed in it; what nobody sees of it stays as it is or follows from its place."""
    sheet = BY_KEY[row.sheet]
    kept = {key: cell for key, cell in (row.was or {}).items() if key in unseen(sheet)}
    return replace(row, cells={**settled(sheet, typed), **kept, **_fixed(row)})


def unseen(sheet: Sheet) -> frozenset[str]:
    """The columns that no form shows: ids, what they were, and what the row belongs to."""
    here = {"id", "was"} | {column.key for column in sheet.columns if column.parent} | sheet.left_out
    return frozenset(here | {"version"}) if sheet is sheets.PLAN else frozenset(here)


def _fixed(row: FormRow) -> Cells:
    """What follows from where it stands."""
    sheet = BY_KEY[row.sheet]
    if sheet is sheets.PLAN:
        return {}
    parents = [column.key for column in sheet.columns if column.parent]
    said = dict(zip(parents, row.owner.split("/"), strict=False)) | {"id": row.id if has_ids(sheet) else ""}
    return {key: cell for key, cell in said.items() if cell}


def with_ids(form: Sequence[FormRow], rows: Rows) -> tuple[FormRow, ...]:
    """Every new thing with an id of its own: of its name, else of its kind. None of those that there are."""
    made: list[FormRow] = []
    taken = {(key[0], key[1]) for key in rows} | {row.key for row in form if row.id}
    for row in form:
        sheet, one = BY_KEY[row.sheet], row
        if has_ids(sheet) and not row.id and sheet is not sheets.PLAN:
            alike = {
                name[len(row.owner) :] for key, name in taken if key == sheet.key and _is_beside(name, row)
            }
            words = row.cells.get(sheet.named_by or "title", "")
            one = replace(row, id=new_id(words, alike, otherwise=OTHERWISE.get(sheet.key, sheet.key)))
            one = replace(one, cells={**one.cells, "id": one.id})
            taken.add(one.key)
        made.append(one)
    return tuple(made)


def _is_beside(name: str, row: FormRow) -> bool:
    return name.startswith(row.owner) and "/" not in name[len(row.owner) :]


def with_another(form: Sequence[FormRow], sheet: Sheet, owner: str) -> tuple[FormRow, ...]:
    """With one more row of the sheet there, behind those that there are; see above of the first offering."""
    made = [*form]
    if sheet is sheets.OFFERINGS and not any(row.sheet == sheet.key and not row.is_gone for row in form):
        made = [*_under_one_offering(made, owner)]
    new = FormRow(sheet=sheet.key, owner=owner, cells={})
    new = replace(new, cells=_fixed(new))
    last = max((at for at, row in enumerate(made) if _is_within(row, sheet, owner)), default=len(made) - 1)
    return (*made[: last + 1], new, *made[last + 1 :])


def _is_within(row: FormRow, sheet: Sheet, owner: str) -> bool:
    """Whether it is of that sheet and owner, or belongs to something that is."""
    if row.sheet == sheet.key:
        return row.owner == owner
    return owner_of(BY_KEY[row.sheet]) is sheet and row.owner.startswith(owner)


def _under_one_offering(form: list[FormRow], owner: str) -> Iterator[FormRow]:
    """With the sessions that belong to no offering under a new one, of the id that they have without."""
    loose = [row for row in form if row.sheet == sheets.SESSIONS.key and row.owner == f"{owner}/"]
    if not any(not row.is_gone for row in loose):
        yield from form
        return
    for row in form:
        if row not in loose:
            yield row
    for row in loose:
        if row.was is not None:
            yield replace(row, is_gone=True, is_moved=not row.is_gone or row.is_moved)
    first = FormRow(sheet=sheets.OFFERINGS.key, owner=owner, id=MAIN_OFFERING, cells={})
    yield replace(first, cells=_fixed(first))
    for row in loose:
        if not row.is_gone:
            moved = replace(row, owner=f"{owner}{MAIN_OFFERING}/", was=None)
            yield replace(moved, cells={**row.cells, **_fixed(moved)})


def changes_of(form: Sequence[FormRow]) -> tuple[RowChange, ...]:
    """What the form changes of what was shown, by the table above; every new thing has its id."""
    kept = _kept(form)
    before: dict[RowKey, list[Cells]] = {}
    after: dict[RowKey, list[Cells]] = {}
    behind: dict[RowKey, str] = {}
    last: dict[str, str] = {}
    for at, row in enumerate(form):
        behind.setdefault(row.key, last.get(row.sheet, ""))
        last[row.sheet] = row.name
        before.setdefault(row.key, []).extend([] if row.was is None else [row.was])
        after.setdefault(row.key, []).extend([row.cells] if at in kept else [])
    return tuple(
        RowChange(sheet=key[0], row=key[1], before=tuple(shown), after=tuple(after[key]), behind=behind[key])
        for key, shown in before.items()
        if shown != after[key]
    )


def _kept(form: Sequence[FormRow]) -> set[int]:
    """Which do not go; of the new ones those that say something, or own something that does."""
    gone = tuple(f"{row.name}/" for row in form if row.is_gone and has_ids(BY_KEY[row.sheet]))
    stay = {at: row for at, row in enumerate(form) if not row.is_gone and not row.name.startswith(gone)}
    full = {
        at for at, row in stay.items() if row.was is not None or row.cells.keys() - unseen(BY_KEY[row.sheet])
    }
    owners = {stay[at].owner.rstrip("/") for at in full}
    return full | {at for at, row in stay.items() if row.id and row.name in owners}


def met(form: Sequence[FormRow], conflicts: Iterable[DraftConflict]) -> tuple[FormRow, ...]:
    """The form beside what another has written meanwhile: sent once more, it stands as it is then."""
    by_key = {(one.sheet, one.row): one for one in conflicts}
    made: list[FormRow] = []
    told: set[RowKey] = set()
    for row in form:
        one = by_key.get(row.key)
        if one is None:
            made.append(row)
        elif has_ids(BY_KEY[row.sheet]):
            made.append(replace(row, was=one.theirs[0] if one.theirs else None))
        else:
            theirs = [*one.theirs] if row.key not in told else []
            told.add(row.key)
            made += [replace(row, cells=cells, was=cells, is_gone=True, is_moved=True) for cells in theirs]
            made += [] if row.is_gone else [replace(row, was=None)]
    return tuple(made)


def as_theirs(form: Sequence[FormRow], conflict: DraftConflict) -> tuple[FormRow, ...]:
    """The form, which has met that conflict, with what the other wrote."""
    made: list[FormRow] = []
    key = conflict.sheet, conflict.row
    for row in form:
        if row.key != key:
            made.append(row)
        elif not has_ids(BY_KEY[row.sheet]):
            made += [] if row.was is None else [replace(row, is_gone=False, is_moved=False)]
        elif row.was is None:
            continue
        elif conflict.column == WHOLE:
            made.append(replace(row, cells=row.was, is_gone=False))
        else:
            cell = row.was.get(conflict.column, "")
            cells = {**row.cells, conflict.column: cell}
            made.append(replace(row, cells={column: said for column, said in cells.items() if said}))
    return tuple(made)


def narrowed(rows: Rows, courses: Collection[str]) -> Rows:
    """The plan with these courses alone, and all that no course has."""
    return {key: lines for key, lines in rows.items() if (course_of(key) or "") in {"", *courses}}


def called(sheet: Sheet, cells: Cells, language: Language) -> str:
    """What a row is called, in the reader's words; "" where it has no name yet."""
    names = (
        sheet.named_by, "title", "name", "email", "for", "start", "period", "purpose", "date", "first", "url",
    )  # fmt: skip
    column = next(
        (one for name in names for one in sheet.columns if name and one.key == name and cells.get(name)), None
    )
    return "" if column is None else shown_cell(column, cells[column.key], language)
