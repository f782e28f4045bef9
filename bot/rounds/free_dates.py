"""One search for a date, from the question to the dates.

Reads groups, rooms and free/busy, and writes nothing.

    the audience of the session(s) is                   the search
    known                                               goes on
    of a group that cannot be read                      ends with Graph's error (4)
    of a group that is empty for the first time, or by now ends: who comes is not known (2)
    nobody                                              ends (2)

Which rooms are looked at stands in `bot.rounds.steps.date_subject`. The house's rooms take a right of their
own: where it lacks and nobody asked for rooms, the search goes on without and says so. What a room that is
named holds is read there too; where that is not to be seen, it is not known.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.errors import GraphError, InputError, PermissionMissing
from bot.domain.people import LeftOutReason, UnknownReason
from bot.domain.plan import CourseStatus
from bot.domain.schedules import Room
from bot.free_dates.candidates import Candidates, find_candidates
from bot.free_dates.combination import best_together, reached, seated
from bot.free_dates.elsewhere import Elsewhere, audiences_elsewhere, find_elsewhere
from bot.free_dates.ranking import Asked, Weighed, best_of_each_half, never_seen, weigh
from bot.free_dates.rooms import are_too_small, as_they_are, rooms_that_will_do
from bot.invitations.audiences import known_people, resolve_audiences
from bot.rounds.steps.date_subject import subject_of
from bot.rounds.steps.left_out import fetch_left_out
from bot.rounds.steps.read_world import fetch_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.domain.people import Audience
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.schedules import Schedule
    from bot.opening.tenant import Microsoft365
    from bot.opening.work import Work
    from bot.rounds.steps.date_subject import DateQuestion, DateSubject


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
    subject = subject_of(plan, work.whole, question, work.now())
    audiences, house = await _fetch_who_and_where(work, subject)
    who = [audiences[name] for name in subject.named]
    left_out = await fetch_left_out(subject.groups(plan), known_people(who), tenant.directory)
    people = tuple(sorted({person.email for audience in who for person in audience.people}))
    if not people:
        raise InputError("dates_nobody", course=subject.course.id)
    elsewhere = find_elsewhere(plan, subject.course, subject.keys, subject.named, _members(audiences))
    candidates = find_candidates(
        replace(subject.search, taken_days=elsewhere.days.keys(), taken_times=elsewhere.times)
    )
    seats = question.seats or subject.capacity or len(people)
    rooms, room_note = _rooms_to_ask(subject, house, seats)
    asked = Asked(audience=people, required=subject.required, rooms=rooms, elsewhere=elsewhere.people)
    told(_calendars(asked) if candidates.times else 0)
    schedules = await _fetch_schedules(tenant, asked, candidates)
    ranked = best_of_each_half(weigh(candidates.times, asked, schedules))
    each = subject.seats_of_each
    together = best_together(ranked, each) if len(each) > 1 else ()
    return FoundDates(
        plan=plan,
        course=subject.course,
        sessions=subject.sessions,
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
        without_address=len({name for audience in who for name in audience.without_address}),
        contacts=sum(member.reason is LeftOutReason.CONTACT for member in left_out),
        room_note=room_note,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _House:
    """The rooms of the house, and what to say where they are not for us to see."""

    rooms: tuple[Room, ...] = ()
    note: str = ""


async def _fetch_who_and_where(work: Work, subject: DateSubject) -> tuple[Mapping[str, Audience], _House]:
    """Who is to come and the rooms of the house, at the same time; the rooms only where any are wanted."""
    if subject.fixed == ():
        return await _fetch_audiences(work, subject), _House()
    house = asyncio.ensure_future(_fetch_house(work.tenant, subject))
    try:
        audiences = await _fetch_audiences(work, subject)
    except BaseException:
        house.cancel()
        await asyncio.gather(house, return_exceptions=True)
        raise
    return audiences, await house


def _members(audiences: Mapping[str, Audience]) -> dict[str, frozenset[str]]:
    return {
        audience.id: frozenset(person.email for person in audience.people) for audience in audiences.values()
    }


def _rooms_to_ask(subject: DateSubject, house: _House, seats: int) -> tuple[tuple[Room, ...], str]:
    """Those that are fixed, else those of the house that will do; and what is to be said of them."""
    if subject.fixed is None:
        fitting = rooms_that_will_do(house.rooms, seats=seats, equipment=subject.question.equipment)
        return fitting, house.note or ("" if fitting else "no_room_fits")
    rooms = as_they_are(subject.fixed, house.rooms)
    is_small = len(subject.sessions) == 1 and are_too_small(rooms, seats=seats)
    return rooms, "room_small" if is_small else ""


def _calendars(asked: Asked) -> int:
    """How many calendars are asked about, people's and rooms'."""
    return len({*asked.audience, *asked.required, *(room.email for room in asked.rooms)})


async def _fetch_audiences(work: Work, subject: DateSubject) -> Mapping[str, Audience]:
    """The people of the audiences named, and of those that something else of the plan has in that time.

    Raises as the table says.
    """
    plan, course, named, search = work.written, subject.course, subject.named, subject.search
    groups, directory = work.stores.books.groups, work.tenant.directory
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
    remembered = groups.load_counts(plan.id)
    audiences = resolve_audiences(reading, await fetch_groups(reading, directory, remembered), remembered)
    for unknown in (one for name in named for one in audiences[name].unknown):
        if unknown.reason is UnknownReason.UNREADABLE and unknown.error is not None:
            raise unknown.error
        raise InputError("dates_group_empty", group=unknown.group)
    return audiences


async def _fetch_house(tenant: Microsoft365, subject: DateSubject) -> _House:
    """The rooms of the house; those that are named can do without."""
    question = subject.question
    try:
        return _House(rooms=await tenant.schedules.fetch_rooms())
    except GraphError as error:
        asked_for = bool(question.seats or question.equipment) or not isinstance(error, PermissionMissing)
        if subject.fixed is None and asked_for:
            raise
        return _House(note="rooms_hidden")


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
