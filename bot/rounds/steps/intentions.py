"""What is about to be done, written into the books before it is asked for (async shell's other half).

Writing an entry costs as much as the request itself, so the intentions of creations, and what came of them,
are written some at a time. After a crash those not yet asked for, and those not yet written to be done, cost
the next run a look-up each.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from bot.domain.changes import Create
from bot.invitations.ledger_entries import creation_intended

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.changes import Cancel, Change
    from bot.domain.events import LedgerEntry, SessionKey
    from bot.rounds.steps.workbench import Workbench

AT_ONCE = 20
SETTLED_AT_ONCE = 8


class Intentions:
    """The intentions of creations, and what came of them, written some at a time in the order of the work."""

    def __init__(self, changes: Sequence[Change], bench: Workbench) -> None:
        creations = (change for change in changes if isinstance(change, Create) and not change.held)
        # What stands in another mailbox is known by its entry until it is off.
        at_once = [change for change in creations if change.instead is None]
        self._moved = [change for change in at_once if change.moved_at is not None]
        self._waiting = deque(sorted(at_once, key=lambda change: change.key.part > 1))
        self._written: dict[SessionKey, LedgerEntry] = {}
        self._settled: list[LedgerEntry] = []
        self._bench = bench

    def write(self, change: Create) -> LedgerEntry:
        """The intention of a creation, in the books by now."""
        while change.key not in self._written:
            count = 0 if change.instead is not None else min(AT_ONCE, len(self._waiting))
            some = [self._waiting.popleft() for _ in range(count)] or [change]
            entries = [
                creation_intended(one.desired, _transaction_of(one), moved_at=one.moved_at) for one in some
            ]
            save_entries(entries, self._bench)
            self._written.update((entry.key, entry) for entry in entries)
        return self._written[change.key]

    def settle(self, entry: LedgerEntry) -> None:
        """What came of a creation, for the books; when there are several that are not in them yet, all.

        Raises RunLocked when another run may have the books by now, DatabaseFailed.
        """
        self._settled.append(entry)
        if len(self._settled) >= SETTLED_AT_ONCE:
            self.write_settled()

    def write_settled(self) -> None:
        """Everything that came of creations is in the books from here on.

        Raises as `settle`; what was not written then, the next run finds by its intention.
        """
        entries, self._settled = self._settled, []
        if entries:
            self._bench.still_mine()
            save_entries(entries, self._bench)

    def write_before(self, change: Cancel) -> None:
        """The intentions of what takes the place of what goes.

        That it was moved is known from nothing else once that is gone.
        """
        for moved in self._moved:
            if (moved.key.course, moved.key.offering) == (change.key.course, change.key.offering):
                self.write(moved)


def _transaction_of(change: Create) -> str:
    """The id of a creation that broke off, or a new one."""
    return (
        change.entry.transaction_id if change.entry is not None and change.instead is None else str(uuid4())
    )


def save_entries(entries: Sequence[LedgerEntry], bench: Workbench) -> None:
    """Into the books, with the mailbox that the events are in."""
    bench.ledger.save_entries([replace(entry, organiser=bench.calendar.mailbox) for entry in entries])
