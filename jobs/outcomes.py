"""What a result means for the service.

| the round came to (`bot/rounds/results.py`), or ended with | outcome | then |
|---|---|---|
| done | done | the next tick |
| something was left over | partly | the next tick |
| something waits for a person's approval (the rest is done) | held | the next tick |
| another run is at it | locked | again in seconds; no failure, and nothing is noted |
| Graph or the database does not answer | away | again after a rest that grows (`jobs/due.py`) |
| the plan or the settings cannot be used | failed | the next tick, which reads them anew |
| a bug | broken | the next tick |

Pure.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.domain.changes import Outcome
from bot.domain.errors import DatabaseFailed, GraphError, InputError, KursusbotError, RunLocked, SafetyRefused
from bot.domain.job_runs import JobOutcome
from bot.domain.postage import Full
from jobs.job import Result

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.domain.postage import Wait
    from bot.rounds.results import RoundResult

BROKEN = Result(outcome=JobOutcome.BROKEN)
OF_ERRORS: Sequence[tuple[type[KursusbotError], JobOutcome]] = (
    (DatabaseFailed, JobOutcome.AWAY),
    (InputError, JobOutcome.FAILED),
    (SafetyRefused, JobOutcome.HELD),
    (GraphError, JobOutcome.AWAY),
    (RunLocked, JobOutcome.LOCKED),
)


def failure(error: KursusbotError) -> Result:
    """The result of a job that ended with an error."""
    outcome = next((outcome for kind, outcome in OF_ERRORS if isinstance(error, kind)), JobOutcome.BROKEN)
    return Result(outcome=outcome, error=error, detail=_told(error))


def result_of(done: RoundResult, **counts: int | str) -> Result:
    """The result of a round; `counts` are what else is worth telling.

    Of several errors the one that says most of why something is left, and what waits for a person last.
    """
    carried = done.carried
    errors = [carried.stopped, *carried.broken, *(applied.error for applied in carried.applied), done.refused]
    error = next((error for error in errors if isinstance(error, KursusbotError)), None)
    numbers = {
        **counts,
        "changes": len(carried.applied),
        "messages": carried.sent,
        "waiting": carried.waiting,
    }
    words = [f"{name}={number}" for name, number in numbers.items() if number]
    detail = " ".join([*words, *([_told(error)] if error is not None else [])]).strip()
    return Result(
        outcome=done.outcome,
        error=error,
        detail=detail,
        more_at=_more_at(carried.wait),
        changes=Counter((applied.change.action, applied.outcome.value) for applied in carried.applied),
        invitation_mails=sum(
            applied.change.mails for applied in carried.applied if applied.outcome is Outcome.APPLIED
        ),
        messages=Counter((message.kind.value, message.state.value) for message in carried.messages),
    )


def _more_at(wait: Wait | None) -> datetime | None:
    """When the rest can go, where that is a matter of minutes; what has no room today waits for the ticks."""
    return wait.until if wait is not None and wait.full is Full.MINUTE else None


def _told(error: KursusbotError) -> str:
    """Graph's own codes, which say more than ours and nothing of persons."""
    if not isinstance(error, GraphError):
        return ""
    facts = {"status": error.status, "graph_code": error.graph_code, "request_id": error.request_id}
    return " ".join(f"{name}={value}" for name, value in facts.items() if value)
