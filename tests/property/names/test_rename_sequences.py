"""Any sequence of renames: every row of every table goes on being about what it was about, whatever that is called by now.

A plan lives through rounds of edits. In each, any of its things may get another name, also one that something else had before, and
something new may take a name that is free. An old name (`was`) stays in the plan for as long as HR leaves it there. What the format
refuses, an old name that is in use in the same list, HR cannot do: a swap goes by way of a third name, a chain takes a round a name.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.renames import renames_of
from bot.store.database import connect_database
from bot.store.renames import has_old_names, rename_books
from bot.store.schema import metadata, old_names, old_parts
from tests.property.names.books import TABLES, Thing, as_content, content, paths, rows_of, write, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.store.database import Database

NAMES = ("a", "b", "c", "d")
COURSE = 2
"""How many levels a course has below it."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with empty(tmp_path_factory.mktemp("books") / "books.db") as database:
        yield database


def empty(file: Path) -> Database:
    database = connect_database(f"sqlite:///{file}")
    with database.write() as connection:
        metadata.create_all(connection)
    return database


def cleared(database: Database) -> Database:
    with database.write() as connection:
        for table in (*TABLES, old_names, old_parts):
            connection.execute(table.delete())
    return database


class Edits:
    """What HR does, by hypothesis."""

    def __init__(self, data: st.DataObject) -> None:
        self.data, self.tags = data, count(1)

    def thing(self, name: str, depth: int) -> Thing:
        """New, with all that is in it."""
        parts = [self.thing(part, depth - 1) for part in NAMES[: self.draw(st.integers(1, 2))]] if depth else []
        tasks = [Thing(tag=next(self.tags), name=task) for task in NAMES[: self.draw(st.integers(0, 2))]] if depth == COURSE else []
        return Thing(tag=next(self.tags), name=name, parts=parts, tasks=tasks)

    def draw(self, strategy: st.SearchStrategy[int]) -> int:
        return self.data.draw(strategy)

    def round(self, plan: Thing) -> list[Thing]:
        """Rename what is drawn; something new may come. Returns what is new."""
        self.rename([plan])
        new: list[Thing] = []
        for path in [*paths(plan)]:
            if path[-1].parts:
                self.rename(path[-1].parts)
                new += self.add(path[-1].parts, depth=3 - len(path))
            if path[-1].tasks:
                self.rename(path[-1].tasks)
                new += self.add(path[-1].tasks, depth=0)
        return new

    def rename(self, listed: list[Thing]) -> None:
        before = [(one, one.name, one.was) for one in listed]
        for one in listed:
            name = self.data.draw(st.sampled_from([one.name, one.name, *NAMES]))
            if name != one.name:
                one.was, one.name = one.name, name
            elif one.was is not None and self.data.draw(st.booleans()):
                one.was = None
        if not is_valid(listed):
            for one, name, _ in before:
                one.name, one.was = name, None

    def add(self, listed: list[Thing], depth: int) -> list[Thing]:
        name = self.data.draw(st.sampled_from(["", "", "", *NAMES]))
        if not name or name in {one.name for one in listed} | {one.was for one in listed}:
            return []
        new = self.thing(name, depth)
        new.is_late = True
        listed.append(new)
        return [new]


def is_valid(listed: list[Thing]) -> bool:
    """Whether the format takes the ids of one list (`bot.plan.scope.IdsOnce`)."""
    names, before = [one.name for one in listed], [one.was for one in listed if one.was]
    return len({*names}) == len(names) and len({*before}) == len(before) and {*names}.isdisjoint(before)


QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@settings(QUIET, max_examples=settings().max_examples // 6)
@given(data=st.data())
def test_the_books_follow_any_sequence_of_names(books: Database, data: st.DataObject) -> None:
    """Also where a round comes twice; and another plan's books, with the same names, are left alone."""
    follow(books, data)


@pytest.mark.long
@settings(QUIET, max_examples=settings().max_examples)
@given(data=st.data())
def test_the_books_follow_very_many_sequences_of_names(books: Database, data: st.DataObject) -> None:
    follow(books, data)


def follow(books: Database, data: st.DataObject) -> None:
    database, edits = cleared(books), Edits(data)
    plan, other = edits.thing("a", 3), edits.thing("other", 3)
    for one in (plan, other):
        write(database, rows_of(one))
    for _ in range(data.draw(st.integers(1, 4))):
        new = {path[-1].tag for thing in edits.round(plan) for path in paths(thing)}
        renames = renames_of(written(plan))
        for _ in range(2):
            rename_books(database, renames)
            assert content(database, *NAMES) == as_content(rows_of(plan, without=new))
        assert not has_old_names(database, renames)
        write(database, rows_of(plan, only=new))
        assert content(database, *NAMES) == as_content(rows_of(plan))
    assert content(database, "other") == as_content(rows_of(other))
