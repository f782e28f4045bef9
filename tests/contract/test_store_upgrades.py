"""Migrations forwards on real data: from every revision that was released, on both databases, no row is lost or changed."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import MetaData, Table, inspect, select, text

from bot.store.answers import SqlAnswerLog
from bot.store.audiences import SqlAudienceBook
from bot.store.database import connect_database, fetch_revision
from bot.store.ledger import SqlLedger
from bot.store.notes import SqlNoteBook
from bot.store.opening import open_database
from bot.store.people import SqlPeopleBook
from bot.store.schema import REVISIONS, metadata
from bot.store.upgrade import alembic_config, upgrade_database
from tests.contract.old_rows import LISTS, ROWS, value_of


def make_revision(url, revision):
    """A database as the program of that revision left it, with rows in all of its tables; the rows by table."""
    with connect_database(url) as database:
        with database.write() as connection:
            command.upgrade(alembic_config(connection), revision)
        tables = MetaData()
        with database.read() as connection:
            names = [name for name in inspect(connection).get_table_names() if name in metadata.tables]
            for name in names:
                Table(name, tables, autoload_with=connection)
        with database.write() as connection:
            for table in tables.tables.values():
                connection.execute(
                    table.insert(), [{column.name: value_of(column, number) for column in table.columns} for number in range(ROWS)]
                )
        return content(database, tables)


def content(database, tables):
    with database.read() as connection:
        return {
            name: sorted(
                (dict(row) for row in connection.execute(select(table)).mappings()),
                key=lambda row: str([row[one.name] for one in table.primary_key]),
            )
            for name, table in tables.tables.items()
        }


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_row_of_every_released_revision_survives_the_upgrade(empty_database_url, revision):
    """What was there is there, column by column; what is new has its default; and it can be read by today's program."""
    before = make_revision(empty_database_url, revision)
    assert before
    assert all(len(rows) == ROWS for rows in before.values())
    assert upgrade_database(empty_database_url) == (revision, REVISIONS[-1])
    with open_database(empty_database_url) as database:
        assert fetch_revision(database) == REVISIONS[-1]
        now = MetaData()
        with database.read() as connection:
            for name in before:
                Table(name, now, autoload_with=connection)
        after = content(database, now)
        for name, rows in before.items():
            columns = rows[0].keys()
            assert [{column: row[column] for column in columns} for row in after[name]] == rows, name
            added = {column.name for column in now.tables[name].columns} - columns
            assert all(row[column] is not None for row in after[name] for column in added if not now.tables[name].c[column].nullable)
        plan = before["people"][0]["plan"]
        assert [one.name for one in SqlPeopleBook(database).load_people(plan)] == [plan]
        assert len(SqlLedger(database).load_entries(plan)) == 1
        assert len(SqlAnswerLog(database).load_answers(plan)) == 1
        assert len(SqlAnswerLog(database).load_registrations(plan)) == 1
        if "notes" in before:
            assert [note.course for note in SqlNoteBook(database).load_notes(plan)] == [plan]
            assert SqlAudienceBook(database).load_members(plan) == {plan: frozenset(LISTS["members"])}


def test_a_failing_upgrade_leaves_the_database_as_it_was(empty_database_url):
    """One transaction for all of it: the old program goes on, and nothing is half done."""
    before = make_revision(empty_database_url, REVISIONS[0])
    with connect_database(empty_database_url) as database:
        with database.write() as connection:
            # In the way of the last revision.
            connection.execute(text("CREATE TABLE bounces (plan VARCHAR)"))
        with pytest.raises(Exception, match="bounces"):
            upgrade_database(empty_database_url)
        assert fetch_revision(database) == REVISIONS[0]
        tables = MetaData()
        with database.read() as connection:
            for name in before:
                Table(name, tables, autoload_with=connection)
        assert content(database, tables) == before
