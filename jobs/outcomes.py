"""What a result means for the service.

| exit code, error | outcome | then |
|---|---|---|
| 0 | done | the next tick |
| 6, something was left over | partly | the next tick |
| 3, something waits for a person's approval (the rest is done) | held | the next tick |
| 5, another run is at it | locked | again in seconds; no failure, and nothing is noted |
| 4, or the database does not answer | away | again after a rest that grows (`jobs/due.py`) |
| 2, the plan or the settings | failed | the next tick, which reads them anew |
| a bug | broken | the next tick |

Pure.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.domain.changes import Outcome
from bot.domain.job_runs import JobOutcome
from bot.domain.messages import DeliveryState
from bot.domain.postage import Full
from bot.errors import DatabaseFailed, GraphError, KursusbotError
from jobs.job import Result

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.messages import Message
    from bot.domain.postage import Wait
    from bot.rounds.steps.carry_out import Carried

BROKEN = Result(exit_code=1)
BY_EXIT_CODE = {
    0: JobOutcome.DONE,
    6: JobOutcome.PARTLY,
    3: JobOutcome.HELD,
    5: JobOutcome.LOCKED,
    4: JobOutcome.AWAY,
    2: JobOutcome.FAILED,
    1: JobOutcome.BROKEN,
}


def outcome_of(result: Result) -> JobOutcome:
    """By the table above."""
    return JobOutcome.AWAY if isinstance(result.error, DatabaseFailed) else BY_EXIT_CODE[result.exit_code]


def failure(error: KursusbotError) -> Result:
    """The result of a job that ended with an error."""
    return Result(exit_code=error.exit_code, error=error, detail=_told(error))


def carried_out(carried: Carried, exit_code: int, **counts: int | str) -> Result:
    """The result of a round that changed calendars or sent messages.

    `counts` are what else is worth telling.
    """
    errors = [carried.stopped, *carried.broken, *(one.error for one in carried.applied)]
    error = next((one for one in errors if isinstance(one, KursusbotError)), None)
    sent = sum(one.state is DeliveryState.SENT for one in carried.messages)
    numbers = {**counts, "changes": len(carried.applied), "messages": sent, "waiting": carried.waiting}
    words = [f"{name}={number}" for name, number in numbers.items() if number]
    detail = " ".join([*words, *([_told(error)] if error is not None else [])]).strip()
    return Result(
        exit_code=exit_code,
        error=error,
        detail=detail,
        more_at=more_at(carried.wait),
        changes=Counter((one.change.action, one.outcome.value) for one in carried.applied),
        invitation_mails=sum(one.change.mails for one in carried.applied if one.outcome is Outcome.APPLIED),
        messages=by_kind_and_state(carried.messages),
    )


def by_kind_and_state(messages: Iterable[Message]) -> Counter[tuple[str, str]]:
    """How many messages of each kind came to what."""
    return Counter((one.kind.value, one.state.value) for one in messages)


def more_at(wait: Wait | None) -> datetime | None:
    """When the rest can go, where that is a matter of minutes; what has no room today waits for the ticks."""
    return wait.until if wait is not None and wait.full is Full.MINUTE else None


def _told(error: KursusbotError) -> str:
    """Graph's own codes, which say more than ours and nothing of persons."""
    if not isinstance(error, GraphError):
        return ""
    facts = {"status": error.status, "graph_code": error.graph_code, "request_id": error.request_id}
    return " ".join(f"{name}={value}" for name, value in facts.items() if value)
