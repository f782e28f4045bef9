"""What a search for a date is about: from HR's question and the plan to the sessions, people, rooms and days.

    the first that fits                                 rooms that are looked at
    no room is wanted                                   none
    rooms were named                                    those
    seats or equipment were named                       the smallest of the house that will do
    it is online                                        none
    the plan names a room                               that
    the plan names a place without a room               none: the place is somebody else's
    nothing                                             the smallest of the house that will do

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.assumptions import OutcomeStanding, standing
from bot.domain.decided import values_of
from bot.domain.errors import InputError
from bot.domain.schedules import Room
from bot.free_dates.candidates import Search

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering

    Sessions = tuple[tuple[Offering, CourseSession], ...]

MOST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class DateQuestion:
    """What HR asks: for which course (and offering, session), between which days, how long.

    The rest has defaults.

    `rooms` are addresses, () for what the table in this module says, None for no room.
    """

    course: str
    first: date
    last: date
    length: timedelta
    offering: str = ""
    session: str = ""
    earliest: time = time(8, 30)
    latest: time = time(16, 0)
    avoid: tuple[tuple[date, date], ...] = ()
    required: tuple[str, ...] = ()
    rooms: tuple[str, ...] | None = ()
    seats: int | None = None
    equipment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSubject:
    """The sessions that a date is for, with all that the plan and the question say of them.

    `named` are their audiences, `fixed` the rooms to look at, None: those of the house that will do.
    """

    question: DateQuestion
    course: Course
    sessions: Sessions
    search: Search
    named: tuple[str, ...]
    fixed: tuple[Room, ...] | None

    @property
    def keys(self) -> set[tuple[str, str]]:
        """Offering and session of each."""
        return {(offering.id, session.id) for offering, session in self.sessions}

    @property
    def required(self) -> tuple[str, ...]:
        """Without whom it cannot be held, each once: speakers with an address, and who was named."""
        speakers = (speaker.email.lower() for speaker in self.course.speakers if speaker.email)
        return tuple(dict.fromkeys((*speakers, *(email.lower() for email in self.question.required))))

    @property
    def capacity(self) -> int | None:
        """The seats that the plan gives the largest of the offerings, where it does."""
        known = [self._capacity_of(offering) for offering, _ in self.sessions]
        return max((seats for seats in known if seats), default=None)

    @property
    def seats_of_each(self) -> list[int | None]:
        """How many may come to each by plan and question; None without a limit."""
        several = ((self._capacity_of(offering), self.question.seats) for offering, _ in self.sessions)
        return [min((seats for seats in known if seats is not None), default=None) for known in several]

    def groups(self, plan: CoursePlan) -> set[str]:
        """The groups of the audiences."""
        return {group for rule in plan.audiences if rule.id in self.named for group in rule.groups}

    def _capacity_of(self, offering: Offering) -> int | None:
        return offering.capacity or self.course.enrolment.capacity


def subject_of(plan: CoursePlan, whole: CoursePlan, question: DateQuestion, now: datetime) -> DateSubject:
    """What the question is about, of the `whole` plan; the days are those of the plan as it is decided.

    Raises InputError for a question that cannot be asked.
    """
    course = _course(whole, question.course)
    sessions = _sessions(course, question)
    audiences = (audience for _, session in sessions for audience in course.required_of(session))
    return DateSubject(
        question=question,
        course=course,
        sessions=sessions,
        search=_search(plan, question, now),
        named=tuple(dict.fromkeys(audiences)),
        fixed=_fixed_rooms(course, sessions, question),
    )


def _course(plan: CoursePlan, wanted: str) -> Course:
    """The course, without what was decided against."""
    course = plan.known_course(wanted)
    decided = values_of(plan)
    offerings = (
        replace(
            offering,
            sessions=tuple(
                session
                for session in offering.sessions
                if standing(session.when, decided) is not OutcomeStanding.FAILS
            ),
        )
        for offering in course.offerings
        if standing(offering.when, decided) is not OutcomeStanding.FAILS
    )
    return replace(course, offerings=tuple(offerings))


def _sessions(course: Course, question: DateQuestion) -> Sessions:
    """The sessions that a date is for: those named, else the one undated session of each offering."""
    offerings = [offering for offering in course.offerings if question.offering in {"", offering.id}]
    if not offerings:
        known = ", ".join(offering.id for offering in course.offerings)
        raise InputError("dates_offering_unknown", offering=question.offering, known=known)
    sought = tuple(
        (offering, session) for offering in offerings for session in _sought(course, offering, question)
    )
    if not sought:
        sessions = (session.id for offering in offerings for session in offering.sessions)
        raise InputError(
            "dates_session_unknown" if question.session else "dates_all_dated",
            session=question.session,
            known=", ".join(dict.fromkeys(sessions)) or "–",
        )
    return sought


def _sought(course: Course, offering: Offering, question: DateQuestion) -> list[CourseSession]:
    """The one session of the offering that is named or has no date, if there is one."""
    if question.session:
        sought = [session for session in offering.sessions if session.id == question.session]
    else:
        sought = [session for session in offering.sessions if session.start is None]
    if len(sought) > 1:
        known = ", ".join(session.id for session in sought)
        raise InputError("dates_which_session", course=course.id, known=known)
    return sought


def _search(plan: CoursePlan, question: DateQuestion, now: datetime) -> Search:
    """The plan's days and the question's hours. Raises InputError for what can have no answer."""
    if question.first > question.last:
        raise InputError("dates_backwards", first=question.first, last=question.last)
    if question.last < now.astimezone(ZoneInfo(plan.timezone)).date():
        raise InputError("dates_over", last=question.last)
    if (question.last - question.first).days >= MOST_DAYS:
        raise InputError("dates_too_long", most=MOST_DAYS)
    search = Search(
        zone=plan.timezone,
        first=question.first,
        last=question.last,
        length=question.length,
        earliest=question.earliest,
        latest=question.latest,
        now=now,
        holidays=plan.holidays,
        closing_days=plan.closing_days,
        school_holidays=plan.school_holidays,
        avoid=question.avoid,
    )
    if not search.fits:
        raise InputError(
            "dates_no_room_in_day", earliest=f"{question.earliest:%H:%M}", latest=f"{question.latest:%H:%M}"
        )
    return search


def _fixed_rooms(course: Course, sessions: Sessions, question: DateQuestion) -> tuple[Room, ...] | None:
    """The rooms to look at by the table of this module; None: those of the house that will do."""
    if question.rooms is None:
        return ()
    if question.rooms:
        return tuple(Room(email=email.lower()) for email in question.rooms)
    if question.seats or question.equipment:
        return None
    return _rooms_by_the_plan(course, sessions)


def _rooms_by_the_plan(
    course: Course, sessions: Iterable[tuple[Offering, CourseSession]]
) -> tuple[Room, ...] | None:
    on_site = [pair for pair in sessions if not course.is_online(*pair)]
    if not on_site:
        return ()
    venues = [venue for pair in on_site if (venue := course.venue_of(*pair)) is not None]
    if not venues:
        return None
    return tuple(
        Room(email=email) for email in dict.fromkeys(venue.room.lower() for venue in venues if venue.room)
    )
