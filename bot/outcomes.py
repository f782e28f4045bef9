"""What the rounds of a plan come to, with the contract's exit codes. Computes nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.approvals import WaitReason
from bot.domain.changes import Applied, Outcome, writes_to_outlook
from bot.domain.messages import DeliveryState
from bot.domain.postage import Full
from bot.errors import GraphUnclear, KursusbotError, PermissionMissing, RunLocked, SignInFailed

if TYPE_CHECKING:
    from bot.decisions import Decided
    from bot.domain.messages import Message
    from bot.domain.postage import Wait
    from bot.domain.registrations import Answer, Registration
    from bot.errors import GraphError, InputError, SafetyRefused
    from bot.invitations.run import Reading
    from bot.invitations.safety import Passed
    from bot.proposals import Proposal

DONE, GRAPH_FAILED, PARTLY_DONE = 0, 4, 6
GATHERED = "gathered"
"""Why those wait who come and go, where every change of a list mails everybody (`bot.invitations.gathering`): as it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """How far a sync may go: nothing that writes to Outlook, within the limits, or exactly what a checksum names.

    `by` is the person who says so; "" where nobody looks (the service, `run`): then what waits for a person waits.
    """

    within_limits: bool = False
    checksum: str | None = None
    by: str = ""


UNATTENDED = Approval(within_limits=True)
"""The clock, and `run`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What was carried out: changes of the calendar with their outcome, and messages with what became of them.

    `stopped` is the error that ended the sending before its end, or `wait` did: the mailbox has no room for the `waiting`.
    `broken`: texts of HR's own that failed.
    """

    applied: tuple[Applied, ...] = ()
    messages: tuple[Message, ...] = ()
    stopped: GraphError | None = None
    wait: Wait | None = None
    waiting: int = 0
    broken: tuple[InputError, ...] = ()

    @property
    def exit_code(self) -> int:
        """The contract's exit code: 0, 4 (nothing but Graph's own failures), 5 (the lock was lost) or 6."""
        failed = [one for one in self.applied if one.outcome is Outcome.FAILED]
        if any(isinstance(one.error, RunLocked) for one in failed):
            return RunLocked.exit_code
        tried = [one for one in self.applied if writes_to_outlook(one.change)]
        sent = [one for one in self.messages if one.state is DeliveryState.SENT]
        cut_off = all(isinstance(one.error, (SignInFailed, PermissionMissing, GraphUnclear)) for one in failed)
        if isinstance(self.stopped, SignInFailed) or any(isinstance(one.error, SignInFailed) for one in failed):
            return GRAPH_FAILED
        if failed and len(failed) == len(tried) and cut_off and not sent:
            return GRAPH_FAILED
        if self.stopped is not None and not sent and len(failed) == len(tried):
            return GRAPH_FAILED
        held = any(one.outcome is Outcome.HELD and not _is_gathered(one) for one in self.applied)
        full = self.wait is not None and self.wait.full is Full.DAY
        unsent = any(one.state is DeliveryState.FAILED for one in self.messages)
        return PARTLY_DONE if failed or held or unsent or self.broken or self.stopped is not None or full else DONE


NOTHING_CARRIED = Carried()


def _is_gathered(one: Applied) -> bool:
    return isinstance(one.error, KursusbotError) and one.error.code == GATHERED


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

        An empty group is no order: its courses wait, and that is 6, as with any audience that cannot be learnt.
        """
        if self.applied is None and self.refused is not None:
            return self.refused.exit_code
        carried = self.carried.exit_code
        if carried not in {DONE, PARTLY_DONE}:
            return carried
        if self.refused is not None and any({*one.reasons} != {WaitReason.EMPTY_GROUP} for one in self.proposal.waiting):
            return self.refused.exit_code
        return carried or (PARTLY_DONE if self.proposal.whole.change_set.unknown_groups else DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What a collection brought: how many answers were new, who answered uninvited, who is coming now, and what followed.

    `held` is set where what would follow passes the limit of mails: then nothing was decided.
    """

    new_answers: int
    unknown_attendees: tuple[Answer, ...]
    registrations: tuple[Registration, ...]
    decided: Decided
    carried: Carried = NOTHING_CARRIED
    held: SafetyRefused | None = None

    @property
    def exit_code(self) -> int:
        """The contract's exit code."""
        return self.held.exit_code if self.held is not None else self.carried.exit_code
