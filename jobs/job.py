"""What a job of the service is.

A round for one plan, with a name, that may be missed or done twice without harm.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.errors import KursusbotError
from bot.domain.job_runs import JobOutcome
from bot.opening.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a job came to.

    The outcome, the error behind it if any, and counts without personal data.

    `more_at` (UTC): there are messages left that the mailbox has room for then. For whoever counts: `changes`
    by action and outcome, the `invitation_mails` of those applied, `messages` by kind and state.
    """

    outcome: JobOutcome = JobOutcome.DONE
    error: KursusbotError | None = None
    detail: str = ""
    more_at: datetime | None = None
    changes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    invitation_mails: int = 0
    messages: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job. Its name is also that of its cadence in the settings (`KURSUSBOT_JOBS__<NAME>`).

    `run` raises from the tree of errors. `alone`: nothing else may be at work in the same mailbox meanwhile.
    `asks_graph`: it can do nothing while Microsoft Graph is away, and rests. `rest_by` is the job that sends
    what the mailbox had no room for, "" for itself; `told_by` the one that tells HR what was left for a
    person, "" for none.
    """

    name: str
    run: Callable[[Work], Awaitable[Result]]
    alone: bool = True
    asks_graph: bool = True
    rest_by: str = ""
    told_by: str = ""
