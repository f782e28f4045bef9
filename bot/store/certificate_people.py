"""Taking people out of certificates: one who is erased, and everybody in time.

The code stays, and still holds. What was HR's words on somebody's may name another who is erased: it is left
out there.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.domain.registrations import is_stand_in
from bot.store.anonymity import StandIns, anonymise, same_row
from bot.store.certificate_table import certificates

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

NOBODYS = {"paper": "", "issued_by": ""}
LEFT_OUT = "…"


def anonymise_certificates(
    connection: Connection, plan: str, course: str, offering: str, stand_in: Callable[[str], str]
) -> None:
    """Of an offering's certificates whose they are and what stands on them."""
    of_offering = [
        column == value
        for column, value in zip(certificates.primary_key.columns, (plan, course, offering), strict=False)
    ]
    found = connection.execute(select(certificates).where(*of_offering)).mappings().all()
    personal = [row for row in found if not is_stand_in(row["email"]) or row["paper"] or row["issued_by"]]
    anonymise(connection, certificates, personal, lambda row: stand_in(row["email"]), NOBODYS)


def erase_from_certificates(
    connection: Connection, addresses: frozenset[str], names: frozenset[str], stand_ins: StandIns
) -> None:
    """The person's own, where they approved others', and where HR's words on others' name them."""
    table = certificates
    mine = connection.execute(select(table).where(table.c.email.in_(addresses))).mappings().all()
    anonymise(connection, table, mine, stand_ins.of, NOBODYS)
    connection.execute(table.update().where(table.c.issued_by.in_(addresses)).values(issued_by=""))
    named = re.compile(
        "|".join(map(re.escape, sorted(addresses | names, key=len, reverse=True))), re.IGNORECASE
    )
    for row in connection.execute(select(table).where(table.c.paper != "")).mappings().all():
        if named.search(row["paper"]):
            paper = json.dumps(_without(json.loads(row["paper"]), named), ensure_ascii=False)
            connection.execute(table.update().where(*same_row(table, row)).values(paper=paper))


def _without(value: Any, named: re.Pattern[str]) -> Any:
    match value:
        case dict():
            return {key: _without(one, named) for key, one in value.items()}
        case list():
            return [_without(one, named) for one in value]
        case str():
            return named.sub(LEFT_OUT, value)
        case _:
            return value
