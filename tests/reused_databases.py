"""Databases of a PostgreSQL server that tests take one after another: to make and drop one costs the server a tenth of a second.

| what a test leaves | what happens |
|---|---|
| rows, connections, numbers that were drawn | the tables are emptied, the connections ended, and the next test gets the database |
| another table, column, index, trigger, function …, or other rows than the migrations left | the database is dropped |
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import psycopg
from psycopg.sql import SQL, Identifier

from tests.databases import new_postgres_database

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
GROWN = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s) AND pg_relation_size(oid) > 65536
"""
END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
BEGIN_ANEW = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences WHERE last_value IS NOT NULL
"""
SHAPE = """
SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
SELECT concat_ws(' ', 'relation', oid, relname, relkind, relchecks, reloptions, relrowsecurity) AS line
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT concat_ws(' ', 'column', attrelid, attnum, attname, atttypid, atttypmod, attnotnull, attisdropped, atthasdef)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT concat_ws(' ', 'default', oid, xmin) FROM pg_attrdef
UNION ALL SELECT concat_ws(' ', 'constraint', oid, xmin) FROM pg_constraint
UNION ALL SELECT concat_ws(' ', 'trigger', oid, xmin) FROM pg_trigger
UNION ALL SELECT concat_ws(' ', 'function', oid, xmin) FROM pg_proc WHERE oid >= 16384
UNION ALL SELECT concat_ws(' ', 'type', oid, xmin) FROM pg_type WHERE oid >= 16384
UNION ALL SELECT concat_ws(' ', 'label', oid, xmin) FROM pg_enum
UNION ALL SELECT concat_ws(' ', 'schema', oid, xmin) FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'
UNION ALL SELECT concat_ws(' ', 'extension', oid, xmin) FROM pg_extension
UNION ALL SELECT concat_ws(' ', 'setting', setrole, setconfig) FROM pg_db_role_setting
    WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
) AS lines
"""


class ReusedDatabases:
    """At the newest schema, and as new to whoever takes one."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._free: list[_Reused] = []

    @contextlib.contextmanager
    def lent(self) -> Iterator[str]:
        """The address of a database that nobody else has."""
        one = self._free.pop() if self._free else _Reused(self._server)
        yield one.address
        if one.is_as_new():
            self._free.append(one)
        else:
            one.drop()

    def close(self) -> None:
        for one in self._free:
            one.drop()


class _Reused:
    def __init__(self, server: str) -> None:
        self._life = contextlib.ExitStack()
        self.address = self._life.enter_context(new_postgres_database(server, migrated=True))
        # A connection that stays knows its tables already.
        self._connection = psycopg.connect(self.address, autocommit=True)
        self._tables = [name for (name,) in self._connection.execute(TABLES)]
        self._filled = self._with_rows()
        self._state = self._look()

    def is_as_new(self) -> bool:
        """Emptied; whether nothing of the test is left."""
        try:
            self._connection.execute(END_OTHERS)
            if written := sorted(self._with_rows() - self._filled):
                # Who did what is only added to: its triggers refuse this to everybody else.
                self._connection.execute("SET session_replication_role = replica")
                self._empty(written)
            self._connection.execute(BEGIN_ANEW)
            return self._look() == self._state
        except psycopg.Error:
            return False

    def _empty(self, written: list[str]) -> None:
        """To delete a few rows takes a hundredth of what new files take; but a table that has grown would stay as large."""
        grown = [name for (name,) in self._connection.execute(GROWN, [written])]
        if grown:
            self._connection.execute(SQL("TRUNCATE {} CASCADE").format(SQL(", ").join(map(Identifier, grown))))
        small = [SQL("DELETE FROM {}").format(Identifier(name)) for name in written if name not in grown]
        self._connection.execute(SQL("; ").join(small))

    def drop(self) -> None:
        self._connection.close()
        self._life.close()

    def _with_rows(self) -> set[str]:
        asked = (SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, Identifier(name)) for name in self._tables)
        return {name for (name,) in self._connection.execute(SQL(" UNION ALL ").join(asked))}

    def _look(self) -> list[object]:
        """What the database is made of, and what the migrations have written into it."""
        rows = [self._connection.execute(SQL("SELECT * FROM {}").format(Identifier(name))).fetchall() for name in sorted(self._filled)]
        return [self._connection.execute(SHAPE).fetchone(), self._with_rows(), rows]
