"""One round of each kind, from reading to books: what the commands (and later the clock) run.

    preview     read groups and calendar, compute                                      writes nothing
    sync        lock, read, compute, hold against the limits, note answers, apply, remember
    responses   lock, read what changed since last, append answers, fold registrations

Answers are noted before anything is applied, because a changed time makes Exchange forget them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.domain.changes import Outcome, Update, writes_to_outlook
from bot.domain.people import PeopleIndex
from bot.errors import GraphUnclear, PermissionMissing, RunLocked, SafetyRefused, SignInFailed
from bot.invitations.apply import Workbench, apply_changes
from bot.invitations.desired import sessions_of
from bot.invitations.run import read_difference, remember
from bot.invitations.safety import SafetyLimits, passed_limits
from bot.messages.invitation import cancellation_comment
from bot.registrations.collect import collect_responses, record_answers, refresh_registrations, registrations_now
from bot.registrations.responses import unknown_attendees
from bot.runtime import LOCK_WAIT_SECONDS, clock_of
from bot.store.locks import run_lock
from config.settings import Drift

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.domain.changes import Applied, Cancel
    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Answer, Registration
    from bot.invitations.run import Reading
    from bot.invitations.safety import Passed
    from bot.registrations.collect import CollectResult
    from bot.runtime import Stores, Tenant
    from config.settings import Settings

LOG = structlog.get_logger()
DONE, GRAPH_FAILED, PARTLY_DONE = 0, 4, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """How far a sync may go: nothing that writes to Outlook, within the limits, or exactly what a checksum names."""

    within_limits: bool = False
    checksum: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What a sync read and did. `refused` is set, and `applied` None, when it went no further than reading."""

    reading: Reading
    passed: tuple[Passed, ...]
    applied: tuple[Applied, ...] | None
    refused: SafetyRefused | None = None

    @property
    def exit_code(self) -> int:
        """The contract's exit code: 0, 3, 4 (nothing but Graph's own failures), 5 (the lock was lost) or 6."""
        if self.refused is not None:
            return self.refused.exit_code
        applied = self.applied or ()
        failed = [one for one in applied if one.outcome is Outcome.FAILED]
        if any(isinstance(one.error, RunLocked) for one in failed):
            return RunLocked.exit_code
        tried = [one for one in applied if writes_to_outlook(one.change)]
        cut_off = all(isinstance(one.error, (SignInFailed, PermissionMissing, GraphUnclear)) for one in failed)
        if any(isinstance(one.error, SignInFailed) for one in failed) or (failed and len(failed) == len(tried) and cut_off):
            return GRAPH_FAILED
        held = any(one.outcome is Outcome.HELD for one in applied)
        return PARTLY_DONE if failed or held or self.reading.change_set.unknown_groups else DONE


async def preview_round(settings: Settings, plan: CoursePlan, stores: Stores, tenant: Tenant) -> Reading:
    """Read and compute; nothing is written anywhere."""
    return await read_difference(
        plan,
        calendar=tenant.calendar,
        directory=tenant.directory,
        books=stores.books,
        now=clock_of(settings).now(),
        restore=settings.drift is Drift.RESTORE,
    )


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
    """Make Outlook agree with the plan, as far as `approval` goes.

    `told` is called after each change with those done so far and how many there are. Raises
    RunLocked, SignInFailed, GraphError when the calendar cannot be read, DatabaseFailed.
    """
    async with run_lock(stores.database, plan.id, LOCK_WAIT_SECONDS) as still_mine:
        reading = await preview_round(settings, plan, stores, tenant)
        change_set, now = reading.change_set, reading.world.now
        passed = passed_limits(change_set.facts, limits_of(settings))
        refused = _refusal(reading, passed, approval)
        if refused is not None:
            LOG.warning("sync.refused", code=refused.code, changes=len(change_set.changes), mails=change_set.mails)
            return Synced(reading=reading, passed=passed, applied=None, refused=refused)
        record_answers(stores.answers, reading.world.observed, people=reading.world.people, ledger=reading.world.ledger, now=now)
        done: list[Applied] = []

        def note(result: Applied) -> None:
            done.append(result)
            told(done, len(change_set.changes))
            LOG.info("sync.changed", action=result.change.action, session=str(result.change.key), outcome=result.outcome.value,
                     mails=result.change.mails, error=str(result.error) if result.error else None)  # fmt: skip

        bench = Workbench(
            calendar=tenant.calendar,
            ledger=stores.books.ledger,
            people=reading.world.people,
            now=now,
            comment=lambda change: _comment(plan, change),
            told=note,
            still_mine=still_mine,
            # Twice as many as the gate lets through: the next request is ready when a place falls free.
            hands=2 * settings.graph.concurrency,
        )
        applied = await apply_changes(change_set.changes, bench)
        remember(plan, reading, stores.books)
        stores.books.groups.save_ids(plan.id, tenant.directory.looked_up, now=now)
        if any(isinstance(one.change, Update) and one.change.remove for one in applied):
            # Who left is noted while it is known when; otherwise the answers' own round is soon enough.
            entries = stores.books.ledger.load_entries(plan.id)
            refresh_registrations(stores.answers, people=reading.world.people, entries=entries, plan=plan, now=now)
        return Synced(reading=reading, passed=passed, applied=applied)


async def responses_round(settings: Settings, plan: CoursePlan, stores: Stores, tenant: Tenant) -> CollectResult:
    """Read the answers given since the last time into the log and fold the registrations."""
    async with run_lock(stores.database, plan.id, LOCK_WAIT_SECONDS):
        return await collect_responses(
            tenant.calendar,
            answer_log=stores.answers,
            people_book=stores.books.people,
            ledger=stores.books.ledger,
            plan=plan,
            now=clock_of(settings).now(),
        )


def current_registrations(settings: Settings, plan: CoursePlan, stores: Stores) -> tuple[tuple[Registration, ...], tuple[Answer, ...]]:
    """Who is coming as the books have it now, and the answers of people that were not invited.

    Folded anew, because a sync has invited people since the last answers were collected. No request
    is made and nothing is written.
    """
    people = PeopleIndex(stores.books.people.load_people(plan.id))
    entries = stores.books.ledger.load_entries(plan.id)
    rows, _ = registrations_now(stores.answers, people=people, entries=entries, plan=plan, now=clock_of(settings).now())
    return rows, unknown_attendees(stores.answers.load_answers(plan.id), rows)


def _refusal(reading: Reading, passed: tuple[Passed, ...], approval: Approval) -> SafetyRefused | None:
    change_set = reading.change_set
    if approval.checksum is not None:
        return None if approval.checksum == change_set.checksum else SafetyRefused("checksum_differs", checksum=change_set.checksum)
    if not any(writes_to_outlook(change) for change in change_set.changes):
        return None
    if not approval.within_limits:
        return SafetyRefused("approval_needed", checksum=change_set.checksum)
    return SafetyRefused("limits_passed", checksum=change_set.checksum) if passed else None


def _comment(plan: CoursePlan, change: Cancel) -> str:
    for course, offering, session in sessions_of(plan):
        if (course.id, offering.id, session.id) == (change.key.course, change.key.offering, change.key.session):
            return cancellation_comment(plan, course, session, language=plan.language)
    return cancellation_comment(plan, None, None, language=plan.language)
