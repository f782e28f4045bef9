"""Deciding on seats with the books alone: what a round, a person's page and HR's commands have in common.

    load     people, ledger, answers, standings, audiences as last read, messages sent so far: of the plan, or of one course
    settle   claims and standings become lines of the log (`bot.seats.settle`), registrations and messages
    write    lines and messages in one transaction, unless somebody else decided meanwhile: then load and settle again

No request is made here; the calendar and the mails follow from the books (`bot.rounds.answers`). What a
person is told on a page is therefore true at once, whether or not Outlook has been reached.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from bot.answers.fold import fold_claims
from bot.approvals.versions import known_members
from bot.domain.errors import DatabaseFailed, SafetyRefused
from bot.domain.invited import invited_since, moved_at
from bot.domain.people import PeopleIndex
from bot.domain.plan import CourseStatus
from bot.invitations.as_it_stands import as_it_stands, edits_of
from bot.invitations.seat_changes import list_changes, mails_of
from bot.opening.clock import clock_of
from bot.registrations.own_sessions import people_on_events, with_own_sessions
from bot.registrations.standing_rows import canonical_standings, registration_rows
from bot.rounds.steps.seat_rows import load_rows
from bot.seats.gone_messages import gone_messages
from bot.seats.guest_lists import attendance_of
from bot.seats.reopening import reopened_dates
from bot.seats.seat_messages import (
    announcements,
    canonical_announced,
    minimum_warnings,
    seat_messages,
    still_worth_sending,
)
from bot.seats.settle import Audiences, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.graph_findings import GraphFindings
    from bot.domain.messages import Message
    from bot.domain.people import Person
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Answer, Registration
    from bot.domain.seats import Claim, SeatRequest, Settlement, Standing
    from bot.invitations.seat_changes import ListChange
    from bot.opening.stores import Stores
    from bot.rounds.steps.seat_rows import SeatRows
    from config.settings import Settings

ATTEMPTS = 10
"""How often somebody else may decide in between before we give up: each attempt takes milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatState:
    """The books as they were loaded: what a settlement starts from.

    `answers` are those of the log, and `last` is the number of the last line of the seats'.

    With a `course`, or several, the plan and everything else has those alone.
    """

    plan: CoursePlan
    course: str | frozenset[str] | None
    people: PeopleIndex
    entries: Mapping[SessionKey, LedgerEntry]
    answers: tuple[Answer, ...]
    claims: tuple[Claim, ...]
    standings: tuple[Standing, ...]
    last: int
    members: Mapping[str, frozenset[str]]
    messages: tuple[Message, ...]
    announced: Mapping[tuple[str, str], datetime]
    sent_keys: frozenset[str]
    previous: tuple[Registration, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A settlement and what follows from it, not yet written."""

    state: SeatState
    settlement: Settlement
    standings: tuple[Standing, ...]
    registrations: tuple[Registration, ...]
    messages: tuple[Message, ...]
    without_link: tuple[str, ...] = ()


def load_state(
    plan: CoursePlan,
    stores: Stores,
    *,
    course: str | frozenset[str] | None = None,
    people: PeopleIndex | None = None,
    entries: Mapping[SessionKey, LedgerEntry] | None = None,
    more_answers: Iterable[Answer] = (),
    rows: SeatRows | None = None,
) -> SeatState:
    """The books of the plan, and the plan as it stands in people's calendars.

    A sync hands over the people, ledger and `rows` it has read, and answers not yet in the log.

    With a `course`, or several, of those alone: no course bears on another, and neither a page nor an answer
    must wait for all of them.
    """
    with stores.database.one_look():
        return _loaded(plan, stores, course, people, entries, more_answers, rows)


def _loaded(
    plan: CoursePlan,
    stores: Stores,
    course: str | frozenset[str] | None,
    people: PeopleIndex | None,
    entries: Mapping[SessionKey, LedgerEntry] | None,
    more_answers: Iterable[Answer],
    rows: SeatRows | None,
) -> SeatState:
    if course is not None:
        named = frozenset({course}) if isinstance(course, str) else course
        plan = plan.only(named)
    people = PeopleIndex(stores.books.people.load_people(plan.id)) if people is None else people
    entries = stores.books.ledger.load_entries(plan.id, course=course) if entries is None else entries
    plan = as_it_stands(plan, edits_of(entries))
    rows = load_rows(plan.id, stores, course=course) if rows is None else rows
    members = _canonical_members(known_members(rows.members, plan), people)
    return SeatState(
        plan=plan,
        course=course,
        people=people,
        entries=entries,
        answers=rows.answers,
        claims=fold_claims(plan, invited_since(entries), [*rows.answers, *more_answers], people, members),
        standings=canonical_standings(rows.standings, people),
        last=rows.last,
        members=members,
        messages=rows.messages,
        announced=canonical_announced(rows.messages, people),
        sent_keys=frozenset(message.key for message in rows.messages),
        previous=rows.previous,
    )


def settle_books(
    state: SeatState,
    settings: Settings,
    *,
    now: datetime,
    today: Mapping[str, frozenset[str]] | None = None,
    requests: Sequence[SeatRequest] = (),
) -> Settlement:
    """What is to be decided at `now` (UTC).

    `today` are the audiences read just now; without it nobody comes or goes.
    """
    return settle(
        state.plan,
        state.claims,
        state.standings,
        Audiences(
            today=state.members if today is None else today, before=state.members, has_read=today is not None
        ),
        now=now,
        requests=requests,
        announced=state.announced,
        ahead={(key.course, key.offering) for key, entry in state.entries.items() if entry.end > now},
        quiet_hours=settings.seats.quiet_hours,
    )


def settled(
    state: SeatState,
    settings: Settings,
    *,
    now: datetime,
    today: Mapping[str, frozenset[str]] | None = None,
    requests: Sequence[SeatRequest] = (),
) -> Decided:
    """What is to be decided as in `settle_books`, with the registrations and messages that follow.

    Nothing is written.
    """
    plan = state.plan
    settlement = settle_books(state, settings, now=now, today=today, requests=requests)
    after = {(standing.course, standing.offering, standing.email): standing for standing in state.standings}
    after |= {
        (transition.after.course, transition.after.offering, transition.after.email): transition.after
        for transition in settlement.transitions
    }
    standings = tuple(after.values())
    rows = rows_of(replace(state, standings=standings), gone=settlement.gone)
    on_event = {
        (key.course, key.offering, state.people.canonical(email))
        for key, since in invited_since(state.entries).items()
        for email in since
    }
    messages = [*seat_messages(plan, settlement.transitions, rows, state.people, on_event=on_event, now=now)]
    messages += gone_messages(plan, settlement.dropped, state.entries, now=now)
    calls: tuple[Message, ...] = ()
    if today is not None:
        known = {(standing.course, standing.email) for standing in standings}
        calls = announcements(plan, today, known, state.announced, now=now)
    if not requests:
        messages += minimum_warnings(plan, settlement.seats, now=now)
    has_web = settings.web.base_url is not None
    fresh = [
        one
        for one in still_worth_sending([*messages, *(calls if has_web else ())], now)
        if one.key not in state.sent_keys
    ]
    return Decided(
        state=state,
        settlement=settlement,
        standings=standings,
        registrations=rows,
        messages=tuple(fresh),
        without_link=() if has_web else tuple(sorted({call.course for call in calls})),
    )


def rows_of(state: SeatState, *, gone: Collection[tuple[str, str]] = ()) -> tuple[Registration, ...]:
    """Who is coming as the books stand, with nothing decided anew.

    Nobody where an offering is `gone` just now.
    """
    in_books = {(key.course, key.offering) for key in invited_since(state.entries)}
    rows = registration_rows(
        state.claims,
        state.standings,
        state.previous,
        in_books=in_books,
        people=state.people,
        moved=moved_at(state.entries, state.people),
        reopened=reopened_dates(state.plan, state.claims, state.standings, state.members),
        gone=gone,
        cancelled={
            (course.id, offering.id)
            for course, offering in state.plan.offerings()
            if course.status is CourseStatus.CANCELLED
        },
    )
    on_events = people_on_events(state.entries, state.people)
    return with_own_sessions(
        rows, state.previous, plan=state.plan, on_events=on_events, members=state.members, people=state.people
    )


def what_follows(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    findings: GraphFindings,
    *,
    now: datetime,
    courses: frozenset[str] | None = None,
) -> tuple[Decided, tuple[ListChange, ...], SafetyRefused | None]:
    """What the books decide on seats, the lists that follow, and a refusal for too many mails.

    Nothing is written. `now` UTC; `courses` are those to look at, None: all of them.
    """
    state = load_state(plan, stores, course=courses)
    decided = settled(state, settings, now=now)
    wanted = tuple(
        list_changes(
            state.plan, state.entries, attendance_of(decided.standings), state.members, state.people, now=now
        )
    )
    mails = sum(map(partial(mails_of, findings=findings), wanted)) + len(decided.messages)
    allowed = settings.safety.max_mails
    return (
        decided,
        wanted,
        SafetyRefused("seats_held", mails=mails, allowed=allowed) if mails > allowed else None,
    )


def write(stores: Stores, decided: Decided, *, now: datetime) -> bool:
    """Write lines, messages and the registrations that follow; False when somebody else decided meanwhile."""
    plan, settlement = decided.state.plan, decided.settlement
    if (settlement.transitions or decided.messages) and not stores.seats.append(
        plan.id, settlement.transitions, decided.messages, after=decided.state.last, now=now
    ):
        return False
    # Both are sorted by the same key, which each has once.
    if decided.registrations != decided.state.previous:
        stores.answers.save_registrations(plan.id, decided.registrations, course=decided.state.course)
    return True


def after_writing(decided: Decided) -> SeatState:
    """The books as they are when that is written, but for what others write."""
    state, messages = decided.state, (*decided.state.messages, *decided.messages)
    return replace(
        state,
        standings=decided.standings,
        last=state.last + len(decided.settlement.transitions),
        messages=messages,
        announced=canonical_announced(messages, state.people),
        sent_keys=state.sent_keys | {message.key for message in decided.messages},
        previous=decided.registrations,
    )


def decide(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    requests: Sequence[SeatRequest],
    *,
    newcomers: Sequence[Person] = (),
    all_or_none: bool = False,
    before_writing: Callable[[Decided], None] = lambda _decided: None,
    seen: SeatState | None = None,
) -> Settlement:
    """Decide wishes of a person or of HR, in one transaction; nobody can decide between looking and writing.

    Wishes that are refused are in the settlement's `refusals`; the others are granted, but with `all_or_none`
    nothing is written then. Whatever else is to be decided in those courses by now is decided with them.
    `newcomers` are people that the books do not know yet. `before_writing` sees what would be written, each
    time that it is decided anew, and may raise to leave it unwritten. `seen` is what was just read of the
    course; where somebody else has decided since, it is read again. Raises DatabaseFailed.
    """
    courses = sorted({request.course for request in requests})
    for _ in range(ATTEMPTS):
        now = clock_of(settings).now()
        state, seen = seen, None
        if state is None:
            people = PeopleIndex([*stores.books.people.load_people(plan.id), *newcomers])
            state = load_state(plan, stores, course=courses[0] if len(courses) == 1 else None, people=people)
        canonical = [
            replace(
                request,
                email=state.people.canonical(request.email) if request.email else "",
                to=state.people.canonical(request.to) if request.to else "",
            )
            for request in requests
        ]
        decided = settled(state, settings, now=now, requests=canonical)
        before_writing(decided)
        if (all_or_none and decided.settlement.refusals) or write(stores, decided, now=now):
            return decided.settlement
    raise DatabaseFailed("seats_contended", plan=plan.id)


def _canonical_members(
    members: Mapping[str, frozenset[str]], people: PeopleIndex
) -> dict[str, frozenset[str]]:
    return {
        audience: frozenset(people.canonical(email) for email in emails)
        for audience, emails in members.items()
    }
