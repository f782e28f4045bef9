"""Who came, beside the rows of who was to come (pure).

A seat is counted by `bot.domain.participation`; who came to a session without one is a walk-in, known by an
address or by a name alone. Of a course nobody has said anything of, nothing is known.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.domain.attendance import (
    AttendanceSource,
    Presence,
    SessionAttendance,
    attendance_in_offering,
    attendance_of,
)
from bot.domain.participation import Part, part_in, part_of
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.domain.attendance import AttendanceWord
    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.registrations import Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseAttendance:
    """Who came to a course: by (offering, session), and by (offering, address) of the whole offering."""

    sessions: Mapping[tuple[str, str], SessionAttendance] = field(default_factory=dict)
    people: Mapping[tuple[str, str], Presence] = field(default_factory=dict)

    @property
    def attended(self) -> frozenset[str] | None:
        """Everybody who came to any session, each once; None where nobody has said anything of any."""
        if not any(one.by or one.closed for one in self.sessions.values()):
            return None
        return frozenset[str]().union(*(one.came for one in self.sessions.values()))

    def of_sessions(self, offering: str, email: str) -> dict[str, Presence]:
        """By session id what is known of a person, as far as anything is."""
        found = {session: one.of(email) for (of, session), one in self.sessions.items() if of == offering}
        return {session: known for session, known in found.items() if known is not None}

    def sources(self, offering: str, email: str) -> dict[str, AttendanceWord]:
        """By session id the word of a person that counts, where somebody has said one."""
        return {
            session: one.by[email]
            for (of, session), one in self.sessions.items()
            if of == offering and email in one.by
        }


NOTHING_KNOWN = CourseAttendance()


def attendance_text(
    known: CourseAttendance,
    offering: str,
    email: str,
    language: Language,
    titles: Mapping[str, str] | None = None,
) -> str:
    """Whether somebody came, in words; by session where there are several, "" where nobody knows.

    What Teams' report says is told as that, with the minutes that it has. `titles` are what sessions are
    called, by id; without them they go by their ids.
    """
    whole = known.people.get((offering, email))
    each, words = known.of_sessions(offering, email), known.sources(offering, email)
    several = sum(of == offering for of, _ in known.sessions) > 1
    if several and each:
        named = titles or {}
        return ", ".join(
            f"{named.get(session, session)}: {came_text(came, words.get(session), language)}"
            for session, came in each.items()
        )
    return came_text(whole, next(iter(words.values()), None), language) if whole is not None else ""


def came_text(known: Presence, word: AttendanceWord | None, language: Language) -> str:
    """Came, or did not, and how Teams knows it where it is Teams that does."""
    said = text(language, f"registrations.attendance.{known.value}")
    by_teams = word is not None and word.source is AttendanceSource.TEAMS
    return f"{said} ({teams_text(language, word.minutes)})" if word is not None and by_teams else said


def teams_text(language: Language, minutes: int | None) -> str:
    """That Teams' report says so, and how long somebody was there."""
    return (
        text(language, "registrations.source.teams")
        if minutes is None
        else text(language, "registrations.in_teams", minutes=minutes)
    )


def attendance_in_plan(
    plan: CoursePlan, rows: Iterable[Registration], words: Iterable[AttendanceWord], people: PeopleIndex
) -> dict[str, CourseAttendance]:
    """By course who came, of those courses of which anything was said."""
    of_course: defaultdict[str, list[AttendanceWord]] = defaultdict(list)
    for word in words:
        of_course[word.course].append(word)
    theirs: defaultdict[str, list[Registration]] = defaultdict(list)
    for row in rows:
        theirs[row.course].append(row)
    return {
        course.id: course_attendance(course, theirs[course.id], of_course[course.id], people)
        for course in plan.courses
        if course.id in of_course
    }


def course_attendance(
    course: Course, rows: Sequence[Registration], words: Iterable[AttendanceWord], people: PeopleIndex
) -> CourseAttendance:
    """Who came to one course; `rows` and `words` are its own."""
    said: defaultdict[tuple[str, str], list[AttendanceWord]] = defaultdict(list)
    for word in words:
        email = people.canonical(word.email) if word.email else ""
        said[word.offering, word.session].append(replace(word, email=email))
    sessions: dict[tuple[str, str], SessionAttendance] = {}
    for offering in course.offerings:
        mine = [row for row in rows if row.offering == offering.id and row.invited]
        for session in offering.sessions:
            parts = {row.email: part_at(row, session.id) for row in mine}
            sessions[offering.id, session.id] = attendance_of(
                said.get((offering.id, session.id), ()),
                {email for email, part in parts.items() if part is Part.SEATED},
                {email for email, part in parts.items() if part is Part.MAYBE},
            )
    return CourseAttendance(sessions=sessions, people=_by_offering(course, rows, sessions))


def part_at(row: Registration, session: str) -> Part | None:
    """How they were to take part in the session: by their answer to it only where they have the seat."""
    return part_in(row, session) if part_of(row) is Part.SEATED else part_of(row)


def _by_offering(
    course: Course, rows: Iterable[Registration], sessions: Mapping[tuple[str, str], SessionAttendance]
) -> dict[tuple[str, str], Presence]:
    found: dict[tuple[str, str], Presence] = {}
    for row in rows:
        offering = next((one for one in course.offerings if one.id == row.offering), None)
        theirs = [
            sessions[row.offering, session.id].of(row.email)
            for session in (offering.sessions if offering else ())
            if part_at(row, session.id) in {Part.SEATED, Part.MAYBE}
            or row.email in sessions[row.offering, session.id].came
        ]
        known = attendance_in_offering(theirs)
        if known is not None:
            found[row.offering, row.email] = known
    return found
