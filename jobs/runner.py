"""The envelope around a job.

Whose it is, what it came to, and that nothing which happens in it reaches another.

Every run has an id, bound to all its log lines with plan and job, and is a span with the requests under it
where the process is traced; its result is written down and told to the observers. A bug ends the run and not
the service. Does not decide when anything runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog
from opentelemetry.trace import get_tracer

from bot.clock import SystemClock
from bot.domain.errors import DatabaseFailed, KursusbotError
from bot.domain.job_runs import JobOutcome, JobRun
from bot.log_lines import get_logger
from bot.opening.clock import clock_of
from bot.opening.tenant import graph_findings, graph_settings
from bot.opening.work import work_of
from bot.rounds.steps.follow_names import follow_names
from jobs.outcomes import BROKEN, failure

if TYPE_CHECKING:
    from datetime import datetime

    from bot.opening.stores import Stores
    from bot.opening.work import Work
    from jobs.graph_clients import GraphClients
    from jobs.job import Job, Result
    from jobs.plans import Plans

LOG, TRACER = get_logger(), get_tracer("kursusbot.jobs")

Observer = Callable[["JobRun", "Result"], None]
"""Is told each run and its result when it is over, `locked` ones too; must be quick and must not raise."""


class Runner:
    """Runs a job for a plan, here and now."""

    def __init__(
        self, plans: Plans, clients: GraphClients, stores: Stores, observers: Sequence[Observer] = ()
    ) -> None:
        self._plans, self._clients, self._stores, self._observers = plans, clients, stores, observers
        self.under_way: dict[tuple[str, str], datetime] = {}
        """Plan and job, since when (UTC)."""

    async def run(self, plan: str, job: Job) -> tuple[JobRun, Result]:
        """Do it and say what came of it, as the books keep it and as it was.

        Raises nothing but CancelledError.
        """
        run_id, clock = uuid4().hex[:12], SystemClock()
        about = {"kursusbot.plan": plan, "kursusbot.run_id": run_id}
        with (
            structlog.contextvars.bound_contextvars(run_id=run_id, plan=plan, job=job.name),
            TRACER.start_as_current_span(f"job {job.name}", attributes=about, record_exception=False) as span,
        ):
            started_at = clock.now()
            LOG.debug("job.started")
            self.under_way[plan, job.name] = started_at
            try:
                result = await self._result(plan, job)
            finally:
                self.under_way.pop((plan, job.name), None)
            run = JobRun(
                plan=plan,
                job=job.name,
                run_id=run_id,
                started_at=started_at,
                finished_at=clock.now(),
                outcome=result.outcome,
                exit_code=_exit_code(result),
                error=result.error.code if result.error is not None else "",
                detail=result.detail,
            )
            span.set_attributes({"kursusbot.outcome": run.outcome.value, "kursusbot.error": run.error})
            self._note(run, result)
        return run, result

    async def work(self, plan: str) -> Work:
        """The plan as it is now, with its books under today's names and its Graph client.

        Raises what is wrong with the plan, and DatabaseFailed.
        """
        settings, written = await self._plans.open(plan)
        findings = graph_findings(settings, self._stores)
        client = await self._clients.client(graph_settings(settings, findings))
        await follow_names(written, self._stores, now=clock_of(settings).now())
        origin, bad_save = self._plans.file_of(plan)
        work = work_of(client, settings, written, self._stores, findings)
        return replace(work, origin=origin, bad_save=bad_save)

    async def _result(self, plan: str, job: Job) -> Result:
        try:
            return await job.run(await self.work(plan))
        except KursusbotError as error:
            return failure(error)
        except asyncio.CancelledError:
            # The round has let go of its lock; whatever it had begun, the next one finishes.
            LOG.warning("job.stopped")
            raise
        except Exception:
            LOG.exception("job.broken")
            return BROKEN

    def _note(self, run: JobRun, result: Result) -> None:
        well = run.outcome in {JobOutcome.DONE, JobOutcome.LOCKED}
        seconds = round((run.finished_at - run.started_at).total_seconds(), 3)
        tell = LOG.info if well else LOG.warning
        tell(
            "job.finished",
            outcome=run.outcome.value,
            exit_code=run.exit_code,
            seconds=seconds,
            error=run.error or None,
            detail=run.detail or None,
        )
        if run.outcome is not JobOutcome.LOCKED:
            try:
                self._stores.job_runs.save_run(run)
            except KursusbotError as error:
                LOG.warning("job.unnoted", error=error.code)
        for observer in self._observers:
            observer(run, result)


def _exit_code(result: Result) -> int:
    """As the command ends that does the same: a database that does not answer is away only for a while."""
    error = result.error
    return error.exit_code if isinstance(error, DatabaseFailed) else result.outcome.exit_code
