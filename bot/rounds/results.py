"""What a round of a plan comes to, the same for every kind of round.

    what came of it                                                outcome
    another run took the plan over meanwhile                       locked
    Graph let nothing through (`bot.rounds.steps.carried`)         away
    something waits for a person; what may go was done             held
    something is left over, or could not be learnt                 partly
    nothing of all that                                            done

What a round was for besides stands beside the round, as a kind of `RoundResult`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.approvals import WaitReason
from bot.domain.job_runs import JobOutcome
from bot.rounds.steps.carried import NOTHING_CARRIED, Carried

if TYPE_CHECKING:
    from typing import Self

    from bot.domain.changes import Applied
    from bot.domain.errors import SafetyRefused
    from bot.invitations.safety import Passed
    from bot.rounds.steps.decide_seats import Decided
    from bot.rounds.steps.proposal import Proposal
    from bot.rounds.steps.read_world import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundResult:
    """What was carried out, and what was not.

    `refused`: that something waits for a person. `left_over`: something that the round was for is not done,
    whatever was carried out.
    """

    carried: Carried = NOTHING_CARRIED
    refused: SafetyRefused | None = None
    left_over: bool = False

    @property
    def is_held(self) -> bool:
        """Whether a person has to say something before all of it can go."""
        return self.refused is not None

    @property
    def outcome(self) -> JobOutcome:
        """By the table above."""
        if self.carried.lost_lock:
            return JobOutcome.LOCKED
        if self.carried.got_nowhere:
            return JobOutcome.AWAY
        if self.is_held:
            return JobOutcome.HELD
        return JobOutcome.PARTLY if self.left_over or self.carried.left_over else JobOutcome.DONE

    def then(self, more: RoundResult) -> Self:
        """This one with what another round after it did."""
        return replace(
            self,
            carried=self.carried.then(more.carried),
            refused=self.refused or more.refused,
            left_over=self.left_over or more.left_over,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced(RoundResult):
    """What a sync read and did. `applied` is None when it went no further than reading.

    `refused` says why, or that something waits for a person while the rest was done.
    """

    proposal: Proposal
    applied: tuple[Applied, ...] | None

    @property
    def is_held(self) -> bool:
        """As for every round; but an empty group alone is no order, and is left over as an unknown one is."""
        if self.refused is None or self.applied is None:
            return self.refused is not None
        return any({*verdict.reasons} != {WaitReason.EMPTY_GROUP} for verdict in self.proposal.waiting)

    @property
    def reading(self) -> Reading:
        """The difference that was carried out, or would have been."""
        return self.proposal.whole if self.applied is None else self.proposal.going

    @property
    def passed(self) -> tuple[Passed, ...]:
        """The limits that are passed by what nobody has approved."""
        return self.proposal.passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected(RoundResult):
    """What a collection brought: how many answers were new, and what was decided of the courses read.

    `refused` where what would follow passes the limit of mails: then nothing was decided.
    """

    new_answers: int
    decided: Decided
