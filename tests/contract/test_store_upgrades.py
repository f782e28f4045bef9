"""Migrations forwards on real data: from every revision that was released, on both databases, no row is lost or changed.

One database goes up all the stairs, and gets rows at each of them; from a few revisions, and in the long play from every one, the whole
way is gone in one go, as it is at work.
"""

from __future__ import annotations

from contextlib import ExitStack
from shutil import copyfile

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Column, MetaData, Table, inspect, select, text

from bot.store.all_tables import metadata
from bot.store.answers import SqlAnswerLog
from bot.store.audiences import SqlAudienceBook
from bot.store.database import connect_database, fetch_revision
from bot.store.ledger import SqlLedger
from bot.store.notes import SqlNoteBook
from bot.store.opening import open_database
from bot.store.people import SqlPeopleBook
from bot.store.schema import REVISIONS
from bot.store.upgrade import alembic_config, upgrade_database
from tests.contract.old_rows import LISTS, ROWS, value_of
from tests.databases import new_postgres_database

IN_ONE_GO = {*REVISIONS[::12], *REVISIONS[-2:]}
"""From where every day."""


@pytest.fixture(scope="module", autouse=True)
def scripts_read_once():
    """Every step of the stairs would read the files of all migrations anew."""
    known = ScriptDirectory.from_config(alembic_config())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ScriptDirectory, "from_config", lambda _: known)
        yield


class Stairs:
    """A database that goes up with the revisions: each migration is run once on the way to all of them, and copies are looked at."""

    def __init__(self, new):
        self._new, self._url, self._step = new, None, -1

    def up_to(self, revision):
        """The address of a database as it is before the next revision."""
        if REVISIONS.index(revision) < self._step or self._url is None:
            self._url = self._new()
        self._step = REVISIONS.index(revision)
        with connect_database(self._url) as database, database.write() as connection:
            command.upgrade(alembic_config(connection), revision)
        return self._url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stairs(request, tmp_path_factory):
    with ExitStack() as stack:
        if request.param == "sqlite":
            yield Stairs(lambda: f"sqlite:///{tmp_path_factory.mktemp('stairs') / 'kursusbot.db'}")
        else:
            server = request.getfixturevalue("server")
            yield Stairs(lambda: stack.enter_context(new_postgres_database(server)))


@pytest.fixture
def old_database_url(stairs, revision, tmp_path, request):
    """The address of a database as the program of that revision left it, without rows."""
    base = stairs.up_to(revision)
    if base.startswith("sqlite"):
        copied = copyfile(base.removeprefix("sqlite:///"), tmp_path / "kursusbot.db")
        copied.chmod(0o600)
        yield f"sqlite:///{copied}"
        return
    with new_postgres_database(request.getfixturevalue("server"), like=base) as address:
        yield address


def with_rows(url):
    """Rows in all of its tables; the rows by table."""
    with connect_database(url) as database:
        with database.read() as connection:
            tables = tables_of(connection, [name for name in inspect(connection).get_table_names() if name in metadata.tables])
        with database.write() as connection:
            for table in tables.tables.values():
                connection.execute(table.insert(), [*rows_of(table, range(ROWS))])
        return content(database, tables)


def rows_of(table, numbers):
    return ({column.name: value_of(column, number) for column in table.columns} for number in numbers)


class Tables:
    """Those that a database has at a revision; most are as they were at the one before, and what is known of them stays known."""

    def __init__(self):
        self._known = {}

    def of(self, connection):
        looked = inspect(connection)
        keys = {name: one["constrained_columns"] for (_, name), one in looked.get_multi_pk_constraint().items()}
        for (_, name), columns in looked.get_multi_columns().items():
            if name in metadata.tables:
                shape = repr(columns), repr(keys[name])
                if shape not in self._known:
                    parts = (Column(one["name"], one["type"], primary_key=one["name"] in keys[name]) for one in columns)
                    self._known[shape] = Table(name, MetaData(), *parts)
                yield self._known[shape]


def tables_of(connection, names):
    """As they are in the database."""
    found = MetaData()
    found.reflect(connection, only=list(names))
    return found


def content(database, tables):
    with database.read() as connection:
        return {
            name: sorted(
                (dict(row) for row in connection.execute(select(table)).mappings()),
                key=lambda row: str([row[one.name] for one in table.primary_key]),
            )
            for name, table in tables.tables.items()
        }


def test_rows_of_every_released_revision_survive_every_step(empty_database_url):
    """What was written at a revision is there at the newest, column by column; and it can be read by today's program."""
    known, before = Tables(), {}
    with connect_database(empty_database_url) as database:
        for step, revision in enumerate(REVISIONS):
            with database.write() as connection:
                command.upgrade(alembic_config(connection), revision)
                for table in known.of(connection):
                    if table.name not in before:
                        # A new table may have been filled from older ones.
                        before[table.name] = [dict(row) for row in connection.execute(select(table)).mappings()]
                    rows = [*rows_of(table, [step])]
                    connection.execute(table.insert(), rows)
                    before[table.name] += rows
        with database.read() as connection:
            after = content(database, tables_of(connection, before))
    assert {*before} == {*metadata.tables} & {*after}
    for name, rows in before.items():
        assert len(rows) == len(after[name])
        now = {at(row, metadata.tables[name]): row for row in after[name]}
        for row in rows:
            found = now[at(row, metadata.tables[name])]
            assert {column: found[column] for column in row} == row, name
    with open_database(empty_database_url) as database:
        for row in before["people"]:
            can_be_read(database, row["plan"])


def at(row, table):
    """What it is known by; the same at every revision."""
    return tuple(row[column.name] for column in table.primary_key)


def can_be_read(database, plan):
    assert [one.name for one in SqlPeopleBook(database).load_people(plan)] == [plan]
    assert len(SqlLedger(database).load_entries(plan)) == 1
    assert len(SqlAnswerLog(database).load_answers(plan)) == 1
    assert len(SqlAnswerLog(database).load_registrations(plan)) == 1


@pytest.mark.parametrize("revision", [one if one in IN_ONE_GO else pytest.param(one, marks=pytest.mark.long) for one in REVISIONS])
def test_every_row_of_every_released_revision_survives_the_upgrade(old_database_url, revision):
    """What was there is there, column by column; what is new has its default; and it can be read by today's program."""
    before = with_rows(old_database_url)
    assert before
    assert all(len(rows) == ROWS for rows in before.values())
    assert upgrade_database(old_database_url) == (revision, REVISIONS[-1])
    with open_database(old_database_url) as database:
        assert fetch_revision(database) == REVISIONS[-1]
        with database.read() as connection:
            now = tables_of(connection, before)
        after = content(database, now)
        for name, rows in before.items():
            columns = rows[0].keys()
            assert [{column: row[column] for column in columns} for row in after[name]] == rows, name
            added = {column.name for column in now.tables[name].columns} - columns
            assert all(row[column] is not None for row in after[name] for column in added if not now.tables[name].c[column].nullable)
        plan = before["people"][0]["plan"]
        can_be_read(database, plan)
        if "notes" in before:
            assert [note.course for note in SqlNoteBook(database).load_notes(plan)] == [plan]
            assert SqlAudienceBook(database).load_members(plan) == {plan: frozenset(LISTS["members"])}


@pytest.mark.parametrize("revision", REVISIONS[:1])
def test_a_failing_upgrade_leaves_the_database_as_it_was(old_database_url, revision):
    """One transaction for all of it: the old program goes on, and nothing is half done."""
    before = with_rows(old_database_url)
    with connect_database(old_database_url) as database:
        with database.write() as connection:
            # In the way of the last revision.
            connection.execute(text("CREATE TABLE bounces (plan VARCHAR)"))
        with pytest.raises(Exception, match="bounces"):
            upgrade_database(old_database_url)
        assert fetch_revision(database) == revision
        with database.read() as connection:
            tables = tables_of(connection, before)
        assert content(database, tables) == before
