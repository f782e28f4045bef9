"""The runs of the service's jobs: what one came to, as the books keep it. Never whom it was about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.errors import (
    DONE,
    PARTLY_DONE,
    GraphError,
    InputError,
    KursusbotError,
    RunLocked,
    SafetyRefused,
)

if TYPE_CHECKING:
    from datetime import datetime


class JobOutcome(StrEnum):
    """What a round came to, as a command, as a job and in the books."""

    DONE = "done"
    PARTLY = "partly"
    HELD = "held"
    AWAY = "away"
    FAILED = "failed"
    BROKEN = "broken"
    LOCKED = "locked"

    @property
    def exit_code(self) -> int:
        """The contract's, as the command ends that does the same."""
        return EXIT_CODES[self]


EXIT_CODES = {
    JobOutcome.DONE: DONE,
    JobOutcome.BROKEN: KursusbotError.exit_code,
    JobOutcome.FAILED: InputError.exit_code,
    JobOutcome.HELD: SafetyRefused.exit_code,
    JobOutcome.AWAY: GraphError.exit_code,
    JobOutcome.LOCKED: RunLocked.exit_code,
    JobOutcome.PARTLY: PARTLY_DONE,
}

GOOD = frozenset({JobOutcome.DONE, JobOutcome.PARTLY, JobOutcome.HELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One run of a job for a plan, over and done with.

    `plan` is the plan's id, or the name of its file where it could never be read. `run_id` is the one of the
    log lines. Instants UTC, by the machine's clock. `exit_code` is the one that the same work has as a
    command; `error` the code of its error, or "". `detail` are counts and Graph's own codes, without personal
    data.
    """

    plan: str
    job: str
    run_id: str
    started_at: datetime
    finished_at: datetime
    outcome: JobOutcome
    exit_code: int
    error: str = ""
    detail: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the round was carried through, also with something left over or held for a person."""
        return self.outcome in GOOD
