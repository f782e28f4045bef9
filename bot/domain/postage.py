"""What a mailbox may send, and when there is room for more (pure).

Exchange Online lets one mailbox send 30 messages a minute and reach 10,000 recipients in any 24 hours. It
delays what passes the first limit, and returns what passes the second (graph-facts section 5, 2026-11-22).
Both are shared by everything that goes out from the mailbox: invitations, updates, cancellations and
messages.

    what                         a minute    24 hours
    comes first                  waits       may use the whole of it
    other messages               waits       may use all but the reserved share
    invitations and updates      no wait     may use all but the reserved share; what has no room is held for the next run
    cancellations                no wait     may use the whole of it

First come cancellations, what is urgent, and what is worth nothing in a day's time. Events never wait for the
minute: half a plan in the calendars is worse than a mail some minutes late, which is all that Exchange makes
of it. They count in it, so that messages wait for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MINUTE = timedelta(minutes=1)
DAY = timedelta(hours=24)


class Full(StrEnum):
    """What there is no room in."""

    MINUTE = "minute_is_full"
    DAY = "day_is_full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The limits of one mailbox; `messages_per_minute` None: no pace is kept.

    `reserved_share` of the day is for what comes first.
    """

    messages_per_minute: int | None = 30
    recipients_per_day: int = 10_000
    reserved_share: float = 0.2

    def recipients_for(self, *, comes_first: bool) -> int:
        """How many recipients in 24 hours this may bring the mailbox to."""
        return (
            self.recipients_per_day
            if comes_first
            else round(self.recipients_per_day * (1 - self.reserved_share))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What a mailbox has sent: `recipients` in the last 24 hours, the first of it at `since`.

    Also the instants of its newest messages.

    Instants UTC, oldest first; as many as a minute may hold are enough.
    """

    recipients: int = 0
    since: datetime | None = None
    newest: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """No room before `until` (UTC), and of what.

    For the day, `until` is when the first of it is a day old: there may be room then.
    """

    until: datetime
    full: Full


def room_for(
    budget: Budget, posted: Posted, *, now: datetime, recipients: int, comes_first: bool, paced: bool = True
) -> Wait | None:
    """None when a message to this many recipients may go at `now`, by the table above.

    `paced`: it waits for the minute.
    """
    allowed = budget.recipients_for(comes_first=comes_first)
    if posted.since is not None and posted.recipients + recipients > allowed:
        return Wait(until=max(posted.since + DAY, now), full=Full.DAY)
    a_minute = budget.messages_per_minute
    if paced and a_minute is not None and len(posted.newest) >= a_minute:
        free = posted.newest[-a_minute] + MINUTE
        if free > now:
            return Wait(until=free, full=Full.MINUTE)
    return None


def minutes_for(messages: int, a_minute: int) -> int:
    """How many minutes this many messages take at so many a minute, rounded up."""
    return -(-messages // a_minute)


def gone_by(
    budget: Budget, posted: Posted, *, now: datetime, messages: int
) -> tuple[datetime | None, datetime | None]:
    """When so many messages of one recipient each will have gone, else when there may be room for them.

    | there are | then |
    |---|---|
    | none | now |
    | more than the day has room for | not today: there may be room when the first of it is a day old |
    | others | now, and a minute more for each that is full |
    """
    if not messages:
        return now, None
    if posted.recipients + messages > budget.recipients_for(comes_first=False):
        return None, (posted.since or now) + DAY
    a_minute = budget.messages_per_minute
    return now + (minutes_for(messages, a_minute) * MINUTE if a_minute is not None else MINUTE), None
