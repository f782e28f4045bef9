"""The service as its pages show it, from what it knows of itself.

Implements `bot.desks.service_view.ServiceView`.

    readiness      whether database and Microsoft 365 answer, which plan cannot be read, what is late
    books          the latest runs, what waits to be sent and what the mailbox has sent lately
    clock          when each job comes next
    runner         what is under way in this process; the queue in the database of what is in another

Runs in the threads of pages; only an examination asks anything, in the service's loop and one at a time.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.clock import SystemClock
from bot.desks.doctor.examination import examine
from bot.desks.doctor.kept import kept_findings, last_examination
from bot.domain.errors import DatabaseFailed, GraphError, InputError, KursusbotError
from bot.domain.postage import gone_by
from bot.domain.service_state import JobState, KeptExamination, MailsToGo, ServedPlan, ServiceState
from bot.log_lines import get_logger
from bot.opening.clock import clock_of
from bot.rounds.steps.allowance import allowance_of
from bot.rounds.webhooks import given_up
from bot.store.postage import load_posted
from jobs.due import RUNS_LOOKED_AT, rests
from jobs.ticks import Ticks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.desks.doctor.findings import DoctorFinding
    from bot.desks.doctor.kept import LastExamination
    from bot.domain.job_runs import JobRun
    from bot.domain.people import Language
    from bot.opening.stores import Stores
    from jobs.plans import LoadedPlan, PlanJob, Plans
    from jobs.readiness import Watch
    from jobs.runner import Runner

LOG = get_logger()
EXAMINE_SECONDS = 40.0
"""Longer than each question may take (`bot.desks.doctor.examination`), and they go one by one."""
EXAMINED_WITHIN = timedelta(seconds=EXAMINE_SECONDS + 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingService:
    """`loop` is the service's own."""

    plans: Plans
    watch: Watch
    runner: Runner
    stores: Stores
    loop: asyncio.AbstractEventLoop

    def state(self) -> ServiceState:
        """How it fares; where the database does not answer, without what stands there."""
        facts: Mapping[str, Any] = asyncio.run(self.watch.tell()).facts
        now = SystemClock().now()
        microsoft = next((one["error"] for one in facts["graph"] if not one["ok"]), "")
        database = "" if facts["database"]["ok"] else str(facts["database"]["error"])
        try:
            runs = self.stores.job_runs.load_latest(RUNS_LOOKED_AT) if not database else {}
            begun = dict(self.runner.under_way) | (
                self.stores.job_runs.load_under_way() if not database else {}
            )
            plans = tuple(
                self._plan(
                    label, shelf, runs, begun, facts["plans"].get(label, {}), now, asks_books=not database
                )
                for label, shelf in self.plans.shelves.items()
            )
        except DatabaseFailed as error:
            database = error.code
            plans = tuple(
                self._plan(label, shelf, {}, self.runner.under_way, {}, now, asks_books=False)
                for label, shelf in self.plans.shelves.items()
            )
        return ServiceState(plans=plans, database=database, microsoft=microsoft)

    def _plan(
        self,
        label: str,
        shelf: LoadedPlan,
        runs: Mapping[tuple[str, str], Sequence[JobRun]],
        begun: Mapping[tuple[str, str], datetime],
        facts: Mapping[str, Any],
        now: datetime,
        *,
        asks_books: bool,
    ) -> ServedPlan:
        wrong = self.plans.wrong_with(shelf)
        mine = [found for (plan, _), found in runs.items() if plan == label]
        late = facts.get("late", ())
        return ServedPlan(
            plan=label,
            organisation=shelf.plan.organisation if shelf.plan is not None else "",
            timezone=shelf.plan.timezone if shelf.plan is not None else shelf.settings.jobs.timezone,
            error=wrong.code if wrong is not None else str(facts.get("error", "")),
            rests=rests(mine, now=now),
            erasure_waits="erasure_waits" in facts,
            jobs=tuple(
                self._job(entry, runs, begun, now, is_late=entry.job.name in late)
                for entry in self.plans.entries()
                if entry.plan == label
            ),
            mails=self._mails(shelf) if asks_books else MailsToGo(),
            untold=given_up(shelf.settings, self.stores, shelf.plan.id)
            if asks_books and shelf.plan is not None
            else (),
        )

    def _job(
        self,
        entry: PlanJob,
        latest: Mapping[tuple[str, str], Sequence[JobRun]],
        begun: Mapping[tuple[str, str], datetime],
        now: datetime,
        *,
        is_late: bool,
    ) -> JobState:
        cadence, of = entry.cadence, (entry.plan, entry.job.name)
        runs = latest.get(of, ())
        return JobState(
            job=entry.job.name,
            last=runs[0] if runs else None,
            good_at=next((run.finished_at for run in runs if run.is_good), None),
            next_at=Ticks(cadence, timezone=entry.timezone, key=entry.key).after(now) if cadence else None,
            begun_at=begun.get(of),
            is_late=is_late,
        )

    def _mails(self, shelf: LoadedPlan) -> MailsToGo:
        if shelf.plan is None:
            return MailsToGo()
        waiting = len(self.stores.outbox.load_pending(shelf.plan.id))
        if not waiting:
            return MailsToGo()
        allowance, now = allowance_of(shelf.settings, shelf.plan, self.stores), clock_of(shelf.settings).now()
        with self.stores.database.read() as connection:
            posted = load_posted(connection, allowance.mailbox, allowance.budget, now=now)
        by, room_at = gone_by(allowance.budget, posted, now=now, messages=waiting)
        return MailsToGo(count=waiting, by=by, room_at=room_at)

    def last_examination(self, plan: str) -> LastExamination:
        """As the books have it."""
        return last_examination(self.stores.examinations.load(plan, now=SystemClock().now()))

    def examine(self, plan: str, language: Language) -> bool:
        """One at a time in all processes; one whose process died is over after a while."""
        now = SystemClock().now()
        if not self.stores.examinations.begin(plan, now=now, until=now + EXAMINED_WITHIN):
            return False
        findings: tuple[DoctorFinding, ...] = ()
        error = "program"
        try:
            findings, error = self._findings(plan, language), ""
        except KursusbotError as refused:
            LOG.warning("service.not_examined", plan=plan, error=refused.code)
            error = refused.code
        finally:
            kept = KeptExamination(at=SystemClock().now(), findings=kept_findings(findings), error=error)
            self.stores.examinations.keep(plan, kept)
        return True

    def _findings(self, plan: str, language: Language) -> tuple[DoctorFinding, ...]:
        """In the service's loop; it is cancelled where it takes longer than `EXAMINE_SECONDS`."""
        shelf = self.plans.shelves.get(plan)
        if shelf is None:
            raise InputError("plan_unknown", plan=plan)
        settings = shelf.settings.model_copy(update={"plan": shelf.source.where, "plans": None})
        asked = asyncio.run_coroutine_threadsafe(examine(settings, speak=lambda _plans: language), self.loop)
        try:
            return tuple(asked.result(EXAMINE_SECONDS))
        except TookTooLong:
            asked.cancel()
            raise GraphError("graph_unanswered", call="", detail="timeout") from None
