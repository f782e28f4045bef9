"""Lets what follows from people's answers wait until they have stopped pressing, but not for long.

    somebody decides                      what follows begins
    nobody else did in the moment before  at once
    others did                            when nobody has for a moment, and at the latest after `LONGEST_SECONDS`
    the service is told to stop           at once

A round after every press would take the processor from the presses that still come, and do in many rounds
what one does. What is to follow stands in the books; what is lost here with the process, the job's own tick
finds there.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

MOMENT_SECONDS, LONGEST_SECONDS = 1.0, 8.0


class Rush:
    """One for a process, used on the service's loop."""

    def __init__(
        self, *, moment_seconds: float = MOMENT_SECONDS, longest_seconds: float = LONGEST_SECONDS
    ) -> None:
        self._moment, self._longest = moment_seconds, longest_seconds
        self._told_at: dict[tuple[str, str], float] = {}
        self._waiting: dict[tuple[str, str], asyncio.Task[object] | None] = {}
        self._over = asyncio.Event()

    async def tell(self, plan: str, job: str, wake: Callable[[str, str], Awaitable[None]]) -> None:
        """The plan has something for the job; comes back when the job was woken, or will be by another."""
        about, now = (plan, job), asyncio.get_running_loop().time()
        before, self._told_at[about] = self._told_at.get(about), now
        if about in self._waiting:
            return
        if before is not None and now - before < self._moment:
            self._waiting[about] = asyncio.current_task()
            try:
                await self._wait(about, now + self._longest)
            finally:
                del self._waiting[about]
        await wake(plan, job)

    async def end(self) -> None:
        """Nobody waits any longer; comes back when all were woken."""
        self._over.set()
        await asyncio.gather(*filter(None, self._waiting.values()), return_exceptions=True)

    async def _wait(self, about: tuple[str, str], longest: float) -> None:
        loop = asyncio.get_running_loop()
        while not self._over.is_set():
            pause = min(self._told_at[about] + self._moment, longest) - loop.time()
            if pause <= 0:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), pause)
