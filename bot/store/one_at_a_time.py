"""Writers of the same thing who wait for each other, so that what one has counted still holds when it writes.

SQLite has one writer anyhow. On a PostgreSQL server it is a lock of the transaction, given back with it.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Table

# Made once: it is run before each message, and to make it takes longer than to run it.
_LOCK = text("SELECT pg_advisory_xact_lock(:kind, hashtext(:of))")


class Alone(IntEnum):
    """What is written; the numbers are ours among the locks of the database."""

    SEATS = 0x73656174
    POSTAGE = 0x6B62_0002
    NOTED_DECISIONS = 0x6B62_0003
    NOTED_IDS = 0x6B62_0004
    REMINDER_WORDS = 0x6B62_0005
    DESK_PLANS = 0x6B62_0006


def one_at_a_time(connection: Connection, what: Alone, of: str) -> None:
    """Wait until nobody else writes it of this plan (or mailbox); until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"kind": what.value, "of": of})


def are_still(
    connection: Connection, what: Alone, plan: str, *, rows: Table, about: ColumnElement[bool], known: int
) -> bool:
    """Whether there are still `known` rows about it; until the end of the transaction nobody adds to them."""
    one_at_a_time(connection, what, plan)
    return connection.execute(select(func.count()).select_from(rows).where(about)).scalar_one() == known
