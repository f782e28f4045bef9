"""The headings of a list of people, and what may be wrong with any of its cells (pure).

Columns, by either heading; the order is free and others are left alone:

| Danish | English | may be left out |
|---|---|---|
| Kursus | Course | no |
| Hold | Offering | where the course has one |
| E-mail, Mail, Mailadresse; without those Adresse | Email, Mail, Email address; without those Address | no |
| Handling | Action | then the person is enrolled |
| Begrundelse | Reason | yes |
| Ekstern | External | yes; »ja« for somebody from outside, whom the directory does not know |

A heading that is none of ours but looks like one is a slip, and an error: a list whose action nobody read
would enrol everybody. So is one of ours that stands there twice, or whose cell only looks empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.messages.characters import cut_at_word, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Columns = dict[str, int | None]
"""Column of ours to its position in a row, None where the list does not have it."""
COLUMNS = {
    "course": ("kursus", "course"),
    "offering": ("hold", "offering"),
    "email": ("e-mail", "email", "mail", "e-mailadresse", "mailadresse", "email address", "e-mail address"),
    "action": ("handling", "action"),
    "reason": ("begrundelse", "reason"),
    "external": ("ekstern", "external"),
}
NEEDED = ("course", "email")
STREET_OR_MAIL = ("adresse", "address")
"""The address to write to only where no other column is: a list may have the street beside it."""
ALIKE = 0.8
"""How alike (`difflib`) a heading must be to one of ours to be taken for a slip: »Handlinger«, not »Navn«."""
MOST_HEADINGS = 100
"""How many are looked at for slips: comparing words is slow."""
SHOWN_CHARACTERS = 60


class ImportProblem(StrEnum):
    """What may be wrong; texts are `import.<value>` of the catalogue."""

    COLUMN_MISSING = "column_missing"
    COLUMN_NEAR = "column_near"
    COLUMN_TWICE = "column_twice"
    FORMULA = "formula"
    ERROR = "error"
    MERGED = "merged"
    COURSE_UNKNOWN = "course_unknown"
    OFFERING_UNKNOWN = "offering_unknown"
    OFFERING_MISSING = "offering_missing"
    AMBIGUOUS = "ambiguous"
    ADDRESS_INVALID = "address_invalid"
    ACTION_UNKNOWN = "action_unknown"
    EXTERNAL_UNCLEAR = "external_unclear"
    TWICE = "twice"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One problem: where (a cell, or a line of CSV), what, and the value.

    `is_error` False: the row is left out, the rest stands.

    `other` is the place of the row it goes against, or the heading that was probably meant.
    """

    place: str
    problem: ImportProblem
    value: str = ""
    other: str = ""
    is_error: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRequest:
    """A row of the list, as the reader of files gives it: texts by position, and the place of each.

    `hidden` are cells that look empty and are not, as (position, `formula`, `error` or `merged`).
    """

    cells: tuple[str, ...]
    places: tuple[str, ...]
    hidden: tuple[tuple[int, str], ...] = ()

    def cell(self, column: int | None) -> str:
        """The text of a column, "" where the row is shorter or the column is not there."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""

    def place(self, column: int | None) -> str:
        """Where it stands; the row's beginning for a column that is not there."""
        return (
            self.places[column]
            if column is not None and column < len(self.places)
            else next(iter(self.places), "")
        )


def read_headings(head: ListedRequest) -> tuple[Columns, list[Complaint]]:
    """Which column is which, and what is wrong with the headings."""
    headings = [" ".join(cell.casefold().split()).rstrip(" :*") for cell in head.cells]
    words = _words_of(headings)
    names = [_column_named(heading, words) for heading in headings]
    columns: Columns = {column: names.index(column) if column in names else None for column in COLUMNS}
    complaints = [
        complaint_about(head, position, ImportProblem.COLUMN_TWICE, other=head.place(columns[name]))
        for position, name in enumerate(names)
        if name is not None and columns[name] != position
    ]
    slips = list(_slips(headings, columns))
    complaints += [
        complaint_about(head, position, ImportProblem.COLUMN_NEAR, other=word) for position, word, _ in slips
    ]
    meant = {column for _, _, column in slips}
    complaints += [
        Complaint(place=head.place(None), problem=ImportProblem.COLUMN_MISSING, value=COLUMNS[column][0])
        for column in NEEDED
        if columns[column] is None and column not in meant
    ]
    complaints += [
        complaint_about(head, position, ImportProblem(why))
        for position, why in head.hidden
        if why != ImportProblem.MERGED
    ]
    return columns, complaints


def _words_of(headings: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Column to the words that stand for it in a list with these headings."""
    has_its_own = any(heading in COLUMNS["email"] for heading in headings)
    return COLUMNS if has_its_own else COLUMNS | {"email": STREET_OR_MAIL}


def _column_named(heading: str, words: Mapping[str, Sequence[str]]) -> str | None:
    return next((column for column, known in words.items() if heading in known), None)


def _slips(headings: Sequence[str], columns: Columns) -> Iterator[tuple[int, str, str]]:
    """(Position, the word that was probably meant, its column) of headings that look like a missing one."""
    missing = {word: column for column, words in COLUMNS.items() if columns[column] is None for word in words}
    for position, heading in enumerate(headings[:MOST_HEADINGS]):
        if position not in columns.values() and len(heading) <= SHOWN_CHARACTERS:
            for word in get_close_matches(heading, missing, n=1, cutoff=ALIKE):
                yield position, word, missing[word]


def complaint_about(
    row: ListedRequest, column: int | None, problem: ImportProblem, other: str = ""
) -> Complaint:
    """With the value as it may stand on a terminal: one line, short, nothing invisible."""
    return Complaint(
        place=row.place(column),
        problem=problem,
        value=cut_at_word(one_line(row.cell(column)), SHOWN_CHARACTERS),
        other=other,
    )
