"""One search for a date, from the question to the dates.

Reads groups, rooms and free/busy, and writes nothing.

    the audience of the session(s) is                   the search
    known                                               goes on
    of a group that cannot be read                      ends with Graph's error (4)
    of a group that is empty for the first time, or by now ends: who comes is not known (2)
    nobody                                              ends (2)

    the first that fits                                 rooms that are looked at
    no room is wanted                                   none
    rooms were named                                    those
    seats or equipment were named                       the smallest of the house that will do
    it is online                                        none
    the plan names a room                               that
    the plan names a place without a room               none: the place is somebody else's
    nothing                                             the smallest of the house that will do

The house's rooms take a right of their own: where it lacks and nobody asked for rooms, the search goes on
without and says so. What a room that is named holds is read there too; where that is not to be seen, it is
not known.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.assumptions import OutcomeStanding, standing
from bot.domain.decided import values_of
from bot.domain.people import LeftOutReason, UnknownReason
from bot.domain.plan import CourseStatus
from bot.domain.schedules import Room
from bot.errors import GraphError, InputError, PermissionMissing
from bot.free_dates.candidates import Candidates, Search, find_candidates
from bot.free_dates.combination import best_together, reached, seated
from bot.free_dates.elsewhere import Elsewhere, audiences_elsewhere, find_elsewhere
from bot.free_dates.ranking import Asked, Weighed, best_of_each_half, never_seen, weigh
from bot.free_dates.rooms import are_too_small, as_they_are, rooms_that_will_do
from bot.invitations.audiences import known_people, resolve_audiences
from bot.rounds.steps.left_out import fetch_left_out
from bot.rounds.steps.read_world import fetch_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.people import Audience
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.schedules import Schedule
    from bot.opening.stores import Stores
    from bot.opening.tenant import Microsoft365
    from bot.opening.work import Work

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
class FoundDates:
    """What came of it.

    `ranked` are the best times of each half day, best first; `together` those proposed for several offerings.

    `sessions` are those that a date is for, in the plan's order: `together` has one time for each as far as
    there are days, `reached` people can come to at least one of them, and `seated` of those have a seat
    there.
    """

    plan: CoursePlan
    course: Course
    sessions: tuple[tuple[Offering, CourseSession], ...]
    question: DateQuestion
    people: int
    required: int
    seats: int
    rooms: tuple[Room, ...]
    candidates: Candidates
    elsewhere: Elsewhere
    ranked: tuple[Weighed, ...]
    together: tuple[Weighed, ...] = ()
    reached: int = 0
    seated: int = 0
    never_seen: int = 0
    required_never_seen: int = 0
    without_address: int = 0
    contacts: int = 0
    room_note: str = ""


async def find_dates(
    work: Work,
    question: DateQuestion,
    *,
    told: Callable[[int], None] = lambda _calendars: None,
) -> FoundDates:
    """Ask and weigh. Also what is still to be decided can get a date.

    `told` is told how many calendars are asked about, before they are.

    Raises InputError for a question that cannot be asked, GraphError.
    """
    plan, tenant = work.written, work.tenant
    course = _course(work.whole, question.course)
    sessions = _sessions(course, question)
    search = _search(plan, question, work.now())
    named = tuple(dict.fromkeys(one for _, session in sessions for one in course.required_of(session)))
    fixed = _fixed_rooms(course, sessions, question)
    house = None if fixed == () else asyncio.ensure_future(_fetch_house(tenant, question, fixed))
    try:
        audiences = await _fetch_audiences(plan, course, named, work.stores, tenant, search)
    except BaseException:
        if house is not None:
            house.cancel()
            await asyncio.gather(house, return_exceptions=True)
        raise
    rooms_there, room_note = ((), "") if house is None else await house
    groups = {group for rule in plan.audiences if rule.id in named for group in rule.groups}
    left_out = await fetch_left_out(groups, known_people(audiences[one] for one in named), tenant.directory)
    people = tuple(sorted({person.email for one in named for person in audiences[one].people}))
    if not people:
        raise InputError("dates_nobody", course=course.id)
    members = {one.id: frozenset(person.email for person in one.people) for one in audiences.values()}
    elsewhere = find_elsewhere(
        plan, course, {(offering.id, session.id) for offering, session in sessions}, named, members
    )
    candidates = find_candidates(
        replace(search, taken_days=elsewhere.days.keys(), taken_times=elsewhere.times)
    )
    seats = question.seats or _capacity(course, sessions) or len(people)
    if fixed is None:
        rooms = rooms_that_will_do(rooms_there, seats=seats, equipment=question.equipment)
        room_note = room_note or ("" if rooms else "no_room_fits")
    else:
        rooms = as_they_are(fixed, rooms_there)
        room_note = "room_small" if len(sessions) == 1 and are_too_small(rooms, seats=seats) else ""
    asked = Asked(
        audience=people, required=_required(course, question), rooms=rooms, elsewhere=elsewhere.people
    )
    told(len({*people, *asked.required, *(room.email for room in rooms)}) if candidates.times else 0)
    schedules = await _fetch_schedules(tenant, asked, candidates)
    ranked = best_of_each_half(weigh(candidates.times, asked, schedules))
    each = [_seats(course, offering, question) for offering, _ in sessions]
    together = best_together(ranked, each) if len(sessions) > 1 else ()
    return FoundDates(
        plan=plan,
        course=course,
        sessions=sessions,
        question=question,
        people=len(people),
        required=len(asked.required),
        seats=seats,
        rooms=rooms,
        candidates=candidates,
        elsewhere=elsewhere,
        ranked=ranked,
        together=together,
        reached=reached(together),
        seated=seated(together, each[: len(together)]),
        never_seen=never_seen(people, schedules) if ranked else 0,
        required_never_seen=never_seen(asked.required, schedules) if ranked else 0,
        without_address=len({name for one in named for name in audiences[one].without_address}),
        contacts=sum(member.reason is LeftOutReason.CONTACT for member in left_out),
        room_note=room_note,
    )


def _course(plan: CoursePlan, wanted: str) -> Course:
    """The course, without what was decided against."""
    course = plan.known_course(wanted)
    decided = values_of(plan)
    offerings = (
        replace(
            offering,
            sessions=tuple(
                one for one in offering.sessions if standing(one.when, decided) is not OutcomeStanding.FAILS
            ),
        )
        for offering in course.offerings
        if standing(offering.when, decided) is not OutcomeStanding.FAILS
    )
    return replace(course, offerings=tuple(offerings))


def _sessions(course: Course, question: DateQuestion) -> tuple[tuple[Offering, CourseSession], ...]:
    """The sessions that a date is for: those named, else the one undated session of each offering."""
    offerings = [one for one in course.offerings if question.offering in {"", one.id}]
    if not offerings:
        raise InputError(
            "dates_offering_unknown",
            offering=question.offering,
            known=", ".join(one.id for one in course.offerings),
        )
    found: list[tuple[Offering, CourseSession]] = []
    for offering in offerings:
        if question.session:
            its = [one for one in offering.sessions if one.id == question.session]
        else:
            its = [one for one in offering.sessions if one.start is None]
        if len(its) > 1:
            raise InputError("dates_which_session", course=course.id, known=", ".join(one.id for one in its))
        found += ((offering, one) for one in its)
    if not found:
        known = ", ".join(dict.fromkeys(one.id for offering in offerings for one in offering.sessions)) or "–"
        raise InputError(
            "dates_session_unknown" if question.session else "dates_all_dated",
            session=question.session,
            known=known,
        )
    return tuple(found)


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


async def _fetch_audiences(
    plan: CoursePlan,
    course: Course,
    named: Sequence[str],
    stores: Stores,
    tenant: Microsoft365,
    search: Search,
) -> Mapping[str, Audience]:
    """The people of the audiences named, and of those that something else of the plan has in that time.

    Raises as the table says.
    """
    others = audiences_elsewhere(plan, course, search.first, search.last)
    # A course that invites, whatever the status of the one asked about: only of those are the audiences
    # known.
    everybody = replace(
        course,
        status=CourseStatus.APPROVED,
        audience=(*named, *sorted(others)),
        optional_audience=(),
        offerings=(),
    )
    reading = replace(plan, courses=(everybody,))
    remembered = stores.books.groups.load_counts(plan.id)
    audiences = resolve_audiences(
        reading, await fetch_groups(reading, tenant.directory, remembered), remembered
    )
    for unknown in (one for name in named for one in audiences[name].unknown):
        if unknown.reason is UnknownReason.UNREADABLE and unknown.error is not None:
            raise unknown.error
        raise InputError("dates_group_empty", group=unknown.group)
    return audiences


async def _fetch_house(
    tenant: Microsoft365, question: DateQuestion, fixed: tuple[Room, ...] | None
) -> tuple[tuple[Room, ...], str]:
    """The rooms of the house, and what to say where they are not for us to see.

    Those that are named can do without.
    """
    try:
        return await tenant.schedules.fetch_rooms(), ""
    except GraphError as error:
        if fixed is None and (
            question.seats or question.equipment or not isinstance(error, PermissionMissing)
        ):
            raise
        return (), "rooms_hidden"


async def _fetch_schedules(
    tenant: Microsoft365, asked: Asked, candidates: Candidates
) -> Mapping[str, Schedule]:
    """Everybody's and every room's free/busy between the first time and the last.

    Of nobody where there is none.
    """
    if not candidates.times:
        return {}
    addresses = (*asked.audience, *asked.required, *(room.email for room in asked.rooms))
    first, last = candidates.times[0].start.date(), candidates.times[-1].end.date()
    return {one.address: one for one in await tenant.schedules.fetch_schedules(addresses, first, last)}


def _fixed_rooms(
    course: Course, sessions: Iterable[tuple[Offering, CourseSession]], question: DateQuestion
) -> tuple[Room, ...] | None:
    """The rooms to look at by the table of this module; None: those of the house that will do."""
    if question.rooms is None:
        return ()
    if question.rooms:
        return tuple(Room(email=one.lower()) for one in question.rooms)
    if question.seats or question.equipment:
        return None
    venues = [
        course.venue_of(offering, session)
        for offering, session in sessions
        if not course.is_online(offering, session)
    ]
    if not venues:
        return ()
    rooms = dict.fromkeys(venue.room.lower() for venue in venues if venue is not None and venue.room)
    if rooms or any(venue is not None for venue in venues):
        return tuple(Room(email=one) for one in rooms)
    return None


def _capacity(course: Course, sessions: Iterable[tuple[Offering, CourseSession]]) -> int | None:
    """The seats that the plan gives the largest of the offerings, where it does."""
    known = [seats for offering, _ in sessions if (seats := offering.capacity or course.enrolment.capacity)]
    return max(known, default=None)


def _seats(course: Course, offering: Offering, question: DateQuestion) -> int | None:
    """How many may come to one offering by plan and question; None without a limit."""
    known = (offering.capacity or course.enrolment.capacity, question.seats)
    return min((seats for seats in known if seats is not None), default=None)


def _required(course: Course, question: DateQuestion) -> tuple[str, ...]:
    """Without whom it cannot be held, each once: speakers with an address, and who was named."""
    speakers = (one.email.lower() for one in course.speakers if one.email)
    return tuple(dict.fromkeys((*speakers, *(one.lower() for one in question.required))))
