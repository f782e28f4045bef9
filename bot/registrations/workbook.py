r"""Registrations as an Excel workbook.

Overview, participants by session, departments, the silent, each course, uninvited answers.

Text is always written as text: nothing that a person wrote becomes a formula or a link. Times are
real Excel dates on the plan's clocks. Sheet names: at most 31 UTF-16 units, none of `[]:*?/\`, no
apostrophe at either end, not `History`, unique in any case (Microsoft, "Rename a worksheet", checked
2026-11).
"""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bot.domain.participation import Part, part_of
from bot.domain.registrations import RegistrationStatus
from bot.i18n.catalogue import text
from bot.registrations.attendance import NOTHING_KNOWN, attendance_text
from bot.registrations.listing import (
    STATUSES,
    course_state_text,
    offering_lists,
    session_answers_text,
    shown_email,
    shown_name,
    source_text,
    standing_text,
    status_text,
    wall_time,
)
from bot.registrations.participants import department_counts, session_lists
from bot.registrations.question_answers import cells_of, columns_of, shown_answers
from bot.registrations.said import NOTHING_SAID
from bot.registrations.said_lines import said_sheets
from bot.workbook_looks import ShownCell, column_widths, lay_out_page, row_height

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.domain.participants import Participant, SessionList, SilentPerson, WithoutPlace
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Answer, Registration
    from bot.registrations.listing import OfferingList
    from bot.registrations.said import Said

SHEET_NAME_UNITS = 31
FORBIDDEN_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
RESERVED_SHEET_NAMES = frozenset({"history"})
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML cannot carry."""
PEOPLE_COLUMNS = (
    "offering",
    "name",
    "email",
    "department",
    "status",
    "since",
    "source",
    "position",
    "invited",
    "answers",
    "late",
    "note",
    "comment",
    "attendance",
)
SESSION_COLUMNS = (
    "course",
    "offering",
    "session",
    "start",
    "name",
    "email",
    "department",
    "status",
    "position",
    "note",
)
SILENT_COLUMNS = ("course", "name", "email", "department", "deadline")
STRANGER_COLUMNS = ("course", "offering", "session", "name", "email", "response", "since")

Cell = str | int | None


def registrations_xlsx(
    rows: Sequence[Registration],
    plan: CoursePlan,
    language: Language,
    strangers: Sequence[Answer] = (),
    *,
    asked: Mapping[str, Collection[str]] | None = None,
    silent: Sequence[SilentPerson] = (),
    left_without: Sequence[WithoutPlace] = (),
    said: Said = NOTHING_SAID,
) -> bytes:
    """The workbook.

    `strangers` are the last answers of people who were not invited, `asked` who was asked by link, by course,
    `silent` who has not answered, `left_without` whose seat went with its date, `said` what people said
    beside their places.
    """
    import xlsxwriter

    buffer = BytesIO()
    safely = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, safely) as workbook:
        pages = _Pages(workbook, plan, language, said)
        offerings_listed = offering_lists(rows, plan, asked)
        pages.write_overview(offerings_listed)
        pages.write_sessions(session_lists(rows, plan, said.notes))
        pages.write_departments(rows)
        pages.write_silent(silent)
        pages.write_left_without(left_without)
        for _, offerings in groupby(
            (offering for offering in offerings_listed if offering.rows), key=lambda offering: offering.course
        ):
            pages.write_course(tuple(offerings))
        if strangers:
            pages.write_strangers(strangers)
        for title, columns, table in said_sheets(said, plan, language):
            pages.write_said(title, columns, table)
    return buffer.getvalue()


def sheet_name(title: str, taken: set[str], fallback: str) -> str:
    """A legal name that is not in `taken` (lower-cased); adds it there."""
    wanted = FORBIDDEN_IN_SHEET_NAMES.sub(" ", CONTROL_CHARACTERS.sub("", title))
    wanted = " ".join(wanted.split()).strip("' ") or fallback
    number = 1
    while True:
        ending = f" ({number})" if number > 1 else ""
        name = _shortened(wanted, SHEET_NAME_UNITS - len(ending)).strip("' ") + ending
        if name.lower() not in taken | RESERVED_SHEET_NAMES:
            taken.add(name.lower())
            return name
        number += 1


def _shortened(words: str, units: int) -> str:
    return words.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


class _Pages:
    """The sheets of one workbook."""

    def __init__(
        self,
        workbook: Any,
        plan: CoursePlan,
        language: Language,
        said: Said,
    ) -> None:
        self._workbook, self._said = workbook, said
        self._plan = plan
        self._language = language
        self._names: set[str] = set()
        workbook.set_properties({"title": plan.organisation})
        self._heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._words = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._number = workbook.add_format({"valign": "top"})
        self._date = workbook.add_format(
            {"num_format": self._text("excel_moment"), "align": "left", "valign": "top"}
        )

    def write_overview(self, offerings_listed: Sequence[OfferingList]) -> None:
        waits = any(listed.counts[RegistrationStatus.AWAITING] for listed in offerings_listed)
        shown = [one for one in STATUSES if waits or one is not RegistrationStatus.AWAITING]
        statuses = [status_text(status, self._language) for status in shown]
        before, after = ("course", "offering", "state"), ("unconfirmed", "total", "capacity", "asked")
        headings = [*map(self._column, before), *statuses, *map(self._column, after)]
        table: list[Sequence[Cell | datetime]] = [
            [
                offering.course_title,
                offering.title,
                course_state_text(offering, self._language) or self._text("state.approved"),
                *(offering.counts[one] if offering.is_on else None for one in shown),
                offering.unconfirmed or None,
                len(offering.rows) if offering.is_on else None,
                offering.capacity if offering.is_on else None,
                offering.asked or None if offering.is_on else None,
            ]
            for offering in offerings_listed
        ]
        self._write(self._text("overview_sheet"), headings, table)

    def write_course(self, offerings: Sequence[OfferingList]) -> None:
        """Everybody of a course, with a column for each of its questions after the others."""
        asked = columns_of(self._said.answers, self._language, [offerings[0].course])
        people = [self._person(offering, row, asked) for offering in offerings for row in offering.rows]
        headings = [*map(self._column, PEOPLE_COLUMNS), *asked]
        self._write(offerings[0].course_title, headings, people)

    def write_sessions(self, sessions: Sequence[SessionList]) -> None:
        table: list[Sequence[Cell | datetime]] = [
            [
                session.course_title,
                session.offering_title,
                session.session_title,
                session.start,
                person.name or self._text("erased"),
                person.email,
                person.department,
                self._standing(person),
                person.position,
                person.note,
            ]
            for session in sessions
            for person in (*session.coming, *session.reserves)
        ]
        self._write_if_any(
            self._text("sessions_sheet"), [self._column(name) for name in SESSION_COLUMNS], table
        )

    def write_departments(self, rows: Sequence[Registration]) -> None:
        waits = any(part_of(row) is Part.AWAITING for row in rows)
        waiting = (Part.WAITING, Part.AWAITING) if waits else (Part.WAITING,)
        parts = (Part.SEATED, Part.MAYBE, *waiting, Part.ASKED, Part.OUT)
        headings = [
            self._column("course"),
            self._column("department"),
            *(self._text(f"part.{part}") for part in parts),
            self._column("total"),
        ]
        table: list[Sequence[Cell | datetime]] = [
            [
                self._plan.title_of(course),
                department or self._text("no_department"),
                *(counts[part] for part in parts),
                total,
            ]
            for course, department, counts, total in department_counts(rows, self._plan)
        ]
        self._write_if_any(self._text("departments_sheet"), headings, table)

    def write_silent(self, silent: Sequence[SilentPerson]) -> None:
        table: list[Sequence[Cell | datetime]] = [
            [
                self._plan.title_of(person.course),
                person.name,
                person.email,
                person.department,
                self._plan.known_course(person.course).enrolment.deadline,
            ]
            for person in silent
        ]
        self._write_if_any(self._text("silent_sheet"), [self._column(name) for name in SILENT_COLUMNS], table)

    def write_left_without(self, left_without: Sequence[WithoutPlace]) -> None:
        table = [
            [self._plan.title_of(person.course), person.name, person.email, person.department]
            for person in left_without
        ]
        self._write_if_any(
            self._text("left_without_sheet"), [self._column(name) for name in SILENT_COLUMNS[:4]], table
        )

    def write_strangers(self, strangers: Sequence[Answer]) -> None:
        table: list[Sequence[Cell | datetime]] = [
            [
                self._plan.title_of(answer.key.course),
                answer.key.offering,
                answer.key.session,
                answer.name,
                answer.email,
                self._text(f"response.{answer.response.value}"),
                wall_time(answer.responded_at, self._plan),
            ]
            for answer in strangers
        ]
        self._write(self._text("unknown_sheet"), [self._column(name) for name in STRANGER_COLUMNS], table)

    def write_said(
        self, title: str, columns: Sequence[str], table: Sequence[Sequence[Cell | datetime]]
    ) -> None:
        self._write(self._text(title), [self._column(name) for name in columns], table)

    def _person(
        self, offering: OfferingList, row: Registration, asked: Sequence[str]
    ) -> Sequence[Cell | datetime]:
        return [
            offering.title,
            shown_name(row, self._language),
            shown_email(row),
            row.department,
            standing_text(row, offering, self._language),
            wall_time(row.since, self._plan),
            source_text(row, self._language),
            row.position,
            self._text("yes"),
            session_answers_text(row, self._language),
            self._text("yes") if row.late else None,
            self._said.notes.get((row.course, row.email)),
            self._said.comments.get((row.course, row.offering, row.email)),
            attendance_text(
                self._said.attendance.get(row.course, NOTHING_KNOWN), row.offering, row.email, self._language
            )
            or None,
            *cells_of(shown_answers(self._said.answers, row), asked, self._language),
        ]

    def _standing(self, person: Participant) -> str:
        status = status_text(person.status, self._language)
        return (
            text(self._language, "registrations.unconfirmed", status=status) if person.unconfirmed else status
        )

    def _write_if_any(
        self, title: str, headings: Sequence[str], table: Sequence[Sequence[Cell | datetime]]
    ) -> None:
        if table:
            self._write(title, headings, table)

    def _write(self, title: str, headings: Sequence[str], table: Sequence[Sequence[Cell | datetime]]) -> None:
        sheet = self._workbook.add_worksheet(sheet_name(title, self._names, self._text("course_sheet")))
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, self._heading)
        for line, cells in enumerate(table, start=1):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(line, column, CONTROL_CHARACTERS.sub("", cell), self._words)
                elif isinstance(cell, int):
                    sheet.write_number(line, column, cell, self._number)
                elif cell is not None:
                    sheet.write_datetime(line, column, cell, self._date)
        sheet.autofilter(0, 0, len(table), len(headings) - 1)
        sheet.freeze_panes(1, 0)
        widths = column_widths(
            [self._shown(heading, [cells[at] for cells in table]) for at, heading in enumerate(headings)]
        )
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for line, cells in enumerate([headings, *table]):
            sheet.set_row(line, row_height([cell if isinstance(cell, str) else "" for cell in cells], widths))
        lay_out_page(sheet)

    def _shown(self, heading: str, cells: Sequence[Cell | datetime]) -> ShownCell:
        """A column as it will be read; a date takes as much as its format has letters."""
        whole = (
            self._text("excel_moment") if isinstance(cell, datetime) else str(cell)
            for cell in cells
            if not isinstance(cell, str)
        )
        return ShownCell(
            heading=heading, texts=tuple(cell for cell in cells if isinstance(cell, str)), whole=tuple(whole)
        )

    def _text(self, key: str) -> str:
        return text(self._language, f"registrations.{key}")

    def _column(self, key: str) -> str:
        return self._text(f"column.{key}")
