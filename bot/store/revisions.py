"""What plans said before, each content once. Implements `bot.ports.revisions.RevisionBook`.

Kept as documents of the plan's own format, so that a later program reads them as it reads a plan. Going back
to what was said before makes a new revision: the numbers tell the story.
"""

from __future__ import annotations

import json
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.domain.revisions import PlanRevision, RevisionSource
from bot.store.columns import is_of_plan
from bot.store.revision_table import plan_revisions
from bot.store.upsert import insert_new

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from bot.store.database import Database

ABOUT = [column for column in plan_revisions.columns if column.name not in {"digest", "document"}]
_ALL = select(*ABOUT).where(is_of_plan(plan_revisions)).order_by(plan_revisions.c.seq)
_NEWEST = select(*ABOUT).where(is_of_plan(plan_revisions)).order_by(plan_revisions.c.seq.desc()).limit(1)
"""Made once: each round asks."""
ATTEMPTS = 5
"""Another process may take the next number in between; it has kept the same, or then comes the one after."""


class SqlRevisionBook:
    """The revisions in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, plan: str) -> PlanRevision | None:
        """The one that was accepted last, None before the first."""
        with self._database.read() as connection:
            row = connection.execute(_NEWEST, {"of_plan": plan}).mappings().first()
        return None if row is None else _revision(row)

    def load(self, plan: str) -> tuple[PlanRevision, ...]:
        """All of the plan that are kept, oldest first."""
        with self._database.read() as connection:
            return tuple(map(_revision, connection.execute(_ALL, {"of_plan": plan}).mappings()))

    def load_document(self, plan: str, number: int) -> dict[str, Any] | None:
        """What the plan said then, in its own format; None where no such revision is kept."""
        wanted = select(plan_revisions.c.document).where(
            plan_revisions.c.plan == plan, plan_revisions.c.seq == number
        )
        with self._database.read() as connection:
            return connection.execute(wanted).scalar()

    def keep(self, revision: PlanRevision, document: dict[str, Any]) -> int | None:
        """Keep it under the next number, which is returned, whatever number it says itself.

        None where the newest says the same already; of that only the stamp becomes this one's.
        """
        with self._database.write() as connection:
            return keep_in(connection, revision, document)


def keep_in(connection: Connection, revision: PlanRevision, document: dict[str, Any]) -> int | None:
    """As `SqlRevisionBook.keep`, in the transaction of what makes the revision."""
    digest = document_digest(document)
    mine = plan_revisions.c.plan == revision.plan
    columns = (plan_revisions.c.seq, plan_revisions.c.digest, plan_revisions.c.stamp)
    latest = select(*columns).where(mine).order_by(plan_revisions.c.seq.desc()).limit(1)
    for _ in range(ATTEMPTS):
        before = connection.execute(latest).first()
        if before is not None and before.digest == digest:
            if before.stamp != revision.stamp:
                same = mine & (plan_revisions.c.seq == before.seq)
                connection.execute(plan_revisions.update().where(same).values(stamp=revision.stamp))
            return None
        number = 1 if before is None else before.seq + 1
        row = _row(revision) | {"seq": number, "digest": digest, "document": document}
        if insert_new(connection, plan_revisions, [row]):
            return number
    raise AssertionError(revision.plan)


def forget_revisions(
    database: Database, plan: str, *, before: datetime, is_served: bool, only_foresee: bool
) -> int:
    """Delete the revisions whose place another one took before an instant (UTC), or only say how many.

    The newest of a plan that is served stays, however old it is: it is the plan.
    """
    kept = SqlRevisionBook(database).load(plan)
    over = [one.number for one, after in pairwise(kept) if after.at < before]
    over += [one.number for one in kept[-1:] if not is_served and one.at < before]
    if over and not only_foresee:
        with database.write() as connection:
            mine = plan_revisions.c.plan == plan, plan_revisions.c.seq.in_(over)
            connection.execute(plan_revisions.delete().where(*mine))
    return len(over)


def document_digest(document: dict[str, Any]) -> str:
    """Equal for equal documents."""
    return sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def _revision(row: RowMapping) -> PlanRevision:
    values = {name: value for name, value in row.items() if name != "seq"}
    return PlanRevision(**{**values, "number": row["seq"], "source": RevisionSource(row["source"])})


def _row(revision: PlanRevision) -> dict[str, Any]:
    names = ("plan", "at", "name", "by", "stamp")
    return {name: getattr(revision, name) for name in names} | {"source": revision.source.value}
