"""Which changes the mailbox has room for today, and what is counted for them (async shell's other half).

    change                                         what is counted, and when
    one that mails nobody, or writes nothing       nothing
    of a list that waits for others who come       nothing yet
    a creation                                     its mails, and those of the creations right behind it, as far as there is room
    any other                                      its mails; a cancellation may use what is reserved

To count takes as long as a fifth of the request, so creations are counted some at a time. What was counted
and did not go is given back: after a refusal that mailed nobody, and what nobody came to in the end. After a
crash it stays counted for a day.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.changes import Cancel, Create, Update, writes_to_outlook
from bot.domain.errors import (
    GraphConflict,
    GraphError,
    GraphRefused,
    GraphUnclear,
    KursusbotError,
    RecipientsRejected,
)
from bot.invitations.batching import waits_until
from bot.rounds.steps.carried import GATHERED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.domain.changes import Change
    from bot.domain.plan import CoursePlan
    from bot.rounds.steps.allowance import Allowance

AT_ONCE = 20


class MailboxRoom:
    """The room for the changes of one run, which are worked on in this order, first parts first.

    `at_once`: whether a person looks at the change, so that it waits for nobody.
    """

    def __init__(
        self,
        changes: Sequence[Change],
        allowance: Allowance,
        plan: CoursePlan,
        now: datetime,
        at_once: Callable[[Change], bool],
    ) -> None:
        self._order = sorted(changes, key=lambda change: change.key.part > 1)
        self._place = {id(change): at for at, change in enumerate(self._order)}
        self._counted: dict[int, int] = {}
        self._allowance = allowance
        self._zone = ZoneInfo(plan.timezone)
        self._now = now
        self._at_once = at_once

    def look(self, change: Change) -> KursusbotError | None:
        """Why the change has to wait for another run: for others who come and go, or for another day."""
        if not writes_to_outlook(change) or not change.mails:
            return None
        until = None if self._at_once(change) else waits_until(change, now=self._now, zone=self._zone)
        if until is not None:
            return KursusbotError(GATHERED, until=until)
        if isinstance(change, Create) and id(change) not in self._counted:
            self._count_from(self._place[id(change)])
        if self._counted.pop(id(change), None) is not None:
            return None
        wait = self._allowance.take(change.mails, comes_first=isinstance(change, Cancel), paced=False)
        return KursusbotError("day_is_full", until=wait.until.astimezone(self._zone)) if wait else None

    def give_back(self, change: Change) -> None:
        """It is certain that the change mailed nobody."""
        if change.mails:
            self._allowance.give_back(change.mails)

    def give_back_the_rest(self) -> None:
        """What was counted for changes that were not come to."""
        for mails in self._counted.values():
            self._allowance.give_back(mails)
        self._counted.clear()

    def _count_from(self, place: int) -> None:
        behind = takewhile(_is_counted_ahead, self._order[place : place + AT_ONCE])
        some = [change for change in behind if id(change) not in self._counted]
        count = self._allowance.take_several([change.mails for change in some])
        self._counted.update((id(change), change.mails) for change in some[:count])


def _is_counted_ahead(change: Change) -> bool:
    return isinstance(change, Create) and not change.held and change.mails > 0


def mailed_nobody(change: Change, error: KursusbotError) -> bool:
    """Whether it is certain.

    The change is one request, and that was refused, or it ended before anybody was invited.
    """
    if isinstance(error, GraphRefused) and error.code in {"teams_link_awaited", "teams_link_missing"}:
        return error.code == "teams_link_awaited"
    match change:
        case Create():
            one_request = change.instead is None
        case Update():
            one_request = not (change.fields and (change.add or change.remove or change.readdressed))
        case _:
            one_request = True
    return (
        isinstance(error, GraphError)
        and not isinstance(error, (GraphUnclear, GraphConflict, RecipientsRejected))
        and one_request
    )
