"""The append-only log of answers, the delta links that they are read by, and what follows from them.

Implements `bot.ports.books.AnswerLog`. An answer is one row however often it is read: the primary key is
what makes it one. A delta link is stored in the same transaction as the answers that came before it,
so a crash reads them again rather than never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from bot.domain.events import ResponseStatus
from bot.domain.registrations import Answer, AnswerSource
from bot.store.columns import is_of_plan, rows_about
from bot.store.ledger import KEY_COLUMNS, key_values, session_key
from bot.store.registrations import load_registrations, replace_registrations
from bot.store.schema import answers as answer_rows
from bot.store.schema import delta_links
from bot.store.upsert import insert_new, insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import RowMapping

    from bot.domain.registrations import Registration
    from bot.store.database import Database

RESPONSES = {one.value: one for one in ResponseStatus}
SOURCES = {one.value: one for one in AnswerSource}

_DELTA_LINK = select(delta_links.c.link, delta_links.c.window_start, delta_links.c.window_end).where(
    is_of_plan(delta_links), delta_links.c.organiser == bindparam("organiser")
)
"""Made once: each round asks."""


class SqlAnswerLog:
    """The log in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append_answers(self, answers: Iterable[Answer]) -> int:
        """Append those not there yet, in one transaction; returns how many were new."""
        rows = [_row(answer) for answer in answers]
        if not rows:
            return 0
        with self._database.write() as connection:
            return insert_new(connection, answer_rows, rows)

    def load_answers(self, plan: str, *, course: str | frozenset[str] | None = None) -> tuple[Answer, ...]:
        """Every answer, of one course or all, by responded_at, seen_at, address, session, response."""
        with self._database.read() as connection:
            rows = connection.execute(rows_about(answer_rows, plan, course)).mappings().all()
        return tuple(sorted((_answer(row) for row in rows), key=_order))

    def load_delta_link(self, plan: str, organiser: str) -> tuple[str, datetime, datetime] | None:
        """The plan's stored link on the mailbox with its window's start and end, or None."""
        of_mailbox = {"of_plan": plan, "organiser": organiser}
        with self._database.read() as connection:
            row = connection.execute(_DELTA_LINK, of_mailbox).one_or_none()
        return None if row is None else (row.link, row.window_start, row.window_end)

    def save_delta(
        self,
        plan: str,
        organiser: str,
        *,
        link: str,
        start: datetime,
        end: datetime,
        answers: Iterable[Answer],
    ) -> int:
        """The link and the answers that came with it, in one transaction.

        Returns how many answers were new.
        """
        rows = [_row(answer) for answer in answers]
        with self._database.write() as connection:
            new = insert_new(connection, answer_rows, rows)
            window = {
                "plan": plan,
                "organiser": organiser,
                "link": link,
                "window_start": start,
                "window_end": end,
            }
            insert_or_replace(connection, delta_links, [window])
        return new

    def forget_delta_link(self, plan: str, organiser: str) -> None:
        """Drop the link: the next round reads everything."""
        with self._database.write() as connection:
            connection.execute(
                delta_links.delete().where(delta_links.c.plan == plan, delta_links.c.organiser == organiser)
            )

    def save_registrations(
        self, plan: str, registrations: Iterable[Registration], *, course: str | frozenset[str] | None = None
    ) -> None:
        """Replace the current registrations of the plan, or of one course of it, in one transaction."""
        with self._database.write() as connection:
            replace_registrations(connection, plan, registrations, course=course)

    def load_registrations(
        self, plan: str, *, course: str | frozenset[str] | None = None, emails: Collection[str] | None = None
    ) -> tuple[Registration, ...]:
        """The current registrations of the plan, of one course of it, of these addresses.

        Sorted by course, offering, address.
        """
        with self._database.read() as connection:
            return load_registrations(connection, plan, course=course, emails=emails)


def _order(answer: Answer) -> tuple[datetime, datetime, str, str, str]:
    return answer.responded_at, answer.seen_at, answer.email, str(answer.key), answer.response


def _row(answer: Answer) -> dict[str, Any]:
    return {
        **dict(zip(KEY_COLUMNS, key_values(answer.key), strict=True)),
        "email": answer.email,
        "response": answer.response.value,
        "responded_at": answer.responded_at,
        "name": answer.name,
        "seen_at": answer.seen_at,
        "source": answer.source.value,
        "known": answer.known,
        "timed": answer.timed,
    }


def _answer(row: RowMapping) -> Answer:
    return Answer(
        key=session_key(row),
        email=row["email"],
        name=row["name"],
        response=RESPONSES[row["response"]],
        responded_at=row["responded_at"],
        seen_at=row["seen_at"],
        source=SOURCES[row["source"]],
        known=row["known"],
        timed=row["timed"],
    )
