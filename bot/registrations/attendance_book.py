"""The registrations workbook that HR ticked who came in → what it says, or all that is wrong (pure).

A course's sheet is known by its name and by its headings, in either language. Only the column of who came is
read; the offering and the address say whose row it is.

| the cell says | and | is |
|---|---|---|
| nothing | | no answer |
| what was written there | | no change |
| yes or no, in the words of `bot.registrations.door_sheet` or as it is written | the date has one session | that |
| such a word for each session, `dag-1: ja, dag-2: nej` | it has several | that, of those that are named |
| such a word alone | it has several | an error: of which |
| anything else | | an error |
| that somebody came or did not | the session is not open yet, or off | an error |
| that somebody did not come | nobody expected them | left out |

| the workbook has | is |
|---|---|
| no sheet with a column of who came | an error: another workbook |
| such a sheet that no course is called | an error: renamed since, or of another plan |
| a row that says something of somebody who is not on the course's list | an error |
| a row twice that says two things | an error |
| another text in a cell that is not read | told, and left alone: typed there, or another in the books by now |

With one error nothing of it is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.attendance import AttendanceSaid
from bot.messages.characters import cut_at_word, one_line
from bot.registrations.door_sheet import SHOWN_CHARACTERS, WORDS, SheetRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ASIDE = re.compile(r"\([^()]*\)")
MOST_TOLD = 20
"""How many cells that say something else are told one by one."""


class BookProblem(StrEnum):
    """What may be wrong; texts are `attendance_book.problem.<value>` of the catalogue."""

    FOREIGN = "foreign"
    SHEET_UNKNOWN = "sheet_unknown"
    NO_COLUMN = "no_column"
    STRANGER = "stranger"
    WORD_UNKNOWN = "word_unknown"
    WHICH_SESSION = "which_session"
    SESSION_UNKNOWN = "session_unknown"
    NOT_OPEN = "not_open"
    HIDDEN = "hidden"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSession:
    """A session of somebody's date.

    `names` are what a cell may call it, `came` what stands, `is_open`: HR may say who came.
    """

    id: str
    names: frozenset[str]
    came: bool | None
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRow:
    """A row as it is written today.

    `offering_titles` and `cells` (by column) have a text for each language, `attendance` what stands of who
    came. `is_expected`: the person stands on the lists at the doors.
    """

    course: str
    offering: str
    offering_titles: frozenset[str]
    email: str
    name: str
    sessions: tuple[BookSession, ...]
    attendance: frozenset[str]
    cells: Mapping[str, frozenset[str]]
    is_expected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BookMark:
    """That somebody came to a session, or did not, which does not stand yet."""

    row: BookRow
    session: str
    said: AttendanceSaid
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookComplaint:
    """One thing that is wrong: where, what, and the value."""

    place: str
    problem: BookProblem
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRead:
    """What the workbook says.

    `unchanged` rows say what stands; `other_cells` are places that are not read and say something else.
    """

    marks: tuple[BookMark, ...] = ()
    complaints: tuple[BookComplaint, ...] = ()
    unchanged: int = 0
    other_cells: tuple[str, ...] = ()
    more_cells: int = 0


def read_book(
    sheets: Iterable[tuple[str, Sequence[SheetRow]]],
    courses: Mapping[str, Sequence[BookRow]],
    headings: Mapping[str, frozenset[str]],
) -> AttendanceRead:
    """What the sheets (title, rows) say of the courses, by the titles that their sheets have.

    `headings` are what each column is called; the first row of a sheet holds them.
    """
    reader = _BookReader(courses, headings)
    for title, rows in sheets:
        reader.take(title, rows)
    if not reader.found:
        reader.complain("", BookProblem.FOREIGN)
    if reader.complaints:
        return AttendanceRead(complaints=tuple(reader.complaints))
    return AttendanceRead(
        marks=tuple(reader.marks.values()),
        unchanged=reader.unchanged,
        other_cells=tuple(reader.other_cells[:MOST_TOLD]),
        more_cells=max(0, len(reader.other_cells) - MOST_TOLD),
    )


class _BookReader:
    """Sheet by sheet, row by row, each judged by itself."""

    def __init__(
        self, courses: Mapping[str, Sequence[BookRow]], headings: Mapping[str, frozenset[str]]
    ) -> None:
        self.found = False
        self.marks: dict[tuple[str, str, str, str], BookMark] = {}
        self.complaints: list[BookComplaint] = []
        self.unchanged = 0
        self.other_cells: list[str] = []
        self._courses = {title.casefold(): rows for title, rows in courses.items()}
        self._headings = headings
        self._said: dict[tuple[str, str, str, str], AttendanceSaid] = {}

    def complain(self, place: str, problem: BookProblem, value: str = "") -> None:
        shown = cut_at_word(one_line(value), SHOWN_CHARACTERS)
        self.complaints.append(BookComplaint(place=place, problem=problem, value=shown))

    def take(self, title: str, rows: Sequence[SheetRow]) -> None:
        """One sheet; one that is no course's is left alone."""
        head, *body = rows
        said = [_spelt(cell) for cell in head.cells]
        columns = {
            name: next((at for at, one in enumerate(said) if one in words), None)
            for name, words in self._headings.items()
        }
        listed = self._courses.get(title.casefold())
        if columns["attendance"] is None or columns["email"] is None:
            if listed is not None:
                self.found = True
                self.complain(head.place(None), BookProblem.NO_COLUMN, title)
            return
        self.found = True
        if listed is None:
            self.complain(head.place(None), BookProblem.SHEET_UNKNOWN, title)
            return
        for row in body:
            self._row(row, columns, listed)

    def _row(self, row: SheetRow, columns: Mapping[str, int | None], listed: Sequence[BookRow]) -> None:
        column = columns["attendance"]
        place, word = row.place(column), row.cell(column)
        if column in row.hidden:
            self.complain(place, BookProblem.HIDDEN)
            return
        person = _whose(row, columns, listed)
        if person is None:
            if word:
                self.complain(row.place(columns["email"]), BookProblem.STRANGER, row.cell(columns["email"]))
            return
        self.other_cells += [
            row.place(columns.get(name))
            for name, texts in person.cells.items()
            if columns.get(name) is not None and _spelt(row.cell(columns[name])) not in {*map(_spelt, texts)}
        ]
        if not word:
            return
        if _spelt(word) in {*map(_spelt, person.attendance)}:
            self.unchanged += 1
            return
        before = len(self.marks)
        for session, came in self._cell(word, person, place):
            self._mark(person, session, came, place)
        self.unchanged += len(self.marks) == before and not self.complaints

    def _cell(self, word: str, person: BookRow, place: str) -> Iterator[tuple[BookSession, AttendanceSaid]]:
        """What a cell says, session by session."""
        plain = ASIDE.sub("", word)
        if len(person.sessions) == 1:
            name, _, rest = plain.rpartition(":")
            said = WORDS.get(_spelt(rest if _spelt(name) in person.sessions[0].names else plain))
            if said is None:
                self.complain(place, BookProblem.WORD_UNKNOWN, word)
            else:
                yield person.sessions[0], said
            return
        for part in filter(str.strip, re.split(r"[,;\n]", plain)):
            name, colon, rest = part.rpartition(":")
            session = next((one for one in person.sessions if _spelt(name) in one.names), None)
            said = WORDS.get(_spelt(rest))
            if not colon:
                ids = ", ".join(one.id for one in person.sessions)
                self.complain(
                    place,
                    BookProblem.WHICH_SESSION if said else BookProblem.WORD_UNKNOWN,
                    ids if said else word,
                )
            elif session is None:
                self.complain(place, BookProblem.SESSION_UNKNOWN, name)
            elif said is None:
                self.complain(place, BookProblem.WORD_UNKNOWN, word)
            else:
                yield session, said

    def _mark(self, person: BookRow, session: BookSession, said: AttendanceSaid, place: str) -> None:
        key = (person.course, person.offering, session.id, person.email)
        if self._said.setdefault(key, said) is not said:
            self.complain(place, BookProblem.CONTRADICTION)
            return
        came = said is AttendanceSaid.CAME
        if session.came is came or (not came and not person.is_expected and session.came is None):
            return
        if not session.is_open:
            self.complain(place, BookProblem.NOT_OPEN, session.id)
            return
        self.marks.setdefault(key, BookMark(row=person, session=session.id, said=said, place=place))


def _whose(row: SheetRow, columns: Mapping[str, int | None], listed: Sequence[BookRow]) -> BookRow | None:
    """Whose row it is: by address, and by the offering where somebody has several."""
    email = row.cell(columns["email"]).casefold()
    theirs = [one for one in listed if email and one.email.casefold() == email]
    if len(theirs) > 1 or columns.get("offering") is not None:
        offering = _spelt(row.cell(columns.get("offering")))
        theirs = [one for one in theirs if offering in {*map(_spelt, one.offering_titles)}]
    return theirs[0] if len(theirs) == 1 else None


def _spelt(words: str) -> str:
    return " ".join(words.casefold().split())
