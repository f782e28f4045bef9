"""The append-only seat log. Implements `bot.ports.books.SeatBook`.

Nothing is ever changed in it: where somebody stands is the last line for them. Whoever appends names the last
line they knew, so that of two who decide at the same time one has to look again; the primary key (plan,
number) is what makes that certain. Messages go into the outbox in the same transaction: what was decided is
told.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import Cause, Standing, Transition
from bot.store.columns import is_of_plan, of_plan
from bot.store.one_at_a_time import Alone, one_at_a_time
from bot.store.outbox import message_row
from bot.store.schema import messages as message_rows
from bot.store.schema import seat_log
from bot.store.upsert import insert_new

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping, Select

    from bot.domain.messages import Message
    from bot.store.database import Database


STATUSES = {one.value: one for one in RegistrationStatus}
CAUSES = {one.value: one for one in Cause}
SOURCES = {one.value: one for one in AnswerSource}

_LAST_NUMBER = select(func.max(seat_log.c.seq)).where(is_of_plan(seat_log))
"""Made once: it is asked before each look."""


class SqlSeatBook:
    """The seat log in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_standings(
        self, plan: str, *, course: str | frozenset[str] | None = None
    ) -> tuple[int, tuple[Standing, ...]]:
        """The plan's last line (0: none) and the standings, of one course or all, in the log's order."""
        with self._database.read() as connection:
            return _last_number(connection, plan), tuple(
                _standing(row) for row in connection.execute(_last_lines(plan, course)).mappings()
            )

    def load_log(
        self, plan: str, *, course: str | None = None, numbers: tuple[int, int] | None = None
    ) -> tuple[tuple[int, Transition], ...]:
        """Every line with its number, of one course or all, oldest first.

        With `numbers` those from one to another, both included.
        """
        lines = select(seat_log).where(of_plan(seat_log, plan, course)).order_by(seat_log.c.seq)
        if numbers is not None:
            lines = lines.where(seat_log.c.seq.between(*numbers))
        with self._database.read() as connection:
            rows = connection.execute(lines).mappings().all()
        return tuple(
            (row["seq"], Transition(before=_status(row["before"]), after=_standing(row))) for row in rows
        )

    def append(
        self,
        plan: str,
        transitions: Iterable[Transition],
        messages: Iterable[Message] = (),
        *,
        after: int,
        now: datetime,
    ) -> bool:
        """Append lines and put their messages into the outbox, in one transaction.

        False, and nothing is written, when `after` is no longer the plan's last line.
        """
        with self._database.write() as connection:
            one_at_a_time(connection, Alone.SEATS, plan)
            if _last_number(connection, plan) != after:
                return False
            rows = [_row(plan, number, one, now) for number, one in enumerate(transitions, after + 1)]
            if rows:
                connection.execute(seat_log.insert(), rows)
            insert_new(connection, message_rows, [message_row(message) for message in messages])
        return True


@lru_cache(maxsize=256)
def _last_lines(plan: str, course: str | frozenset[str] | None) -> Select[Any]:
    """The last line of everybody in each offering, in the log's order; kept as `of_plan` is."""
    last = (
        select(func.max(seat_log.c.seq).label("seq"))
        .where(of_plan(seat_log, plan, course))
        .group_by(seat_log.c.course, seat_log.c.offering, seat_log.c.email)
        .subquery()
    )
    return (
        select(seat_log)
        .where(of_plan(seat_log, plan), seat_log.c.seq.in_(select(last.c.seq)))
        .order_by(seat_log.c.seq)
    )


def _last_number(connection: Connection, plan: str) -> int:
    return connection.execute(_LAST_NUMBER, {"of_plan": plan}).scalar() or 0


def _status(word: str | None) -> RegistrationStatus | None:
    return None if word is None else STATUSES[word]


def _row(plan: str, number: int, one: Transition, now: datetime) -> dict[str, Any]:
    after = one.after
    return {
        "plan": plan,
        "seq": number,
        "course": after.course,
        "offering": after.offering,
        "email": after.email,
        "before": one.before.value if one.before else None,
        "status": after.status.value if after.status else None,
        "since": after.since,
        "noted_at": now,
        "cause": after.cause.value,
        "source": after.source.value,
        "answered_at": after.answered_at,
        "late": after.late,
        "by": after.by,
        "reason": after.reason,
        "said": after.said.value if after.said else None,
        "said_at": after.said_at,
        "had_seat": after.had_seat,
        "reason_open": after.reason_open,
    }


def _standing(row: RowMapping) -> Standing:
    return Standing(
        course=row["course"],
        offering=row["offering"],
        email=row["email"],
        status=_status(row["status"]),
        since=row["since"],
        cause=CAUSES[row["cause"]],
        source=SOURCES[row["source"]],
        answered_at=row["answered_at"],
        late=row["late"],
        by=row["by"],
        reason=row["reason"],
        said=_status(row["said"]),
        said_at=row["said_at"],
        had_seat=row["had_seat"],
        reason_open=row["reason_open"],
    )
