"""The time that was last believed when personal data was let go of, and what waits for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.domain.letting_go import ErasureMark, WaitsFor
from bot.store.schema import erasure_marks
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.store.database import Database

_MARKS = select(erasure_marks)
"""Made once: each round asks."""


def load_marks(database: Database) -> Mapping[str, ErasureMark]:
    """By plan; a plan without one had no round yet."""
    with database.read() as connection:
        rows = connection.execute(_MARKS).all()
    return {
        row.plan: ErasureMark(
            believed_at=row.believed_at, waits=WaitsFor(row.waits) if row.waits else None, since=row.since
        )
        for row in rows
    }


def save_mark(database: Database, plan: str, mark: ErasureMark) -> None:
    """Keep it in place of the one before."""
    row = {"plan": plan, "believed_at": mark.believed_at, "waits": (mark.waits or ""), "since": mark.since}
    with database.write() as connection:
        insert_or_replace(connection, erasure_marks, [row])
