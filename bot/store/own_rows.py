"""What stands under a person's own addresses in some plans, and which people the plans know: for a page.

Much quicker than `bot.store.person`, which reads every row of every table for whoever is named in it.

| table | rows |
|---|---|
| people, registrations, answers, seat log, messages, HR's word on reminders, bounces | with an address of the person |
| notes, comments, answers to questions and about tasks, who is asked about their sign-ups, who is their manager | the same |
| who came, certificates, that they have evaluated | the same |
| ledger | of events on which an address of theirs stands; only since when |
| renewed links | by directory id or address |
| HR's own words | that a message to them is of; no more than what they are called |

A row looks as there: instants RFC 3339 UTC.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import false, not_, or_, select

from bot.domain.broadcasts import BROADCAST_PREFIX, ID_LENGTH
from bot.domain.people import Person
from bot.store.attendance_table import attendance_log
from bot.store.broadcast_table import broadcasts
from bot.store.certificate_table import certificates
from bot.store.evaluation_tables import evaluation_done
from bot.store.manager_tables import approval_asks, managed_people, manager_copies
from bot.store.question_table import question_answers
from bot.store.reminder_table import reminder_words
from bot.store.schema import (
    answer_comments,
    answers,
    bounces,
    ledger,
    messages,
    notes,
    people,
    person_links,
    registrations,
    seat_log,
    unplaced_returns,
)
from bot.store.task_answer_table import task_answers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

    from bot.store.database import Database

JsonRow = dict[str, Any]

BY_ADDRESS = (
    people,
    registrations,
    answers,
    seat_log,
    messages,
    reminder_words,
    bounces,
    unplaced_returns,
    notes,
    answer_comments,
    question_answers,
    task_answers,
    attendance_log,
    evaluation_done,
    certificates,
    approval_asks,
    managed_people,
    manager_copies,
)
EVENT = ("plan", "course", "offering", "session", "part", "starts_at", "ends_at")


def load_own_rows(
    database: Database, addresses: Collection[str], ids: Collection[str], plans: Collection[str]
) -> dict[str, list[JsonRow]]:
    """By table the rows of a person in these plans, by the table above; `ids` are directory ids."""
    found: dict[str, list[JsonRow]] = {}
    with database.read() as connection:
        for table in BY_ADDRESS:
            # SQLite would rather read a whole plan than look up an address, were it asked for both.
            mine = select(table).where(table.c.email.in_(addresses)).order_by(*table.primary_key.columns)
            rows = connection.execute(mine).mappings()
            found[table.name] = [_shown(dict(row).items()) for row in rows if row["plan"] in plans]
        renewed = select(person_links).where(
            person_links.c.person.in_({*addresses, *ids}), person_links.c.plan.in_(plans)
        )
        found[person_links.name] = [
            _shown(dict(row).items()) for row in connection.execute(renewed).mappings()
        ]
        found[ledger.name] = _events(connection, addresses, plans)
        found[broadcasts.name] = _own_words(connection, found[messages.name])
    return {table: rows for table, rows in found.items() if rows}


def _own_words(connection: Connection, theirs: Iterable[JsonRow]) -> list[JsonRow]:
    """What HR's own words among these messages were."""
    ids = {
        key.removeprefix(BROADCAST_PREFIX)[:ID_LENGTH]
        for one in theirs
        if (key := one["key"]).startswith(BROADCAST_PREFIX)
    }
    if not ids:
        return []
    columns = (broadcasts.c.plan, broadcasts.c.course, broadcasts.c.id, broadcasts.c.words)
    rows = connection.execute(select(*columns).where(broadcasts.c.id.in_(ids))).mappings()
    return [dict(row) for row in rows]


def load_address_of(database: Database, directory_id: str) -> str | None:
    """An address of the person of this directory id in any plan, None where none knows them."""
    wanted = (
        select(people.c.email).where(people.c.directory_id == directory_id).order_by(people.c.seen_at.desc())
    )
    with database.read() as connection:
        found: str | None = connection.execute(wanted).scalars().first()
    return found


def load_plans_with(database: Database, addresses: Collection[str]) -> tuple[str, ...]:
    """The ids of all plans in whose books somebody stands by one of these addresses."""
    found: set[str] = set()
    with database.read() as connection:
        for table in BY_ADDRESS:
            named = select(table.c.plan).where(table.c.email.in_(addresses)).distinct()
            found.update(connection.execute(named).scalars())
    return tuple(sorted(found))


def _events(connection: Connection, addresses: Collection[str], plans: Collection[str]) -> list[JsonRow]:
    """The events that they stand on; the database looks into the lists, which have hundreds of people."""
    # What ends the name in a path into JSON is in no address that Exchange takes. SQLite finds a name as it
    # is written, where JSON writes letters beyond ASCII as numbers.
    safe = sorted(one for one in addresses if not set('"\\') & {*one})
    spelt = [(one, word) for one in safe for word in dict.fromkeys((one, json.dumps(one)[1:-1]))]
    since = [ledger.c.invited_since[word].as_string() for _, word in spelt]
    listed = [ledger.c.desired_attendees[word].as_string() for _, word in spelt]
    columns = [ledger.c[name] for name in EVENT]
    named = or_(false(), *(one.is_not(None) for one in (*since, *listed)))
    rows = connection.execute(
        select(*columns, *(one.label(f"since_{number}") for number, one in enumerate(since)))
        .where(ledger.c.plan.in_(plans), named)
        .order_by(*ledger.primary_key.columns)
    ).mappings()
    return [
        _shown((name, row[name]) for name in EVENT)
        | {
            "invited_since": {
                one: at for number, (one, _) in enumerate(spelt) if (at := row[f"since_{number}"]) is not None
            }
        }
        for row in rows
    ]


def _shown(row: Iterable[tuple[str, Any]]) -> JsonRow:
    return {
        name: value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        if isinstance(value, datetime)
        else value
        for name, value in row
    }


def load_known_people(database: Database, plans: Collection[str]) -> dict[str, tuple[Person, ...]]:
    """By plan everybody that it knows, outsiders too: they have a registration, and are in no audience.

    Who was erased is nobody.
    """
    columns = (registrations.c.plan, registrations.c.email, registrations.c.name, registrations.c.department)
    outside = select(*columns).where(
        registrations.c.plan.in_(plans),
        not_(registrations.c.invited),
        registrations.c.email.contains("@"),
    )
    known: dict[str, dict[str, Person]] = {}
    with database.read() as connection:
        for row in connection.execute(outside.distinct()).mappings():
            person = Person(email=row["email"], name=row["name"], department=row["department"])
            known.setdefault(row["plan"], {}).setdefault(person.email, person)
        for row in connection.execute(select(people).where(people.c.plan.in_(plans))).mappings():
            known.setdefault(row["plan"], {})[row["email"]] = Person(
                email=row["email"],
                name=row["name"],
                directory_id=row["directory_id"],
                aliases=frozenset(row["aliases"]),
                department=row["department"],
            )
    return {plan: tuple(found.values()) for plan, found in known.items()}
