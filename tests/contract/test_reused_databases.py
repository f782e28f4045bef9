"""A database that another test had is as new, or nobody gets it."""

from __future__ import annotations

import contextlib

import psycopg
import pytest

from tests.reused_databases import ReusedDatabases

NEW_JOB = "INSERT INTO procrastinate_jobs (queue_name, task_name, priority) VALUES ('q', 't', 0) RETURNING id"


@pytest.fixture
def lent(server):
    with contextlib.closing(ReusedDatabases(server)) as databases:
        yield databases.lent


def test_rows_numbers_and_connections_of_the_one_before_are_gone(lent):
    with lent() as first, psycopg.connect(first) as left:
        (number,) = left.execute(NEW_JOB).fetchone()
        left.commit()
        left.execute("LOCK TABLE actions")
    with lent() as again, psycopg.connect(again) as connection:
        assert again == first
        assert connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,)
        assert connection.execute(NEW_JOB).fetchone() == (number,)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE actions DISABLE TRIGGER ALL",
        "ALTER TABLE people ADD COLUMN more text",
        "CREATE TABLE more (id int)",
        "DROP TABLE ledger CASCADE",
        "DROP INDEX IF EXISTS more; CREATE INDEX more ON people (email)",
        "UPDATE alembic_version SET version_num = '0001'",
        "DELETE FROM alembic_version",
        "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_one_that_is_made_otherwise_is_given_to_nobody(lent, change):
    with lent() as first, psycopg.connect(first) as connection:
        connection.execute(change)
    with lent() as next_one:
        assert next_one != first
