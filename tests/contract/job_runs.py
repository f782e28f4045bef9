"""Runs of jobs as the books keep them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.job_runs import JobOutcome, JobRun

BEGAN = datetime(2025, 6, 18, 12, 0, 0, 123456, tzinfo=UTC)
RUN = JobRun(
    plan="by",
    job="sync_plan",
    run_id="0",
    started_at=BEGAN,
    finished_at=BEGAN + timedelta(seconds=2),
    outcome=JobOutcome.AWAY,
    exit_code=4,
    error="graph_unclear",
    detail="status=503",
)


def later(number: int, **changes: object) -> JobRun:
    moment = BEGAN + timedelta(minutes=number)
    return replace(RUN, run_id=str(number), started_at=moment, finished_at=moment + timedelta(seconds=2), **changes)
