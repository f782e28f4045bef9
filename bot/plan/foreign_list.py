"""Somebody else's list of courses, with headings of its own → courses of a plan, looked over first (pure).

A column is taken for the field whose words its heading is, or is like, or holds; each field once, and what is
taken for none is left alone. HR may say otherwise before anything is taken in.

    what a row says                          is
    a title                                  a course; without one the row is left out
    a day, with or without hours             its session: `18/6-2027 kl. 9-15`, `17.-18. marts 2027`
    hours in columns of their own            of that day: `Fra`, `Til`, or both in one (`kl. 9.00–15.30`)
    a month, a half-year, a year             its period
    a state that the plan has                that; else the course is `proposed`, so that nothing goes out
    an audience that the plan has            that
    anything that is not understood          a line of the course's note, and a doubt that is told
    a title and a day that the plan has      nothing: it is there already

Rows of one title are one course: each another offering of it, another session, or a course of its own, as HR
says.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.enrolment import EnrolmentMode
from bot.domain.plan import CourseStatus
from bot.plan import labels, sheets
from bot.plan.columns import folded
from bot.plan.desk_cells import new_id, settled_cell
from bot.plan.desk_rows import row_name
from bot.plan.fields import ADDRESS
from bot.plan.likeness import alike, compact, holds
from bot.plan.listed_times import SaidTimes, read_times
from bot.plan.workbook_names import THE_SESSION
from bot.plan.written_dates import read_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.domain.drafts import Lines, RowKey, Rows
    from bot.plan.tables import ListedRow

HEADINGS_LOOKED_FOR = 10


class ListField(StrEnum):
    """What a column of the list may be taken for."""

    TITLE = "title"
    THEME = "theme"
    DESCRIPTION = "description"
    STATUS = "status"
    AUDIENCE = "audience"
    DAY = "day"
    HOURS = "hours"
    FROM = "from"
    TO = "to"
    LAST_DAY = "last_day"
    VENUE = "venue"
    SEATS = "seats"
    DEADLINE = "deadline"
    RESPONSIBLE = "responsible"
    CASE = "case"
    NOTE = "note"


WORDS: Mapping[ListField, tuple[str, ...]] = {
    ListField.TITLE: (
        "Titel", "Kursus", "Emne", "Aktivitet", "Arrangement", "Kursusnavn", "Navn", "Hvad", "Overskrift",
        "Title", "Course", "Subject", "Event", "Activity", "Name",
    ),
    ListField.THEME: ("Tema", "Kategori", "Område", "Type", "Theme", "Category"),
    ListField.DESCRIPTION: ("Beskrivelse", "Indhold", "Formål", "Description", "Content", "Details"),
    ListField.STATUS: ("Status", "Tilstand", "State"),
    ListField.AUDIENCE: ("Målgruppe", "For hvem", "Hvem", "Deltagerkreds", "Audience", "For whom", "Who"),
    ListField.DAY: (
        "Dato", "Dag", "Hvornår", "Startdato", "Afholdes", "Tidspunkt", "Mødedato", "Kursusdato", "Start",
        "Date", "When", "Day", "Start date",
    ),
    ListField.HOURS: ("Kl.", "Klokken", "Klokkeslæt", "Tid", "Tidsrum", "Varighed", "Time", "Hours"),
    ListField.FROM: ("Fra", "Fra kl.", "Starttid", "Starttidspunkt", "Begynder", "From", "Start time"),
    ListField.TO: (
        "Til", "Til kl.", "Slut", "Sluttid", "Sluttidspunkt", "Ender", "To", "Until", "End", "End time",
    ),
    ListField.LAST_DAY: ("Slutdato", "Sidste dag", "Til dato", "End date", "Last day"),
    ListField.VENUE: (
        "Sted", "Hvor", "Lokale", "Lokation", "Adresse", "Venue", "Where", "Location", "Place", "Room",
    ),
    ListField.SEATS: (
        "Pladser", "Antal pladser", "Antal", "Max", "Maks", "Max antal", "Maks. antal", "Kapacitet",
        "Antal deltagere", "Seats", "Capacity", "Max participants",
    ),
    ListField.DEADLINE: (
        "Svarfrist", "Tilmeldingsfrist", "Frist", "Tilmelding senest", "Svar senest", "Deadline",
        "Sign up by",
    ),
    ListField.RESPONSIBLE: (
        "Ansvarlig", "Kontaktperson", "Kontakt", "Tovholder", "Kursusansvarlig", "Responsible", "Contact",
        "Owner",
    ),
    ListField.CASE: ("Sagsnr.", "Sagsnummer", "Sag", "Case", "Case number"),
    ListField.NOTE: (
        "Note", "Noter", "Bemærkning", "Bemærkninger", "Kommentar", "Kommentarer", "Notes", "Comment",
    ),
}  # fmt: skip
"""What people call each field, in Danish and English."""


class SameTitle(StrEnum):
    """What several rows of one title are."""

    OFFERINGS = "offerings"
    SESSIONS = "sessions"
    COURSES = "courses"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumn:
    """A column of the list: where it is from 0, its heading, and what it is taken for; None for nothing."""

    position: int
    heading: str
    field: ListField | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDoubt:
    """A cell that could not be understood and went to the note; `line` is that of the list."""

    line: int
    title: str
    field: ListField
    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """The plan's rows with those of the list; `courses` are the new ids, `known` titles that were there."""

    rows: Rows
    courses: tuple[str, ...]
    known: tuple[str, ...]
    doubts: tuple[ListDoubt, ...]


@dataclass(slots=True)
class _Line:
    """A row of the list on its way to be a course."""

    number: int
    title: str
    cells: dict[str, str]
    session: dict[str, str] = field(default_factory=dict)
    unclear: list[tuple[ListField, str]] = field(default_factory=list)


def headings_of(rows: Sequence[ListedRow]) -> tuple[int, tuple[ListColumn, ...]]:
    """Which row has the headings, and what each of its columns is taken for.

    Of the first rows the one of which most is understood; the first where none is.
    """
    guesses = [_columns(row.cells) for row in rows[:HEADINGS_LOOKED_FOR]]
    understood = [sum(column.field is not None for column in columns) for columns in guesses]
    best = understood.index(max(understood, default=0)) if understood else 0
    return best, guesses[best] if guesses else ()


def _columns(cells: Sequence[str]) -> tuple[ListColumn, ...]:
    found: dict[int, ListField] = {}
    for looks_like in (_is, alike, holds):
        for position, heading in enumerate(cells):
            if position in found or not heading:
                continue
            names = (name for name in WORDS if name not in found.values())
            meant = next(
                (name for name in names if any(looks_like(heading, word) for word in WORDS[name])), None
            )
            if meant is not None:
                found[position] = meant
    return tuple(
        ListColumn(position=position, heading=heading, field=found.get(position))
        for position, heading in enumerate(cells)
        if heading
    )


def _is(heading: str, word: str) -> bool:
    return compact(heading) == compact(word)


def taken_in(
    rows: Rows,
    listed: Iterable[ListedRow],
    columns: Mapping[int, ListField],
    *,
    same: SameTitle,
    note_of: Mapping[ListField, str],
    called: Callable[[int], str],
) -> TakenIn:
    """The plan's rows with the list's behind them.

    `listed` are the rows below the headings, `columns` what each column is taken for; `note_of` is what the
    note calls a field whose cell could not be understood, `called` the title of an offering by its number.
    """
    reader = _ListReader(rows, columns)
    lines = [line for row in listed if (line := reader.line(row)) is not None]
    known = [line.title for line in lines if reader.is_known(line)]
    new = [line for line in lines if not reader.is_known(line)]
    made: dict[RowKey, Lines] = dict(rows)
    courses: list[str] = []
    for group in _grouped(new, same):
        taken = {row for sheet, row in made if sheet == sheets.COURSES.key}
        course = new_id(group[0].title, taken, otherwise="kursus")
        courses.append(course)
        sessions = _sessions(course, group, same, called)
        cells = {**group[0].cells, **_note(group, note_of), "id": course}
        if any(sheet == sheets.OFFERINGS.key for sheet, _ in sessions):
            cells.pop("enrolment.capacity", None)  # each offering has its own
            cells["enrolment.mode"] = EnrolmentMode.CHOOSE.value
        made |= {(sheets.COURSES.key, course): (cells,)} | sessions
    doubts = [
        ListDoubt(line=line.number, title=line.title, field=about, typed=typed)
        for line in new
        for about, typed in line.unclear
    ]
    return TakenIn(rows=made, courses=tuple(courses), known=tuple(known), doubts=tuple(doubts))


def _grouped(lines: Sequence[_Line], same: SameTitle) -> Iterator[list[_Line]]:
    """The lines that become one course, in the list's order."""
    groups: dict[object, list[_Line]] = defaultdict(list)
    for number, line in enumerate(lines):
        groups[number if same is SameTitle.COURSES else folded(line.title)].append(line)
    yield from groups.values()


def _note(group: Sequence[_Line], note_of: Mapping[ListField, str]) -> dict[str, str]:
    said = [line.cells.get("note", "") for line in group]
    said += [f"{note_of[about]}: {typed}" for line in group for about, typed in line.unclear]
    words = "\n".join(dict.fromkeys(filter(None, said)))
    return {"note": words} if words else {}


def _sessions(
    course: str, group: Sequence[_Line], same: SameTitle, called: Callable[[int], str]
) -> dict[RowKey, Lines]:
    made: dict[RowKey, Lines] = {}
    dated = [line for line in group if line.session]
    for number, line in enumerate(dated, 1):
        cells = {**line.session, "course": course, "id": THE_SESSION}
        if len(dated) > 1 and same is SameTitle.SESSIONS:
            cells["id"] = f"{THE_SESSION}-{number}"
        elif len(dated) > 1:
            offering = {"course": course, "id": f"hold-{number}", "title": called(number)}
            if seats := line.cells.get("enrolment.capacity"):
                offering["capacity"] = seats
            made[sheets.OFFERINGS.key, row_name(sheets.OFFERINGS, offering)] = (offering,)
            cells["offering"] = offering["id"]
        if (place := line.cells.get("venue.name")) and place != group[0].cells.get("venue.name"):
            cells["venue.name"] = place
        made[sheets.SESSIONS.key, row_name(sheets.SESSIONS, cells)] = (cells,)
    return made


class _ListReader:
    """Reads lines of a list for one plan."""

    def __init__(self, rows: Rows, columns: Mapping[int, ListField]) -> None:
        self._columns = columns
        self._audiences = {
            folded(name): row
            for (sheet, row), lines in rows.items()
            if sheet == sheets.AUDIENCES.key
            for name in (row, lines[0].get("name", ""))
        }
        titles = {
            row: lines[0].get("title", "")
            for (sheet, row), lines in rows.items()
            if sheet == sheets.COURSES.key
        }
        self._there = {
            (
                folded(titles.get(row.split("/")[0], "")),
                lines[0].get("start", lines[0].get("period", ""))[:10],
            )
            for (sheet, row), lines in rows.items()
            if sheet == sheets.SESSIONS.key
        }
        self._undated = {folded(title) for title in titles.values()}

    def is_known(self, line: _Line) -> bool:
        """Whether the plan has this title on this day, or at all where the line has no day."""
        day = line.session.get("start", line.session.get("period", ""))[:10]
        title = folded(line.title)
        return (title, day) in self._there if day else title in self._undated

    def line(self, row: ListedRow) -> _Line | None:
        """The row as a course; None without a title."""
        said = {
            about: row.cells[position].strip()
            for position, about in self._columns.items()
            if position < len(row.cells) and row.cells[position].strip()
        }
        title = said.pop(ListField.TITLE, "")
        if not title:
            return None
        line = _Line(row.line, title, {"title": title, "status": CourseStatus.PROPOSED.value})
        for about, typed in said.items():
            if about in TEXTS:
                line.cells[TEXTS[about]] = typed
        self._choices(line, said)
        times, unclear = read_times(SaidTimes(**{name: said.get(about, "") for name, about in TIMES.items()}))
        line.session = dict(times)
        line.unclear += [(ListField(about), typed) for about, typed in unclear]
        return line

    def _choices(self, line: _Line, said: Mapping[ListField, str]) -> None:
        """What the plan only takes from a list, or in a form of its own."""
        readings: dict[ListField, tuple[str, Callable[[str], str | None]]] = {
            ListField.STATUS: ("status", lambda typed: labels.word_for(labels.STATUSES, typed)),
            ListField.AUDIENCE: ("audience", lambda typed: self._audiences.get(folded(typed))),
            ListField.SEATS: ("enrolment.capacity", _seats),
            ListField.DEADLINE: ("enrolment.deadline", lambda typed: read_date(typed)[0]),
            ListField.RESPONSIBLE: ("responsible", _addresses),
        }
        for about, (column, read) in readings.items():
            if about in said:
                found = read(said[about])
                if found:
                    line.cells[column] = found
                else:
                    line.unclear.append((about, said[about]))


TIMES: Mapping[str, ListField] = {
    "day": ListField.DAY, "hours": ListField.HOURS, "begins": ListField.FROM, "ends": ListField.TO,
    "last_day": ListField.LAST_DAY,
}  # fmt: skip
"""Fields that are about time."""

TEXTS: Mapping[ListField, str] = {
    ListField.THEME: "theme", ListField.DESCRIPTION: "description", ListField.VENUE: "venue.name",
    ListField.CASE: "case", ListField.NOTE: "note",
}  # fmt: skip
"""Fields that may say anything, and the column that each is."""

SEATS = next(column for column in sheets.COURSES.columns if column.key == "enrolment.capacity")
SOME_NUMBER = re.compile(
    r"(?:max\.?|maks\.?|ca\.?|op til|up to)?\s*([\d. ]+?)\s*"
    r"(?:pladser|deltagere|personer|pers\.?|seats|people)?",
    re.IGNORECASE,
)


def _seats(typed: str) -> str | None:
    found = SOME_NUMBER.fullmatch(typed)
    number = settled_cell(SEATS, found[1]) if found else ""
    return number if number.isdigit() and int(number) > 0 else None


def _addresses(typed: str) -> str | None:
    words = [word.strip().lower() for word in re.split(r"[,;\s]+", typed) if word.strip()]
    return ", ".join(words) if words and all(map(ADDRESS.fullmatch, words)) else None
