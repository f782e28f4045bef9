"""One session with everybody who may stand in it, by plan and books: who is expected, and who has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.attendance import (
    LONGEST_NAME,
    OF_THE_LIST,
    AttendanceSaid,
    AttendanceSource,
    AttendanceWord,
    SessionAttendance,
)
from bot.domain.door import LONGEST_KEY, DoorClosed, DoorKeeper, DoorLine, DoorList, Tick
from bot.domain.door_links import door_owner
from bot.domain.participation import IN_PLAY, Part, is_on, part_in, part_of
from bot.domain.person_ids import PersonIds
from bot.domain.registrations import is_stand_in
from bot.domain.times import instant
from bot.i18n.sorting import danish_key
from bot.messages.characters import one_line
from bot.registrations.attendance import course_attendance
from bot.registrations.door_sheet import Listed
from bot.rounds.steps.decide_seats import load_state, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.registrations import Registration
    from bot.opening.stores import Stores

OPENS_BEFORE = timedelta(hours=12)
HELPER_UNTIL = timedelta(hours=24)


def open_room(
    plan: CoursePlan, stores: Stores, where: tuple[str, str, str], *, secret: str
) -> SessionRoom | None:
    """The session of these ids (course, offering, session), None where the plan has none.

    People are named in forms by `secret`. Raises DatabaseFailed.
    """
    course, offering, session = where
    if plan.course(course) is None:
        return None
    state = load_state(plan, stores, course=course)
    found = state.plan.course(course)
    meant = found.offering(offering) if found else None
    planned = meant.session(session) if meant else None
    if found is None or meant is None or planned is None:
        return None
    rows = rows_of(state)
    words = stores.attendance.load_words(plan.id, course=course)
    attendance = course_attendance(found, rows, words, state.people)
    return SessionRoom(
        plan=state.plan,
        course=found,
        offering=meant,
        session=planned,
        rows=tuple(row for row in rows if row.offering == offering and row.invited),
        people=state.people,
        ids=PersonIds(people=state.people, secret=secret),
        attendance=attendance.sessions[offering, session],
        generation=stores.links.load_generations(plan.id).get(door_owner(*where), 0),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRoom:
    """A session with everybody who may stand in it."""

    plan: CoursePlan
    course: Course
    offering: Offering
    session: CourseSession
    rows: tuple[Registration, ...]
    people: PeopleIndex
    ids: PersonIds
    attendance: SessionAttendance
    generation: int
    """How often HR ended the links to this door."""

    def why_not(self, keeper: DoorKeeper, now: datetime) -> DoorClosed | None:
        """Why nothing can be said of who came, None where it can; `now` UTC."""
        start, end = self.span()
        is_helper = keeper.source is not AttendanceSource.HR
        if is_helper and keeper.generation < self.generation:
            return DoorClosed.REVOKED
        if not is_on(self.course):
            return DoorClosed.OFF
        if start is None or end is None or now < start - OPENS_BEFORE:
            return DoorClosed.TOO_EARLY
        return DoorClosed.OVER if is_helper and now > end + HELPER_UNTIL else None

    def list_for(self, keeper: DoorKeeper, now: datetime) -> DoorList:
        """As whoever stands there sees it; nobody behind a link that has ended."""
        shows_departments = keeper.source is AttendanceSource.HR
        why_not = self.why_not(keeper, now)
        lines = (
            []
            if why_not is DoorClosed.REVOKED
            else [*self._expected(shows_departments=shows_departments), *self._walk_ins()]
        )
        return DoorList(
            course=self.course.id,
            offering=self.offering.id,
            session=self.session.id,
            title=one_line(self.course.title),
            offering_title=one_line(self.offering.title or self.offering.id)
            if len(self.course.offerings) > 1
            else "",
            session_title=one_line(self.session.title),
            start=self.session.start,
            end=self.session.end,
            all_day=self.session.all_day,
            place=self.course.place_of(self.offering, self.session),
            lines=tuple(sorted(lines, key=_place)),
            closed=self.attendance.closed,
            why_not=why_not,
        )

    def listed(self) -> list[Listed]:
        """Everybody on the list, with the address; "" of walk-ins who are known by name alone."""
        known = self.known()
        lines = sorted([*self._expected(shows_departments=True), *self._walk_ins()], key=_place)
        return [Listed(id=one.id, email=known[one.id][0], name=one.name, came=one.came) for one in lines]

    def known(self) -> dict[str, tuple[str, str]]:
        """(Address, name) of everybody on the list by what a form calls them; one of the two is ""."""
        lines = [*self._expected(shows_departments=False), *self._walk_ins()]
        by_id = {self._id(who): who for who in (*(row.email for row in self.rows), *self.attendance.by)}
        return {
            line.id: ("", line.name) if line.id.startswith(BY_NAME) else (by_id[line.id], "")
            for line in lines
        }

    def word(
        self, tick: Tick, known: Mapping[str, tuple[str, str]], keeper: DoorKeeper, now: datetime
    ) -> AttendanceWord | None:
        """What was said as it is kept; None for what is about nobody."""
        email, name = "", ""
        if tick.said not in OF_THE_LIST:
            email, name = known.get(tick.who, ("", "")) if tick.who else self._walk_in(tick)
            if not email and not name:
                return None
        if not 1 <= len(tick.key) <= LONGEST_KEY:
            return None
        opened = (self.span()[0] or now) - OPENS_BEFORE
        return AttendanceWord(
            plan=self.plan.id,
            key=f"{self.course.id}/{self.offering.id}/{self.session.id}/{tick.key}",
            course=self.course.id,
            offering=self.offering.id,
            session=self.session.id,
            email=email,
            said=tick.said,
            source=keeper.source,
            at=max(min(tick.at, now), min(opened, now)),
            noted_at=now,
            name=name,
            by=keeper.name,
        )

    def part_of(self, email: str) -> Part | None:
        """How somebody (canonical address) was to take part in the session; None who was not."""
        return next((self._part(row) for row in self.rows if row.email == email), None)

    def _part(self, row: Registration) -> Part | None:
        return part_in(row, self.session.id) if part_of(row) is Part.SEATED else part_of(row)

    def _walk_in(self, tick: Tick) -> tuple[str, str]:
        """(Address, name) of who was written on the list: known where one person is called so."""
        name = one_line(tick.name)[:LONGEST_NAME].strip()
        called = {
            person.email
            for person in self.people.everybody
            if name.casefold() in {person.name.casefold(), person.email.casefold()}
        }
        return (called.pop(), "") if len(called) == 1 else ("", name)

    def _expected(self, *, shows_departments: bool) -> Iterable[DoorLine]:
        for row in self.rows:
            part = self._part(row)
            if part in IN_PLAY and not is_stand_in(row.email):
                department = row.department if shows_departments else ""
                yield self._line(row.email, row.name or row.email, department, part)

    def _walk_ins(self) -> Iterable[DoorLine]:
        waiting = {row.email for row in self.rows if part_of(row) in IN_PLAY}
        for who in self.attendance.walk_ins - waiting:
            if not is_stand_in(who):
                person = self.people.find(who)
                name = person.name if person and person.name else self.attendance.by[who].name or who
                yield self._line(who, name, "", None)

    def _line(self, who: str, name: str, department: str, part: Part | None) -> DoorLine:
        known, word = self.attendance.of(who), self.attendance.by.get(who)
        came = True if who in self.attendance.came else False if known is not None else None
        if came is None and word is not None and word.said is AttendanceSaid.ABSENT:
            came = False
        return DoorLine(
            id=self._id(who),
            name=one_line(name),
            department=department,
            part=part,
            came=came,
            said_by=word.source if word is not None else None,
            minutes=word.minutes if word is not None else None,
        )

    def _id(self, who: str) -> str:
        return who if who.startswith(BY_NAME) else self.ids.of(who)

    def span(self) -> tuple[datetime | None, datetime | None]:
        """Begin and end of the session, UTC."""
        zone, start, end = self.plan.timezone, self.session.start, self.session.end
        return instant(start, zone) if start else None, instant(end, zone) if end else None


BY_NAME = "name:"
"""What somebody is named by who is known by a name alone (`AttendanceWord.who`)."""


def _place(line: DoorLine) -> tuple[bool, bool, tuple[object, ...] | str, str]:
    return line.part is None, line.part is Part.WAITING, danish_key(line.name), line.id
