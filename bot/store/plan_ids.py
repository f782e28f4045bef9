"""Which plans the books know, whether or not anybody still has a file for them, and forgetting one whole.

When a plan was synced last is seen by its audiences and people, which every sync writes down. Does not know
which plans are served.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, union

from bot.store.anonymity import rewrite
from bot.store.schema import actions, audience_members, delta_links, job_runs, ledger, metadata, people
from bot.store.tenant_tables import group_counts

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.store.database import Database

SEEN = (people.c.seen_at, audience_members.c.read_at, group_counts.c.read_at, job_runs.c.finished_at)
"""What every sync or job of a plan leaves behind."""


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
    named = [
        select(table.c.plan) for table in metadata.sorted_tables if "plan" in table.c and table is not actions
    ]
    return frozenset(connection.execute(union(*named)).scalars())


def load_plan_ids(database: Database, *, now: datetime) -> tuple[PlanInBooks, ...]:
    """The plans of the books, by id (`named_plans`)."""
    found = []
    with database.read() as connection:
        for plan in sorted(named_plans(connection)):
            coming = (ledger.c.plan == plan) & (ledger.c.starts_at > now) & ledger.c.event_id.is_not(None)
            written = (
                select(ledger.c.organiser)
                .where(ledger.c.plan == plan, ledger.c.organiser.is_not(None))
                .distinct()
            )
            read = select(delta_links.c.organiser).where(delta_links.c.plan == plan)
            seen = [
                connection.execute(select(func.max(column)).where(column.table.c.plan == plan)).scalar()
                for column in SEEN
            ]
            found.append(
                PlanInBooks(
                    id=plan,
                    mailboxes=tuple(
                        sorted(
                            {
                                one.lower()
                                for one in (
                                    *connection.execute(written).scalars(),
                                    *connection.execute(read).scalars(),
                                )
                            }
                        )
                    ),
                    ahead=connection.execute(select(func.count()).select_from(ledger).where(coming)).scalar()
                    or 0,
                    people=connection.execute(
                        select(func.count()).select_from(people).where(people.c.plan == plan)
                    ).scalar()
                    or 0,
                    last_seen=max((at for at in seen if at is not None), default=None),
                )
            )
    return tuple(found)


def forget_plan(database: Database, plan: str, *, wait_seconds: float = 10) -> int:
    """Delete every row of the plan, in one transaction, and then rewrite the files.

    Returns how many there were.

    Who did what with it stays until its time is over.

    Raises DatabaseFailed(`erase_unfinished`) when another program does not let go of the files.
    """
    with database.write() as connection:
        gone = sum(
            connection.execute(table.delete().where(table.c.plan == plan)).rowcount
            for table in metadata.sorted_tables
            if "plan" in table.c and table is not actions
        )
    if gone:
        rewrite(database, wait_seconds)
    return gone
