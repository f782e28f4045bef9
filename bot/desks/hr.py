"""HR's own hand, below every door: what is asked for, who it is about, what would follow, and the decision.

    read       a wish in HR's words becomes a `SeatRequest`: which offering, whose address            raises InputError
    meet       addresses that the books do not know are looked up in the directory, few requests       `bot.seats.newcomers`
    look       what the decision would do to seats, calendars and mailboxes                            writes nothing
    ask        whom the reasons name beside those they are about                                       writes nothing
    decide     all of the wishes or none of them, in one transaction

Doors (the command line, later the web and Teams) only ask and tell; `carry_out` is the last two in one, and
lets calendar and messages follow (`bot.rounds.answers`). What is refused comes back as data: one refused
wish, and nothing of a list is done.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.participation import outsiders
from bot.domain.people import PeopleIndex, Person
from bot.domain.reasons import others_named
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import RequestKind, SeatRequest
from bot.errors import GraphError, InputError, SafetyRefused, SignInFailed
from bot.invitations.seat_changes import list_changes
from bot.messages.characters import one_line
from bot.opening.clock import clock_of
from bot.rounds.answers import responses_round
from bot.rounds.steps.decide_seats import decide, load_state, rows_of, settled
from bot.seats.guest_lists import attendance_of
from bot.seats.import_list import is_address
from bot.seats.newcomers import Newcomer, is_own, judge, own_domains, resembling
from bot.seats.seat_messages import minimum_warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from bot.domain.messages import Message
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.registrations import Registration
    from bot.domain.seats import Settlement
    from bot.opening.stores import Stores
    from bot.opening.work import Work
    from bot.ports.directory import Directory
    from bot.rounds.results import Collected
    from bot.seats.newcomers import RefusedNewcomer
    from config.settings import Settings

SEATED, IN_LINE = frozenset({RegistrationStatus.REGISTERED}), frozenset({RegistrationStatus.WAITLISTED})
IN_PLAY = SEATED | IN_LINE | {RegistrationStatus.TENTATIVE}
STANDINGS: dict[RequestKind, tuple[frozenset[RegistrationStatus], ...]] = {
    RequestKind.WITHDRAW: (IN_PLAY, frozenset({RegistrationStatus.INVITED})),
    RequestKind.PROMOTE: (IN_LINE,),
    RequestKind.HAND_OVER: (SEATED,),
}
"""What tells which offering is meant where none is named: the first of these that somebody has on just one.

Never for a new seat.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What HR asks for, in HR's words.

    `to`: the colleague of a handover. `by`: who in HR decides. `email` "": the first in line.
    """

    kind: RequestKind
    course: str
    offering: str = ""
    email: str = ""
    to: str = ""
    reason: str = ""
    by: str = ""
    queue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Wishes as they would be decided now.

    The wishes by today's addresses, who is new, and what would follow.
    """

    requests: tuple[SeatRequest, ...]
    met: Met
    shown: ForeseenDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Newcomers after the directory was asked.

    Who they are, who comes from outside, and who is not enrolled.
    """

    people: tuple[Person, ...] = ()
    from_outside: tuple[str, ...] = ()
    refused: tuple[RefusedNewcomer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenDecision:
    """What a decision would do.

    The seats, whom Outlook would invite and take off (canonical addresses), and our own mails.
    """

    settlement: Settlement
    people: PeopleIndex
    invited: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()


def read_wish(plan: CoursePlan, stores: Stores, wish: Wish, *, now: datetime) -> SeatRequest:
    """The wish as it is decided.

    Raises InputError for a course, an offering or a person that cannot be made out. `now` UTC.
    """
    course = plan.known_course(wish.course)
    state = load_state(plan, stores, course=course.id)
    people, rows = tuple(stores.books.people.load_people(plan.id)), rows_of(state)
    request = SeatRequest(
        kind=wish.kind,
        course=course.id,
        offering="",
        email=_address(wish.email, people, rows, anybody=wish.kind is RequestKind.ENROL),
        at=now,
        source=AnswerSource.HR,
        by=wish.by,
        reason=one_line(wish.reason),
        to=_address(wish.to, people, rows),
        queue=wish.queue,
    )
    return replace(request, offering=_offering(course, wish.offering, request, rows))


async def look_ahead(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    directory: Directory,
    requests: Sequence[SeatRequest],
    *,
    external: Iterable[str] = (),
) -> Look:
    """What deciding these wishes would lead to.

    The directory is asked about newcomers, and nothing is written.

    Who is not enrolled takes no seat from the others in it: of a list, every fault is told, and none that is
    no fault.
    """
    met = await meet(plan, stores, directory, requests, external=external)
    refused = {one.email for one in met.refused}
    shown = foresee(settings, plan, stores, [one for one in requests if one.email not in refused], met.people)
    return Look(requests=tuple(as_known(one, shown.people) for one in requests), met=met, shown=shown)


async def meet(
    plan: CoursePlan,
    stores: Stores,
    directory: Directory,
    requests: Iterable[SeatRequest],
    *,
    external: Iterable[str] = (),
) -> Met:
    """Who the addresses to enrol belong to that the books do not know.

    `external` are those HR says to come from outside.

    Writes nothing. One or two requests for each such address, none for somebody in another domain whom HR
    vouches for.
    """
    known = stores.books.people.load_people(plan.id)
    vouched, own = frozenset(external), own_domains(plan, known)

    async def ask(email: str) -> Newcomer:
        outside = email in vouched
        if outside and not is_own(email, own):
            return Newcomer(email=email, external=True)
        try:
            return Newcomer(email=email, person=await directory.find_person(email), external=outside)
        except (GraphError, SignInFailed) as error:
            return Newcomer(email=email, error=error, external=outside)

    unknown = _unknown_addresses(plan, stores, PeopleIndex(known), requests)
    met = await asyncio.gather(*(ask(email) for email in unknown))
    judged = [(one, judge(one, own, known)) for one in met]
    return Met(
        people=tuple(one.person for one in met if one.person is not None),
        from_outside=tuple(one.email for one, refused in judged if refused is None and one.person is None),
        refused=tuple(refused for _, refused in judged if refused is not None),
    )


def _unknown_addresses(
    plan: CoursePlan, stores: Stores, people: PeopleIndex, requests: Iterable[SeatRequest]
) -> list[str]:
    """The addresses to enrol, each once, of whom the books know neither the person nor a place."""
    emails = dict.fromkeys(
        one.email for one in requests if one.kind is RequestKind.ENROL and people.find(one.email) is None
    )
    if not emails:
        return []
    placed = {row.email for row in stores.answers.load_registrations(plan.id, emails=emails)}
    return [email for email in emails if email not in placed]


def foresee(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    requests: Sequence[SeatRequest],
    newcomers: Iterable[Person] = (),
) -> ForeseenDecision:
    """What deciding these wishes now would lead to; nothing is written and no request is made."""
    now = clock_of(settings).now()
    courses = {request.course for request in requests}
    people = PeopleIndex([*stores.books.people.load_people(plan.id), *newcomers])
    state = load_state(plan, stores, course=courses.pop() if len(courses) == 1 else None, people=people)
    decided = settled(state, settings, now=now, requests=[as_known(one, people) for one in requests])
    if decided.settlement.refusals:
        return ForeseenDecision(settlement=decided.settlement, people=people)
    wanted = list_changes(
        state.plan, state.entries, attendance_of(decided.standings), state.members, people, now=now
    )
    turned_away = {
        where: wishes.turned_away.keys() for where, wishes in attendance_of(state.standings).items()
    }
    warnings = [
        one
        for one in minimum_warnings(state.plan, decided.settlement.seats, now=now)
        if one.key not in state.sent_keys
    ]
    return ForeseenDecision(
        settlement=decided.settlement,
        people=people,
        invited=each_once(one.add for one in wanted),
        # Whom HR turned away before is asked about once more, in case it did not get through, and has had the
        # cancellation.
        cancelled=each_once(
            [
                email
                for email in one.remove
                if email not in turned_away.get((one.entry.key.course, one.entry.key.offering), ())
            ]
            for one in wanted
        ),
        messages=(*decided.messages, *warnings),
    )


def names_in_reasons(plan: CoursePlan, stores: Stores, look: Look) -> tuple[str, ...]:
    """Whom the reasons name beside the person that each is kept with, and shown to.

    () where nobody else is named.

    Whoever carries the wishes out asks about them first: a reason may name others only where its writer says
    that it may.
    """
    lines = [one.after for one in look.shown.settlement.transitions if one.after.reason]
    if not lines:
        return ()
    known = (*stores.books.people.load_people(plan.id), *look.met.people)
    titles = [
        title
        for course in plan.courses
        for title in (course.title, *(offering.title for offering in course.offerings))
    ]
    found: dict[str, None] = {}
    for line in lines:
        person = look.shown.people.find(line.email) or Person(email=line.email)
        found |= dict.fromkeys(
            others_named(line.reason, person, known, plan_words=[plan.organisation, *titles])
        )
    return tuple(found)


def decide_all_or_none(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    requests: Sequence[SeatRequest],
    newcomers: Sequence[Person] = (),
) -> Settlement:
    """Decide all of the wishes, or write nothing where one of them is refused (the settlement's `refusals`).

    Raises DatabaseFailed.
    """
    settlement = decide(settings, plan, stores, requests, newcomers=newcomers, all_or_none=True)
    if not settlement.refusals:
        stores.books.people.save_people(plan.id, newcomers, now=clock_of(settings).now())
    return settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """What became of wishes: `followed` is what calendar and messages did, None where one was refused."""

    settlement: Settlement
    followed: Collected | None = None


async def carry_out(work: Work, look: Look, *, may_name_others: bool, note: Callable[[], None]) -> CarriedOut:
    """Decide all of the wishes or none, and let calendar and messages follow.

    `note` is called once they are decided, to write down who did it. Raises SafetyRefused where a reason
    names somebody else and nobody said that it may.

    Somebody else may have decided since the look: then what is refused now is told, and nothing is changed.
    """
    named = () if may_name_others else names_in_reasons(work.plan, work.stores, look)
    if named:
        raise SafetyRefused("reason_names_others", names=", ".join(named))
    settlement = decide_all_or_none(work.settings, work.plan, work.stores, look.requests, look.met.people)
    if settlement.refusals:
        return CarriedOut(settlement=settlement)
    note()
    followed = await responses_round(work, collect=False, by_hand=True)
    return CarriedOut(settlement=settlement, followed=followed)


def as_known(request: SeatRequest, people: PeopleIndex) -> SeatRequest:
    """The wish with the addresses that its people are invited under."""
    email, to = request.email, request.to
    return replace(
        request, email=people.canonical(email) if email else "", to=people.canonical(to) if to else ""
    )


def each_once(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """All of these, each once, in the order in which they come first."""
    return tuple(dict.fromkeys(email for group in groups for email in group))


def _offering(course: Course, offering: str, request: SeatRequest, rows: Sequence[Registration]) -> str:
    """The offering named, or the only one, or the only one where somebody stands as the wish supposes."""
    known = [one.id for one in course.offerings]
    if offering in known:
        return offering
    if offering:
        raise InputError("offering_unknown", offering=offering, known=", ".join(known))
    if len(known) == 1:
        return known[0]
    meant = _standing_at(request, rows, known) or _brought_along_to(request, rows, known)
    if meant:
        return meant
    raise InputError(
        "offering_needed", course=course.id, known=", ".join(f"{course.id}/{one}" for one in known)
    )


def _standing_at(request: SeatRequest, rows: Sequence[Registration], known: Collection[str]) -> str:
    """The only offering where somebody stands as the wish supposes, "" for none or several."""
    for statuses in STANDINGS.get(request.kind, ()):
        standing = (row for row in rows if row.status in statuses and request.email in {"", row.email})
        theirs = {row.offering for row in standing}.intersection(known)
        if theirs:
            return theirs.pop() if len(theirs) == 1 else ""
    return ""


def _brought_along_to(request: SeatRequest, rows: Sequence[Registration], known: Collection[str]) -> str:
    """The only offering that somebody from outside comes to, "" for none or several."""
    if request.kind not in {RequestKind.ENROL, RequestKind.WITHDRAW}:
        return ""
    theirs = {row.offering for row in outsiders(rows) if row.email == request.email}.intersection(known)
    return theirs.pop() if len(theirs) == 1 else ""


def _address(
    address: str, known: Sequence[Person], rows: Sequence[Registration], *, anybody: bool = False
) -> str:
    """The canonical address; "" for none. Somebody from outside is known by having a place on the course."""
    people = PeopleIndex(known)
    email = people.canonical(address.strip())
    if not email or people.find(email) is not None or any(row.email == email for row in rows):
        return email
    if not is_address(email):
        raise InputError("address_invalid", address=one_line(address))
    if not anybody:
        near = resembling(email, known)
        raise (
            InputError("person_unknown_near", address=email, near=in_a_row(near))
            if near
            else InputError("person_unknown", address=email)
        )
    return email


def in_a_row(people: Iterable[tuple[str, str]]) -> str:
    """(Address, name) pairs as one line: `Åse Ørsted (aase@kommune.example), bo@kommune.example`."""
    return ", ".join(one_line(f"{name} ({address})" if name else address) for address, name in people)
