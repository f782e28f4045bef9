"""Opening the database at the revision of this program.

Made where it is missing, migrated where it is older.
"""

from __future__ import annotations

from bot.domain.errors import DatabaseFailed
from bot.store.database import Database, connect_database, fetch_revision
from bot.store.new_file import make_tables
from bot.store.schema import REVISIONS


def open_database(url: str) -> Database:
    """Open `sqlite:///file` or `postgresql://…`, at the revision of this program.

    A SQLite file that is missing is made, readable by its owner only, and an older one is migrated.
    Raises DatabaseFailed, with what to do, when the address is not understood, the file or server
    cannot be used, the schema is newer than this program, or (PostgreSQL) older.
    """
    database = connect_database(url)
    try:
        _bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return database


def _bring_up_to_date(database: Database) -> None:
    revision = fetch_revision(database)
    if revision == REVISIONS[-1]:
        return
    if database.file is None:
        raise DatabaseFailed(
            "database_behind", database=database.name, revision=revision or "–", wanted=REVISIONS[-1]
        )
    if revision is None and make_tables(database):
        return
    from bot.store.upgrade import migrate

    migrate(database)
