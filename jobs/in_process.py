"""The queue of a process that works alone: in memory, within one event loop."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.log_lines import get_logger

if TYPE_CHECKING:
    from jobs.queue import Order, Perform

LOG = get_logger()


class InProcessQueue:
    """Implements `jobs.queue.Queue`; see the table there."""

    def __init__(self, perform: Perform, *, concurrency: int) -> None:
        self._perform, self._concurrency = perform, concurrency
        self._waiting: dict[str, Order] = {}
        self._slots: dict[str, int] = {}
        self._running: dict[asyncio.Task[None], Order] = {}
        self._later: set[asyncio.TimerHandle] = set()
        self._open = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing is in hand; what tries again later is not counted."""
        return not self._waiting and not self._running

    async def put(self, order: Order) -> bool:
        """As the protocol says."""
        if order.slot is not None and self._slots.get(order.key) == order.slot:
            return False
        if order.slot is not None:
            self._slots[order.key] = order.slot
        waiting = self._waiting.get(order.key)
        if waiting is None:
            self._waiting[order.key] = order
        elif order.urgent and not waiting.urgent:
            self._waiting[order.key] = replace(waiting, urgent=True)
        self._begin()
        return waiting is None

    async def start(self) -> None:
        """As the protocol says."""
        self._open = True
        self._begin()

    async def stop(self, grace: float) -> None:
        """As the protocol says; what waits is owed, and found at the next start."""
        self._open = False
        for handle in self._later:
            handle.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=grace)
        for task, order in self._running.items():
            LOG.warning("queue.handed_back", plan=order.plan, job=order.job)
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _begin(self) -> None:
        """Take as much in hand as there are hands for, urgent orders first, one in a mailbox."""
        while self._open and len(self._running) < self._concurrency:
            busy = {order.mailbox for order in self._running.values() if order.mailbox}
            at_work = {order.key for order in self._running.values()}
            free = [
                one for one in self._waiting.values() if one.mailbox not in busy and one.key not in at_work
            ]
            if not free:
                return
            order = min(free, key=lambda one: not one.urgent)
            del self._waiting[order.key]
            task = asyncio.get_running_loop().create_task(self._work(order))
            self._running[task] = order
            task.add_done_callback(self._done)

    async def _work(self, order: Order) -> None:
        later = await self._perform(order)
        if later is not None and self._open:
            self._put_later(*later)

    def _put_later(self, order: Order, seconds: float) -> None:
        def put() -> None:
            self._later.discard(handle)
            self._waiting.setdefault(order.key, order)
            self._begin()

        handle = asyncio.get_running_loop().call_later(seconds, put)
        self._later.add(handle)

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._begin()
