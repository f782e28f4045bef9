"""A digest of each course's rows, to tell whether anything was written since a look.

Cheap, and of no use to another process. Implements `bot.ports.memory.CourseDigests`. Of the ledger, and of
the messages where they are asked for, whatever stands in a row counts. The answers, the seat log, the
registrations, what HR said about reminders and who came only grow, but for erasure and expiry, which put a
stand-in for the address or take the row: their number, the stand-ins among them and the latest tell. Read as
text, because parsing is what costs; and not at all while nobody has written anything (`bot.store.stamps`).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, String, bindparam, case, cast, func, select, type_coerce
from sqlalchemy.types import NullType

from bot.domain.messages import DeliveryState
from bot.domain.registrations import ERASED_PREFIX
from bot.domain.templates import MessageKind
from bot.store.attendance_table import attendance_log
from bot.store.reminder_table import reminder_words
from bot.store.schema import answers, ledger, messages, registrations, seat_log
from bot.store.stamps import WriteStamps

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Select, Table

    from bot.store.database import Database

STAND_IN = f"{ERASED_PREFIX}%"
LATEST = (
    (answers, answers.c.responded_at),
    (seat_log, seat_log.c.seq),
    (registrations, registrations.c.since),
    (reminder_words, reminder_words.c.number),
    (attendance_log, attendance_log.c.noted_at),
)


class SqlCourseDigests:
    """The digests by a database."""

    def __init__(self, database: Database, stamps: WriteStamps | None = None) -> None:
        self._database, self._stamps = database, stamps or WriteStamps(database)
        self._last: dict[tuple[object, ...], tuple[object, dict[str, int]]] = {}

    def load_digests(
        self, plan: str, *, messages_as: str | None = None, kinds: Collection[MessageKind] = ()
    ) -> dict[str, int]:
        """By course, of every course that has rows; another number for other rows. Of use in this process.

        `messages_as` is what the digest of all messages is to stand under, None: they are left unread.
        Messages of these `kinds` count for the course that they are about, "" for those about several.
        """
        asked, stamp = (plan, messages_as, frozenset(kinds)), self._stamps.take()
        before = self._last.get(asked)
        if before is None or before[0] != stamp:
            before = self._last[asked] = stamp, self._read(plan, messages_as=messages_as, kinds=kinds)
        return dict(before[1])

    def _read(self, plan: str, *, messages_as: str | None, kinds: Collection[MessageKind]) -> dict[str, int]:
        found: dict[str, int] = {}
        here = {"of_plan": plan}
        with self._database.read() as connection:
            if messages_as is not None:
                found[messages_as] = hash(tuple(map(tuple, connection.execute(_whole_rows(messages), here))))
            for course, *values in connection.execute(_whole_rows(ledger), here):
                found[course] = hash((found.get(course, 0), *values))
            for table, latest in LATEST:
                for course, *values in connection.execute(_grown(table, latest), here):
                    found[course] = hash((found.get(course, 0), table.name, *values))
            if kinds:
                for course, *values in connection.execute(_said(frozenset(kinds)), here):
                    found[course] = hash((found.get(course, 0), messages.name, *values))
        return found


# Each of the three is made once: it is run before every look, and to make one takes longer than to run it.


@cache
def _said(kinds: frozenset[MessageKind]) -> Select[Any]:
    """By course: how many messages of these kinds there are, and what has become of them."""
    said = _grown(messages, messages.c.created_at).add_columns(
        type_coerce(func.max(messages.c.sent_at), NullType),
        type_coerce(func.max(messages.c.ended_at), NullType),
        func.sum(case((messages.c.state == DeliveryState.SENT.value, 1), else_=0)),
    )
    return said if len(kinds) == len(MessageKind) else said.where(messages.c.kind.in_(sorted(kinds)))


@cache
def _grown(table: Table, latest: ColumnElement[Any]) -> Select[Any]:
    """By course: how many rows, how many stand-ins among them, and the latest."""
    erased = func.sum(case((table.c.email.like(STAND_IN), 1), else_=0))
    counted = select(table.c.course, func.count(), erased, type_coerce(func.max(latest), NullType))
    return counted.where(table.c.plan == bindparam("of_plan")).group_by(table.c.course)


@cache
def _whole_rows(table: Table) -> Select[Any]:
    """The course, and then whatever stands in a row, as it is stored."""
    columns = (
        cast(one, String) if isinstance(one.type, JSON) else type_coerce(one, NullType)
        for one in table.columns
    )
    return (
        select(table.c.course, *columns)
        .where(table.c.plan == bindparam("of_plan"))
        .order_by(*table.primary_key.columns)
    )
