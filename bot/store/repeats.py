"""What was asked under which key, and answered. Implements `bot.ports.repeats.RepeatBook`.

A key is kept as a digest of it and of who asked, so a row names nobody but in an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, update

from bot.domain.repeats import KEPT, UNDER_WAY, Repeat, Turn
from bot.store.tenant_tables import api_answers
from bot.store.upsert import insert_new

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from bot.store.database import Database

_OVER = delete(api_answers).where(api_answers.c.made_at < bindparam("before"))
"""Made once: each request that writes begins with it."""


class SqlRepeatBook:
    """The keys in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, key: str, asked: str, *, begun_at: datetime, now: datetime) -> Repeat:
        """What it means; of several who come at once one has the turn."""
        row = {
            "key": key, "asked": asked, "begun_at": begun_at, "made_at": now, "until": now + UNDER_WAY,
            "status": 0, "answer": None,
        }  # fmt: skip
        with self._database.write() as connection:
            connection.execute(_OVER, {"before": now - KEPT})
            if insert_new(connection, api_answers, [row]):
                return Repeat(turn=Turn.FIRST, begun_at=begun_at)
            known = (
                connection.execute(select(api_answers).where(api_answers.c.key == key))
                .mappings()
                .one_or_none()
            )
            if known is None:
                # It was forgotten between two statements, and is new now.
                return Repeat(turn=Turn.UNDER_WAY, begun_at=begun_at)
            turn = self._turn(connection, known, asked, now)
            return Repeat(
                turn=turn, begun_at=known["begun_at"], status=known["status"], answer=known["answer"] or ""
            )

    @staticmethod
    def _turn(connection: Connection, known: RowMapping, asked: str, now: datetime) -> Turn:
        if known["asked"] != asked:
            return Turn.OTHER
        if known["answer"] is not None:
            return Turn.ANSWERED
        mine = (api_answers.c.key == known["key"]) & (api_answers.c.until == known["until"])
        taken = update(api_answers).where(mine).values(until=now + UNDER_WAY)
        if known["until"] > now or connection.execute(taken).rowcount == 0:
            return Turn.UNDER_WAY
        return Turn.AGAIN

    def keep(self, key: str, status: int, answer: str) -> None:
        """It was answered."""
        with self._database.write() as connection:
            connection.execute(
                update(api_answers).where(api_answers.c.key == key).values(status=status, answer=answer)
            )

    def let_go(self, key: str, *, now: datetime) -> None:
        """It came to nothing that could be kept."""
        with self._database.write() as connection:
            connection.execute(update(api_answers).where(api_answers.c.key == key).values(until=now))

    def forget(self, *, now: datetime) -> None:
        """Those that are over, also where nobody asks any more."""
        with self._database.write() as connection:
            connection.execute(_OVER, {"before": now - KEPT})
