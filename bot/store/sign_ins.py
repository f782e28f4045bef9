"""Which browsers are signed in to the desk. Implements `bot.ports.sign_ins.SignInBook`.

Rows belong to nobody's plan; they go by themselves within a working day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, or_, select, update

from bot.domain.sign_in import Role, SignIn, Visitor
from bot.store.tenant_tables import sign_ins

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.database import Database

_OVER = delete(sign_ins).where(
    or_(sign_ins.c.begun_at < bindparam("begun_before"), sign_ins.c.seen_at < bindparam("seen_before"))
)
"""Made once: each round lets go of them."""


class SqlSignInBook:
    """The sign-ins in a database, one row for each browser."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, sign_in: SignIn) -> None:
        """Keep a new one."""
        visitor = sign_in.visitor
        row = {
            "key": sign_in.key,
            "subject": visitor.subject,
            "email": visitor.email,
            "name": visitor.name,
            "roles": sorted(visitor.roles),
            "proved_at": visitor.proved_at,
            "vouches": visitor.vouches,
            "group_ids": None if visitor.groups is None else sorted(visitor.groups),
            "begun_at": sign_in.begun_at,
            "seen_at": sign_in.seen_at,
        }
        with self._database.write() as connection:
            connection.execute(sign_ins.insert(), [row])

    def load(self, key: str) -> SignIn | None:
        """The one with this key; roles that this version does not know are left out."""
        with self._database.read() as connection:
            row = connection.execute(select(sign_ins).where(sign_ins.c.key == key)).mappings().one_or_none()
        if row is None:
            return None
        visitor = Visitor(
            subject=row["subject"],
            email=row["email"],
            name=row["name"],
            roles=frozenset(role for role in Role if role.value in row["roles"]),
            proved_at=row["proved_at"],
            vouches=row["vouches"],
            groups=None if row["group_ids"] is None else frozenset(row["group_ids"]),
        )
        return SignIn(key=key, visitor=visitor, begun_at=row["begun_at"], seen_at=row["seen_at"])

    def note_seen(self, key: str, at: datetime) -> None:
        """That a page was shown."""
        with self._database.write() as connection:
            connection.execute(update(sign_ins).where(sign_ins.c.key == key).values(seen_at=at))

    def end(self, key: str) -> None:
        """This browser is signed out."""
        with self._database.write() as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.key == key))

    def end_all(self, subject: str) -> int:
        """Every browser of this person is signed out; how many there were."""
        with self._database.write() as connection:
            return connection.execute(delete(sign_ins).where(sign_ins.c.subject == subject)).rowcount

    def let_go(self, *, begun_before: datetime, seen_before: datetime) -> int:
        """Delete what began or was last seen before these instants (UTC); how many there were."""
        limits = {"begun_before": begun_before, "seen_before": seen_before}
        with self._database.write() as connection:
            return connection.execute(_OVER, limits).rowcount
