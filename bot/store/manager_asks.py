"""Who is asked about sign-ups that wait. Implements `bot.ports.sign_ups.ManagerAskBook`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.manager_approval import ApprovalAsk, AskedOf
from bot.store.anonymity import same_row
from bot.store.columns import rows_of_plan
from bot.store.manager_tables import approval_asks
from bot.store.outbox import message_row
from bot.store.schema import messages
from bot.store.upsert import insert_new, insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import RowMapping

    from bot.domain.messages import Message
    from bot.store.database import Database


class SqlManagerAskBook:
    """The asks in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_asks(self, plan: str) -> tuple[ApprovalAsk, ...]:
        """All that wait, the oldest wish first."""
        wanted = rows_of_plan(approval_asks, "wished_at", *approval_asks.primary_key.columns.keys())
        with self._database.read() as connection:
            return tuple(map(_ask, connection.execute(wanted, {"of_plan": plan}).mappings()))

    def save_asks(self, plan: str, asks: Iterable[ApprovalAsk], outgoing: Iterable[Message] = ()) -> None:
        """Keep these and no others, and put the mails about them into the outbox, in one transaction."""
        rows = [_row(plan, one) for one in asks]
        kept = {(row["course"], row["offering"], row["email"]) for row in rows}
        with self._database.write() as connection:
            known = connection.execute(rows_of_plan(approval_asks), {"of_plan": plan})
            for row in known.mappings().all():
                if (row["course"], row["offering"], row["email"]) not in kept:
                    connection.execute(approval_asks.delete().where(*same_row(approval_asks, row)))
            insert_or_replace(connection, approval_asks, rows)
            insert_new(connection, messages, [message_row(message) for message in outgoing])


def _row(plan: str, one: ApprovalAsk) -> dict[str, object]:
    return {
        "plan": plan,
        "course": one.course,
        "offering": one.offering,
        "email": one.email,
        "wished_at": one.wished_at,
        "who": one.who.value,
        "approver": one.approver,
        "name": one.name,
        "asked_at": one.asked_at,
        "due_at": one.due_at,
        "looked_at": one.looked_at,
        "reminded_at": one.reminded_at,
        "overdue": one.overdue,
    }


def _ask(row: RowMapping) -> ApprovalAsk:
    facts = {name: value for name, value in row.items() if name != "plan"}
    return ApprovalAsk(**facts | {"who": AskedOf(row["who"])})
