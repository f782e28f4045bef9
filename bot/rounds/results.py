"""What the rounds of a plan come to, with the contract's exit codes. Computes nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.approvals import WaitReason
from bot.domain.changes import Applied
from bot.errors import DONE, PARTLY_DONE
from bot.rounds.steps.carry_out import NOTHING_CARRIED, Carried

if TYPE_CHECKING:
    from bot.errors import SafetyRefused
    from bot.invitations.safety import Passed
    from bot.rounds.steps.decide_seats import Decided
    from bot.rounds.steps.propose import Proposal
    from bot.rounds.steps.read_world import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What a sync read and did. `applied` is None when it went no further than reading.

    `refused` says why, or that something waits for a person while the rest was done.
    """

    proposal: Proposal
    applied: tuple[Applied, ...] | None
    carried: Carried = NOTHING_CARRIED
    refused: SafetyRefused | None = None

    @property
    def reading(self) -> Reading:
        """The difference that was carried out, or would have been."""
        return self.proposal.whole if self.applied is None else self.proposal.going

    @property
    def passed(self) -> tuple[Passed, ...]:
        """The limits that are passed by what nobody has approved."""
        return self.proposal.passed

    @property
    def exit_code(self) -> int:
        """The contract's exit code: 0, 3, 4 (nothing but Graph's own failures), 5 (the lock was lost) or 6.

        An empty group is no order: its courses wait, and that is 6, as with any audience that cannot be
        learnt.
        """
        if self.applied is None and self.refused is not None:
            return self.refused.exit_code
        carried = self.carried.exit_code
        if carried not in {DONE, PARTLY_DONE}:
            return carried
        if self.refused is not None and any(
            {*one.reasons} != {WaitReason.EMPTY_GROUP} for one in self.proposal.waiting
        ):
            return self.refused.exit_code
        return carried or (PARTLY_DONE if self.proposal.whole.change_set.unknown_groups else DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What a collection brought.

    How many answers were new, what was decided of the courses that were read, and what followed.

    `held` is set where what would follow passes the limit of mails: then nothing was decided.
    """

    new_answers: int
    decided: Decided
    carried: Carried = NOTHING_CARRIED
    held: SafetyRefused | None = None

    @property
    def exit_code(self) -> int:
        """The contract's exit code."""
        return self.held.exit_code if self.held is not None else self.carried.exit_code
