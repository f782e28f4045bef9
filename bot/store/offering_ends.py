"""When offerings and courses ended, by the table in `bot.store.expiry`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot.store.broadcast_table import broadcasts
from bot.store.columns import is_of_plan
from bot.store.reminder_table import reminder_words
from bot.store.schema import answers, bounces, ledger, messages, registrations, seat_log

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Column, Connection, Select, Table

WRITTEN_AT = {
    answers: answers.c.seen_at,
    registrations: registrations.c.since,
    seat_log: seat_log.c.noted_at,
    messages: messages.c.created_at,
    bounces: bounces.c.received_at,
    broadcasts: broadcasts.c.written_at,
    reminder_words: reminder_words.c.at,
}


class OfferingEnds:
    """When offerings and courses ended, by the table there; None: not yet."""

    def __init__(
        self,
        connection: Connection,
        plan: str,
        dated: Mapping[tuple[str, str], datetime | None],
        *,
        among: Collection[Table],
    ) -> None:
        """`among`: the tables that have rows of the plan."""
        self._by_offering = dict(dated)
        self._undated = {key for key, end in dated.items() if end is None}
        self._of_plan = {course for course, _ in dated}
        self._add(connection, ledger, ledger.c.ends_at, plan)
        # What plan or ledger know is not overruled by when somebody wrote a row.
        known = {*self._by_offering}
        for table, written_at in WRITTEN_AT.items():
            if table in among:
                self._add(connection, table, written_at, plan, besides=known)

    def _add(
        self,
        connection: Connection,
        table: Table,
        column: Column[datetime],
        plan: str,
        besides: Collection[tuple[str, str]] = (),
    ) -> None:
        for course, offering, end in connection.execute(_latest(table, column), {"of_plan": plan}):
            key = (course, offering)
            if offering and key not in besides and key not in self._undated:
                before = self._by_offering.get(key)
                self._by_offering[key] = end if before is None else max(before, end)

    def offerings(self, before: datetime) -> list[tuple[str, str]]:
        """The offerings that ended before an instant, sorted."""
        return sorted(key for key, end in self._by_offering.items() if end is not None and end < before)

    def of(self, course: str, offering: str, written_at: datetime) -> datetime | None:
        """When what a row is about ended; of a row about nothing that has an end, when it was written."""
        if (course, offering) in self._by_offering:
            return self._by_offering[course, offering]
        ends = [end for (name, _), end in self._by_offering.items() if name == course]
        if not ends:
            return None if course in self._of_plan else written_at
        return None if None in ends else max(end for end in ends if end is not None)


# Made once: each round asks it of each table twice.
@cache
def _latest(table: Table, column: Column[datetime]) -> Select[Any]:
    """By course and offering the latest of a column."""
    offering = table.c.course, table.c.offering
    return select(*offering, func.max(column)).where(is_of_plan(table)).group_by(*offering)
