"""The books under new names, on every database: every table, all or nothing, twice is once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import JSON, select

from bot.domain.plan import Offering
from bot.domain.renames import renames_of
from bot.store.all_tables import metadata
from bot.store.columns import Instant
from bot.store.plan_ids import forget_plan, load_plan_ids
from bot.store.renames import DOCUMENTS, has_old_names, rename_books
from bot.store.schema import seat_log
from tests.builders.samples import make_course, make_plan, make_session
from tests.contract.old_rows import ROWS, value_of

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
IDS = {"plan": "old", "course": "a", "offering": "b", "session": "c"}
NEW = make_plan(
    make_course("x", was="a", offerings=(Offering(id="y", was="b", sessions=(make_session("z", was="c"),)),)), id="new", was="old"
)
RENAMES = renames_of(NEW)
WITHOUT_IDS = {
    "desired_fields", "observed_fields", "desired_attendees", "invited_since", "aliases", "members", "edit", "rooms_declined", "reasons",
    "shape", "facts", "clashes", "value", "evidence", "told", "found", "letters", "mailed", "ids", "roles", "group_ids", "body", "reports",
}  # fmt: skip
"""Columns of JSON that name no course, offering or session."""
WITH_IDS = {"answers", "params", *(column for _, column in DOCUMENTS)}


def test_every_column_of_json_is_known_to_have_ids_or_none():
    """A new one has to be thought of: what stands in it is not found by the name of a column."""
    found = {column.name for table in metadata.tables.values() for column in table.columns if isinstance(column.type, JSON)}
    assert found - WITHOUT_IDS == WITH_IDS


def filled(database, **ids):
    """Three rows in every table, all of them of these ids where a table has them."""
    with database.write() as connection:
        for table in metadata.sorted_tables:
            if "plan" not in table.c:
                continue
            rows = []
            for number in range(ROWS):
                row = {column.name: _value(column, number) for column in table.columns if column.name != "number"} | {
                    n: v for n, v in ids.items() if n in table.c
                }
                fixed = {column.name for column in table.primary_key} <= ids.keys()
                rows += [row] if number == 0 or not fixed else []
            connection.execute(table.insert(), [_sound(table.name, row) for row in rows])


def _value(column, number):
    return NOW + timedelta(days=number) if isinstance(column.type, Instant) else value_of(column, number)


def _sound(table, row):
    sound = {"messages": {"params": {}, "state": "sent", "kind": "changed"}, "course_versions": {"document": {"id": "old", "courses": []}}}
    sound["plan_revisions"] = sound["course_versions"]
    for keyed, key in (
        ("actions", "id"),
        ("plan_files", "source"),
        ("plan_drafts", "id"),
        ("attendance_log", "key"),
        ("evaluation_answers", "key"),
        ("certificates", "code"),
    ):
        sound[keyed] = {key: uuid4().hex}
    return row | sound.get(table, {})


def ids_of(database):
    found = {}
    with database.read() as connection:
        for table in metadata.sorted_tables:
            names = [name for name in IDS if name in table.c]
            if "plan" in names:
                found[table.name] = {tuple(row) for row in connection.execute(select(*(table.c[name] for name in names)))}
    return found


def test_every_table_has_the_new_names_and_a_second_time_nothing_is_left_to_do(database):
    filled(database, **IDS)
    assert has_old_names(database, RENAMES)
    rename_books(database, RENAMES)
    today = ("new", "x", "y", "z")
    others = {"actions": {("old", "a")}, "old_names": {("new", "x"), ("new", "")}, "old_parts": {today, ("new", "x", "y", "")}}
    """What was done was done under the name of then, and what a link of then says is known by the names of today."""
    for table, found in ids_of(database).items():
        assert found == others.get(table, {today[: len(next(iter(found)))]}), table
    assert not has_old_names(database, RENAMES)
    before = ids_of(database)
    rename_books(database, RENAMES)
    assert ids_of(database) == before


def test_lines_of_both_ids_stand_one_after_the_other(database):
    """What the new id has by now is later."""
    filled(database, **IDS)
    filled(database, plan="new", course="x", offering="y", session="other")
    rename_books(database, renames_of(replace(NEW, was="old")))
    with database.read() as connection:
        numbers = connection.execute(select(seat_log.c.seq).where(seat_log.c.plan == "new").order_by(seat_log.c.seq)).scalars().all()
    assert len(set(numbers)) == 2 * ROWS


def test_a_plan_that_is_forgotten_leaves_the_others(database):
    filled(database, **IDS)
    filled(database, **IDS | {"plan": "other"})
    assert [one.id for one in load_plan_ids(database, now=NOW)] == ["old", "other"]
    assert forget_plan(database, "old") > 0
    assert [one.id for one in load_plan_ids(database, now=NOW)] == ["other"]
    assert forget_plan(database, "old") == 0
