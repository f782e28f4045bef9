"""Places: a person in an offering, however many tables and addresses of theirs say so.

What is anonymous is nobody's.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, true

from bot.domain.registrations import is_stand_in
from bot.store.attendance_table import attendance_log
from bot.store.columns import is_of_plan
from bot.store.schema import answers, ledger, people, registrations, seat_log

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult, Select, Table

    from bot.store.database import Database

Place = tuple[str, str, str, str]
"""Plan, course, offering, and one of the person's addresses."""


def load_places(connection: Connection, plan: str | None = None) -> frozenset[Place]:
    """Each place once, of a plan or of all."""

    def rows(table: Table, *columns: str) -> CursorResult[Any]:
        return connection.execute(_columns_of(table, columns, of_all=plan is None), {"of_plan": plan})

    one_of = {
        (found.plan, address): min([found.email, *found.aliases])
        for found in rows(people, "plan", "email", "aliases")
        for address in (found.email, *found.aliases)
    }
    named = {
        tuple(row)
        for table in (answers, attendance_log, registrations, seat_log)
        for row in rows(table, "plan", "course", "offering", "email")
    }
    for row in rows(ledger, "plan", "course", "offering", "desired_attendees", "invited_since"):
        named |= {
            (row.plan, row.course, row.offering, email)
            for email in (*row.desired_attendees, *row.invited_since)
        }
    return frozenset(
        (owner, course, offering, one_of.get((owner, email), email))
        for owner, course, offering, email in named
        if email and not is_stand_in(email)
    )


def count_places(database: Database) -> int:
    """How many places all plans have."""
    with database.read() as connection:
        return len(load_places(connection))


# Made once: each round asks of each table twice.
@cache
def _columns_of(table: Table, names: tuple[str, ...], *, of_all: bool) -> Select[*tuple[Any, ...]]:
    return select(*(table.c[name] for name in names)).where(true() if of_all else is_of_plan(table))
