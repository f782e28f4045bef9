"""A digest of each course's rows, to tell whether anything was written since a look.

Cheap, and of no use to another process.

Implements `bot.ports.memory.CourseDigests`. Of the ledger whatever stands in a row counts. The answers, the
seat log and the registrations only grow, but for erasure and expiry, which put a stand-in for the address or
take the row: their number, the stand-ins among them and the latest tell. Read as text, because
parsing is what costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import JSON, String, case, cast, func, select, type_coerce
from sqlalchemy.types import NullType

from bot.domain.registrations import ERASED_PREFIX
from bot.store.schema import answers, ledger, registrations, seat_log

if TYPE_CHECKING:
    from bot.store.database import Database

STAND_IN = f"{ERASED_PREFIX}%"
LATEST = ((answers, answers.c.seen_at), (seat_log, seat_log.c.seq), (registrations, registrations.c.since))


class SqlCourseDigests:
    """The digests by a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_digests(self, plan: str) -> dict[str, int]:
        """By course, of every course that has rows; another number for other rows.

        Equal within a process only.
        """
        columns = (
            cast(one, String) if isinstance(one.type, JSON) else type_coerce(one, NullType)
            for one in ledger.columns
        )
        rows = (
            select(ledger.c.course, *columns)
            .where(ledger.c.plan == plan)
            .order_by(*ledger.primary_key.columns)
        )
        found: dict[str, int] = {}
        with self._database.read() as connection:
            for course, *values in connection.execute(rows):
                found[course] = hash((found.get(course, 0), *values))
            for table, latest in LATEST:
                erased = func.sum(case((table.c.email.like(STAND_IN), 1), else_=0))
                counted = select(
                    table.c.course, func.count(), erased, type_coerce(func.max(latest), NullType)
                ).where(table.c.plan == plan)
                for course, *values in connection.execute(counted.group_by(table.c.course)):
                    found[course] = hash((found.get(course, 0), table.name, *values))
        return found
