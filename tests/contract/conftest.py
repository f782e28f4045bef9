"""One suite, every implementation: each test that asks for `database` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from bot.store.database import Database
from bot.store.opening import open_database
from tests.builders.known_people import fill
from tests.databases import new_postgres_database, new_sqlite_database
from tests.reused_databases import ReusedDatabases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def empty_postgres(server: str) -> Iterator[str]:
    with new_postgres_database(server) as address:
        yield address


@pytest.fixture(scope="session")
def reused_databases(server: str) -> Iterator[ReusedDatabases]:
    with contextlib.closing(ReusedDatabases(server)) as databases:
        yield databases


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without a schema."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kursusbot.db'}"
    address: str = request.getfixturevalue("empty_postgres")
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database at the newest schema."""
    if request.param == "sqlite":
        yield new_sqlite_database(tmp_path / "kursusbot.db")
        return
    with request.getfixturevalue("reused_databases").lent() as address:
        yield address


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with open_database(database_url) as opened:
        yield opened


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def known_people(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A person in every table and a crowd around them, for the tests of a file that only read."""
    with contextlib.ExitStack() as life:
        if request.param == "sqlite":
            address = new_sqlite_database(tmp_path_factory.mktemp("known") / "kursusbot.db")
        else:
            address = life.enter_context(request.getfixturevalue("reused_databases").lent())
        database = life.enter_context(open_database(address))
        fill(database)
        yield database
