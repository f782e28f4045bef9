"""Which tables have rows of a plan: one question says what each table says by itself, and who asks it leaves the others alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, true

from bot.domain.renames import renames_of
from bot.store.all_tables import metadata
from bot.store.columns import Instant
from bot.store.expired import KeptSince
from bot.store.expiry import expire
from bot.store.filled import filled, plan_tables
from bot.store.opening import open_database
from bot.store.renames import copy_books, has_old_names
from bot.store.schema import actions
from tests.builders.known_people import NOW, fill
from tests.builders.samples import make_plan
from tests.contract.old_rows import value_of

LIMITS = ("participation", "messages", "bounces", "notes", "people", "plan")
KEPT = KeptSince(**dict.fromkeys(LIMITS, NOW - timedelta(days=400)))


@pytest.fixture
def books(database):
    """Rows of `by` wherever a person can stand, and of two others in every third table."""
    fill(database)
    with database.write() as connection:
        for number, plan in enumerate(("land", "ø'?:ø")):
            for table in plan_tables()[number::3]:
                row = {
                    column.name: NOW if isinstance(column.type, Instant) else value_of(column, number)
                    for column in table.columns
                    if column.name != "number"
                }
                connection.execute(table.insert(), row | {"plan": plan})
    return database


@pytest.fixture
def asked(database):
    """What is asked of the database from now on."""
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    return statements


@pytest.mark.parametrize(
    "plans", [("by",), ("land",), ("ø'?:ø", "by"), ("land", "land"), ("nobody",), ("nobody", "ø'?:ø"), ("LAND",), ("",)]
)
def test_one_question_says_what_each_table_says_by_itself(books, plans):
    with books.read() as connection:
        found = filled(connection, plan_tables(), plans)
        for table in plan_tables():
            rows = connection.execute(select(func.count()).select_from(table).where(table.c.plan.in_(plans))).scalar_one()
            assert (table in found) == (rows > 0), table.name


def test_the_tables_are_all_that_say_a_plan_but_for_what_was_done():
    said = {table for table in metadata.tables.values() if "plan" in table.c}
    assert said - {*plan_tables()} == {actions}
    assert {*plan_tables()} <= said


def test_what_is_written_or_goes_is_seen_at_once(books):
    (table,) = (one for one in plan_tables() if one.name == "notes")
    with books.write() as connection:
        assert table in filled(connection, (table,), ("by",))
        connection.execute(table.delete())
        assert filled(connection, (table,), ("by",)) == frozenset()
    with books.read() as connection:
        assert filled(connection, (table,), ("by",)) == frozenset()


def test_of_tables_without_rows_nothing_is_asked_one_by_one(books, asked):
    """However many tables there will be: a plan with none in them costs no more for it."""
    renamed = make_plan(id="nobody", was="no-one")
    assert not has_old_names(books, renames_of(renamed))
    assert len(asked) == 1
    asked.clear()
    expire(books, "nobody", dated={}, audiences=(), kept=KEPT)
    assert len(asked) < len(plan_tables()) / 3


@pytest.mark.parametrize("plans", [("by",), ("land", "ø'?:ø"), ("nobody",)])
def test_a_copy_has_every_row_of_its_plans_and_of_no_other(books, plans, tmp_path):
    """What is no plan's comes along whole: it is what the plans are looked at with."""
    with open_database(f"sqlite:///{tmp_path / 'copy.db'}") as copy:
        copy_books(books, copy, plans)
        for table in metadata.sorted_tables:
            mine = table.c.plan.in_(plans) if "plan" in table.c else true()
            with books.read() as reading, copy.read() as copied:
                there = {repr(row) for row in reading.execute(select(table).where(mine))}
                assert {repr(row) for row in copied.execute(select(table))} == there, table.name
