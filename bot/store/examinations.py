"""What `doctor` found of each plan last. Implements `bot.ports.service.ExaminationBook`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.domain.service_state import KeptExamination
from bot.store.tenant_tables import examinations
from bot.store.upsert import insert_new, insert_or_replace

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.database import Database


class SqlExaminationBook:
    """One row for each plan."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, plan: str, *, now: datetime, until: datetime) -> bool:
        """Of several processes that begin one at once only one does."""
        row = {"plan": plan, "at": None, "until": None, "findings": "[]", "error": ""}
        with self._database.write() as connection:
            insert_new(connection, examinations, [row])
            # Locked row by row in one order, so that two that begin at once wait for each other.
            known = select(examinations).order_by(examinations.c.plan).with_for_update()
            if any(
                one["until"] is not None and one["until"] > now
                for one in connection.execute(known).mappings()
            ):
                return False
            connection.execute(update(examinations).where(examinations.c.plan == plan).values(until=until))
            return True

    def keep(self, plan: str, found: KeptExamination) -> None:
        """The next may begin."""
        row = {"plan": plan, "at": found.at, "until": None, "findings": found.findings, "error": found.error}
        with self._database.write() as connection:
            insert_or_replace(connection, examinations, [row])

    def load(self, plan: str, *, now: datetime) -> KeptExamination | None:
        """As it was left."""
        with self._database.read() as connection:
            rows = {row["plan"]: row for row in connection.execute(select(examinations)).mappings()}
        goes_on = any(row["until"] is not None and row["until"] > now for row in rows.values())
        row = rows.get(plan)
        if row is None:
            return KeptExamination(goes_on=True) if goes_on else None
        return KeptExamination(at=row["at"], findings=row["findings"], error=row["error"], goes_on=goes_on)
