"""The list at the door of one session: who is to come, who has come, and what is said of it there.

    who stands there     sees                               says it as
    HR, signed in        names, departments, walk-ins too   HR
    a helper by a link   names, walk-ins too                the door

What is said is kept word by word (`bot.domain.attendance`), each under a key that the phone made: what it
sends again after the net was gone is one word. A phone's clock may be wrong, so no word is taken to be later
than now, nor earlier than the list was open. The list is open from `OPENS_BEFORE` the session begins; a
helper's until `HELPER_UNTIL` after it has ended, HR's for as long as the course is in the books.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.actions import Action
from bot.domain.attendance import (
    LONGEST_NAME,
    OF_THE_LIST,
    AttendanceSaid,
    AttendanceSource,
    AttendanceWord,
    SessionAttendance,
)
from bot.domain.door import LONGEST_KEY, MOST_WORDS, DoorClosed, DoorKeeper, DoorLine, DoorList, Tick
from bot.domain.participation import IN_PLAY, Part, is_on, part_in, part_of
from bot.domain.person_ids import PersonIds
from bot.domain.registrations import is_stand_in
from bot.domain.times import instant
from bot.i18n.sorting import danish_key
from bot.messages.characters import one_line
from bot.opening.clock import clock_of
from bot.registrations.attendance import course_attendance
from bot.rounds.steps.decide_seats import load_state, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.registrations import Registration
    from bot.opening.stores import Stores
    from config.settings import Settings

OPENS_BEFORE = timedelta(hours=12)
HELPER_UNTIL = timedelta(hours=24)


class DoorDesk:
    """The doors of one plan; every look reads the books anew, those of one course only."""

    def __init__(self, settings: Settings, plan: CoursePlan, stores: Stores, *, secret: str) -> None:
        self._settings, self._plan, self._stores, self._secret = settings, plan, stores, secret

    def look(self, course: str, offering: str, session: str, keeper: DoorKeeper) -> DoorList | None:
        """The list, None where the plan has no such session (any more). Raises DatabaseFailed."""
        room = self._room(course, offering, session)
        return room.list_for(keeper, clock_of(self._settings).now()) if room is not None else None

    def note(
        self, course: str, offering: str, session: str, ticks: Sequence[Tick], keeper: DoorKeeper
    ) -> DoorList | None:
        """Keep what is said and give the list as it is then; nothing is kept of a list that is not open.

        What is about nobody on the list, or is said under a key that was used before, is left out. Raises
        DatabaseFailed.
        """
        now, room = clock_of(self._settings).now(), self._room(course, offering, session)
        if room is None:
            return None
        if room.why_not(keeper, now) is None:
            known = room.known()
            words = [word for tick in ticks[:MOST_WORDS] if (word := room.word(tick, known, keeper, now))]
            if words:
                self._stores.attendance.add(words, noted=[_line(self._plan.id, course, words, keeper, now)])
        return self.look(course, offering, session, keeper)

    def _room(self, course: str, offering: str, session: str) -> _SessionRoom | None:
        if self._plan.course(course) is None:
            return None
        state = load_state(self._plan, self._stores, course=course)
        found = state.plan.course(course)
        meant = next((one for one in found.offerings if one.id == offering), None) if found else None
        planned = next((one for one in meant.sessions if one.id == session), None) if meant else None
        if found is None or meant is None or planned is None:
            return None
        rows = rows_of(state)
        words = self._stores.attendance.load_words(self._plan.id, course=course)
        attendance = course_attendance(found, rows, words, state.people)
        return _SessionRoom(
            plan=state.plan,
            course=found,
            offering=meant,
            session=planned,
            rows=tuple(row for row in rows if row.offering == offering and row.invited),
            people=state.people,
            ids=PersonIds(people=state.people, secret=self._secret),
            attendance=attendance.sessions[offering, session],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _SessionRoom:
    """A session with everybody who may stand in it."""

    plan: CoursePlan
    course: Course
    offering: Offering
    session: CourseSession
    rows: tuple[Registration, ...]
    people: PeopleIndex
    ids: PersonIds
    attendance: SessionAttendance

    def why_not(self, keeper: DoorKeeper, now: datetime) -> DoorClosed | None:
        """Why nothing can be said of who came, None where it can; `now` UTC."""
        start, end = self._span()
        if not is_on(self.course):
            return DoorClosed.OFF
        if start is None or end is None or now < start - OPENS_BEFORE:
            return DoorClosed.TOO_EARLY
        is_helper = keeper.source is not AttendanceSource.HR
        return DoorClosed.OVER if is_helper and now > end + HELPER_UNTIL else None

    def list_for(self, keeper: DoorKeeper, now: datetime) -> DoorList:
        """As whoever stands there sees it."""
        shows_departments = keeper.source is AttendanceSource.HR
        lines = [*self._expected(shows_departments=shows_departments), *self._walk_ins()]
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
            why_not=self.why_not(keeper, now),
        )

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
        opened = (self._span()[0] or now) - OPENS_BEFORE
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
            part = part_in(row, self.session.id) if part_of(row) is Part.SEATED else part_of(row)
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
        )

    def _id(self, who: str) -> str:
        return who if who.startswith(BY_NAME) else self.ids.of(who)

    def _span(self) -> tuple[datetime | None, datetime | None]:
        """Begin and end of the session, UTC."""
        zone, start, end = self.plan.timezone, self.session.start, self.session.end
        return instant(start, zone) if start else None, instant(end, zone) if end else None


BY_NAME = "name:"
"""What somebody is named by who is known by a name alone (`AttendanceWord.who`)."""


def _place(line: DoorLine) -> tuple[bool, bool, tuple[object, ...] | str, str]:
    return line.part is None, line.part is Part.WAITING, danish_key(line.name), line.id


def _line(
    plan: str, course: str, words: Sequence[AttendanceWord], keeper: DoorKeeper, now: datetime
) -> Action:
    """The line of the log: about one person, or how many."""
    about = {word.email for word in words if word.email}
    subject = next(iter(about)) if len(about) == 1 == len(words) else str(len(words))
    said = ", ".join(sorted({word.said.value for word in words}))
    place = f"{words[0].offering}/{words[0].session}"
    return Action(
        at=now,
        by=keeper.name,
        command="attendance",
        plan=plan,
        course=course,
        subject=subject,
        door=keeper.door,
        detail=f"{place}: {said}",
    )
