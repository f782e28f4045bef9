"""What was carried out: changes of the calendar, and messages, with what became of them.

what became of it                                              is
the lock was lost while calendars were changed                 lost
a sign-in failed; or all that was tried failed because of      nowhere
Graph, no message went, and there was room for one
a change failed or is held for another day, a message was      left over
refused, a text of HR's own failed, Graph ended the sending,
the mailbox has no room until tomorrow
people who come and go wait for others                         as it should be
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.changes import Outcome, writes_to_outlook
from bot.domain.errors import GraphUnclear, KursusbotError, PermissionMissing, RunLocked, SignInFailed
from bot.domain.messages import DeliveryState
from bot.domain.postage import Full

if TYPE_CHECKING:
    from bot.domain.changes import Applied
    from bot.domain.errors import GraphError, InputError
    from bot.domain.messages import Message
    from bot.domain.postage import Wait

GATHERED = "gathered"
"""Why they wait who come and go where each change of a list mails everybody (`bot.invitations.batching`)."""
CUT_OFF = (SignInFailed, PermissionMissing, GraphUnclear)
"""What Graph itself fails by, whatever the change was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Changes with their outcome, and the messages that were looked at, in their order.

    `stopped` is the latest failure of Graph's in sending: whom it hit is still pending, and so are those
    behind where it ended the sending. `wait` ended it because the mailbox has no room: then `waiting` were
    not come to. `broken`: texts of HR's own that failed; what needs them is still due.
    """

    applied: tuple[Applied, ...] = ()
    messages: tuple[Message, ...] = ()
    stopped: GraphError | None = None
    wait: Wait | None = None
    waiting: int = 0
    broken: tuple[InputError, ...] = ()

    def then(self, more: Carried) -> Carried:
        """All of both, and of the later one what keeps the rest waiting."""
        return replace(
            more, applied=(*self.applied, *more.applied), messages=(*self.messages, *more.messages)
        )

    @property
    def sent(self) -> int:
        """How many messages went."""
        return sum(message.state is DeliveryState.SENT for message in self.messages)

    @property
    def failures(self) -> tuple[BaseException | str | None, ...]:
        """The errors of the changes that failed."""
        return tuple(result.error for result in self.applied if result.outcome is Outcome.FAILED)

    @property
    def lost_lock(self) -> bool:
        """Whether another run took the plan over meanwhile."""
        return any(isinstance(error, RunLocked) for error in self.failures)

    @property
    def got_nowhere(self) -> bool:
        """Whether Graph let nothing through, by the table above."""
        if any(isinstance(error, SignInFailed) for error in (self.stopped, *self.failures)):
            return True
        tried = sum(writes_to_outlook(result.change) for result in self.applied)
        if self.sent or self.is_full or len(self.failures) < tried:
            return False
        cut_off = bool(self.failures) and all(isinstance(error, CUT_OFF) for error in self.failures)
        return self.stopped is not None or cut_off

    @property
    def is_full(self) -> bool:
        """Whether the mailbox may send no more today."""
        return self.wait is not None and self.wait.full is Full.DAY

    @property
    def left_over(self) -> bool:
        """Whether something is left for another round, by the table above."""
        return (
            bool(self.failures or self.broken or self.stopped or self.is_full)
            or any(result.outcome is Outcome.HELD and not is_gathered(result) for result in self.applied)
            or any(message.state is DeliveryState.FAILED for message in self.messages)
        )


NOTHING_CARRIED = Carried()


def is_gathered(result: Applied) -> bool:
    """Whether it waits only for others who come and go."""
    return isinstance(result.error, KursusbotError) and result.error.code == GATHERED
