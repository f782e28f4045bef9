"""What became of the messages, so that every one is accounted for (pure).

What came back is listed by address, as long as the address is in use: one that was corrected is history.

For each kind: expected = sent + failed + skipped + expired + uncertain + waiting, with the reason where one
was not sent. A mail that says several things counts once for each of them, under the kind of each.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.bounces import BounceReason
from bot.domain.messages import DeliveryState
from bot.domain.reminders import kinds_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.domain.bounces import Bounce, UnplacedReturn
    from bot.domain.messages import Message

STATES = ("sent", "failed", "skipped", "expired", "uncertain", "waiting")
STATE_OF = {
    DeliveryState.SENT: "sent",
    DeliveryState.FAILED: "failed",
    DeliveryState.SKIPPED: "skipped",
    DeliveryState.EXPIRED: "expired",
    DeliveryState.SENDING: "uncertain",
    DeliveryState.DUE: "waiting",
}


INVITATION, UNPLACED = "invitation", "unplaced"
"""The kinds of what came back of an event, and of what could be placed nowhere.

An event's own mails are Exchange's and not accounted for.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One mail that came back. `session` is the event's key, "" for a message; `reason` a `BounceReason`."""

    kind: str
    email: str
    course: str
    session: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One kind of message.

    `counts` by `STATES`; `reasons` (state, reason) to how many were not sent for it.
    """

    kind: str
    counts: Counter[str]
    reasons: Counter[tuple[str, str]]

    @property
    def expected(self) -> int:
        """All of them together."""
        return self.counts.total()


def accounts(messages: Iterable[Message]) -> tuple[Account, ...]:
    """The accounts of everything in an outbox, by kind."""
    counts: dict[str, Counter[str]] = {}
    reasons: dict[str, Counter[tuple[str, str]]] = {}
    for message in messages:
        state = STATE_OF[message.state]
        for kind in kinds_of(message):
            counts.setdefault(kind, Counter())[state] += 1
            if message.error:
                reasons.setdefault(kind, Counter())[state, message.error] += 1
    return tuple(
        Account(kind=kind, counts=counts[kind], reasons=reasons.get(kind, Counter()))
        for kind in sorted(counts)
    )


def returned_mails(
    messages: Iterable[Message],
    bounces: Iterable[Bounce],
    in_use: Collection[str],
    unplaced: Iterable[UnplacedReturn] = (),
) -> tuple[Returned, ...]:
    """What came back from addresses that are `in_use` (lower-cased): invitations first, each once, sorted.

    Then what is `unplaced`.
    """
    reasons = {reason.value for reason in BounceReason}
    invitations = {
        Returned(
            kind=INVITATION,
            email=bounce.email,
            course=bounce.session.course,
            session=str(bounce.session),
            reason=bounce.reason.value,
        )
        for bounce in bounces
        if bounce.email in in_use
    }
    failed = [
        message
        for message in messages
        if message.state is DeliveryState.FAILED and message.error in reasons and message.email in in_use
    ]
    others = {
        Returned(kind=kind, email=message.email, course=message.course, session="", reason=message.error)
        for message in failed
        for kind in kinds_of(message)
    }
    strays = {
        Returned(kind=UNPLACED, email=returned.email, course="", session="", reason=returned.reason.value)
        for returned in unplaced
    }
    return tuple(
        returned
        for group in (invitations, others, strays)
        for returned in sorted(
            group, key=lambda returned: (returned.kind, returned.course, returned.email, returned.session)
        )
    )
