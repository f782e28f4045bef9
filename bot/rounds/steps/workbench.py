"""What applying changes works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.domain.changes import Applied, Cancel, Change, Create
    from bot.domain.errors import KursusbotError
    from bot.domain.people import PeopleIndex
    from bot.ports.memory import Ledger
    from bot.ports.outlook import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """What applying needs: the calendar, the books, aliases, the clock's `now` (UTC) and the texts.

    `comment` gives the text of a cancellation; `told` is called after each change (progress); `still_mine`
    raises RunLocked when the run lock was lost; `room` says why a change has to wait for another run, because
    the mailbox has reached so many people today that no more mails may go; `not_sent` takes back what it
    counted. `hands` is how many changes are worked on at once; the adapter's gate decides how many requests
    are in flight. `mails_everybody`: every change of a list mails all who are on the event, so there are as
    few of them as can be.
    """

    calendar: Calendar
    ledger: Ledger
    people: PeopleIndex
    now: datetime
    comment: Callable[[Cancel | Create], str]
    told: Callable[[Applied], None]
    still_mine: Callable[[], None]
    room: Callable[[Change], KursusbotError | None] = lambda _change: None
    not_sent: Callable[[Change], None] = lambda _change: None
    hands: int = 4
    mails_everybody: bool = False
