"""Where the bot is in Teams. Implements `bot.ports.conversations.ConversationBook`.

Rows belong to nobody's plan but the cards of courses. What came is kept as a digest: who wrote when is
nobody's business.
"""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select

from bot.domain.app_installs import InstallState, is_of_a_try
from bot.domain.conversations import Conversation, ConversationKind, StandingCard
from bot.store.app_installs import install_of
from bot.store.columns import of_plan
from bot.store.conversation_tables import app_installs, chat_activities, conversations, standing_cards
from bot.store.upsert import insert_new, insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import RowMapping

    from bot.store.database import Database

_OLD_ACTIVITIES = delete(chat_activities).where(chat_activities.c.came_at < bindparam("before"))
_OLD_CHATS = delete(conversations).where(
    conversations.c.kind == ConversationKind.PERSONAL.value, conversations.c.seen_at < bindparam("before")
)
"""Made once: each round lets go of both."""


class SqlConversationBook:
    """The conversations in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, conversation: Conversation) -> None:
        """Insert or replace; `added_at` of one that is there already stays."""
        row: dict[str, Any] = asdict(conversation)
        row |= {"conversation": row.pop("id"), "kind": conversation.kind.value}
        known = select(conversations.c.added_at).where(conversations.c.conversation == conversation.id)
        with self._database.write() as connection:
            added_at = connection.execute(known).scalar_one_or_none() or conversation.added_at
            insert_or_replace(connection, conversations, [row | {"added_at": added_at}])

    def forget(self, conversation: str) -> None:
        """The bot was taken out of it; the cards that stand there are forgotten as well.

        Whose chat it was took the app away, which is kept with when they were last seen there; but where
        `probe` did.
        """
        personal = conversations.c.kind == ConversationKind.PERSONAL.value
        whose = select(conversations).where(conversations.c.conversation == conversation, personal)
        with self._database.write() as connection:
            for row in connection.execute(whose).mappings().all():
                theirs = select(app_installs).where(app_installs.c.subject == row["subject"])
                known = connection.execute(theirs).mappings().one_or_none()
                if known is not None and is_of_a_try(install_of(known), row["added_at"]):
                    continue
                gone = {"email": row["email"], "state": InstallState.GONE.value, "at": row["seen_at"]}
                insert_or_replace(connection, app_installs, [{"subject": row["subject"], **gone}])
            for table in (conversations, standing_cards):
                connection.execute(delete(table).where(table.c.conversation == conversation))

    def load(self, conversation: str) -> Conversation | None:
        """The one with this id, None where the bot is not in it (any more)."""
        wanted = select(conversations).where(conversations.c.conversation == conversation)
        with self._database.read() as connection:
            row = connection.execute(wanted).mappings().one_or_none()
        return None if row is None else _conversation(row)

    def load_personal(self, subjects: Collection[str] | None = None) -> dict[str, Conversation]:
        """By directory id the chats of these people, of everybody without `subjects`.

        Of two of one person (the app was removed and added again) the one seen last.
        """
        wanted = (
            select(conversations)
            .where(conversations.c.kind == ConversationKind.PERSONAL.value)
            .order_by(conversations.c.seen_at, conversations.c.conversation)
        )
        if subjects is not None:
            wanted = wanted.where(conversations.c.subject.in_(sorted(subjects)))
        with self._database.read() as connection:
            rows = connection.execute(wanted).mappings().all()
        return {row["subject"]: _conversation(row) for row in rows}

    def load_channels(self) -> tuple[Conversation, ...]:
        """The channels that the bot is in, by name."""
        wanted = (
            select(conversations)
            .where(conversations.c.kind == ConversationKind.CHANNEL.value)
            .order_by(conversations.c.name, conversations.c.conversation)
        )
        with self._database.read() as connection:
            return tuple(_conversation(row) for row in connection.execute(wanted).mappings())

    def is_new(self, conversation: str, activity: str, *, at: datetime) -> bool:
        """Write down that this activity came; False where it had come before."""
        key = sha256(f"{conversation}\n{activity}".encode()).hexdigest()
        with self._database.write() as connection:
            return insert_new(connection, chat_activities, [{"key": key, "came_at": at}]) == 1

    def load_cards(self, plan: str) -> tuple[StandingCard, ...]:
        """The cards of the plan's courses that stand somewhere, by course and conversation."""
        order = (standing_cards.c.course, standing_cards.c.conversation)
        wanted = select(standing_cards).where(of_plan(standing_cards, plan)).order_by(*order)
        with self._database.read() as connection:
            return tuple(StandingCard(**row) for row in connection.execute(wanted).mappings())

    def save_card(self, card: StandingCard) -> None:
        """Insert or replace."""
        with self._database.write() as connection:
            insert_or_replace(connection, standing_cards, [asdict(card)])

    def forget_card(self, card: StandingCard) -> None:
        """It stands there no more."""
        key = (column == getattr(card, column.name) for column in standing_cards.primary_key)
        with self._database.write() as connection:
            connection.execute(delete(standing_cards).where(*key))

    def let_go(self, *, activities_before: datetime, seen_before: datetime) -> int:
        """Delete activities that came, and people's chats last seen, before these instants (UTC).

        How many chats there were.
        """
        with self._database.write() as connection:
            connection.execute(_OLD_ACTIVITIES, {"before": activities_before})
            return connection.execute(_OLD_CHATS, {"before": seen_before}).rowcount


def _conversation(row: RowMapping) -> Conversation:
    values = {name: value for name, value in row.items() if name not in {"conversation", "kind"}}
    return Conversation(id=row["conversation"], kind=ConversationKind(row["kind"]), **values)
