"""People say themselves that they are there, by the table in `bot.domain.check_in`.

    by                                   is known by
    the page of the QR code, signed in   the sign-in
    their own page                       its link, and shows by the code on the screen that they are in the room

The QR code holds an address that is the same for everybody, so that it can be printed; it names nobody. What
was printed before the session, its offering, course or plan got another id leads to the same session, unless
another one has the id by now.
Who checks in is always whoever is signed in, or whose page it is: nobody is checked in by somebody else.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from bot.desks.day.session_room import open_room
from bot.domain.actions import Action
from bot.domain.attendance import AttendanceSaid, AttendanceSource, AttendanceWord
from bot.domain.check_in import (
    CheckInAnswer,
    CheckInSession,
    OwnCheckIn,
    SessionPlace,
    answer_to,
    why_not_yet,
)
from bot.domain.participation import is_on
from bot.domain.times import instant
from bot.links import check_in_word, room_code
from bot.messages.characters import one_line
from bot.opening.clock import clock_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.desks.day.session_room import SessionRoom
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.opening.stores import Stores
    from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInDesk:
    """The sessions of one plan that people check in to; `keys` made the codes, the first makes new ones."""

    settings: Settings
    plan: CoursePlan
    stores: Stores
    keys: Sequence[str]

    def find(self, word: str) -> CheckInSession | None:
        """The session whose QR code has this word, None where there is none (any more)."""
        sessions = [*self._sessions()]
        for course, offering, session in sessions:
            if self._is_of(word, check_in_word, [self._place(course, offering, session)]):
                return self._shown(course, offering, session)
        for course, offering, session in sessions:
            if self._is_of(word, check_in_word, self._earlier(self._place(course, offering, session))):
                return self._shown(course, offering, session)
        return None

    def at(self, course: str, offering: str, session: str) -> CheckInSession | None:
        """The session of these ids, None where people do not check in to it."""
        places = ((self._place(*one).ids, one) for one in self._sessions())
        return next((self._shown(*one) for ids, one in places if ids == (course, offering, session)), None)

    def open_to(self, course: str, email: str) -> tuple[OwnCheckIn, ...]:
        """The sessions of a course that are open now, to somebody (canonical address) who may check in."""
        rooms = (self._room(one.place) for one in self._open_of(course))
        return tuple(
            OwnCheckIn(
                title=one_line(room.session.title or room.offering.title),
                start=room.session.start,
                came=email in room.attendance.came,
            )
            for room in rooms
            if room is not None and room.session.start and _answer(room, email) is CheckInAnswer.DONE
        )

    def say_with_code(self, course: str, code: str, email: str) -> CheckInAnswer | None:
        """Check somebody in to the open session of a course that has this code; None where none has."""
        for one in self._open_of(course):
            if self._is_of(code, room_code, [one.place, *self._earlier(one.place)]):
                return self.say(one, email, door="page")
        return None

    def say(self, session: CheckInSession, email: str, *, door: str) -> CheckInAnswer:
        """Check somebody (canonical address) in, once; what they are answered. Raises DatabaseFailed."""
        if session.why_not is not None:
            return session.why_not
        room = self._room(session.place)
        answer = CheckInAnswer.OFF if room is None else _answer(room, email)
        if room is not None and answer is CheckInAnswer.DONE and email not in room.attendance.came:
            self._keep(session.place, email, door)
        return answer

    def _keep(self, place: SessionPlace, email: str, door: str) -> None:
        now, where = clock_of(self.settings).now(), "/".join(place.ids)
        word = AttendanceWord(
            plan=place.plan,
            key=f"{where}/{secrets.token_urlsafe(12)}",
            course=place.course,
            offering=place.offering,
            session=place.session,
            email=email,
            said=AttendanceSaid.CAME,
            source=AttendanceSource.SELF,
            at=now,
            noted_at=now,
            by=email,
        )
        line = Action(
            at=now,
            by=email,
            command="attendance",
            plan=place.plan,
            course=place.course,
            subject=email,
            door=door,
            detail=f"{place.offering}/{place.session}: {word.said.value}",
        )
        self.stores.attendance.add([word], noted=[line])

    def _is_of(
        self, said: str, mark: Callable[[str, SessionPlace], str], places: Iterable[SessionPlace]
    ) -> bool:
        """Whether this is the mark of one of the places, by any of the keys."""
        marks = (mark(key, place) for place in places for key in self.keys)
        return any(secrets.compare_digest(one, said) for one in marks)

    def _earlier(self, place: SessionPlace) -> list[SessionPlace]:
        """The place by the ids that it and what it is in had before."""
        links = self.stores.links
        plans = {place.plan, *links.load_old_plans(place.plan)}
        olds = links.load_old_courses(place.plan)
        courses = {place.course, *(old for old, now in olds.items() if now == place.course)}
        parts = links.load_old_parts(place.plan, place.course)
        offerings = {place.offering, *parts.get((place.offering, ""), ())}
        sessions = {place.session, *parts.get((place.offering, place.session), ())}
        named = (
            SessionPlace(plan=plan, course=course, offering=offering, session=session)
            for plan, course, offering, session in product(plans, courses, offerings, sessions)
        )
        return [one for one in named if one != place]

    def _room(self, place: SessionPlace) -> SessionRoom | None:
        # Nobody is named here, so there is nothing to name them by.
        return open_room(self.plan, self.stores, place.ids, secret="")

    def _open_of(self, course: str) -> list[CheckInSession]:
        found = (self._shown(*one) for one in self._sessions() if one[0].id == course)
        return [one for one in found if one is not None and one.why_not is None]

    def _sessions(self) -> Iterator[tuple[Course, Offering, CourseSession]]:
        for course in self.plan.courses:
            if course.attendance.self_check_in:
                yield from ((course, offering, session) for offering, session in course.sessions())

    def _place(self, course: Course, offering: Offering, session: CourseSession) -> SessionPlace:
        return SessionPlace(plan=self.plan.id, course=course.id, offering=offering.id, session=session.id)

    def _shown(self, course: Course, offering: Offering, session: CourseSession) -> CheckInSession | None:
        if session.start is None or session.end is None:
            return None
        which = offering.title if len(course.offerings) > 1 else ""
        zone, now = self.plan.timezone, clock_of(self.settings).now()
        start, end = instant(session.start, zone), instant(session.end, zone)
        return CheckInSession(
            place=self._place(course, offering, session),
            title=one_line(course.title),
            session_title=one_line(session.title or which),
            start=session.start,
            end=session.end,
            all_day=session.all_day,
            venue=course.place_of(offering, session),
            why_not=why_not_yet(is_on=is_on(course), start=start, end=end, now=now),
        )


def _answer(room: SessionRoom, email: str) -> CheckInAnswer:
    word = room.attendance.by.get(email)
    return answer_to(room.part_of(email), said_absent=word is not None and word.said is AttendanceSaid.ABSENT)
