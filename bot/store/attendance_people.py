"""Taking people out of who came, and out of the certificates of it: one who is erased, and everybody in time.

Counts stand. What is about the list stays as it is, but for who said it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import select

from bot.domain.attendance import OF_THE_LIST
from bot.domain.registrations import ERASED_PREFIX
from bot.store.anonymity import StandIns, anonymise, same_row
from bot.store.attendance_table import attendance_log
from bot.store.certificate_people import anonymise_certificates, erase_from_certificates

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection


def anonymise_attendance(
    connection: Connection, plan: str, course: str, offering: str, stand_in: Callable[[str], str]
) -> None:
    """Of an offering who came, without who it was; somebody known by name alone still counts as one."""
    anonymise_certificates(connection, plan, course, offering, stand_in)
    table = attendance_log
    by_name: defaultdict[str, str] = defaultdict(lambda: f"{ERASED_PREFIX}{uuid4().hex}")
    of_offering = (table.c.plan == plan) & (table.c.course == course) & (table.c.offering == offering)
    for row in connection.execute(select(table).where(of_offering)).mappings().all():
        of_list = row["said"] in OF_THE_LIST
        known = stand_in(row["email"]) if row["email"] else by_name[row["name"].casefold()]
        email = "" if of_list else known
        new = {"email": email, "name": "", "by": ""}
        if any(row[name] != value for name, value in new.items()):
            connection.execute(table.update().where(*same_row(table, row)).values(**new))


def erase_from_attendance(
    connection: Connection, addresses: frozenset[str], names: frozenset[str], stand_ins: StandIns
) -> None:
    """Where the person came, where they said who did, and walk-ins that are known by this name alone."""
    erase_from_certificates(connection, addresses, names, stand_ins)
    table = attendance_log
    mine = connection.execute(select(table).where(table.c.email.in_(addresses))).mappings().all()
    anonymise(connection, table, mine, stand_ins.of, {"by": "", "name": ""})
    connection.execute(table.update().where(table.c.by.in_(addresses | names)).values(by=""))
    called = {name.casefold() for name in names}
    by_name = select(table).where(table.c.email == "", table.c.name != "")
    for row in connection.execute(by_name).mappings().all():
        if row["name"].casefold() in called:
            new = {"email": f"{ERASED_PREFIX}{uuid4().hex}", "name": ""}
            connection.execute(table.update().where(*same_row(table, row)).values(**new))
