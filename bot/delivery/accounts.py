"""What became of the messages, so that every one is accounted for (pure).

For each kind: expected = sent + failed + skipped + expired + uncertain + waiting, with the reason where one was not sent. A
mail that says several things counts once for each of them, under the kind of each.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.messages import DeliveryState
from bot.domain.reminders import items_of

if TYPE_CHECKING:
    from collections.abc import Iterable

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One kind of message. `counts` by `STATES`; `reasons` (state, reason) to how many were not sent for it."""

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
        for kind in [item.template for item in items_of(message)] or [message.kind.value]:
            counts.setdefault(kind, Counter())[state] += 1
            if message.error:
                reasons.setdefault(kind, Counter())[state, message.error] += 1
    return tuple(Account(kind=kind, counts=counts[kind], reasons=reasons.get(kind, Counter())) for kind in sorted(counts))
