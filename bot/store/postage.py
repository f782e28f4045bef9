"""What each mailbox has sent in the last day, so that every run and process shares one budget.

Implements `bot.ports.books.PostageBook`.

Holds no address but the mailbox's own. A reservation is looked at and written down in one transaction: SQLite
has one writer at a time, PostgreSQL a lock for each mailbox. What was reserved counts as sent, until it is
certain that it was not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from bot.domain.postage import DAY, Budget, Posted, room_for
from bot.store.one_at_a_time import Alone, one_at_a_time
from bot.store.schema import posted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.domain.postage import Wait
    from bot.store.database import Database

UNPACED = Budget(messages_per_minute=None)

# Made once: before each message they are run, and to make one takes longer than to run it.
NOTE = posted.insert()
FORGET = posted.delete().where(
    posted.c.mailbox == bindparam("box"), posted.c.sent_at <= bindparam("a_day_ago")
)
OF_TODAY = (
    (posted.c.mailbox == bindparam("box"))
    & (posted.c.sent_at > bindparam("a_day_ago"))
    & (posted.c.sent_at <= bindparam("now"))
)
SUM = select(func.sum(posted.c.recipients), func.min(posted.c.sent_at)).where(OF_TODAY)
NEWEST = select(posted.c.sent_at).where(OF_TODAY).order_by(posted.c.sent_at.desc()).limit(bindparam("count"))


class SqlPostageBook:
    """The budgets' books in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(
        self,
        mailbox: str,
        budget: Budget,
        *,
        now: datetime,
        recipients: int,
        comes_first: bool = False,
        paced: bool = True,
    ) -> Wait | None:
        """Write down one message to this many recipients and return None.

        Where it has no room at `now` (UTC), say when it has.
        """
        of_today = {"box": mailbox, "a_day_ago": now - DAY, "now": now}
        with self._database.write() as connection:
            one_at_a_time(connection, Alone.POSTAGE, mailbox)
            lately = load_posted(connection, mailbox, budget if paced else UNPACED, now=now)
            wait = room_for(
                budget, lately, now=now, recipients=recipients, comes_first=comes_first, paced=paced
            )
            if wait is None:
                connection.execute(FORGET, of_today)
                connection.execute(NOTE, {"mailbox": mailbox, "sent_at": now, "recipients": recipients})
            return wait

    def reserve_several(
        self, mailbox: str, budget: Budget, *, now: datetime, recipients: Sequence[int]
    ) -> int:
        """Write down a message to each of these numbers of recipients, without a pace, in one transaction.

        As many, from the first on, as have room at `now` (UTC); returns how many.
        """
        with self._database.write() as connection:
            one_at_a_time(connection, Alone.POSTAGE, mailbox)
            lately = load_posted(connection, mailbox, UNPACED, now=now)
            rows: list[dict[str, Any]] = []
            for count in recipients:
                if room_for(budget, lately, now=now, recipients=count, comes_first=False, paced=False):
                    break
                rows.append({"mailbox": mailbox, "sent_at": now, "recipients": count})
                lately = Posted(recipients=lately.recipients + count, since=lately.since or now)
            if rows:
                connection.execute(FORGET, {"box": mailbox, "a_day_ago": now - DAY})
                connection.execute(NOTE, rows)
        return len(rows)

    def release(self, mailbox: str, recipients: int) -> None:
        """Take the last message to so many recipients out again: it did not go.

        Which of several alike it was does not matter.
        """
        last = select(func.max(posted.c.number)).where(
            posted.c.mailbox == mailbox, posted.c.recipients == recipients
        )
        with self._database.write() as connection:
            connection.execute(posted.delete().where(posted.c.number == last.scalar_subquery()))


def load_posted(connection: Connection, mailbox: str, budget: Budget, *, now: datetime) -> Posted:
    """What the mailbox has sent in the last day before `now` (UTC); no instants where no pace is kept."""
    of_today = {"box": mailbox, "a_day_ago": now - DAY, "now": now}
    recipients, since = connection.execute(SUM, of_today).one()
    a_minute = budget.messages_per_minute
    newest = connection.execute(NEWEST, of_today | {"count": a_minute}).scalars().all() if a_minute else ()
    return Posted(recipients=recipients or 0, since=since, newest=tuple(reversed(newest)))
