"""Notifications that come at the same moment, written down together.

Each request waits until its own items are in the books, and a rush of them is one transaction: while one is
being written, the next ones gather. So five hundred requests a second are a few dozen transactions, and
forgeries cost one reading of a small table between them. What the items mean is decided in
`bot.subscriptions.intake`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.errors import KursusbotError
from bot.log_lines import get_logger
from bot.subscriptions.intake import take_in

if TYPE_CHECKING:
    from bot.domain.notifications import GraphNotice
    from bot.ports.service import NotificationBook

LOG = get_logger("bot.web")
# Over 2.9 seconds count as slow with Graph, and a slow address is soon sent nothing.
ANSWER_SECONDS = 2.0
MOST_WAITING = 2000
MOST_ITEMS = 20_000
FORGED_TOLD_EVERY = timedelta(minutes=10)


class _Batch:
    """Items that will be written down together; `written` tells whether they were."""

    def __init__(self) -> None:
        self.notices: set[GraphNotice] = set()
        self.waiting = 0
        self.written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()


class Gathering:
    """One for a process, used on the web server's loop.

    `on_hint` and `on_upkeep` are told the plans that have something to do now, `on_saved` those whose file
    may have been saved.
    """

    def __init__(
        self,
        book: NotificationBook,
        *,
        now: Callable[[], datetime],
        on_hint: Callable[[str], None] = lambda _plan: None,
        on_upkeep: Callable[[str], None] = lambda _plan: None,
        on_saved: Callable[[str], None] = lambda _plan: None,
        answer_seconds: float = ANSWER_SECONDS,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._book, self._now = book, now
        self._on_hint, self._on_upkeep, self._on_saved = on_hint, on_upkeep, on_saved
        self._answer_seconds, self._most_waiting = answer_seconds, most_waiting
        self._forged = 0
        self._told_at: datetime | None = None
        self._next: _Batch | None = None
        self._writer: asyncio.Task[None] | None = None

    async def take(self, notices: tuple[GraphNotice, ...]) -> bool:
        """Whether they are in the books now; False where there are too many or it takes too long.

        Then Graph may send them again.
        """
        batch = self._next = self._next or _Batch()
        if batch.waiting >= self._most_waiting or len(batch.notices) + len(notices) > MOST_ITEMS:
            return False
        batch.notices.update(notices)
        batch.waiting += 1
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        try:
            return await asyncio.wait_for(asyncio.shield(batch.written), self._answer_seconds)
        except TimeoutError:
            return False

    async def _write_all(self) -> None:
        """Until nothing waits. Nobody is left waiting, and what went wrong is in the log."""
        while self._next is not None:
            batch, self._next = self._next, None
            written = False
            try:
                written = await asyncio.to_thread(self._write, batch.notices)
            except Exception:
                LOG.exception("notifications.broken")
            finally:
                batch.written.set_result(written)

    def _write(self, notices: set[GraphNotice]) -> bool:
        try:
            intake = take_in(notices, self._book.load_subscriptions())
            fresh = frozenset[str]() if intake.is_empty else self._book.note(intake, now=self._now())
        except KursusbotError as error:
            LOG.warning("notifications.unwritten", error=error.code)
            return False
        self._tell_forged(intake.forged)
        for plan in sorted(intake.saved):
            self._on_saved(plan)
        for plan in sorted(intake.upkeep):
            self._on_upkeep(plan)
        for plan in sorted(fresh):
            self._on_hint(plan)
        return True

    def _tell_forged(self, items: int) -> None:
        """Now and then: who floods us with forgeries must not flood the log."""
        self._forged += items
        now = self._now()
        if self._forged and (self._told_at is None or now - self._told_at >= FORGED_TOLD_EVERY):
            LOG.warning("notifications.ignored", items=self._forged)
            self._forged, self._told_at = 0, now
