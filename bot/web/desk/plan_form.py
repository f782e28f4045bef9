"""A form of the plan as a browser sends it, and as a page shows it.

    field            of row n
    `r3`             its sheet, what it belongs to and its id, between exclamation marks
    `w3`             its cells as they were when the form was shown, as JSON; empty of a new row
    `x3`             `gone` of one that goes, `moved` of one that stands elsewhere now
    `c3.title`       what is typed in a cell; several where boxes are ticked
    `t3.title`       `theirs`: what another has written there meanwhile shall hold
    `all`            the last field: without it the form was cut off on its way

What comes back is only taken for rows that the form may have: the rest is as if it had not been sent.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.domain.people import Language
from bot.plan import sheets
from bot.plan.columns import CellKind
from bot.plan.desk_cells import choices_of, shown_cell
from bot.plan.desk_forms import (
    COURSE,
    NEW,
    FormRow,
    as_kept,
    below,
    called,
    owned,
    owner_of,
    roots_of,
    unseen,
)
from bot.plan.desk_rows import BY_KEY, has_ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from starlette.datastructures import FormData

    from bot.domain.drafts import Cells, Rows
    from bot.plan.columns import Sheet, SheetColumn
    from bot.web.desk.plan_beside import Beside, GroupPick

MOST_ROWS = 5_000
MOST_DIGITS = 5
LONG = frozenset({"description", "note", "cancel_reason", "opening", "closing", "expenses.note"})
"""Columns of running text."""

NONE = "-"
"""The cell that names nobody and nothing, where an empty one means: as the course."""

FIELDSETS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "courses": (
        ("what", ("title", "theme", "status", "description")),
        ("who", ("audience", "optional_audience", "responsible")),
        (
            "enrolment",
            (
                "enrolment.mode", "enrolment.deadline", "enrolment.capacity", "enrolment.waiting_list",
                "enrolment.minimum", "enrolment.opens",
            ),
        ),
        ("place", ("venue.name", "venue.address", "venue.room", "online")),
    ),
    "offerings": (("", ("title", "capacity", "venue.name", "venue.address")),),
    "sessions": (("", ("title", "start", "end", "period", "venue.name", "venue.address")),),
    "reminders": (
        ("", ("template", "to", "channels", "before", "after", "days", "working_days", "weeks", "at")),
    ),
    "texts": (("", ("message", "language", "opening", "closing")),),
    "plan": (
        ("", ("organisation", "organiser", "contact", "language")),
        (
            "sending",
            ("sending.from", "sending.to", "sending.weekends", "sending.digest", "sending.max_per_week"),
        ),
    ),
    "expenses": (("", ("title", "amount", "purpose", "status")),),
    "course_funding": (("", ("pool", "amount", "purpose", "spent")),),
}  # fmt: skip
"""By sheet: what stands together on the form, and under which words; every other column is behind »Mere«."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """What may be chosen."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One cell as it is typed or chosen. `kind`: `line`, `area`, `choice` or `boxes`."""

    name: str
    label: str
    hint: str
    kind: str
    value: str = ""
    options: tuple[Option, ...] = ()
    told: tuple[Beside, ...] = ()
    theirs: str | None = None

    @property
    def described(self) -> str:
        """The ids of what is said about it."""
        told = [f"{self.name}-told-{number}" for number in range(1, len(self.told) + 1)]
        return " ".join([f"{self.name}-hint"] * bool(self.hint) + told)

    @property
    def is_wrong(self) -> bool:
        """Whether it cannot be saved so."""
        return any(one.severity == "error" for one in self.told)

    @property
    def says(self) -> bool:
        """Whether there is something to see in it."""
        return bool(self.value or self.told or self.theirs is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One row: its fields in their groups, what is rare, and the rows that belong to it."""

    at: int
    row: FormRow
    title: str
    was: str
    groups: tuple[tuple[str, tuple[FieldView, ...]], ...]
    rare: tuple[FieldView, ...]
    lists: tuple[ListView, ...] = ()
    told: tuple[Beside, ...] = ()
    met: str = ""
    pick: GroupPick | None = None

    @property
    def place(self) -> str:
        """What `r3` says."""
        return f"{self.row.sheet}!{self.row.owner}!{self.row.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """The rows of one sheet that belong together; another is added to row `of` ("" of none)."""

    sheet: str
    heading: str
    add: str
    of: str
    rows: tuple[RowView, ...]
    is_one: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form as it came: its rows, and where what another has written shall hold, by row and column."""

    rows: tuple[FormRow, ...] = ()
    theirs: frozenset[tuple[int, str]] = frozenset()
    is_whole: bool = False


def read_sent(data: FormData, form: str, course: str) -> Sent:
    """The rows as they were typed; those that have no place on the form are left out."""
    typed: dict[int, dict[str, str]] = {}
    theirs: set[tuple[int, str]] = set()
    for name in data:
        mark, dot, column = name.partition(".")
        if not dot or mark[:1] not in {"c", "t"} or (at := _number(mark[1:])) is None:
            continue
        said = (" and " if column == "when" else ", ").join(filter(None, map(_text, data.getlist(name))))
        if mark[0] == "c":
            typed.setdefault(at, {})[column] = said
        elif said == "theirs":
            theirs.add((at, column))
    rows: list[FormRow] = []
    kept: list[tuple[int, str]] = []
    for at in range(MOST_ROWS):
        if f"r{at}" not in data:
            break
        row = _row(data, at, typed.get(at, {}))
        if row is not None and _belongs(row, form, rows[0].id if rows else course):
            kept += [(len(rows), column) for number, column in theirs if number == at]
            rows.append(row)
    return Sent(rows=tuple(rows), theirs=frozenset(kept), is_whole="all" in data)


def _number(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS else None


def _text(said: object) -> str:
    return said.replace("\r\n", "\n") if isinstance(said, str) else ""


def _row(data: FormData, at: int, typed: Mapping[str, str]) -> FormRow | None:
    place, was, mark = (_text(data.get(f"{letter}{at}")) for letter in "rwx")
    parts = place.split("!")
    if len(parts) != 3 or parts[0] not in BY_KEY:  # noqa: PLR2004 - as `RowView.place` makes them
        return None
    try:
        shown = json.loads(was) if was else None
    except ValueError:
        return None
    if shown is not None and not (
        isinstance(shown, dict) and all(isinstance(one, str) for one in shown.values())
    ):
        return None
    row = FormRow(
        sheet=parts[0],
        owner=parts[1],
        id=parts[2],
        cells={},
        was=shown,
        is_gone=bool(mark),
        is_moved=mark == "moved",
    )
    return as_kept(row, {key: said for key, said in typed.items() if key not in unseen(BY_KEY[row.sheet])})


def _belongs(row: FormRow, form: str, course: str) -> bool:
    """Whether the form may have it: what it begins with, and what belongs to that; of a course its own."""
    sheet, roots = BY_KEY[row.sheet], roots_of(form)
    if form == COURSE:
        is_new = course in {NEW, ""} and row.was is None
        return (row.id == course or is_new) if sheet in roots else row.owner.startswith(f"{course}/")
    return row.owner in {"", "/"} if sheet in roots else owner_of(sheet) in roots


NOBODYS = "\n"
"""An owner that no row has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawer:
    """Makes the views of a form; `rows` say what it may name, `told` what is wrong by row and column."""

    language: Language
    rows: Rows
    words: Mapping[str, str]
    told: Mapping[tuple[int, str], Sequence[Beside]] = field(default_factory=dict)
    theirs: Mapping[tuple[int, str], str] = field(default_factory=dict)
    picks: Mapping[int, GroupPick] = field(default_factory=dict)

    def lists(self, form: Sequence[FormRow], name: str) -> tuple[ListView, ...]:
        """The form as a tree: the lists that it begins with, each row with those that belong to it."""
        return tuple(self._list(form, sheet, self._top(sheet), "") for sheet in roots_of(name))

    @staticmethod
    def _top(sheet: Sheet) -> str:
        return "/" if any(column.parent for column in sheet.columns) else ""

    def _list(self, form: Sequence[FormRow], sheet: Sheet, owner: str, of: str) -> ListView:
        mine = [(at, row) for at, row in enumerate(form) if row.sheet == sheet.key and row.owner == owner]
        rows = tuple(self._view(form, at, row) for at, row in mine)
        is_one = sheet in {sheets.PLAN, sheets.COURSES}
        return ListView(
            sheet=sheet.key,
            heading=self.words.get(f"list.{sheet.key}", self._heading(sheet)),
            add=self.words.get(f"add.{sheet.key}", self.words["add.other"]),
            of=of,
            rows=rows,
            is_one=is_one,
        )

    def _view(self, form: Sequence[FormRow], at: int, row: FormRow) -> RowView:
        sheet = BY_KEY[row.sheet]
        fields = {
            column.key: self.field(at, row, column)
            for column in sheet.columns
            if column.key not in unseen(sheet)
        }
        groups = FIELDSETS.get(sheet.key, (("", tuple(fields)),))
        shown = {key for _, keys in groups for key in keys}
        return RowView(
            at=at,
            row=row,
            title=called(sheet, row.cells, self.language),
            was="" if row.was is None else json.dumps(dict(row.was), ensure_ascii=False),
            groups=tuple(
                (name, tuple(fields[key] for key in keys if key in fields)) for name, keys in groups
            ),
            rare=tuple(one for key, one in fields.items() if key not in shown),
            lists=tuple(self._below(form, at, row)),
            told=tuple(self.told.get((at, ""), ())),
            met=self.theirs.get((at, ""), ""),
            pick=self.picks.get(at),
        )

    def _below(self, form: Sequence[FormRow], at: int, row: FormRow) -> Iterator[ListView]:
        sheet = BY_KEY[row.sheet]
        if not has_ids(sheet) or sheet is sheets.PLAN:
            return
        has_offerings = any(one.sheet == "offerings" and not one.is_gone for one in form)
        for child in below(sheet):
            # What is new gets its id with the first thing that belongs to it; until then nothing does.
            mine = owned(child, sheet, row.name) if row.id else NOBODYS
            is_loose = child is sheets.SESSIONS and sheet is sheets.COURSES
            if not (is_loose and has_offerings and not _any_at(form, child, mine)):
                yield self._list(form, child, mine, str(at))

    def _heading(self, sheet: Sheet) -> str:
        return sheet.danish if self.language is Language.DA else sheet.english

    def field(self, at: int, row: FormRow, column: SheetColumn) -> FieldView:
        """One cell of a row."""
        cell = row.cells.get(column.key, "")
        view = FieldView(
            name=f"c{at}.{column.key}",
            label=column.danish if self.language is Language.DA else column.english,
            hint=self.words.get(column.hint, "") if column.key not in NAMED else "",
            kind="line",
            value=shown_cell(column, cell, self.language),
            told=tuple(self.told.get((at, column.key), ())),
            theirs=self._shown_theirs(at, column),
        )
        if column.key in NAMED:
            return self._named(view, row, column, cell)
        if choices := choices_of(column):
            is_several = column.kind is CellKind.CHOICES
            in_danish = self.language is Language.DA
            words = [(word, label if in_danish else _in_english(word)) for word, label in choices]
            return _chosen(view, words, cell, is_several=is_several, nothing=self.words["as_else"])
        is_long = column.key in LONG or "\n" in cell
        return replace(view, kind="area" if is_long else "line")

    def _shown_theirs(self, at: int, column: SheetColumn) -> str | None:
        found = self.theirs.get((at, column.key))
        return None if found is None else shown_cell(column, found, self.language)

    def _named(self, view: FieldView, row: FormRow, column: SheetColumn, cell: str) -> FieldView:
        """What it may name, by what that is called."""
        options = [*self._names(column)]
        if column.key == "pool":
            return _chosen(view, options, cell, is_several=False, nothing=self.words["nothing"])
        if row.sheet == sheets.SESSIONS.key and column.key != "when":
            options.append((NONE, self.words["nobody"]))
        joined = cell.replace(" and ", ", ") if column.key == "when" else cell
        return _chosen(view, options, joined, is_several=True, nothing="")

    def _names(self, column: SheetColumn) -> Iterator[tuple[str, str]]:
        if column.key == "when":
            for name, cells in self._things(sheets.ASSUMPTIONS):
                asked = cells.get("question", name)
                if options := cells.get("options", ""):
                    yield from ((f"{name} = {one}", f"{asked} {one}") for one in options.split(", "))
                else:
                    yield name, f"{asked} {self.words['yes']}"
                    yield f"not {name}", f"{asked} {self.words['no']}"
            return
        sheet = sheets.POOLS if column.key == "pool" else sheets.AUDIENCES
        yield from ((name, cells.get("name", name)) for name, cells in self._things(sheet))

    def _things(self, sheet: Sheet) -> Iterator[tuple[str, Cells]]:
        return ((key[1], lines[0]) for key, lines in self.rows.items() if key[0] == sheet.key)


ENGLISH = {"true": "yes", "false": "no", "da": "Danish", "en": "English"}


def _in_english(word: str) -> str:
    return ENGLISH.get(word, word.replace("_", " "))


NAMED = frozenset({"audience", "optional_audience", "pool", "when"})
"""Columns that name something of the plan."""


def _any_at(form: Sequence[FormRow], sheet: Sheet, owner: str) -> bool:
    return any(row.sheet == sheet.key and row.owner == owner and not row.is_gone for row in form)


def _chosen(
    view: FieldView, words: Sequence[tuple[str, str]], cell: str, *, is_several: bool, nothing: str
) -> FieldView:
    """With what may be chosen; what is chosen and is none of it stands there as it was typed."""
    chosen = cell.split(", ") if cell and is_several else [cell] if cell else []
    known = {word for word, _ in words}
    options = [*words, *((one, one) for one in chosen if one not in known)]
    made = [Option(value=word, label=label, is_chosen=word in chosen) for word, label in options]
    if not is_several:
        made.insert(0, Option(value="", label=nothing, is_chosen=not chosen))
    return replace(view, kind="boxes" if is_several else "choice", value=cell, options=tuple(made))
