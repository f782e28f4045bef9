"""What became of the service's jobs, the latest runs of each. Implements `bot.ports.service.JobRunBook`."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, func, select, text

from bot.domain.job_runs import GOOD, JobOutcome, JobRun
from bot.store.columns import is_of_plan
from bot.store.schema import job_runs

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

    from bot.store.database import Database

RUNS_KEPT = 50
"""For each plan and job.

Some days of a job that runs every quarter of an hour fails in, and no more than a page to read.

The last good one is kept beside them, however long ago it was.
"""

UNDER_WAY = text(
    "SELECT jobs.args->>'plan' AS plan, jobs.args->>'job' AS job, max(events.at) AS begun_at"
    " FROM procrastinate_jobs AS jobs JOIN procrastinate_events AS events ON events.job_id = jobs.id"
    " WHERE jobs.status = 'doing' AND events.type = 'started' GROUP BY jobs.id"
)
"""What processes have in hand, by the queue that they share; where one died, until another takes it over."""

IS_GOOD = job_runs.c.outcome.in_([outcome.value for outcome in sorted(GOOD)])
NEWEST_FIRST = (job_runs.c.started_at.desc(), job_runs.c.run_id)
_SAME = is_of_plan(job_runs) & (job_runs.c.job == bindparam("of_job"))
_RUNS = select(job_runs.c.run_id).where(_SAME).order_by(*NEWEST_FIRST)
_NOTE = job_runs.insert()
_FORGET = job_runs.delete().where(
    _SAME,
    job_runs.c.run_id.not_in(_RUNS.limit(RUNS_KEPT)),
    job_runs.c.run_id.not_in(_RUNS.where(IS_GOOD).limit(1)),
)
"""Made once: each run of a job ends with both."""


class SqlJobRunBook:
    """The runs in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_run(self, run: JobRun) -> None:
        """Write a run down, and forget those of its plan and job that are too old to be kept."""
        with self._database.write() as connection:
            connection.execute(_NOTE, asdict(run) | {"outcome": run.outcome.value})
            connection.execute(_FORGET, {"of_plan": run.plan, "of_job": run.job})

    def load_last_good(self) -> dict[tuple[str, str], datetime]:
        """By plan and job since when no round went well (UTC).

        The end of the last one that did, else the beginning of the oldest known.
        """
        good, first = func.max(case((IS_GOOD, job_runs.c.finished_at))), func.min(job_runs.c.started_at)
        found = select(job_runs.c.plan, job_runs.c.job, good, first).group_by(job_runs.c.plan, job_runs.c.job)
        with self._database.read() as connection:
            return {(plan, job): good or first for plan, job, good, first in connection.execute(found)}

    def load_latest(
        self, count: int, *, plan: str | None = None
    ) -> dict[tuple[str, str], tuple[JobRun, ...]]:
        """By plan and job the latest `count` runs, the newest first; of one plan or of all."""
        bound = {"count": count} if plan is None else {"count": count, "of_plan": plan}
        found: dict[tuple[str, str], tuple[JobRun, ...]] = {}
        with self._database.read() as connection:
            for row in connection.execute(_latest(of_all=plan is None), bound).mappings():
                run = JobRun(**{**row, "outcome": JobOutcome(row["outcome"])})
                found[run.plan, run.job] = (*found.get((run.plan, run.job), ()), run)
        return found

    def load_under_way(self) -> dict[tuple[str, str], datetime]:
        """By plan and job since when a process of the shared queue is at it (UTC); {} without one."""
        if self._database.file is not None:
            return {}
        with self._database.read() as connection:
            return {(row.plan, row.job): row.begun_at for row in connection.execute(UNDER_WAY)}


# Made once: the service looks at them every minute.
@cache
def _latest(*, of_all: bool) -> Select[Any]:
    """The latest `count` runs of each plan and job, the newest first; of all plans or of `of_plan`."""
    each = (job_runs.c.plan, job_runs.c.job)
    number = func.row_number().over(partition_by=each, order_by=NEWEST_FIRST).label("number")
    runs = select(job_runs, number)
    numbered = (runs if of_all else runs.where(is_of_plan(job_runs))).subquery()
    return (
        select(*(numbered.c[column.name] for column in job_runs.columns))
        .where(numbered.c.number <= bindparam("count"))
        .order_by(numbered.c.plan, numbered.c.job, numbered.c.number)
    )
