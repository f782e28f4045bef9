"""Which plans the books know, whether or not anybody still has a file for them, and forgetting one whole.

When a plan was synced last is seen by its audiences and people, which every sync writes down. Does not know
which plans are served.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, bindparam, func, select, union

from bot.store.anonymity import rewrite
from bot.store.filled import plan_tables
from bot.store.schema import audience_members, delta_links, job_runs, ledger, people
from bot.store.tenant_tables import group_counts

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import CompoundSelect, Connection

    from bot.store.database import Database

SEEN = (people.c.seen_at, audience_members.c.read_at, group_counts.c.read_at, job_runs.c.finished_at)
"""What every sync or job of a plan leaves behind."""
_MINE = bindparam("of_plan", type_=String)
_COMING = (ledger.c.plan == _MINE) & (ledger.c.starts_at > bindparam("now")) & ledger.c.event_id.is_not(None)
_NUMBERS = select(
    select(func.count()).select_from(ledger).where(_COMING).scalar_subquery(),
    select(func.count()).select_from(people).where(people.c.plan == _MINE).scalar_subquery(),
    *(select(func.max(column)).where(column.table.c.plan == _MINE).scalar_subquery() for column in SEEN),
)
_MAILBOXES = union(
    select(ledger.c.organiser).where(ledger.c.plan == _MINE, ledger.c.organiser.is_not(None)),
    select(delta_links.c.organiser).where(delta_links.c.plan == _MINE),
)
"""Made once, as `_named` is: each round asks all three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInBooks:
    """A plan id of the books.

    Its mailboxes, how many of its events are ahead, its people, and when it was last worked for (UTC).
    """

    id: str
    mailboxes: tuple[str, ...]
    ahead: int
    people: int
    last_seen: datetime | None


def named_plans(connection: Connection) -> frozenset[str]:
    """Every plan that a table has rows of; what was done with one that is gone makes it none."""
    return frozenset(connection.execute(_named()).scalars())


def load_plan_ids(database: Database, *, now: datetime) -> tuple[PlanInBooks, ...]:
    """The plans of the books, by id (`named_plans`)."""
    with database.read() as connection:
        return tuple(_known(connection, plan, now) for plan in sorted(named_plans(connection)))


def _known(connection: Connection, plan: str, now: datetime) -> PlanInBooks:
    of_plan = {"of_plan": plan}
    ahead, people_known, *seen = connection.execute(_NUMBERS, of_plan | {"now": now}).one()
    return PlanInBooks(
        id=plan,
        mailboxes=tuple(sorted({one.lower() for one in connection.execute(_MAILBOXES, of_plan).scalars()})),
        ahead=ahead,
        people=people_known,
        last_seen=max((at for at in seen if at is not None), default=None),
    )


@cache
def _named() -> CompoundSelect[Any]:
    return union(*(select(table.c.plan) for table in plan_tables()))


def forget_plan(database: Database, plan: str, *, wait_seconds: float = 10) -> int:
    """Delete every row of the plan, in one transaction, and then rewrite the files.

    Returns how many there were.

    Who did what with it stays until its time is over.

    Raises DatabaseFailed(`erase_unfinished`) when another program does not let go of the files.
    """
    with database.write() as connection:
        gone = sum(
            connection.execute(table.delete().where(table.c.plan == plan)).rowcount for table in plan_tables()
        )
    if gone:
        rewrite(database, wait_seconds)
    return gone
