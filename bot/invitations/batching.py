"""When people come and go on an event where every change of a list mails everybody.

At most once a day (pure).

    a change that nobody looks at                                   goes
    says something else as well, or mails nobody who is on it       at once
    broke off before                                                at once
    of an event whose list has not been changed today               at once
    of an event that begins within a day of when it would go        at once
    any other                                                       from seven o'clock the next morning on, with all who came until then

A day is from seven to seven, wall time of the plan's zone. Whoever runs a sync sees how many mails it is, and
nothing is kept back.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.domain.changes import Update
from bot.domain.events import LedgerState

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.domain.changes import Change

FROM = time(7)
DAY = timedelta(days=1)


def waits_until(change: Change, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """From when on the change may go (in `zone`), None where that is now.

    `now` UTC, and the change as it is mailed in this tenant.
    """
    if not isinstance(change, Update) or change.fields or not change.again or change.entry is None:
        return None
    entry = change.entry
    if entry.state is LedgerState.INTENDED or entry.listed_at is None:
        return None
    until = _next_morning(entry.listed_at.astimezone(zone))
    return until if now < until and entry.start > until + DAY else None


def _next_morning(moment: datetime) -> datetime:
    """The first seven o'clock after a moment, in its zone."""
    morning = datetime.combine(moment.date(), FROM, tzinfo=moment.tzinfo)
    return morning if moment < morning else datetime.combine(moment.date() + DAY, FROM, tzinfo=moment.tzinfo)
