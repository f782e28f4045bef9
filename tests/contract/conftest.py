"""One suite, every implementation: each test that asks for `database` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.store.database import Database, open_database
from bot.store.upgrade import upgrade_database
from tests.databases import new_postgres_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def empty_postgres(server: str) -> Iterator[str]:
    with new_postgres_database(server) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without a schema."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kursusbot.db'}"
    address: str = request.getfixturevalue("empty_postgres")
    return address


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    upgrade_database(empty_database_url)
    return empty_database_url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with open_database(database_url) as opened:
        yield opened
