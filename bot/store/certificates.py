"""The certificates that HR has approved. Implements `bot.ports.certificates.CertificateBook`.

One for each person and offering: whoever comes second changes nothing, and nobody is mailed for it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.domain.certificates import Certificate, paper_of
from bot.store.actions import write_lines
from bot.store.certificate_table import certificates
from bot.store.columns import of_plan
from bot.store.outbox import message_row
from bot.store.schema import messages
from bot.store.upsert import insert_new

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import RowMapping

    from bot.domain.actions import Action
    from bot.domain.messages import Message
    from bot.store.database import Database


class SqlCertificateBook:
    """The certificates in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_certificates(
        self, plan: str, *, course: str | None = None, emails: Collection[str] | None = None
    ) -> tuple[Certificate, ...]:
        """All of the plan, or of one course, of everybody or of these addresses; as they were approved."""
        order = (certificates.c.issued_at, certificates.c.offering, certificates.c.email)
        wanted = select(certificates).where(of_plan(certificates, plan, course)).order_by(*order)
        if emails is not None:
            wanted = wanted.where(certificates.c.email.in_(sorted(emails)))
        with self._database.read() as connection:
            return tuple(map(_certificate, connection.execute(wanted).mappings()))

    def load_certificate(self, code: str) -> Certificate | None:
        """The one of this code, in whatever plan; None where there is none."""
        with self._database.read() as connection:
            row = (
                connection.execute(select(certificates).where(certificates.c.code == code)).mappings().first()
            )
        return None if row is None else _certificate(row)

    def issue(
        self, new: Iterable[Certificate], outgoing: Iterable[Message], *, noted: Iterable[Action] = ()
    ) -> int:
        """Add those of people who have none of the offering yet, and the mails whose key is new.

        All or nothing, with the lines that tell of it. Returns how many certificates were new.
        """
        rows = [_row(one) for one in new]
        with self._database.write() as connection:
            added = insert_new(connection, certificates, rows)
            if added:
                insert_new(connection, messages, [message_row(message) for message in outgoing])
                write_lines(connection, noted)
        return added

    def replace(
        self, code: str, new: Certificate, outgoing: Message, *, noted: Iterable[Action] = ()
    ) -> bool:
        """Put one in the place of that with this code, of the same person and offering, and add the mail.

        All or nothing, with the lines that tell of it. False, and nothing is done, where no certificate has
        the code any more.
        """
        changed = {name: _row(new)[name] for name in ("code", "paper", "issued_at", "issued_by")}
        that = (certificates.c.code == code) & (certificates.c.email == new.email)
        with self._database.write() as connection:
            is_there = connection.execute(certificates.update().where(that).values(changed)).rowcount == 1
            if is_there:
                insert_new(connection, messages, [message_row(outgoing)])
                write_lines(connection, noted)
        return is_there


def _row(one: Certificate) -> dict[str, Any]:
    return {
        "plan": one.plan,
        "course": one.course,
        "offering": one.offering,
        "email": one.email,
        "code": one.code,
        "paper": json.dumps(one.paper.kept, ensure_ascii=False) if one.paper else "",
        "issued_at": one.issued_at,
        "issued_by": one.issued_by,
    }


def _certificate(row: RowMapping) -> Certificate:
    return Certificate(**{**row, "paper": paper_of(json.loads(row["paper"])) if row["paper"] else None})
