"""People who move from one event to another in the same go: nobody is without a place in between (pure).

    the change that takes them off      is carried out
    has nobody to put on, or fields     whole, after every other change
    puts people on as well              in two requests: those put on with the others, those who move taken off last

Whoever could not be put on elsewhere is not taken off; the next run tries again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.changes import Create, Update

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.changes import Change
    from bot.domain.errors import KursusbotError
    from bot.domain.events import LedgerEntry, ObservedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfDone:
    """A change whose people have been put on, and those who move are still to be taken off."""

    current: ObservedEvent
    intention: LedgerEntry
    refused: list[KursusbotError]


class Swaps:
    """Who moves in a list of changes, and how far it has come."""

    def __init__(self, changes: Sequence[Change]) -> None:
        added = frozenset[str]().union(*map(_put_on, changes))
        self._moving = {
            id(change): added & frozenset(change.remove) for change in changes if isinstance(change, Update)
        }
        self._failed: set[str] = set()
        self.half_done: dict[int, HalfDone] = {}

    def moving(self, change: Change) -> frozenset[str]:
        """Those taken off by the change who are put on elsewhere."""
        return self._moving.get(id(change), frozenset())

    def comes_last(self, change: Change) -> bool:
        """Whether all of the change waits for the others."""
        return (
            isinstance(change, Update)
            and bool(self.moving(change))
            and (bool(change.fields) or not change.add)
        )

    def note_failure(self, change: Change) -> None:
        """Nobody of this change can be said to have been put on."""
        self._failed |= _put_on(change)

    def may_go(self, change: Update) -> tuple[str, ...]:
        """Those that the change may take off now, sorted."""
        return tuple(
            email for email in change.remove if email not in self.moving(change) or email not in self._failed
        )


def _put_on(change: Change) -> frozenset[str]:
    match change:
        case Create(held=False):
            return frozenset(attendee.email for attendee in change.desired.attendees)
        case Update():
            return frozenset(change.add)
        case _:
            return frozenset()
