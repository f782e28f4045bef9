"""The messages to send and what became of them. Implements `bot.ports.books.Outbox`.

A message is one row whatever is repeated: the primary key (plan, key) is what makes it one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from bot.domain.messages import REMINDER_PREFIX, DeliveryState, Message
from bot.domain.templates import MessageKind
from bot.store.actions import write_lines
from bot.store.columns import Instant, is_of_plan, rows_about, rows_of_plan
from bot.store.schema import messages
from bot.store.upsert import insert_new

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import RowMapping, Select

    from bot.domain.actions import Action
    from bot.store.database import Database

SAVED = frozenset({"state", "draft_id", "sent_at", "error", "together", "ended_at", "sent_as"})
SAVE = messages.update().where(messages.c.plan == bindparam("of_plan"), messages.c.key == bindparam("of_key"))
"""Made once: it is run three times for every mail."""
PENDING = rows_of_plan(messages).where(
    messages.c.state.in_((DeliveryState.DUE.value, DeliveryState.SENDING.value))
)
_SINCE = bindparam("since", type_=Instant)
_SENT = rows_of_plan(messages).where(
    messages.c.state == DeliveryState.SENT.value, messages.c.sent_at >= _SINCE
)
_FAILED = rows_of_plan(messages).where(
    messages.c.state == DeliveryState.FAILED.value, messages.c.ended_at >= _SINCE
)
_LATELY = rows_of_plan(messages).where((messages.c.created_at >= _SINCE) | (messages.c.ended_at >= _SINCE))
_NOT_BEGUN = messages.delete().where(
    is_of_plan(messages),
    messages.c.state == DeliveryState.DUE.value,
    messages.c.key.startswith(REMINDER_PREFIX),
)
"""Made once: each round asks several times."""


class SqlOutbox:
    """The outbox in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_messages(
        self, plan: str, *, course: str | frozenset[str] | None = None, kind: MessageKind | None = None
    ) -> tuple[Message, ...]:
        """Every message of the plan, or of one course or kind, by created_at, then key."""
        rows = rows_about(messages, plan, course)
        return self._read(rows if kind is None else rows.where(messages.c.kind == kind.value))

    def load_pending(self, plan: str) -> tuple[Message, ...]:
        """Those due or under way, by created_at, then key."""
        return self._read(PENDING, of_plan=plan)

    def load_sent(self, plan: str, *, since: datetime) -> tuple[Message, ...]:
        """Those sent at or after `since` (UTC), by created_at, then key."""
        return self._read(_SENT, of_plan=plan, since=since)

    def load_failed(self, plan: str, *, since: datetime) -> tuple[Message, ...]:
        """Those that failed at `since` (UTC) or later, by created_at, then key."""
        return self._read(_FAILED, of_plan=plan, since=since)

    def load_lately(self, plan: str, *, since: datetime) -> tuple[Message, ...]:
        """Those made or ended at `since` (UTC) or later, by created_at, then key."""
        return self._read(_LATELY, of_plan=plan, since=since)

    def load_drafts_of_others(self, plan: str) -> frozenset[str]:
        """The ids of the drafts that the other plans' messages went as."""
        ids = select(messages.c.draft_id).where(messages.c.plan != plan, messages.c.draft_id.is_not(None))
        with self._database.read() as connection:
            return frozenset(connection.execute(ids).scalars())

    def add_messages(self, new: Iterable[Message], *, noted: Iterable[Action] = ()) -> int:
        """Insert those whose key is new, in one transaction; returns how many were.

        `noted` are the lines that tell of it, where any was.
        """
        rows = [message_row(message) for message in new]
        if not rows:
            return 0
        with self._database.write() as connection:
            count = insert_new(connection, messages, rows)
            if count:
                write_lines(connection, noted)
            return count

    def save_message(self, *changed: Message) -> None:
        """Write down what became of messages that are there, in one transaction."""
        rows = [
            {"of_plan": message.plan, "of_key": message.key}
            | {name: value for name, value in message_row(message).items() if name in SAVED}
            for message in changed
        ]
        if rows:
            with self._database.write() as connection:
                connection.execute(SAVE, rows)

    def replace_reminders(self, plan: str, new: Iterable[Message]) -> None:
        """Put these in the place of the reminders that are due and not begun, in one transaction.

        A key that is there stays.
        """
        rows = [message_row(message) for message in new]
        with self._database.write() as connection:
            connection.execute(_NOT_BEGUN, {"of_plan": plan})
            if rows:
                insert_new(connection, messages, rows)

    def _read(self, lines: Select[Any], **bound: str | datetime) -> tuple[Message, ...]:
        with self._database.read() as connection:
            rows = connection.execute(lines, bound).mappings().all()
        return tuple(sorted(map(message_of, rows), key=lambda message: (message.created_at, message.key)))


def message_row(message: Message) -> dict[str, Any]:
    """The message as a row of the table."""
    return {
        "plan": message.plan,
        "key": message.key,
        "kind": message.kind.value,
        "course": message.course,
        "offering": message.offering,
        "email": message.email,
        "created_at": message.created_at,
        "expires_at": message.expires_at,
        "params": dict(message.params),
        "state": message.state.value,
        "draft_id": message.draft_id,
        "sent_at": message.sent_at,
        "error": message.error,
        "together": message.together,
        "ended_at": message.ended_at,
        "sent_as": message.sent_as,
    }


def message_of(row: RowMapping) -> Message:
    """The message that a row of the table is."""
    return Message(**{**row, "kind": MessageKind(row["kind"]), "state": DeliveryState(row["state"])})
