"""Microsoft 365 for a page.

Pages answer in threads of their own, and Graph clients belong to the service's loop.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from bot.opening.work import Work

Answer = TypeVar("Answer")


class Reach(Protocol):
    """Ask as the service asks, and wait for it."""

    def __call__(self, plan: str, ask: Callable[[Work], Awaitable[Answer]]) -> Answer:
        """What `ask` answers, given the plan with its books and Microsoft 365.

        Raises what `ask` raises, InputError where there is no such plan, and GraphError where no answer came
        in time (`jobs.pages.REACH_SECONDS`): then `ask` is cancelled.
        """
