"""What a round may send from the plan's mailbox: the budget, its books, and the clock that it is counted by.

A budget without a pace is for a clock that stands still. The day counts all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.domain.postage import Budget, Wait
    from bot.ports import PostageBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """The budget of one mailbox, and where it is kept."""

    mailbox: str
    book: PostageBook
    clock: Clock
    budget: Budget

    def take(self, recipients: int, *, comes_first: bool = False, paced: bool = True) -> Wait | None:
        """Count one message to this many recipients and return None, or say when there is room; raises DatabaseFailed."""
        now = self.clock.now()
        return self.book.reserve(self.mailbox, self.budget, now=now, recipients=recipients, comes_first=comes_first, paced=paced)

    def give_back(self, recipients: int) -> None:
        """Take the last message to so many out again: it is certain that it did not go. Raises DatabaseFailed."""
        self.book.release(self.mailbox, recipients)
