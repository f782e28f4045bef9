"""Looks at a plan's file in SharePoint when Microsoft 365 says that something in its library was saved.

    told                                     then
    once                                     a look, after a moment
    again in that moment                     nothing more: Excel saves in several steps, and a library is busy
    again while it is being looked at        another look, after another moment

A look is one request, and the content only where the plan's file has another. The desk shows the plan at
once; no round is begun, because somebody may still be typing: the rounds come by the clock, as ever. Whatever
is missed here is found by the look that the clock makes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.log_lines import get_logger

if TYPE_CHECKING:
    from jobs.plans import Plans

LOG = get_logger()
MOMENT_SECONDS = 2.0


class SavedPlans:
    """One for a process, used on the service's loop."""

    def __init__(self, plans: Plans, *, moment_seconds: float = MOMENT_SECONDS) -> None:
        self._plans, self._moment_seconds = plans, moment_seconds
        self._told: set[str] = set()

    async def tell(self, plan: str) -> None:
        """Its library has changed; comes back when its file has been looked at, or will be by another."""
        if plan in self._told:
            return
        self._told.add(plan)
        try:
            await asyncio.sleep(self._moment_seconds)
        finally:
            self._told.discard(plan)
        if await self._plans.look_at(plan):
            LOG.info("plan.saved", plan=plan)
