"""What is owed, and what rests.

Read from the latest runs, so that every process sees the same and a restart forgets nothing.

| the latest runs of the job | it is |
|---|---|
| none | owed |
| a tick has passed since the latest that was not `away` | owed, once, however many ticks have passed |
| the latest were `away` | owed again after the rest |
| anything else | not owed: the clock will tick |

Two rules stand before these in `jobs.clock`: a job with a time of day that has never run is not owed, because
nobody means the moment of the installation; and what carries an approval out is owed since the approval.

The rest is half a minute after the first `away` and doubles with each further one, up to a quarter of an
hour. It holds for every job of the plan that asks Graph: what one has learnt, the others need not find out.
Pure.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.job_runs import JobOutcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.domain.job_runs import JobRun

RUNS_LOOKED_AT = 8
"""The rest is at its longest by then."""

FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=15)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def rests(runs_of_plan: Iterable[Sequence[JobRun]], *, now: datetime) -> bool:
    """Whether the plan's jobs leave Graph alone at `now` (UTC). `runs_of_plan`: of each job, newest first."""
    return any(_rests(runs, now) for runs in runs_of_plan)


def owed_slot(
    runs: Sequence[JobRun], tick_after: Callable[[datetime], datetime | None], *, now: datetime
) -> int | None:
    """The number of the tick that is owed, the same in every process; None when nothing is.

    `runs` are the job's, newest first. Each repetition after `away` has a number of its own.
    """
    away = _away(runs)
    settled = runs[away].started_at if len(runs) > away else NEVER
    missed = tick_after(settled)
    if missed is None or missed > now or _rests(runs, now):
        return None
    return (0 if settled is NEVER else slot_of(missed)) + (_seconds(runs[0].started_at) if away else 0)


def slot_of(tick: datetime) -> int:
    """A tick as the number by which the queue takes it once."""
    return _seconds(tick)


def _rests(runs: Sequence[JobRun], now: datetime) -> bool:
    away = _away(runs)
    if not away:
        return False
    # Beyond the runs that are looked at it is at its longest anyway. What ended in the future was dated
    # before a clock was put right.
    rest = min(FIRST_REST * (1 << (away - 1)), LONGEST_REST)
    return timedelta(0) <= now - runs[0].finished_at < rest


def _away(runs: Sequence[JobRun]) -> int:
    """How many of the latest runs in a row found Graph or the database away."""
    return next((number for number, run in enumerate(runs) if run.outcome is not JobOutcome.AWAY), len(runs))


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
