"""One round of each kind, from reading to books: what the commands (and later the clock) run.

    preview     read groups and calendar, settle the seats, compute                          writes nothing
    sync        lock, read, settle, compute, hold against the limits, note answers and seats, apply, remember, send
    responses   lock, read what changed and what came back since last, note both, settle the seats, move people, send
    follow      lock, settle the seats, move people, send: after a wish has been decided

Answers are noted before anything is applied, because a changed time makes Exchange forget them; seats are noted
before the calendar is touched, so that a crash in between leaves nobody without a place: the calendar follows the books.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from bot.collecting import look_at_outlook, note_edits, plan_as_it_stands
from bot.decisions import load_state, rows_of, settled, write
from bot.delivery.parcels import in_order
from bot.delivery.returned import note_returned
from bot.delivery.send import deliver_messages
from bot.domain.changes import Applied, Cancel, Create, writes_to_outlook
from bot.domain.participation import asked_by_link
from bot.domain.people import PeopleIndex
from bot.domain.plan import CourseStatus
from bot.errors import InputError, KursusbotError, RunLocked, SafetyRefused, SignInFailed
from bot.i18n.catalogue import text
from bot.invitations.apply import Workbench, apply_changes
from bot.invitations.changeset import Following
from bot.invitations.desired import sessions_of
from bot.invitations.edits import with_edits
from bot.invitations.line_news import offering_news
from bot.invitations.run import difference, members_today, read_world, remember
from bot.invitations.safety import SafetyLimits, passed_limits
from bot.invitations.seat_changes import list_changes, list_update
from bot.messages.invitation import cancellation_comment
from bot.outcomes import NOTHING_CARRIED, Approval, Carried, Collected, Synced
from bot.registrations.attendance import attendance_of
from bot.registrations.collect import invited_addresses
from bot.registrations.enrolment_rules import rules_of
from bot.registrations.line_news import news_for_those_in_line, what_has_happened
from bot.registrations.notices import still_worth_sending
from bot.registrations.participants import silent_list
from bot.registrations.responses import answers_from, unknown_attendees
from bot.renaming import books_as_named, follow_names, rewrite_stamps
from bot.runtime import LOCK_WAIT_SECONDS, allowance_of, clock_of, postman_for
from bot.store.locks import run_lock
from config.settings import Drift

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.decisions import Decided
    from bot.delivery.allowance import Allowance
    from bot.domain.changes import Change
    from bot.domain.messages import Message
    from bot.domain.participants import SilentPerson
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Answer, Registration
    from bot.invitations.run import Reading, Seen
    from bot.invitations.safety import Passed
    from bot.invitations.seat_changes import ListChange
    from bot.runtime import Stores, Tenant
    from config.settings import Settings

LOG = structlog.get_logger()


async def preview_round(settings: Settings, plan: CoursePlan, stores: Stores, tenant: Tenant) -> Reading:
    """Read, settle and compute; nothing is written anywhere."""
    with books_as_named(plan, stores) as books:
        seen = await _read(settings, plan, books, tenant)
        _, reading = _decide(settings, plan, books, seen)
    return reading


def with_cancelled(plan: CoursePlan, course_id: str) -> CoursePlan:
    """The plan as it would be with this course cancelled: its difference has the checksum that HR can approve then.

    Raises InputError for a course that the plan does not have.
    """
    known = [course.id for course in plan.courses]
    if course_id not in known:
        raise InputError("course_unknown", course=course_id, known=", ".join(known))
    cancelled = (replace(one, status=CourseStatus.CANCELLED) if one.id == course_id else one for one in plan.courses)
    return replace(plan, courses=tuple(cancelled))


def limits_of(settings: Settings) -> SafetyLimits:
    """The settings' limits as the core knows them."""
    safety = settings.safety
    return SafetyLimits(max_cancel_share=safety.max_cancel_share, max_remove_share=safety.max_remove_share, max_mails=safety.max_mails)


async def sync_round(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    tenant: Tenant,
    *,
    approval: Approval,
    told: Callable[[Sequence[Applied], int], None] = lambda _done, _of: None,
) -> Synced:
    """Make Outlook agree with the plan and the seats, as far as `approval` goes.

    `told` is called after each change with those done so far and how many there are. Raises
    RunLocked, SignInFailed, GraphError when the calendar cannot be read, DatabaseFailed.
    """
    await follow_names(plan, stores)
    async with run_lock(stores.database, plan.id, LOCK_WAIT_SECONDS) as still_mine:
        seen = await rewrite_stamps(tenant.calendar, await _read(settings, plan, stores, tenant))
        while True:
            decided, reading = _decide(settings, plan, stores, seen)
            change_set, now = reading.change_set, seen.now
            passed = passed_limits(change_set.facts, limits_of(settings))
            refused = _refusal(reading, passed, approval)
            if refused is not None:
                LOG.warning("sync.refused", code=refused.code, changes=len(change_set.changes), mails=change_set.mails)
                return Synced(reading=reading, passed=passed, applied=None, refused=refused)
            stores.answers.append_answers(_answers_seen(seen))
            note_edits(stores, stores.books.ledger.load_entries(plan.id), seen.ledger)
            if write(stores, decided, now=now):
                break
        carried = await _carry_out(
            settings, plan, stores, tenant, change_set.changes, people=seen.people, now=now, told=told, still_mine=still_mine,
            between=lambda: _remember(plan, stores, tenant, reading),
        )  # fmt: skip
        _refresh_rows(settings, plan, stores, carried, now=now)
        return Synced(reading=reading, passed=passed, applied=carried.applied, carried=carried)


async def responses_round(settings: Settings, plan: CoursePlan, stores: Stores, tenant: Tenant, *, collect: bool = True) -> Collected:
    """Read the answers given since the last time, settle the seats, and let calendar and messages follow.

    Without `collect` only what was decided by link or by HR is followed. Raises RunLocked, SignInFailed, GraphError when the calendar
    cannot be read, DatabaseFailed.
    """
    await follow_names(plan, stores)
    async with run_lock(stores.database, plan.id, LOCK_WAIT_SECONDS) as still_mine:
        now = clock_of(settings).now()
        new = 0
        if collect:
            people = PeopleIndex(stores.books.people.load_people(plan.id))
            entries = stores.books.ledger.load_entries(plan.id)
            new = await look_at_outlook(settings, plan, stores, tenant, people=people, entries=entries, now=now)
            await note_returned(
                plan.id, returned=tenant.returned, outbox=stores.outbox, bounces=stores.bounces, entries=entries.values(), now=now
            )
        while True:
            state = load_state(plan, stores)
            decided = settled(state, settings, now=now)
            wanted = list_changes(state.plan, state.entries, attendance_of(decided.standings), state.members, state.people, now=now)
            mails = sum(len(one.add) + len(one.remove) for one in wanted) + len(decided.messages)
            if mails > settings.safety.max_mails:
                held = SafetyRefused("seats_held", mails=mails, allowed=settings.safety.max_mails)
                return _collected(stores, plan, decided, new, held=held)
            if write(stores, decided, now=now):
                break
        changes = await _list_updates(tenant, decided, wanted)
        carried = await _carry_out(
            settings, plan, stores, tenant, changes, people=state.people, now=now, told=lambda _done, _of: None, still_mine=still_mine
        )
        _refresh_rows(settings, plan, stores, carried, now=now)
        return _collected(stores, plan, decided, new, carried=carried)


async def apply_seats(settings: Settings, plan: CoursePlan, stores: Stores, tenant: Tenant) -> Carried:
    """Let calendar and messages follow what was decided by link or by HR; raises as `responses_round`."""
    return (await responses_round(settings, plan, stores, tenant, collect=False)).carried


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentLists:
    """Who is coming as the books have it now: what every list is made from.

    `strangers` are the last answers of people who were not invited, `asked` who was asked by link, by course, and still belongs to
    the audience, `silent` who has not answered what they still can.
    """

    rows: tuple[Registration, ...]
    strangers: tuple[Answer, ...]
    asked: Mapping[str, frozenset[str]]
    silent: tuple[SilentPerson, ...]


def current_lists(plan: CoursePlan, stores: Stores, *, now: datetime) -> CurrentLists:
    """Put together anew, because a sync has invited people since the last answers were collected.

    No request is made and nothing is written.
    """
    state = load_state(plan, stores)
    rows = rows_of(state)
    asked = {course.id: frozenset(asked_by_link(course, state.announced, state.members)) for course in plan.courses}
    return CurrentLists(
        rows=rows,
        strangers=unknown_attendees(stores.answers.load_answers(plan.id), rows),
        asked=asked,
        silent=silent_list(rows, plan, asked, state.people, now=now),
    )


def current_registrations(plan: CoursePlan, stores: Stores) -> tuple[tuple[Registration, ...], tuple[Answer, ...]]:
    """The rows of `current_lists`, and the answers of people that were not invited."""
    rows = rows_of(load_state(plan, stores))
    return rows, unknown_attendees(stores.answers.load_answers(plan.id), rows)


async def _read(settings: Settings, plan: CoursePlan, stores: Stores, tenant: Tenant) -> Seen:
    now = clock_of(settings).now()
    seen = await read_world(plan, calendar=tenant.calendar, directory=tenant.directory, books=stores.books, now=now)
    return replace(seen, ledger=with_edits(seen.ledger, seen.observed, keep=settings.drift is Drift.KEEP))


def _answers_seen(seen: Seen) -> tuple[Answer, ...]:
    return answers_from(seen.observed, seen.people, seen_at=seen.now, known=invited_addresses(seen.ledger, seen.people))


def _decide(settings: Settings, plan: CoursePlan, stores: Stores, seen: Seen) -> tuple[Decided, Reading]:
    """The seats, and the difference that goes with them; what it does to courses that people wait for, they are told."""
    state = load_state(plan, stores, people=seen.people, entries=seen.ledger, more_answers=_answers_seen(seen))
    decided = settled(state, settings, now=seen.now, today=members_today(seen))
    reading = _difference(settings, plan, seen, decided, stores)
    news = news_for_those_in_line(plan, decided.standings, offering_news(plan, reading.change_set.changes), state.messages, now=seen.now)
    pending = {one.key for one in _about_seats(stores, plan)}
    awaited = tuple(one for one in still_worth_sending(news, seen.now) if one.key not in state.sent_keys or one.key in pending)
    if not awaited:
        return decided, reading
    reading = _difference(settings, plan, seen, decided, stores, awaited)
    return replace(decided, messages=(*decided.messages, *(one for one in awaited if one.key not in pending))), reading


def _difference(
    settings: Settings, plan: CoursePlan, seen: Seen, decided: Decided, stores: Stores, awaited: Iterable[Message] = ()
) -> Reading:
    # What an earlier round could not send goes out with this one.
    waiting = still_worth_sending(_may_go(stores, plan), seen.now)
    following = Following(
        attendance=attendance_of(decided.standings),
        moves=tuple(one for one in decided.settlement.transitions if not one.noted),
        messages=(*waiting, *decided.messages, *awaited),
        seats=decided.settlement.seats,
        without_link=decided.without_link,
    )
    return difference(plan, seen, restore=settings.drift is Drift.RESTORE, following=following)


async def _list_updates(tenant: Tenant, decided: Decided, wanted: Sequence[ListChange]) -> tuple[Change, ...]:
    """The changes on the events as they stand; one that is gone is left to the next sync."""
    attendance = attendance_of(decided.standings)

    async def look(one: ListChange) -> Change | None:
        key = one.entry.key
        observed = await tenant.calendar.fetch_event(one.entry.event_id or "", key)
        if observed is None:
            return None
        return list_update(one, observed, decided.state.people, released=attendance[key.course, key.offering].released)

    return tuple(change for change in await asyncio.gather(*map(look, wanted)) if change is not None)


async def _carry_out(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    tenant: Tenant,
    changes: Sequence[Change],
    *,
    people: PeopleIndex,
    now: datetime,
    told: Callable[[Sequence[Applied], int], None],
    still_mine: Callable[[], None],
    between: Callable[[], None] = lambda: None,
) -> Carried:
    """Apply the changes, then send what is due; `between` is called when the calendar is done."""
    done: list[Applied] = []

    def note(result: Applied) -> None:
        done.append(result)
        told(done, len(changes))
        LOG.info("sync.changed", action=result.change.action, session=str(result.change.key), outcome=result.outcome.value,
                 mails=result.change.mails, error=str(result.error) if result.error else None)  # fmt: skip

    allowance = allowance_of(settings, plan, stores)
    bench = Workbench(
        calendar=tenant.calendar.elsewhere(plan.organiser),
        ledger=stores.books.ledger,
        people=people,
        now=now,
        comment=lambda change: _comment(plan, change),
        told=note,
        still_mine=still_mine,
        room=_room(allowance, plan),
        not_sent=lambda change: allowance.give_back(change.mails) if change.mails else None,
        # Twice as many as the gate lets through: the next request is ready when a place falls free.
        hands=2 * settings.graph.concurrency,
    )
    applied = await apply_changes(changes, bench)
    between()
    if any(isinstance(one.error, (SignInFailed, RunLocked)) for one in applied):
        return Carried(applied=applied)
    stands = plan_as_it_stands(plan, stores)
    postman = postman_for(settings, stands, stores, tenant, people=people, now=now, still_mine=still_mine)
    sent = await deliver_messages(in_order(_may_go(stores, plan), now), postman)
    return Carried(applied=applied, messages=sent.messages, stopped=sent.stopped, wait=sent.wait, waiting=sent.waiting, broken=sent.broken)


def _room(allowance: Allowance, plan: CoursePlan) -> Callable[[Change], KursusbotError | None]:
    """Why a change has to wait for another day: the mailbox may reach no more people today. Cancellations may use what is reserved."""

    def room(change: Change) -> KursusbotError | None:
        if not writes_to_outlook(change) or not change.mails:
            return None
        wait = allowance.take(change.mails, comes_first=isinstance(change, Cancel), paced=False)
        return KursusbotError("day_is_full", until=f"{wait.until.astimezone(ZoneInfo(plan.timezone)):%d-%m-%Y %H:%M}") if wait else None

    return room


def _about_seats(stores: Stores, plan: CoursePlan) -> tuple[Message, ...]:
    """What waits to be sent, apart from what has a round of its own: reminders (`bot.reminding`) and reports (`bot.reporting`)."""
    return tuple(message for message in stores.outbox.load_pending(plan.id) if not (message.is_reminder or message.is_report))


def _may_go(stores: Stores, plan: CoursePlan) -> tuple[Message, ...]:
    """Of what waits, what is true by now: what a sync was to do is told when it is done."""
    return what_has_happened(_about_seats(stores, plan), partial(stores.books.ledger.load_entries, plan.id))


def _remember(plan: CoursePlan, stores: Stores, tenant: Tenant, reading: Reading) -> None:
    remember(plan, reading, stores.books)
    stores.books.groups.save_ids(plan.id, tenant.directory.looked_up, now=reading.seen.now)


def _refresh_rows(settings: Settings, plan: CoursePlan, stores: Stores, carried: Carried, *, now: datetime) -> None:
    """The registrations as they are after the calendar was changed: who was invited just now is in the books by now.

    What people wrote to HR for a course that is over, by default, is erased.
    """
    if carried.applied:
        stores.answers.save_registrations(plan.id, rows_of(load_state(plan, stores)))
    then, plan = now - timedelta(days=settings.retention.notes_days), plan_as_it_stands(plan, stores)
    ahead = {course.id for course in plan.courses if not all(one.is_over(then) for one in rules_of(plan, course).offerings.values())}
    stores.notes.erase_notes(plan.id, {note.course for note in stores.notes.load_notes(plan.id)} - ahead)


def _collected(
    stores: Stores, plan: CoursePlan, decided: Decided, new: int, *, carried: Carried = NOTHING_CARRIED, held: SafetyRefused | None = None
) -> Collected:
    rows = stores.answers.load_registrations(plan.id)
    strangers = unknown_attendees(stores.answers.load_answers(plan.id), rows)
    return Collected(new_answers=new, unknown_attendees=strangers, registrations=rows, decided=decided, carried=carried, held=held)


def _refusal(reading: Reading, passed: tuple[Passed, ...], approval: Approval) -> SafetyRefused | None:
    change_set = reading.change_set
    if approval.checksum is not None:
        return None if approval.checksum == change_set.checksum else SafetyRefused("checksum_differs", checksum=change_set.checksum)
    if not change_set.needs_approval:
        return None
    if not approval.within_limits:
        return SafetyRefused("approval_needed", checksum=change_set.checksum)
    return SafetyRefused("limits_passed", checksum=change_set.checksum) if passed else None


def _comment(plan: CoursePlan, change: Cancel | Create) -> str:
    if isinstance(change, Create):
        return text(plan.language, "identity.comment", organiser=plan.organiser)
    for course, offering, session in sessions_of(plan):
        if (course.id, offering.id, session.id) == (change.key.course, change.key.offering, change.key.session):
            return cancellation_comment(plan, course, session, language=plan.language)
    return cancellation_comment(plan, None, None, language=plan.language)
