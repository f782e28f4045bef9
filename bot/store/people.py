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
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from bot.domain.people import Language, Person
from bot.store.schema import people as people_rows
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.store.database import Database


# Made once: a press in Teams reads everybody several times.
_OF_PLAN = select(
    people_rows.c.email,
    people_rows.c.name,
    people_rows.c.language,
    people_rows.c.directory_id,
    people_rows.c.aliases,
    people_rows.c.department,
).where(people_rows.c.plan == bindparam("of_plan"))
_LANGUAGES: dict[str | None, Language | None] = {None: None} | {one.value: one for one in Language}
_NOBODY: frozenset[str] = frozenset()


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
    people = [
        Person(
            email=email,
            name=name,
            language=_LANGUAGES[language],
            directory_id=directory_id,
            aliases=frozenset(aliases) if aliases else _NOBODY,
            department=department,
        )
        for email, name, language, directory_id, aliases, department in connection.execute(
            _OF_PLAN, {"of_plan": plan}
        ).all()
    ]
    return tuple(sorted(people, key=attrgetter("email")))


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
