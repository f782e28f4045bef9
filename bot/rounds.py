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
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from bot.approving import word_of
from bot.collecting import look_at_outlook, note_edits, plan_as_it_stands
from bot.decisions import load_state, rows_of, what_follows, write
from bot.delivery.parcels import in_order
from bot.delivery.returned import note_returned
from bot.delivery.send import deliver_messages
from bot.domain.approvals import Consent
from bot.domain.changes import Applied, Cancel, Create, Outcome, writes_to_outlook
from bot.domain.directory_names import unresolved, with_addresses
from bot.domain.noted import news
from bot.domain.participation import asked_by_link
from bot.domain.people import PeopleIndex
from bot.errors import KursusbotError, RunLocked, SafetyRefused, SignInFailed
from bot.i18n.catalogue import text
from bot.invitations.apply import Workbench, apply_changes
from bot.invitations.desired import sessions_of
from bot.invitations.gathering import waits_until
from bot.invitations.mailed import as_mailed
from bot.invitations.run import remember
from bot.invitations.seat_changes import list_update
from bot.messages.invitation import cancellation_comment
from bot.outcomes import GATHERED, NOTHING_CARRIED, Approval, Carried, Collected, Synced
from bot.proposals import Proposal, answers_seen, may_be_sent, propose, read, waiting_of
from bot.registrations.attendance import attendance_of
from bot.registrations.enrolment_rules import rules_of
from bot.registrations.participants import silent_list, without_place_list
from bot.registrations.plan_changes import without_a_place
from bot.registrations.responses import unknown_attendees
from bot.renaming import books_as_named, follow_names, rewrite_stamps
from bot.runtime import LOCK_WAIT_SECONDS, allowance_of, clock_of, graph_findings, postman_for
from bot.store.locks import run_lock
from bot.versions import accepted_of, load_record, put_in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from bot.decisions import Decided
    from bot.delivery.allowance import Allowance
    from bot.domain.approvals import Record
    from bot.domain.changes import Change
    from bot.domain.participants import SilentPerson, WithoutPlace
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Answer, Registration
    from bot.invitations.run import Reading, Seen
    from bot.invitations.seat_changes import ListChange
    from bot.runtime import Stores, Tenant
    from config.settings import Settings

LOG = structlog.get_logger()


async def preview_round(settings: Settings, plan: CoursePlan, stores: Stores, tenant: Tenant) -> Proposal:
    """Read, settle and compute; nothing is written anywhere. `plan` as it is written."""
    with books_as_named(plan, stores) as books:
        seen, record = await read(settings, plan, books, tenant)
        return propose(settings, plan, books, seen, record)


async def sync_round(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    tenant: Tenant,
    *,
    approval: Approval,
    told: Callable[[Sequence[Applied], int], None] = lambda _done, _of: None,
) -> Synced:
    """Make Outlook agree with the plan and the seats, as far as `approval` goes; `plan` as it is written.

    What waits for a person is written down, and everything else is done. `told` is called after each change with those done so far
    and how many there are. Raises RunLocked, SignInFailed, GraphError when the calendar cannot be read, DatabaseFailed.
    """
    await follow_names(plan, stores, now=clock_of(settings).now())
    async with run_lock(stores.database, plan.id, LOCK_WAIT_SECONDS) as still_mine:
        seen, record = await read(settings, plan, stores, tenant)
        seen = await rewrite_stamps(tenant.calendar, seen)
        now = seen.now
        while True:
            proposal = propose(settings, plan, stores, seen, record)
            word = word_of(approval, proposal, plan)
            if word is not None:
                proposal = propose(settings, plan, stores, seen, record, word=word)
            if proposal.meant_empty:
                seen, record = await _believe_empty(settings, plan, stores, tenant, proposal)
                continue
            refused = _refusal(proposal, approval)
            if refused is not None:
                LOG.warning(
                    "sync.refused", code=refused.code, changes=len(proposal.whole.change_set.changes), mails=proposal.whole.change_set.mails
                )
                return Synced(proposal=proposal, applied=None, refused=refused)
            stores.approvals.add_decisions(proposal.words)
            stores.answers.append_answers(answers_seen(seen))
            note_edits(stores, stores.books.ledger.load_entries(plan.id), seen.ledger)
            if write(stores, proposal.decided, now=now):
                break
            record = load_record(plan, stores)
        stores.noted.add(plan.id, news(plan, stores.noted.load(plan.id), now=now))
        _put_in_force(plan, stores, proposal)
        tenant = tenant.acting_for(proposal.plan)
        given = {one.course for one in proposal.verdicts if one.consent is Consent.GIVEN}
        carried = await _carry_out(
            settings, proposal.plan, stores, tenant, proposal.going.change_set.changes, people=seen.people, now=now, told=told,
            still_mine=still_mine, at_once=lambda change: bool(approval.by) or change.course in given,
            between=lambda: _remember(proposal.plan, stores, tenant, proposal.going),
        )  # fmt: skip
        _mark_done(plan, stores, proposal, carried)
        _refresh_rows(settings, proposal.plan, stores, carried, now=now)
        return Synced(proposal=proposal, applied=carried.applied, carried=carried, refused=_left_over(proposal))


async def responses_round(
    settings: Settings, plan: CoursePlan, stores: Stores, tenant: Tenant, *, collect: bool = True, by_hand: bool = False
) -> Collected:
    """Read the answers given since the last time, settle the seats, and let calendar and messages follow.

    Without `collect` only what was decided by link or by HR is followed; `by_hand` nobody who comes or goes waits for others. Raises
    RunLocked, SignInFailed, GraphError when the calendar cannot be read, DatabaseFailed.
    """
    await follow_names(plan, stores, now=clock_of(settings).now())
    async with run_lock(stores.database, plan.id, LOCK_WAIT_SECONDS) as still_mine:
        now = clock_of(settings).now()
        new = 0
        if collect:
            people = PeopleIndex(stores.books.people.load_people(plan.id))
            entries = stores.books.ledger.load_entries(plan.id)
            new = await look_at_outlook(settings, plan, stores, tenant, people=people, entries=entries, now=now)
            await note_returned(
                plan,
                returned=tenant.returned,
                outbox=stores.outbox,
                bounces=stores.bounces,
                entries=entries.values(),
                people=people,
                now=now,
            )
        while True:
            decided, wanted, held = what_follows(settings, plan, stores, now=now)
            if held is not None:
                return _collected(stores, plan, decided, new, held=held)
            if write(stores, decided, now=now):
                break
        changes = as_mailed(await _list_updates(tenant, decided, wanted), graph_findings(settings, stores), decided.state.people)
        people = decided.state.people
        carried = await _carry_out(
            settings, plan, stores, tenant, changes, people=people, now=now, still_mine=still_mine, at_once=lambda _one: by_hand
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
    the audience, `silent` who has not answered what they still can, `left_without`
    whose seat went with its date.
    """

    rows: tuple[Registration, ...]
    strangers: tuple[Answer, ...]
    asked: Mapping[str, frozenset[str]]
    silent: tuple[SilentPerson, ...]
    left_without: tuple[WithoutPlace, ...] = ()


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
        left_without=without_place_list(plan.courses, without_a_place(state.standings), state.people),
    )


def current_registrations(plan: CoursePlan, stores: Stores) -> tuple[tuple[Registration, ...], tuple[Answer, ...]]:
    """The rows of `current_lists`, and the answers of people that were not invited."""
    rows = rows_of(load_state(plan, stores))
    return rows, unknown_attendees(stores.answers.load_answers(plan.id), rows)


async def _list_updates(tenant: Tenant, decided: Decided, wanted: Sequence[ListChange]) -> tuple[Change, ...]:
    """The changes on the events as they stand; one that is gone is left to the next sync."""
    attendance = attendance_of(decided.standings)

    async def look(one: ListChange) -> Change | None:
        key = one.entry.key
        found = await tenant.calendar.fetch_event(one.entry.event_id or "", key)
        observed = None if found is None else with_addresses(found, decided.state.people, one.entry.desired_attendees)
        if observed is None or unresolved(observed):  # such a list cannot be written whole: the next sync tells of it
            return None
        wishes = attendance[key.course, key.offering]
        update = list_update(one, observed, decided.state.people, released=wishes.released)
        # Whom HR turned away is in no books: with nobody to take off there is nothing to write.
        is_idle = not (one.add or update.remove) and wishes.turned_away.keys() >= {*one.remove}
        return None if is_idle else update

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
    still_mine: Callable[[], None],
    at_once: Callable[[Change], bool],
    told: Callable[[Sequence[Applied], int], None] = lambda _done, _of: None,
    between: Callable[[], None] = lambda: None,
) -> Carried:
    """Apply the changes, those who come and go gathered unless `at_once`, then send what is due; `between` when the calendar is done."""
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
        room=_room(allowance, plan, now, at_once),
        not_sent=lambda change: allowance.give_back(change.mails) if change.mails else None,
        # Twice as many as the gate lets through: the next request is ready when a place falls free.
        hands=2 * settings.graph.concurrency,
        mails_everybody=graph_findings(settings, stores).mails_everybody,
    )
    applied = await apply_changes(changes, bench)
    between()
    if any(isinstance(one.error, (SignInFailed, RunLocked)) for one in applied):
        return Carried(applied=applied)
    stands = plan_as_it_stands(plan, stores)
    postman = postman_for(settings, stands, stores, tenant, people=people, now=now, still_mine=still_mine)
    sent = await deliver_messages(in_order(may_be_sent(stores, plan), now), postman)
    return Carried(applied=applied, messages=sent.messages, stopped=sent.stopped, wait=sent.wait, waiting=sent.waiting, broken=sent.broken)


def _room(
    allowance: Allowance, plan: CoursePlan, now: datetime, at_once: Callable[[Change], bool]
) -> Callable[[Change], KursusbotError | None]:
    """Why a change has to wait for another day: for others who come and go, or because the mailbox may reach no more people today.

    Cancellations may use what is reserved.
    """
    zone = ZoneInfo(plan.timezone)

    def room(change: Change) -> KursusbotError | None:
        if not writes_to_outlook(change) or not change.mails:
            return None
        until = None if at_once(change) else waits_until(change, now=now, zone=zone)
        if until is not None:
            return KursusbotError(GATHERED, until=until)
        wait = allowance.take(change.mails, comes_first=isinstance(change, Cancel), paced=False)
        return KursusbotError("day_is_full", until=wait.until.astimezone(zone)) if wait else None

    return room


def _remember(plan: CoursePlan, stores: Stores, tenant: Tenant, reading: Reading) -> None:
    remember(plan, reading, stores.books)
    stores.books.groups.save_ids(plan.id, tenant.directory.looked_up, now=reading.seen.now)
    stores.mailboxes.save_ids(plan.id, tenant.accounts.looked_up, now=reading.seen.now)


def _refresh_rows(settings: Settings, plan: CoursePlan, stores: Stores, carried: Carried, *, now: datetime) -> None:
    """The registrations as they are after the calendar was changed: who was invited just now is in the books by now.

    What people wrote to HR for a course that is over, by default, is erased.
    """
    if carried.applied:
        stores.answers.save_registrations(plan.id, rows_of(load_state(plan, stores)))
    then, plan = now - timedelta(days=settings.retention.notes_days), plan_as_it_stands(plan, stores)
    ahead = {course.id for course in plan.courses if not all(one.is_over(then) for one in rules_of(plan, course).offerings.values())}
    stores.notes.erase_notes(plan.id, {note.course for note in stores.notes.load_notes(plan.id)} - ahead)
    stores.comments.erase_comments(plan.id, {one.key.course for one in stores.comments.load_comments(plan.id)} - ahead)


def _collected(
    stores: Stores, plan: CoursePlan, decided: Decided, new: int, *, carried: Carried = NOTHING_CARRIED, held: SafetyRefused | None = None
) -> Collected:
    rows = stores.answers.load_registrations(plan.id)
    strangers = unknown_attendees(stores.answers.load_answers(plan.id), rows)
    return Collected(new_answers=new, unknown_attendees=strangers, registrations=rows, decided=decided, carried=carried, held=held)


async def _believe_empty(settings: Settings, plan: CoursePlan, stores: Stores, tenant: Tenant, proposal: Proposal) -> tuple[Seen, Record]:
    """A person has said that these groups are to be empty: from now on they are known to be, and the same word is for what follows."""
    stores.approvals.add_decisions(proposal.words)
    now, groups = proposal.whole.seen.now, {group for found in proposal.meant_empty.values() for group in found}
    stores.books.groups.save_counts(plan.id, dict.fromkeys(groups, 0), now=now)
    seen, record = await read(settings, plan, stores, tenant)
    seen = await rewrite_stamps(tenant.calendar, seen)
    following = {one.course: one for one in propose(settings, plan, stores, seen, record).verdicts}
    said = {one.course: one for one in record.decisions if one.approved and one.course in proposal.meant_empty}
    stores.approvals.add_decisions(replace(one, checksum=following[course].checksum) for course, one in said.items() if course in following)
    return seen, load_record(plan, stores)


def _refusal(proposal: Proposal, approval: Approval) -> SafetyRefused | None:
    """Why the sync goes no further than reading: nobody has said anything, or it is not what was approved."""
    change_set = proposal.whole.change_set
    if approval.checksum is not None:
        known = approval.checksum == change_set.checksum or any(one.checksum == approval.checksum for one in proposal.verdicts)
        return None if known else SafetyRefused("checksum_differs", checksum=change_set.checksum)
    if not approval.within_limits and change_set.needs_approval:
        return SafetyRefused("approval_needed", checksum=change_set.checksum)
    return None


def _left_over(proposal: Proposal) -> SafetyRefused | None:
    """That something waits for a person, where the rest was done."""
    if proposal.passed:
        return SafetyRefused("limits_passed", checksum=proposal.whole.change_set.checksum)
    return SafetyRefused("waits_for_approval", courses=len(proposal.waiting)) if proposal.waiting else None


def _put_in_force(plan: CoursePlan, stores: Stores, proposal: Proposal) -> None:
    """What may go is in force from now on, and what waits is written down; a plan of which nothing waits is accepted whole."""
    record, now = proposal.record, proposal.whole.seen.now
    whole = accepted_of(plan)
    is_news = record.accepted != whole and (record.accepted is None or all(one.may_go for one in proposal.verdicts))
    going = {one.course for one in proposal.verdicts if one.is_changed and one.may_go}
    put_in_force(plan, record, going, stores, accepted=whole if is_news else None, now=now)
    waiting = waiting_of(proposal, plan)
    stores.approvals.replace_waiting(plan.id, waiting)
    if waiting:
        since, mails = min(one.since for one in waiting).isoformat(), sum(one.mails for one in waiting)
        LOG.warning("sync.waits", courses=len(waiting), mails=mails, since=since)


def _mark_done(plan: CoursePlan, stores: Stores, proposal: Proposal, carried: Carried) -> None:
    """An approved change that was carried out whole is done; what failed or had no room goes on in the next round.

    What was approved since the round began to read is not done by it.
    """
    if any(isinstance(one.error, (SignInFailed, RunLocked)) for one in carried.applied):
        return
    left = {one.change.course for one in carried.applied if one.outcome is not Outcome.APPLIED}
    left |= {one.course for one in proposal.verdicts if not one.may_go}
    known = (one for one in (*proposal.record.decisions, *proposal.words) if one.course not in left)
    done = {(one.course, one.checksum) for one in known if one.approved and one.done_at is None}
    stores.approvals.mark_done(plan.id, done, now=proposal.whole.seen.now)


def _comment(plan: CoursePlan, change: Cancel | Create) -> str:
    if isinstance(change, Create):
        return text(plan.language, "identity.comment", organiser=plan.organiser)
    for course, offering, session in sessions_of(plan):
        if (course.id, offering.id, session.id) == (change.key.course, change.key.offering, change.key.session):
            of_course = plan.for_course(course.id)
            return cancellation_comment(of_course, course, session, language=of_course.language, reason=change.told)
    return cancellation_comment(plan, None, None, language=plan.language, reason=change.told)
