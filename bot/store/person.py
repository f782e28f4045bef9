"""All that the database holds about one person, in every plan and every table: for an access request.

A walk over the tables as they are, so that a new one cannot be forgotten: a row is the person's when one of
their addresses, or in a message also their name, among renewed links their directory id, stands anywhere in
it. Of what a row says about others only the part about this person is given: lists and lists by address are
cut down to their entries, and other addresses are masked; of what a plan or a course of it said only that it
names them.
Reads only; what is Outlook's and in backups is not here.
"""

from __future__ import annotations

import operator
import re
from datetime import UTC, datetime
from functools import cache, reduce
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Boolean, Integer, Text, bindparam, cast, func, or_, select

from bot.domain.broadcasts import BROADCAST_PREFIX, ID_LENGTH
from bot.masking import mask_text
from bot.store.all_tables import metadata
from bot.store.approval_tables import course_versions
from bot.store.broadcast_table import broadcasts
from bot.store.columns import Instant, Packed
from bot.store.conversation_tables import app_installs, conversations
from bot.store.desk_plan_tables import desk_plans, plan_drafts
from bot.store.erasure import addresses_of
from bot.store.file_words import words_of
from bot.store.revision_table import plan_revisions
from bot.store.schema import messages, people, person_links
from bot.store.tenant_tables import plan_files, sign_ins

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Column, Connection, Select, Table

    from bot.store.database import Database

JsonRow = dict[str, Any]

PLANS_OWN = {
    course_versions: frozenset({"document"}),
    plan_revisions: frozenset({"document", "digest", "stamp"}),
    plan_files: frozenset({"content"}),
    desk_plans: frozenset({"content"}),
    plan_drafts: frozenset({"changes"}),
}
"""Columns that nobody is shown: HR's plan, with everybody in it."""


def load_person(database: Database, address: str) -> tuple[frozenset[str], dict[str, list[JsonRow]]]:
    """The addresses that we know the person by, and by table (in the schema's order) their rows as JSON.

    Instants RFC 3339 UTC.

    `address` in any case, own or alias. Tables without a row of theirs are left out.
    """
    found: dict[str, list[JsonRow]] = {}
    with database.read() as connection:
        rows = [*connection.execute(select(people)).mappings()]
        own, addresses = addresses_of(rows, address)
        names = frozenset(row["name"] for row in own if row["name"])
        ids = frozenset(row["directory_id"] for row in own if row["directory_id"])
        more = {
            messages: names,
            person_links: ids,
            sign_ins: ids,
            conversations: ids,
            app_installs: ids,
            broadcasts: _written_to(connection, addresses),
            **dict.fromkeys((plan_revisions, desk_plans, plan_drafts), names),
        }
        for table in metadata.tables.values():
            lists = {column.name for column in table.columns if isinstance(column.type, JSON)}
            words = addresses | more.get(table, frozenset())
            about = _pattern(words)
            for row in connection.execute(*_rows_to_look_at(table, words)).mappings():
                # An address that has passed on to somebody else is an alias of theirs now and then; that row
                # is about them.
                if (row in own) if table is people else any(_names(value, about) for value in row.values()):
                    shown = {
                        name: value for name, value in row.items() if name not in PLANS_OWN.get(table, ())
                    }
                    found.setdefault(table.name, []).append(_about(shown, addresses, names, lists))
    return addresses, found


def _rows_to_look_at(table: Table, words: Collection[str]) -> tuple[Select[Any], dict[str, str]]:
    """A statement, and what to run it with: the database reads hundreds of thousands of rows in no time.

    Every row that names the person is among those that it gives. Letters beyond ASCII have other cases and
    spellings in databases and in JSON, so with one of those every row is looked at.
    """
    if not _is_text(table) or not all(word.isascii() for word in words):
        return _rows_with(table, words=0), {}
    bound = {f"word_{number}": _escaped(word) for number, word in enumerate(sorted(words))}
    return _rows_with(table, words=len(bound)), bound


@cache
def _is_text(table: Table) -> bool:
    """Whether the database finds a word in a row of the table as it stands."""
    texts = _texts(table)
    packed = any(isinstance(one.type, Packed) for one in texts)
    return bool(texts) and not packed and table not in {people, plan_files, desk_plans}


def _texts(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if not isinstance(column.type, (Boolean, Integer, Instant))]


# Made once: to make all of them takes several times as long as to run them.
@cache
def _rows_with(table: Table, *, words: int) -> Select[Any]:
    """All rows, or those that have one of so many words (`word_0` and on, `_escaped`) somewhere."""
    rows = select(table).order_by(*table.primary_key.columns)
    if not words:
        return rows
    texts = (func.coalesce(cast(one, Text), "") + " " for one in _texts(table))
    whole = func.lower(reduce(operator.add, texts))
    named = (whole.contains(bindparam(f"word_{number}"), escape="/") for number in range(words))
    return rows.where(or_(*named))


def _escaped(word: str) -> str:
    """In small letters, with nothing in it that LIKE would take for something else."""
    return re.sub("[/%_]", r"/\g<0>", word.lower())


def load_addresses(database: Database, address: str) -> frozenset[str]:
    """Every address that we know the person behind this one by (any case, own or alias), itself too."""
    with database.read() as connection:
        return addresses_of([*connection.execute(select(people)).mappings()], address)[1]


def _written_to(connection: Connection, addresses: frozenset[str]) -> frozenset[str]:
    """The ids of what HR wrote to the person in its own words."""
    keys = select(messages.c.key).where(messages.c.email.in_(addresses))
    found = connection.execute(keys.where(messages.c.key.startswith(BROADCAST_PREFIX))).scalars()
    return frozenset(key.removeprefix(BROADCAST_PREFIX)[:ID_LENGTH] for key in found)


def _pattern(words: Collection[str]) -> re.Pattern[str]:
    """Any of these as a whole: an address ends in many others."""
    return re.compile(
        rf"(?<![\w.+%-])(?:{'|'.join(map(re.escape, sorted(words)))})(?![\w-]|\.\w)", re.IGNORECASE
    )


def _names(value: object, about: re.Pattern[str]) -> bool:
    match value:
        case str():
            return about.search(value) is not None
        case bytes():
            return about.search(words_of(value) or "") is not None
        case dict():
            return any(_names(one, about) for pair in value.items() for one in pair)
        case list():
            return any(_names(one, about) for one in value)
        case _:
            return False


def _about(
    row: Mapping[str, Any], addresses: frozenset[str], names: frozenset[str], lists: set[str]
) -> JsonRow:
    return {
        name: _own_part(value, addresses | names) if name in lists else _shown(value, addresses)
        for name, value in row.items()
    }


def _own_part(value: object, own: frozenset[str]) -> object:
    """Of a list, or a list by address, the person's entries; of anything else what names nobody else."""
    match value:
        case dict():
            by_address = any("@" in key for key in value)
            return {key: _shown(one, own) for key, one in value.items() if not by_address or key in own}
        case list() if any(isinstance(one, str) and "@" in one for one in value):
            return [one for one in value if one in own]
        case _:
            return value


def _shown(value: object, own: frozenset[str]) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case str():
            return value if value in own else mask_text(value)
        case _:
            return value
