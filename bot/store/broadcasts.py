"""What HR writes to people in its own words. Implements `bot.ports.broadcasts.BroadcastBook`.

Sending is one transaction: the draft becomes sent, its messages are in the outbox, and who did it is in the
log; whoever comes second changes nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot.domain.broadcasts import (
    BROADCAST_PREFIX,
    ID_LENGTH,
    STOPPED,
    Broadcast,
    BroadcastGroup,
    BroadcastProgress,
    BroadcastWords,
    Whereabouts,
)
from bot.domain.messages import DeliveryState
from bot.domain.people import Language
from bot.domain.templates import MessageKind
from bot.store.actions import write_lines
from bot.store.broadcast_table import broadcasts
from bot.store.columns import of_plan
from bot.store.outbox import message_row
from bot.store.schema import messages
from bot.store.upsert import insert_new

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, RowMapping

    from bot.domain.actions import Action
    from bot.domain.messages import Message
    from bot.store.database import Database


class SqlBroadcastBook:
    """The broadcasts in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_broadcast(self, plan: str, broadcast: str) -> Broadcast | None:
        """One of them, None where there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(broadcasts).where(*_is(plan, broadcast))).mappings().first()
        return None if row is None else _broadcast(row)

    def load_broadcasts(self, plan: str, *, course: str | None = None) -> tuple[Broadcast, ...]:
        """All of the plan, or of one course; what was written last comes first."""
        lines = select(broadcasts).where(of_plan(broadcasts, plan, course))
        lines = lines.order_by(broadcasts.c.written_at.desc(), broadcasts.c.id)
        with self._database.read() as connection:
            return tuple(_broadcast(row) for row in connection.execute(lines).mappings())

    def load_progress(self, plan: str, *, course: str | None = None) -> dict[str, BroadcastProgress]:
        """Of each that was sent, how many of its messages are where; mails to try it out are none of it."""
        name = func.substr(messages.c.key, len(BROADCAST_PREFIX) + 1, ID_LENGTH)
        counted = (
            select(name, messages.c.state, func.count())
            .where(
                of_plan(messages, plan, course),
                messages.c.kind == MessageKind.BROADCAST.value,
                messages.c.key.startswith(BROADCAST_PREFIX),
            )
            .group_by(name, messages.c.state)
        )
        states: defaultdict[str, dict[DeliveryState, int]] = defaultdict(dict)
        with self._database.read() as connection:
            for broadcast, state, count in connection.execute(counted):
                states[broadcast][DeliveryState(state)] = count
        return {broadcast: BroadcastProgress(states=counts) for broadcast, counts in states.items()}

    def save_draft(self, draft: Broadcast, *, instead_of: str = "") -> None:
        """Keep a draft, in the place of another that was not sent; one that is there stays as it is."""
        with self._database.write() as connection:
            insert_new(connection, broadcasts, [_row(draft)])
            if instead_of != draft.id:
                connection.execute(broadcasts.delete().where(*_is(draft.plan, instead_of), _UNSENT))

    def drop_draft(self, plan: str, broadcast: str) -> None:
        """Throw a draft away; one that was sent stays."""
        with self._database.write() as connection:
            connection.execute(broadcasts.delete().where(*_is(plan, broadcast), _UNSENT))

    def send_broadcast(
        self, sent: Broadcast, outgoing: Iterable[Message], *, noted: Iterable[Action] = ()
    ) -> bool:
        """Let a draft become sent, with its messages and the line that tells of it: all or nothing.

        False where it is not a draft any more.
        """
        row = _row(sent)
        changed = {name: row[name] for name in ("sent_at", "sent_by", "goes_from", "expires_at", "people")}
        rows = [message_row(message) for message in outgoing]
        with self._database.write() as connection:
            draft = broadcasts.update().where(*_is(sent.plan, sent.id), _UNSENT).values(**changed)
            if connection.execute(draft).rowcount == 0:
                return False
            if rows:
                insert_new(connection, messages, rows)
            write_lines(connection, noted)
        return True

    def stop_broadcast(
        self, plan: str, broadcast: str, *, by: str, at: datetime, noted: Iterable[Action] = ()
    ) -> int:
        """What has not been begun does not go: returns how many that were; what is under way is looked up.

        Nothing where it is a draft, or was stopped before. `at` UTC.
        """
        going = broadcasts.c.sent_at.is_not(None) & broadcasts.c.stopped_at.is_(None)
        stopped = broadcasts.update().where(*_is(plan, broadcast), going)
        waiting = (
            (messages.c.plan == plan)
            & (messages.c.state == DeliveryState.DUE.value)
            & messages.c.key.startswith(f"{BROADCAST_PREFIX}{broadcast}/", autoescape=True)
        )
        skipped = {"state": DeliveryState.SKIPPED.value, "error": STOPPED, "ended_at": at}
        with self._database.write() as connection:
            if connection.execute(stopped.values(stopped_at=at, stopped_by=by)).rowcount == 0:
                return 0
            count = connection.execute(messages.update().where(waiting).values(**skipped)).rowcount
            write_lines(connection, noted)
        return count


_UNSENT = broadcasts.c.sent_at.is_(None)


def _is(plan: str, broadcast: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return broadcasts.c.plan == plan, broadcasts.c.id == broadcast


def _row(one: Broadcast) -> dict[str, Any]:
    said = [
        {"language": each.language.value, "subject": each.subject, "text": each.text} for each in one.words
    ]
    return {
        "plan": one.plan,
        "id": one.id,
        "course": one.where.course,
        "offering": one.where.offering,
        "session": one.where.session,
        "audience": " ".join(one.groups),
        "words": json.dumps(said, ensure_ascii=False),
        "by": one.by,
        "written_at": one.written_at,
        "sent_at": one.sent_at,
        "sent_by": one.sent_by,
        "goes_from": one.goes_from,
        "expires_at": one.expires_at,
        "people": one.people,
        "stopped_at": one.stopped_at,
        "stopped_by": one.stopped_by,
    }


def _broadcast(row: RowMapping) -> Broadcast:
    where = Whereabouts(course=row["course"], offering=row["offering"], session=row["session"])
    same = {
        name: row[name] for name in row if name not in {"course", "offering", "session", "audience", "words"}
    }
    return Broadcast(
        **same,
        where=where,
        groups=tuple(map(BroadcastGroup, row["audience"].split())),
        words=tuple(
            BroadcastWords(language=Language(one["language"]), subject=one["subject"], text=one["text"])
            for one in json.loads(row["words"] or "[]")
        ),
    )
