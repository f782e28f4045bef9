"""What a round may send from the plan's mailbox: the budget, its books, and the clock that it is counted by.

A budget without a pace is for a clock that stands still. The day counts all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.postage import Budget
from bot.opening.clock import clock_of
from config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.clock import Clock
    from bot.domain.plan import CoursePlan
    from bot.domain.postage import Wait
    from bot.opening.stores import Stores
    from bot.ports.books import PostageBook
    from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """The budget of one mailbox, and where it is kept."""

    mailbox: str
    book: PostageBook
    clock: Clock
    budget: Budget

    def take(self, recipients: int, *, comes_first: bool = False, paced: bool = True) -> Wait | None:
        """Count one message to this many recipients and return None, or say when there is room.

        Raises DatabaseFailed.
        """
        now = self.clock.now()
        return self.book.reserve(
            self.mailbox, self.budget, now=now, recipients=recipients, comes_first=comes_first, paced=paced
        )

    def take_several(self, recipients: Sequence[int]) -> int:
        """Count messages to so many recipients each, without a pace: from the first on, while there is room.

        Returns how many that are. Raises DatabaseFailed.
        """
        return self.book.reserve_several(
            self.mailbox, self.budget, now=self.clock.now(), recipients=recipients
        )

    def give_back(self, recipients: int) -> None:
        """Take the last message to so many out again: it is certain that it did not go.

        Raises DatabaseFailed.
        """
        self.book.release(self.mailbox, recipients)


def allowance_of(settings: Settings, plan: CoursePlan, stores: Stores) -> Allowance:
    """What may be sent from the plan's mailbox, whatever plan or process sends it.

    A minute of a fixed clock never ends, so no pace is kept by it, unless one is asked for by name.
    """
    limits = settings.mailbox
    paced = settings.now is None or "messages_per_minute" in limits.model_fields_set
    budget = Budget(
        messages_per_minute=limits.messages_per_minute if paced else None,
        recipients_per_day=limits.recipients_per_day,
        reserved_share=limits.reserved_share,
    )
    return Allowance(
        mailbox=plan.organiser.lower(), book=stores.postage, clock=clock_of(settings), budget=budget
    )
