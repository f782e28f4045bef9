"""Migrating the schema with Alembic: `db upgrade`, and the opening of an older SQLite file.

Loading Alembic takes longer than most commands run, so this module is imported only where something
is to be migrated. The whole upgrade is one transaction, and a second process that wants the same
waits for it and then finds nothing to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from bot.store.database import connect_database, fetch_revision
from bot.store.schema import REVISIONS

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.store.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 0x6B757273_7570  # "kursup": one upgrade at a time on a PostgreSQL server


def upgrade_database(url: str) -> tuple[str | None, str]:
    """Migrate to the newest revision; returns the revisions before (None: empty) and after.

    Raises DatabaseFailed like `open_database`.
    """
    with connect_database(url) as database:
        before = fetch_revision(database)
        migrate(database)
        return before, REVISIONS[-1]


def migrate(database: Database) -> None:
    """Run every migration that the database has not had, in one transaction."""
    with database.write() as connection:
        if database.file is None:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration without a file; `migrations/env.py` finds the connection in it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
