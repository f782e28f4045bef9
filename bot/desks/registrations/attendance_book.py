"""The registrations workbook given back with who came: looked at first, then said as HR, session by session.

The workbook is the one that the list of all registrations gives (`bot.desks.registrations.lists`); what in it
counts is `bot.registrations.attendance_book`'s. Nothing of it is kept before HR has seen what it says.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desks.day.door import OPENS_BEFORE, DoorDesk
from bot.desks.registrations.lists import participant_lists
from bot.domain.attendance import AttendanceSaid, Presence
from bot.domain.door import MOST_WORDS, Tick
from bot.domain.errors import InputError
from bot.domain.participation import IN_PLAY, is_on
from bot.domain.people import Language, PeopleIndex
from bot.domain.person_ids import PersonIds
from bot.domain.questions import SeenBy
from bot.domain.times import instant
from bot.i18n.catalogue import text
from bot.plan.tables import read_sheets
from bot.registrations.attendance import NOTHING_KNOWN, attendance_text, part_at
from bot.registrations.attendance_book import BookRow, BookSession, read_book
from bot.registrations.door_sheet import SheetRow
from bot.registrations.listing import (
    is_erased,
    offering_lists,
    session_answers_text,
    shown_email,
    shown_name,
    standing_text,
)
from bot.registrations.workbook import CONTROL_CHARACTERS, sheet_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.desks.registrations.lists import ParticipantLists
    from bot.domain.door import DoorKeeper
    from bot.domain.plan import Course, Offering
    from bot.domain.registrations import Registration
    from bot.opening.work import BookWork
    from bot.registrations.attendance import CourseAttendance
    from bot.registrations.attendance_book import AttendanceRead, BookMark
    from bot.registrations.listing import OfferingList

FIXED_SHEETS = ("overview_sheet", "sessions_sheet", "departments_sheet", "silent_sheet", "left_without_sheet")
"""What stands before the courses: a course that is called so has another name for its sheet."""
READ = ("email", "offering", "attendance")
LOOKED_AT = ("name", "department", "status", "answers", "note", "comment")
Said = tuple[str, str, str, str, str, str]
"""Course, offering, session; who by the name in a form or ""; else the address; came or absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMarks:
    """What the workbook says of one session: names, with the cell each stands in."""

    title: str
    offering: str
    session: str
    came: tuple[tuple[str, str], ...]
    absent: tuple[tuple[str, str], ...]


def read_back(work: BookWork, data: bytes, name: str) -> AttendanceRead:
    """What a file says of who came, by the books as they are. Raises InputError for what is no workbook."""
    sheets = [
        (
            rows[0].sheet,
            [
                SheetRow(
                    cells=row.cells,
                    places=tuple(row.place(at) for at in range(max(len(row.cells), 1))),
                    hidden=frozenset(position for position, _ in row.hidden),
                )
                for row in rows
            ],
        )
        for rows in read_sheets(data, name)
    ]
    found = participant_lists(work.plan, work.stores, course=None, now=work.now(), reader=SeenBy.HR)
    headings = {one: _in_both(f"registrations.column.{one}") for one in (*READ, *LOOKED_AT)}
    return read_book(sheets, _courses(found, work.now()), headings)


def by_session(read: AttendanceRead, work: BookWork) -> tuple[SessionMarks, ...]:
    """The same to look at, in the workbook's order."""
    found: dict[tuple[str, str, str], list[BookMark]] = {}
    for mark in read.marks:
        found.setdefault((mark.row.course, mark.row.offering, mark.session), []).append(mark)
    shown = []
    for (course, offering, session), marks in found.items():
        planned = work.plan.known_course(course)
        part = planned.offering(offering)
        one = part.session(session) if part else None
        several = len(planned.offerings) > 1
        shown.append(
            SessionMarks(
                title=planned.title,
                offering=(part.title or part.id) if part and several else "",
                session=(one.title or one.id) if one and part and len(part.sessions) > 1 else "",
                came=_names(marks, AttendanceSaid.CAME),
                absent=_names(marks, AttendanceSaid.ABSENT),
            )
        )
    return tuple(shown)


def packed(read: AttendanceRead, work: BookWork, *, secret: str) -> list[Said]:
    """What goes along in the form, so that nothing of the file has to be kept."""
    ids = PersonIds(people=PeopleIndex(work.stores.books.people.load_people(work.plan.id)), secret=secret)
    return [
        (
            mark.row.course,
            mark.row.offering,
            mark.session,
            ids.of(mark.row.email) if mark.row.is_expected else "",
            "" if mark.row.is_expected else mark.row.email,
            mark.said.value,
        )
        for mark in read.marks
    ]


def say_back(work: BookWork, said: Iterable[Said], keeper: DoorKeeper, *, secret: str) -> bool:
    """Keep it as HR's word, each session's with its line of the log.

    False, and nothing is kept, where a list has changed since HR looked and would not take all of it. Raises
    DatabaseFailed.
    """
    door, now = DoorDesk(work.settings, work.plan, work.stores, secret=secret), work.now()
    ticks: dict[tuple[str, str, str], list[Tick]] = {}
    for course, offering, session, who, name, word in said:
        about = {"who": who} if who else {"name": name}
        tick = Tick(key=secrets.token_urlsafe(12), said=AttendanceSaid(word), at=now, **about)
        ticks.setdefault((course, offering, session), []).append(tick)
    if not all(door.would_keep(*where, words, keeper) for where, words in ticks.items()):
        return False
    for where, words in ticks.items():
        for at in range(0, len(words), MOST_WORDS):
            door.note(*where, words[at : at + MOST_WORDS], keeper)
    return True


def _courses(found: ParticipantLists, now: datetime) -> dict[str, list[BookRow]]:
    """The rows of each course, by what its sheet is called in either language."""
    of_course: dict[str, list[BookRow]] = {}
    titles: dict[str, str] = {}
    for one in offering_lists(found.lists.rows, found.plan, found.lists.asked):
        if one.rows:
            of_course.setdefault(one.course, []).extend(_rows(found, one, now))
            titles[one.course] = one.course_title
    named: dict[str, list[BookRow]] = {}
    for language in Language:
        taken = {text(language, f"registrations.{one}").lower() for one in FIXED_SHEETS}
        fallback = text(language, "registrations.course_sheet")
        named |= {sheet_name(titles[course], taken, fallback): rows for course, rows in of_course.items()}
    return named


def _rows(found: ParticipantLists, listed: OfferingList, now: datetime) -> Iterable[BookRow]:
    course = found.plan.course(listed.course)
    offering = course.offering(listed.offering) if course is not None else None
    known = found.said.attendance.get(listed.course, NOTHING_KNOWN)
    for row in listed.rows:
        # A course may have left the plan; its people are still listed, and nobody ticks them any more.
        if course is None or offering is None or is_erased(row):
            continue
        yield BookRow(
            course=course.id,
            offering=offering.id,
            offering_titles=frozenset({CONTROL_CHARACTERS.sub("", listed.title)}),
            email=shown_email(row),
            name=shown_name(row, found.plan.language),
            sessions=tuple(_sessions(found, course, offering, row, known, now)),
            attendance=frozenset(
                attendance_text(known, offering.id, row.email, language) for language in Language
            ),
            cells={one: _cell(one, found, listed, row) for one in LOOKED_AT},
            is_expected=any(part_at(row, one.id) in IN_PLAY for one in offering.sessions),
        )


def _sessions(
    found: ParticipantLists,
    course: Course,
    offering: Offering,
    row: Registration,
    known: CourseAttendance,
    now: datetime,
) -> Iterable[BookSession]:
    stands = known.of_sessions(offering.id, row.email)
    for one in offering.sessions:
        begins = instant(one.start, found.plan.timezone) if one.start and one.end else None
        yield BookSession(
            id=one.id,
            names=frozenset({one.id.casefold(), " ".join(one.title.casefold().split())} - {""}),
            came=stands[one.id] is Presence.ATTENDED if one.id in stands else None,
            is_open=is_on(course) and begins is not None and now >= begins - OPENS_BEFORE,
        )


def _cell(column: str, found: ParticipantLists, listed: OfferingList, row: Registration) -> frozenset[str]:
    """What stands in a cell, in both languages."""
    said = found.said
    match column:
        case "name":
            texts = {shown_name(row, language) for language in Language}
        case "department":
            texts = {row.department}
        case "status":
            texts = {standing_text(row, listed, language) for language in Language}
        case "answers":
            texts = {session_answers_text(row, language) for language in Language}
        case "note":
            texts = {said.notes.get((row.course, row.email), "")}
        case _:
            texts = {said.comments.get((row.course, row.offering, row.email), "")}
    return frozenset(CONTROL_CHARACTERS.sub("", one) for one in texts)


def _names(marks: Sequence[BookMark], said: AttendanceSaid) -> tuple[tuple[str, str], ...]:
    return tuple((one.row.name, one.place) for one in marks if one.said is said)


def _in_both(key: str) -> frozenset[str]:
    return frozenset(" ".join(text(language, key).casefold().split()) for language in Language)


def checked(said: object) -> list[Said]:
    """What went along in a form, as far as it is what we put there. Raises InputError for anything else."""
    found: list[Said] = []
    for one in said if isinstance(said, list) else ():
        match one:
            case [str(c), str(o), str(s), str(who), str(name), ("came" | "absent") as word] if who or name:
                found.append((c, o, s, who, name, word))
            case _:
                raise InputError("list_unreadable", file="")
    return found
