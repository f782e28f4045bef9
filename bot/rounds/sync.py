"""A round that makes Outlook agree with the plan; `bot.rounds.preview` goes as far as computing.

    lock, keep what the plan says, read, settle, compute, hold against the limits, note answers and seats,
    apply, remember, send

Answers are noted before anything is applied, because a changed time makes Exchange forget them; seats are
noted before the calendar is touched, so that a crash in between leaves nobody without a place: the calendar
follows the books.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.approvals import Consent
from bot.domain.changes import Applied, Outcome
from bot.domain.errors import RunLocked, SafetyRefused, SignInFailed
from bot.domain.noted import news
from bot.log_lines import get_logger
from bot.opening.versions import accepted_of, load_record, put_in_force
from bot.rounds.results import Synced
from bot.rounds.steps.approve import UNATTENDED, Approval, word_of
from bot.rounds.steps.as_last_time import as_last_time, found_nothing, look_at_world
from bot.rounds.steps.carry_out import carry_out, refresh_rows
from bot.rounds.steps.compare import compare, read
from bot.rounds.steps.decide_seats import write
from bot.rounds.steps.follow_names import follow_names, rewrite_stamps
from bot.rounds.steps.keep_revision import keep_revision
from bot.rounds.steps.look_at_outlook import note_edits
from bot.rounds.steps.proposal import Proposal
from bot.rounds.steps.propose import propose, waiting_of
from bot.rounds.steps.read_world import remember
from bot.rounds.steps.waiting_mail import waiting_mail
from bot.rounds.steps.whole_rest import note_whole
from bot.seats.at_rest import MOST_AT_ONCE, RestingRound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.domain.approvals import Record
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.opening.work import Work
    from bot.rounds.steps.carried import Carried
    from bot.rounds.steps.compare import Compared
    from bot.rounds.steps.read_world import Reading, Seen


LOG = get_logger()


async def sync_round(
    work: Work,
    *,
    approval: Approval,
    told: Callable[[Sequence[Applied], int], None] = lambda _done, _of: None,
) -> Synced:
    """Make Outlook agree with the plan as it is written and the seats, as far as `approval` goes.

    What waits for a person is written down, and everything else is done. `told` is called after each change
    with those done so far and how many there are. Raises RunLocked, SignInFailed, GraphError when the
    calendar cannot be read, DatabaseFailed.
    """
    plan, stores = work.written, work.stores
    await follow_names(plan, stores, now=work.now())
    async with work.locked() as still_mine:
        await keep_revision(work)
        seen, record = await read(work)
        seen = await rewrite_stamps(work.tenant.calendar, seen)
        now = seen.now
        look, compared = look_at_world(work, seen, record), None
        while True:
            if look.is_at_rest and approval == UNATTENDED:
                proposal = as_last_time(work, seen, record)
                break
            compared = compare(work, seen, record)
            proposal = propose(work, compared)
            word = word_of(approval, proposal, work)
            if word is not None:
                proposal = propose(work, compared, word=word)
            if proposal.meant_empty:
                seen, record = await _believe_empty(work, proposal)
                continue
            refused = _refusal(proposal, approval)
            if refused is not None:
                LOG.warning(
                    "sync.refused",
                    code=refused.code,
                    changes=len(proposal.whole.change_set.changes),
                    mails=proposal.whole.change_set.mails,
                )
                return Synced(proposal=proposal, applied=None, refused=refused)
            stores.approvals.add_decisions(proposal.words)
            stores.answers.append_answers(compared.new_answers)
            note_edits(stores, seen.in_books, seen.ledger)
            if write(stores, proposal.decided, now=now):
                break
            record = load_record(plan, stores)
        if plan.assumptions:
            stores.noted.add(plan.id, news(plan, stores.noted.load(plan.id), now=now))
        _put_in_force(plan, stores, proposal, home=work.settings.web.base_url or "")
        going = work.by(proposal.plan)
        given = {verdict.course for verdict in proposal.verdicts if verdict.consent is Consent.GIVEN}
        carried = await carry_out(
            going, proposal.going.change_set.changes, people=seen.people,
            now=now, told=told,
            still_mine=still_mine, at_once=lambda change: bool(approval.by) or change.course in given,
            between=lambda: _remember(going, proposal.going),
        )  # fmt: skip
        _mark_done(plan, stores, proposal, carried)
        courses = _whose_rows_may_be_others(compared, carried)
        refresh_rows(work.settings, proposal.plan, stores, carried, now=now, courses=courses)
        if not look.is_at_rest:
            state = proposal.decided.state if found_nothing(plan, proposal, carried) else None
            note_whole(work, plan, RestingRound.SYNC, look, state, now=now)
        unknown = bool(proposal.whole.change_set.unknown_groups)
        return Synced(
            proposal=proposal,
            applied=carried.applied,
            carried=carried,
            refused=_waits(proposal),
            left_over=unknown,
        )


def _remember(work: Work, reading: Reading) -> None:
    plan, stores, tenant = work.plan, work.stores, work.tenant
    remember(plan, reading, stores.books)
    stores.books.groups.save_ids(plan.id, tenant.directory.looked_up, now=reading.seen.now)
    stores.mailboxes.save_ids(plan.id, tenant.accounts.looked_up, now=reading.seen.now)


async def _believe_empty(work: Work, proposal: Proposal) -> tuple[Seen, Record]:
    """A person has said that these groups are to be empty.

    From now on they are known to be, and the same word is for what follows.
    """
    plan, stores = work.written, work.stores
    stores.approvals.add_decisions(proposal.words)
    now, groups = (
        proposal.whole.seen.now,
        {group for found in proposal.meant_empty.values() for group in found},
    )
    stores.books.groups.save_counts(plan.id, dict.fromkeys(groups, 0), now=now)
    seen, record = await read(work)
    seen = await rewrite_stamps(work.tenant.calendar, seen)
    following = {verdict.course: verdict for verdict in propose(work, compare(work, seen, record)).verdicts}
    said = {
        decision.course: decision
        for decision in record.decisions
        if decision.approved and decision.course in proposal.meant_empty
    }
    stores.approvals.add_decisions(
        replace(one, checksum=following[course].checksum)
        for course, one in said.items()
        if course in following
    )
    return seen, load_record(plan, stores)


def _refusal(proposal: Proposal, approval: Approval) -> SafetyRefused | None:
    """Why the sync goes no further than reading: nobody has said anything, or it is not what was approved."""
    change_set = proposal.whole.change_set
    if approval.checksum is not None:
        known = approval.checksum == change_set.checksum or any(
            verdict.checksum == approval.checksum for verdict in proposal.verdicts
        )
        return None if known else SafetyRefused("checksum_differs", checksum=change_set.checksum)
    if not approval.within_limits and change_set.needs_approval:
        return SafetyRefused("approval_needed", checksum=change_set.checksum)
    return None


def _waits(proposal: Proposal) -> SafetyRefused | None:
    """That something waits for a person, where the rest was done."""
    if proposal.passed:
        return SafetyRefused("limits_passed", checksum=proposal.whole.change_set.checksum)
    return SafetyRefused("waits_for_approval", courses=len(proposal.waiting)) if proposal.waiting else None


def _put_in_force(plan: CoursePlan, stores: Stores, proposal: Proposal, *, home: str) -> None:
    """What may go is in force from now on, and what waits is written down.

    A plan of which nothing waits is accepted whole.
    """
    record, now = proposal.record, proposal.whole.seen.now
    whole = accepted_of(plan)
    is_news = record.accepted != whole and (
        record.accepted is None or all(verdict.may_go for verdict in proposal.verdicts)
    )
    going = {verdict.course for verdict in proposal.verdicts if verdict.is_changed and verdict.may_go}
    put_in_force(plan, record, going, stores, accepted=whole if is_news else None, now=now)
    waiting = waiting_of(proposal, plan)
    stores.approvals.replace_waiting(plan.id, waiting, mail=waiting_mail(proposal, waiting, home.rstrip("/")))
    if waiting:
        since, mails = (
            min(held.since for held in waiting).isoformat(),
            sum(held.mails for held in waiting),
        )
        LOG.warning("sync.waits", courses=len(waiting), mails=mails, since=since)


def _whose_rows_may_be_others(compared: Compared | None, carried: Carried) -> frozenset[str] | None:
    """The courses whose rows may be others by now than those that were written with the seats; None: any."""
    courses = frozenset(result.change.course for result in carried.applied)
    any_other = compared is None or compared.has_other_people or len(courses) > MOST_AT_ONCE
    return None if any_other else courses


def _mark_done(plan: CoursePlan, stores: Stores, proposal: Proposal, carried: Carried) -> None:
    """An approved change that was carried out whole is done.

    What failed or had no room goes on in the next round.

    What was approved since the round began to read is not done by it.
    """
    if any(isinstance(change.error, (SignInFailed, RunLocked)) for change in carried.applied):
        return
    left = {result.change.course for result in carried.applied if result.outcome is not Outcome.APPLIED}
    left |= {verdict.course for verdict in proposal.verdicts if not verdict.may_go}
    known = (one for one in (*proposal.record.decisions, *proposal.words) if one.course not in left)
    done = {(one.course, one.checksum) for one in known if one.approved and one.done_at is None}
    stores.approvals.mark_done(plan.id, done, now=proposal.whole.seen.now)
