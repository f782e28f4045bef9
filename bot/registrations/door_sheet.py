"""A session's list that somebody filled in in Excel → who came, or everything that is wrong with it (pure).

Columns, by either heading; the order is free and others are left alone:

| Danish | English | may be left out |
|---|---|---|
| Navn | Name | where the address is there |
| E-mail, Mail, Mailadresse | Email, Mail | where the name is there |
| Mødt, Kommet | Came, Attended | no |

| the cell says | the person |
|---|---|
| ja, x, 1, kom, kommet, mødt (yes, came, true) | came |
| nej, 0, kom ikke, ikke kommet (no, absent, did not come, false) | did not |
| nothing | is left as they are: an empty cell is no answer |
| anything else | an error |

| the row names | is |
|---|---|
| an address of the list, else a name that one person of the list has | that person |
| a name that several have, and no address of theirs | an error |
| anybody else who came | a walk-in, by address where it is one that the books know, else by name |
| anybody else who did not come | left out: nobody expected them |

What stands already is no change. With one error nothing of the list is taken.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.attendance import LONGEST_NAME, AttendanceSaid
from bot.messages.characters import cut_at_word, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

COLUMNS = {
    "name": ("navn", "name"),
    "email": ("e-mail", "email", "mail", "e-mailadresse", "mailadresse"),
    "came": ("mødt", "kommet", "fremmøde", "came", "attended"),
}
WORDS = dict.fromkeys(
    ("ja", "x", "1", "1.0", "kom", "kommet", "mødt", "yes", "came", "attended", "true", "✓", "✔"),
    AttendanceSaid.CAME,
) | dict.fromkeys(
    (
        "nej",
        "0",
        "0.0",
        "kom ikke",
        "ikke kommet",
        "ikke mødt",
        "udeblev",
        "no",
        "absent",
        "did not come",
        "false",
    ),
    AttendanceSaid.ABSENT,
)
SHOWN_CHARACTERS = 60


class SheetProblem(StrEnum):
    """What may be wrong; texts are `door_sheet.problem.<value>` of the catalogue."""

    NO_COLUMN = "no_column"
    NO_WHO = "no_who"
    WORD_UNKNOWN = "word_unknown"
    HIDDEN = "hidden"
    AMBIGUOUS = "ambiguous"
    NAMELESS = "nameless"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row of the file: texts by position, and the place of each; `hidden` look empty and are not."""

    cells: tuple[str, ...]
    places: tuple[str, ...]
    hidden: frozenset[int] = frozenset()

    def cell(self, column: int | None) -> str:
        """The text of a column, "" where it is not there."""
        return self.cells[column].strip() if column is not None and column < len(self.cells) else ""

    def place(self, column: int | None) -> str:
        """Where it stands, as people see it."""
        at = column if column is not None and column < len(self.places) else 0
        return self.places[at] if self.places else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Somebody who stands on the list: `id` of their line, and whether they came as far as is known."""

    id: str
    email: str
    name: str
    came: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetMark:
    """What a row says that does not stand yet: of a line (`who`), or of a walk-in (`who` "")."""

    who: str
    name: str
    said: AttendanceSaid
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetComplaint:
    """One thing that is wrong: where, what, and the value."""

    place: str
    problem: SheetProblem
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSheet:
    """What the file says, in its order. `unchanged`: how many rows say what stands already."""

    marks: tuple[SheetMark, ...] = ()
    complaints: tuple[SheetComplaint, ...] = ()
    unchanged: int = 0

    @property
    def came(self) -> tuple[SheetMark, ...]:
        """Those who came and stand on the list."""
        return tuple(one for one in self.marks if one.who and one.said is AttendanceSaid.CAME)

    @property
    def absent(self) -> tuple[SheetMark, ...]:
        """Those who did not."""
        return tuple(one for one in self.marks if one.said is AttendanceSaid.ABSENT)

    @property
    def walk_ins(self) -> tuple[SheetMark, ...]:
        """Those who came and stand nowhere."""
        return tuple(one for one in self.marks if not one.who)


def read_sheet(rows: Sequence[SheetRow], listed: Iterable[Listed], known: Mapping[str, str]) -> ReadSheet:
    """What the rows say; the first holds the headings. `known`: everybody in the books, by address."""
    head, *body = rows
    headings = [" ".join(cell.casefold().split()).rstrip(" :*") for cell in head.cells]
    columns = {
        name: next((at for at, one in enumerate(headings) if one in words), None)
        for name, words in COLUMNS.items()
    }
    if columns["came"] is None:
        return _wrong(head, None, SheetProblem.NO_COLUMN)
    if columns["name"] is None and columns["email"] is None:
        return _wrong(head, None, SheetProblem.NO_WHO)
    reader = _SheetReader(columns, listed, known)
    for row in body:
        reader.take(row)
    if reader.complaints:
        return ReadSheet(complaints=tuple(reader.complaints))
    return ReadSheet(marks=tuple(reader.marks.values()), unchanged=reader.unchanged)


def _wrong(row: SheetRow, column: int | None, problem: SheetProblem) -> ReadSheet:
    return ReadSheet(complaints=(SheetComplaint(place=row.place(column), problem=problem),))


class _SheetReader:
    """The rows one after the other, each judged by itself, so that one problem does not hide another."""

    def __init__(
        self, columns: Mapping[str, int | None], listed: Iterable[Listed], known: Mapping[str, str]
    ) -> None:
        self.marks: dict[str, SheetMark] = {}
        self.complaints: list[SheetComplaint] = []
        self.unchanged = 0
        self._columns, self._known = columns, known
        self._said: dict[str, AttendanceSaid] = {}
        self._by_email: dict[str, Listed] = {}
        self._by_name: defaultdict[str, list[Listed]] = defaultdict(list)
        for one in listed:
            if one.email:
                self._by_email[one.email.casefold()] = one
            self._by_name[_spelt(one.name)].append(one)

    def take(self, row: SheetRow) -> None:
        """One row: a mark, a complaint, or nothing."""
        column = self._columns["came"]
        if column in row.hidden:
            self._complain(row, column, SheetProblem.HIDDEN)
            return
        word = row.cell(column)
        said = WORDS.get(_spelt(word))
        if not word:
            return
        if said is None:
            self._complain(row, column, SheetProblem.WORD_UNKNOWN)
            return
        name, email = row.cell(self._columns["name"]), row.cell(self._columns["email"]).casefold()
        line = self._by_email.get(email)
        alike = self._by_name.get(_spelt(name), [])
        if line is None and len(alike) > 1:
            self._complain(row, self._columns["name"], SheetProblem.AMBIGUOUS)
        elif line is not None or alike:
            self._mark(row, said, line or alike[0], "")
        elif not name and not email:
            self._complain(row, self._columns["name"], SheetProblem.NAMELESS)
        elif said is AttendanceSaid.CAME:
            self._mark(row, said, None, email if email in self._known else name or email)

    def _mark(self, row: SheetRow, said: AttendanceSaid, line: Listed | None, name: str) -> None:
        who = line.id if line is not None else ""
        key = who or f"name:{_spelt(name)}"
        if self._said.setdefault(key, said) is not said:
            self._complain(row, self._columns["came"], SheetProblem.CONTRADICTION)
        elif line is not None and line.came is (said is AttendanceSaid.CAME):
            self.unchanged += 1
        else:
            shown = one_line(line.name if line is not None else name)[:LONGEST_NAME]
            place = row.place(self._columns["came"])
            self.marks.setdefault(key, SheetMark(who=who, name=shown, said=said, place=place))

    def _complain(self, row: SheetRow, column: int | None, problem: SheetProblem) -> None:
        value = cut_at_word(one_line(row.cell(column)), SHOWN_CHARACTERS)
        self.complaints.append(SheetComplaint(place=row.place(column), problem=problem, value=value))


def _spelt(words: str) -> str:
    return " ".join(words.casefold().split())
