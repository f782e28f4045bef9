"""Making a new SQLite file at once: the schema as the migrations build it, without running each of them.

`migrations/new_file.sql` is what they leave in an empty file, statement by statement; a test holds the two
together, and writes the file anew where it is told to. Alembic alone takes longer to load than all of it.
PostgreSQL is built by its migrations.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.store.schema import REVISIONS

if TYPE_CHECKING:
    from bot.store.database import Database

STATEMENTS = Path(__file__).parent / "migrations" / "new_file.sql"
BETWEEN = ";\n\n"
"""Between two statements: the body of a trigger has semicolons of its own."""


def make_tables(database: Database) -> bool:
    """All tables in one transaction; False, and nothing is done, where there are some already."""
    with database.write() as connection:
        if connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE type = 'table' LIMIT 1").first():
            return False
        # By the driver itself: a hundred statements have no values nor rows for SQLAlchemy to look after.
        cursor = connection.connection.cursor()
        for statement in STATEMENTS.read_text("utf-8").strip().split(BETWEEN):
            cursor.execute(statement)
        connection.exec_driver_sql("INSERT INTO alembic_version (version_num) VALUES (?)", (REVISIONS[-1],))
    return True
