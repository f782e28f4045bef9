"""The people that we have invited or heard from. Implements `bot.ports.memory.PeopleBook`.

A person keeps every address that we have known them by, so that an old answer still finds them:

| the new person's | stands for | then |
|---|---|---|
| directory id is known | the same person, also under a new address | replaced; the former addresses become aliases |
| address is known, directory ids do not differ | the same person | replaced; the former addresses become aliases |
| address is known, another directory id | somebody who took over the address | replaced; nothing is inherited |
| address was an alias of somebody else | its owner now | the other one loses the alias |
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam

from bot.domain.people import Language, Person
from bot.store.columns import rows_of_plan
from bot.store.schema import people as people_rows
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from bot.store.database import Database


class SqlPeopleBook:
    """The people in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_people(self, plan: str) -> tuple[Person, ...]:
        """Everybody known, sorted by address."""
        with self._database.read() as connection:
            return _load(connection, plan)

    def save_people(self, plan: str, people: Iterable[Person], *, now: datetime) -> None:
        """Take in people by the table above, in one transaction; those not named stay as they are."""
        arrived = tuple(people)
        if not arrived:
            return
        with self._database.write() as connection:
            before = {person.email: person for person in _load(connection, plan)}
            after = merge_people(before.values(), arrived)
            gone = [{"key_plan": plan, "key_email": email} for email in before if email not in after]
            if gone:
                matches = (
                    people_rows.c.plan == bindparam("key_plan"),
                    people_rows.c.email == bindparam("key_email"),
                )
                statement = people_rows.delete().where(*matches)
                connection.execute(statement, gone)
            seen = {person.email for person in arrived}
            rows = [
                _row(plan, person, now)
                for person in after.values()
                if person.email in seen or person != before.get(person.email)
            ]
            insert_or_replace(connection, people_rows, rows)


def merge_people(before: Iterable[Person], arrived: Iterable[Person]) -> dict[str, Person]:
    """The book after the arrivals, by address; the table is in the module's docstring."""
    book = {person.email: person for person in before}
    by_id = {person.directory_id: person.email for person in book.values() if person.directory_id}
    for person in arrived:
        merged = _with_past(person, _taken_out(book, by_id, person))
        book[merged.email] = merged
        if merged.directory_id:
            by_id[merged.directory_id] = merged.email
    for person in tuple(book.values()):
        owned_by_others = person.aliases & book.keys()
        if owned_by_others:
            book[person.email] = replace(person, aliases=person.aliases - owned_by_others)
    return book


def _taken_out(book: dict[str, Person], by_id: dict[str, str], person: Person) -> list[Person]:
    """Take out of the book whoever the person replaces; returns those whose past is theirs."""
    past = []
    if person.directory_id and by_id.get(person.directory_id) in book:
        past.append(book.pop(by_id[person.directory_id]))
    namesake = book.pop(person.email, None)
    if namesake is not None and (
        namesake.directory_id is None or person.directory_id in {None, namesake.directory_id}
    ):
        past.append(namesake)
    return past


def _with_past(person: Person, past: list[Person]) -> Person:
    """With every address that they have been known under, and the id that one of these had."""
    addresses = frozenset[str]().union(person.aliases, *(one.addresses for one in past))
    known_ids = (one.directory_id for one in past if one.directory_id)
    return replace(
        person,
        aliases=addresses - {person.email},
        directory_id=person.directory_id or next(known_ids, None),
    )


def _load(connection: Connection, plan: str) -> tuple[Person, ...]:
    rows = connection.execute(rows_of_plan(people_rows), {"of_plan": plan}).mappings()
    return tuple(sorted((_person(row) for row in rows), key=lambda person: person.email))


def _row(plan: str, person: Person, now: datetime) -> dict[str, Any]:
    return {
        "plan": plan,
        "email": person.email,
        "name": person.name,
        "language": person.language.value if person.language else None,
        "directory_id": person.directory_id,
        "aliases": sorted(person.aliases),
        "department": person.department,
        "seen_at": now,
    }


def _person(row: RowMapping) -> Person:
    return Person(
        email=row["email"],
        name=row["name"],
        language=Language(row["language"]) if row["language"] else None,
        directory_id=row["directory_id"],
        aliases=frozenset(row["aliases"]),
        department=row["department"],
    )
