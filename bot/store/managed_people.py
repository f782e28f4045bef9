"""Whose manager is who, and which copies managers got. Implements `bot.ports.sign_ups.ManagedPeopleBook`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from bot.domain.manager_people import ManagedPerson, ManagerCopy
from bot.store.columns import rows_of_plan
from bot.store.manager_tables import managed_people, manager_copies
from bot.store.outbox import message_row
from bot.store.schema import messages
from bot.store.upsert import insert_new, insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import RowMapping

    from bot.domain.messages import Message
    from bot.store.database import Database


class SqlManagedPeopleBook:
    """The managers of people in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_managed(self, plan: str) -> tuple[ManagedPerson, ...]:
        """Everybody of the plan of whom it was asked, sorted by address."""
        with self._database.read() as connection:
            rows = connection.execute(rows_of_plan(managed_people), {"of_plan": plan})
            return _people(rows.mappings())

    def load_people_of(
        self, plan: str, manager_id: str, addresses: Collection[str]
    ) -> tuple[ManagedPerson, ...]:
        """Those whose manager has this directory id, or one of these addresses; sorted by address."""
        by_address = managed_people.c.manager.in_(sorted(set(addresses) - {""}))
        by_id = (managed_people.c.manager_id != "") & (managed_people.c.manager_id == manager_id)
        wanted = select(managed_people).where(managed_people.c.plan == plan, by_address | by_id)
        with self._database.read() as connection:
            return _people(connection.execute(wanted).mappings())

    def save_managed(self, plan: str, people: Iterable[ManagedPerson]) -> None:
        """Keep these and no others, in one transaction."""
        rows = [_row(plan, one) for one in people]
        kept = {row["email"] for row in rows}
        with self._database.write() as connection:
            known = select(managed_people.c.email).where(managed_people.c.plan == plan)
            gone = [
                {"of_plan": plan, "of_email": email}
                for email in connection.execute(known).scalars()
                if email not in kept
            ]
            if gone:
                left = managed_people.delete().where(
                    managed_people.c.plan == bindparam("of_plan"),
                    managed_people.c.email == bindparam("of_email"),
                )
                connection.execute(left, gone)
            insert_or_replace(connection, managed_people, rows)

    def load_copies(self, plan: str) -> tuple[ManagerCopy, ...]:
        """What became of each manager's copy last, sorted by address."""
        wanted = rows_of_plan(manager_copies, "email")
        with self._database.read() as connection:
            return tuple(
                ManagerCopy(**{name: value for name, value in row.items() if name != "plan"})
                for row in connection.execute(wanted, {"of_plan": plan}).mappings()
            )

    def save_copies(self, plan: str, copies: Iterable[ManagerCopy], outgoing: Iterable[Message] = ()) -> None:
        """Keep these and no others, and put the mails into the outbox, in one transaction."""
        rows = [
            {
                "plan": plan,
                "email": one.email,
                "period": one.period,
                "digest": one.digest,
                "looked_at": one.looked_at,
            }
            for one in copies
        ]
        with self._database.write() as connection:
            connection.execute(manager_copies.delete().where(manager_copies.c.plan == plan))
            if rows:
                connection.execute(manager_copies.insert(), rows)
            insert_new(connection, messages, [message_row(message) for message in outgoing])


def _row(plan: str, one: ManagedPerson) -> dict[str, object]:
    return {
        "plan": plan,
        "email": one.email,
        "manager_id": one.manager_id,
        "manager": one.manager,
        "name": one.name,
        "looked_at": one.looked_at,
        "read_at": one.read_at,
    }


def _people(rows: Iterable[RowMapping]) -> tuple[ManagedPerson, ...]:
    found = (ManagedPerson(**{name: value for name, value in row.items() if name != "plan"}) for row in rows)
    return tuple(sorted(found, key=lambda one: one.email))
