"""HR's own hand, below every door: what is asked for, who it is about, what would follow, and the decision.

    read       a wish in HR's words becomes a `SeatRequest`: which offering, whose address            `bot.desks.hand.wishes`
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

from bot.domain.errors import GraphError, SafetyRefused, SignInFailed
from bot.domain.people import PeopleIndex, Person
from bot.domain.reasons import others_named
from bot.domain.seats import RequestKind, SeatRequest
from bot.invitations.seat_changes import list_changes, mails_of
from bot.opening.clock import clock_of
from bot.opening.tenant import graph_findings
from bot.rounds.answers import responses_round
from bot.rounds.steps.decide_seats import decide, load_state, settled
from bot.seats.guest_lists import attendance_of
from bot.seats.newcomers import Newcomer, is_own, judge, own_domains
from bot.seats.seat_messages import minimum_warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from bot.domain.graph_findings import GraphFindings
    from bot.domain.messages import Message
    from bot.domain.plan import CoursePlan
    from bot.domain.seats import Settlement
    from bot.invitations.seat_changes import ListChange
    from bot.opening.stores import Stores
    from bot.opening.work import Work
    from bot.ports.directory import Directory
    from bot.rounds.results import Collected
    from bot.rounds.steps.decide_seats import Decided
    from bot.seats.newcomers import RefusedNewcomer
    from config.settings import Settings


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

    The seats, whom Outlook would invite and take off (canonical addresses), and our own mails. `lists` are
    the same event by event, and `mails` how many go out with all of it.
    """

    settlement: Settlement
    people: PeopleIndex
    invited: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    lists: tuple[ListChange, ...] = ()
    mails: int = 0


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
    return look_by_books(settings, plan, stores, requests, met)


def look_by_books(
    settings: Settings, plan: CoursePlan, stores: Stores, requests: Sequence[SeatRequest], met: Met
) -> Look:
    """The same where it is known who the newcomers are, or there are none (`newcomers_among`)."""
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

    met = await asyncio.gather(*(ask(email) for email in newcomers_among(plan, stores, requests)))
    judged = [(one, judge(one, own, known)) for one in met]
    return Met(
        people=tuple(one.person for one in met if one.person is not None),
        from_outside=tuple(one.email for one, refused in judged if refused is None and one.person is None),
        refused=tuple(refused for _, refused in judged if refused is not None),
    )


def newcomers_among(plan: CoursePlan, stores: Stores, requests: Iterable[SeatRequest]) -> list[str]:
    """The addresses to enrol, each once, of whom the books know neither the person nor a place."""
    people = PeopleIndex(stores.books.people.load_people(plan.id))
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
    return foreseen_of(decided, findings=graph_findings(settings, stores), now=now)


def foreseen_of(decided: Decided, *, findings: GraphFindings, now: datetime) -> ForeseenDecision:
    """What follows from a decision that is not written yet; a refused one does nothing. `now` UTC."""
    state, settlement = decided.state, decided.settlement
    if settlement.refusals:
        return ForeseenDecision(settlement=settlement, people=state.people)
    warnings = [
        one
        for one in minimum_warnings(state.plan, settlement.seats, now=now)
        if one.key not in state.sent_keys
    ]
    lists, messages = _lists_after(decided, now=now), (*decided.messages, *warnings)
    return ForeseenDecision(
        settlement=settlement,
        people=state.people,
        invited=each_once(one.add for one in lists),
        cancelled=each_once(one.remove for one in lists),
        messages=messages,
        lists=lists,
        mails=sum(mails_of(one, findings=findings) for one in lists) + len(messages),
    )


def _lists_after(decided: Decided, *, now: datetime) -> tuple[ListChange, ...]:
    """Whom Outlook puts on and takes off, event by event.

    Whom HR turned away before is asked about once more, in case it did not get through, and has had the
    cancellation.
    """
    state = decided.state
    had_it = {where: wishes.turned_away.keys() for where, wishes in attendance_of(state.standings).items()}
    wanted = list_changes(
        state.plan, state.entries, attendance_of(decided.standings), state.members, state.people, now=now
    )

    def left(one: ListChange) -> ListChange:
        known = had_it.get((one.entry.key.course, one.entry.key.offering), ())
        return replace(one, remove=tuple(email for email in one.remove if email not in known))

    return tuple(one for one in map(left, wanted) if one.add or one.remove)


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
    *,
    before_writing: Callable[[Decided], None] = lambda _decided: None,
) -> Settlement:
    """Decide all of the wishes, or write nothing where one of them is refused (the settlement's `refusals`).

    `before_writing` sees what would be written, and may raise to leave it. Raises DatabaseFailed.
    """
    settlement = decide(
        settings,
        plan,
        stores,
        requests,
        newcomers=newcomers,
        all_or_none=True,
        before_writing=before_writing,
    )
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
