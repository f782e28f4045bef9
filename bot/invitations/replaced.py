"""Which events are made in the place of others that people had said yes to, on another time.

Those were moved (pure).

    the session                                                     the event that is made
    had one that is gone, or in another mailbox, at another time    is moved
    had one at the same time                                        as that one: moved when it was
    its making broke off                                            as it was begun
    had none, and one of its offering goes that was at this time    as that one: it has another name by now
    had none, and others of its offering go                         is moved: it takes their place
    had none, and none goes                                         is not moved: a date more, that people are asked about

What is known of it stands in the ledger as of any event (`LedgerEntry.moved_at`), and is written before
anything is cancelled (`bot.rounds.steps.apply_changes`), so that a crash does not hide it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.changes import Cancel, Create, Reason
from bot.domain.times import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.changes import Change
    from bot.domain.events import EventContent, LedgerEntry, SessionKey

TAKEN_OUT = frozenset({Reason.GONE_FROM_PLAN, Reason.UNDATED})


def with_moves(
    changes: Iterable[Change], ledger: Mapping[SessionKey, LedgerEntry], *, now: datetime
) -> tuple[Change, ...]:
    """The changes in their order, with the instant of the move on what replaces another.

    It is `now` or an earlier one, in UTC.
    """
    changes = tuple(changes)
    goes: defaultdict[tuple[str, str], dict[tuple[datetime, datetime], datetime | None]] = defaultdict(dict)
    for change in changes:
        if isinstance(change, Cancel) and change.reason in TAKEN_OUT:
            was_moved = change.entry.moved_at if change.entry is not None else None
            goes[change.key.course, change.key.offering][_times(change.observed.content)] = was_moved

    def moved_at(change: Create) -> datetime | None:
        entry = ledger.get(change.key) or ledger.get(change.key.first)
        times = _times(change.desired.content)
        if entry is not None:
            is_moved = entry.event_id is not None and (entry.start, entry.end) != times
            return now if is_moved else entry.moved_at
        taken = goes[change.key.course, change.key.offering]
        return taken.get(times, now) if taken else None

    return tuple(
        replace(one, moved_at=moved_at(one)) if isinstance(one, Create) and not one.held else one
        for one in changes
    )


def _times(content: EventContent) -> tuple[datetime, datetime]:
    return instant(content.start, content.timezone), instant(content.end, content.timezone)
