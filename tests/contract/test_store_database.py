"""Opening and migrating: fast when up to date, careful with what is not ours, and clear about what to do."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError

from bot.domain.errors import DatabaseFailed
from bot.domain.people import Language
from bot.i18n.catalogue import error_text
from bot.store.all_tables import metadata
from bot.store.database import connect_database, fetch_revision, libpq_address
from bot.store.new_file import BETWEEN, STATEMENTS, make_tables
from bot.store.opening import open_database
from bot.store.schema import REVISIONS
from bot.store.tenant_tables import group_counts
from bot.store.upgrade import MIGRATIONS, alembic_config, migrate, upgrade_database


def refusal(url: str) -> DatabaseFailed:
    with pytest.raises(DatabaseFailed) as caught, open_database(url):
        pass
    for language in Language:
        assert error_text(language, caught.value)
    return caught.value


def test_the_tables_and_the_migrations_agree(database):
    """What the migrations build is what the program thinks is there."""

    def is_ours(_table, name, *_more):
        return not str(name).startswith(("procrastinate_", "idx_procrastinate_"))

    with database.read() as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_object": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def statements_of(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        return ["\n".join(line.rstrip() for line in statement.strip().splitlines()) for (statement,) in found]


def test_a_new_file_is_what_the_migrations_make_of_an_empty_one(tmp_path):
    """Statement by statement; `KURSUSBOT_GOLDEN=write` writes down what a new revision has made of it."""
    with connect_database(f"sqlite:///{tmp_path / 'migrated.db'}") as database:
        migrate(database)
    migrated = statements_of(tmp_path / "migrated.db")
    assert not any(BETWEEN in one for one in migrated)
    if os.environ.get("KURSUSBOT_GOLDEN") == "write":
        STATEMENTS.write_text(BETWEEN.join(migrated) + "\n", "utf-8")
    assert STATEMENTS.read_text("utf-8").strip().split(BETWEEN) == migrated
    with open_database(f"sqlite:///{tmp_path / 'new.db'}") as database:
        assert fetch_revision(database) == REVISIONS[-1]
    assert statements_of(tmp_path / "new.db") == migrated


def test_whoever_finds_tables_makes_none(tmp_path):
    """Two programs may find the same file missing: the second waits for the first, and then leaves it alone."""
    with connect_database(f"sqlite:///{tmp_path / 'k.db'}") as database:
        assert make_tables(database)
        assert not make_tables(database)
    with connect_database(f"sqlite:///{tmp_path / 'half.db'}") as database:
        with database.write() as connection:
            command.upgrade(alembic_config(connection), REVISIONS[0])
            connection.execute(text("DROP TABLE alembic_version"))
        assert not make_tables(database)


def test_a_new_file_is_made_whole_or_not_at_all(tmp_path, monkeypatch):
    """The disk is full in the middle of it: that is told as of any other statement, and the next program begins at the beginning."""
    with connect_database(f"sqlite:///{tmp_path / 'k.db'}") as database:
        with database.read() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 30")
        with pytest.raises(DatabaseFailed, match="database_full"):
            make_tables(database)
        with database.read() as connection:
            assert not connection.exec_driver_sql("SELECT name FROM sqlite_master").all()
            connection.exec_driver_sql("PRAGMA max_page_count = 30000")
        (tmp_path / "wrong.sql").write_text(f"CREATE TABLE one (a){BETWEEN}CREATE TABLE one (a)\n", "utf-8")
        with monkeypatch.context() as patched:
            patched.setattr("bot.store.new_file.STATEMENTS", tmp_path / "wrong.sql")
            with pytest.raises(sqlite3.OperationalError, match="already exists"):
                make_tables(database)
        assert make_tables(database)
        assert fetch_revision(database) == REVISIONS[-1]


def test_the_queue_in_the_migrations_is_the_one_of_the_library():
    """A newer Procrastinate brings migrations of its own: each becomes a revision here, and this names the newest."""
    assert (MIGRATIONS / "procrastinate_3.10.sql").read_text(encoding="utf-8") == SchemaManager.get_schema()


def test_the_program_knows_every_revision():
    """`REVISIONS` stands in for Alembic's own list, which takes long to load."""
    revisions = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()]
    assert tuple(reversed(revisions)) == REVISIONS


def test_upgrading_an_empty_database_and_an_upgraded_one(empty_database_url):
    """The first says from where to where, the second does nothing."""
    assert upgrade_database(empty_database_url) == (None, REVISIONS[-1])
    assert upgrade_database(empty_database_url) == (REVISIONS[-1], REVISIONS[-1])


def test_a_database_of_a_newer_program_is_refused(database_url):
    """Opening and upgrading both say which program to use."""
    with connect_database(database_url) as database, database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert refusal(database_url).code == "database_newer"
    with pytest.raises(DatabaseFailed, match="9999"):
        upgrade_database(database_url)


def test_postgresql_is_migrated_on_request_only(empty_postgres):
    """Several machines may be at work on it."""
    error = refusal(empty_postgres)
    assert error.code == "database_behind"
    assert "db upgrade" in error_text(Language.DA, error)
    with connect_database(empty_postgres) as database:
        assert fetch_revision(database) is None
    upgrade_database(empty_postgres)
    open_database(empty_postgres).close()


def test_an_address_without_a_driver_or_in_the_old_form_means_postgresql(empty_postgres):
    """`postgres://` and `postgresql://` are both written."""
    upgrade_database(empty_postgres.replace("postgresql://", "postgres://"))
    with open_database(empty_postgres) as database:
        assert database.engine.driver == "psycopg"


def test_a_new_sqlite_file_is_its_owners_alone_and_migrated_as_it_is_opened(tmp_path):
    """It holds names and addresses; the log beside it takes after it."""
    path = tmp_path / "ny.db"
    with open_database(f"sqlite:///{path}") as database, database.write() as connection:
        connection.execute(text("INSERT INTO group_counts VALUES ('p', 'g', 1, '2026-01-01 00:00:00')"))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.with_name("ny.db-wal").stat().st_mode) == 0o600


def test_sqlite_runs_with_the_settings_that_the_promises_rest_on(tmp_path):
    """Readers do not wait, a power cut does no harm, what is deleted is overwritten."""
    with open_database(f"sqlite:///{tmp_path / 'k.db'}") as database, database.read() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 1, "secure_delete": 1, "foreign_keys": 1}


def test_an_up_to_date_sqlite_file_opens_without_alembic(tmp_path):
    """Every command pays for the opening, and Alembic alone takes longer to load than the rest of it."""
    url = f"sqlite:///{tmp_path / 'k.db'}"
    open_database(url).close()
    program = "import sys\nfrom bot.store.opening import open_database\nopen_database(sys.argv[1]).close()\nprint('alembic' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program, url], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "False"


@pytest.mark.parametrize(
    "url", ["", "kursusbot.db", "sqlite://", "sqlite:///:memory:", "sqlite://server/k.db", "mysql://server/k", "postgresql"]
)
def test_an_address_that_is_none_is_refused_without_being_repeated(url):
    """It may hold a password."""
    error = refusal(url)
    assert error.code == "database_url"
    assert error.params == {}


def test_a_server_that_vanishes_is_given_up_unless_the_address_says_otherwise():
    """By TCP's own means it would be a quarter of an hour; both the books and the queue connect by this address."""
    asked = conninfo_to_dict(libpq_address("postgresql://bot@db.kommune.example/kursusbot?keepalives_idle=60"))
    patience = {"connect_timeout": "10", "keepalives_interval": "3", "keepalives_count": "3", "tcp_user_timeout": "10000"}
    assert asked.items() >= {"host": "db.kommune.example", "keepalives_idle": "60", **patience}.items()


def test_a_password_is_never_shown():
    """Neither in the message nor in the name of the database."""
    error = refusal("postgresql://bot:hemmelig@127.0.0.1:1/kurser?connect_timeout=2&password=hemmelig")
    assert error.code == "database_unreachable"
    assert "hemmelig" not in str(error)


def test_a_missing_folder_a_strange_file_and_a_broken_one_are_told_apart(tmp_path):
    """Each has its own next step, and the strange file is not touched."""
    assert refusal(f"sqlite:///{tmp_path / 'mappe' / 'k.db'}").code == "database_no_directory"
    assert refusal(f"sqlite:///{tmp_path}").code == "database_not_writable"
    letter = tmp_path / "brev.txt"
    letter.write_text("Kære alle " * 200)
    assert refusal(f"sqlite:///{letter}").code == "database_not_a_database"
    assert letter.read_text() == "Kære alle " * 200


def test_a_database_that_somebody_else_writes_to_for_too_long_says_so(tmp_path):
    """Waiting is the first answer, a clear message the second."""
    url = f"sqlite:///{tmp_path / 'k.db'}?timeout=0.05"
    open_database(url).close()
    other = sqlite3.connect(tmp_path / "k.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_database(url) as database:
        start = time.monotonic()
        with pytest.raises(DatabaseFailed) as caught, database.write():
            pass
        assert caught.value.code == "database_locked"
        assert time.monotonic() - start < 5
    other.close()


def test_two_processes_may_open_a_new_file_at_the_same_time(tmp_path):
    """One migrates it, the other waits and finds it done."""
    url = f"sqlite:///{tmp_path / 'k.db'}"
    program = "import sys\nfrom bot.store.opening import open_database\nopen_database(sys.argv[1]).close()"
    processes = [subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE, env=os.environ) for _ in range(3)]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [(b"", 0)] * 3


def test_looking_at_the_file_takes_no_lock_from_who_works_with_it(tmp_path):
    """POSIX drops all of a process's locks on a file as soon as it closes any handle of it (sqlite.org/howtocorrupt, 2.2).

    Another process that closes then believes to be the last, and removes the log that this one goes on writing to.
    """
    url = f"sqlite:///{tmp_path / 'kursusbot.db'}"
    statement = "SELECT group_name FROM group_counts ORDER BY 1"
    program = f"import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute({statement!r}).fetchall())"
    command = [sys.executable, "-c", program, tmp_path / "kursusbot.db"]

    def seen_by_another_process():
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    with open_database(url) as database:
        for name in "ab":
            assert libpq_address(url) is None
            with connect_database(url) as other:
                fetch_revision(other)
            seen_by_another_process()
            with database.write() as connection:
                connection.execute(text("INSERT INTO group_counts VALUES ('demo', :name, 1, '2025-01-01')"), {"name": name})
        assert seen_by_another_process() == "('a',) ('b',)\n"


def test_a_bug_of_ours_keeps_its_traceback(database):
    """Only what the world can cause becomes a message."""
    with pytest.raises(DBAPIError, match="no_such_table"), database.read() as connection:
        connection.execute(text("SELECT 1 FROM no_such_table"))
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(group_counts.insert(), [{"plan": "by", "group_name": "g"}])


def test_one_look_is_one_connection_and_writing_goes_by_another(database):
    """What is begun within it is the same look, another database is another's, and afterwards what was written is seen."""

    def count():
        with database.read() as connection:
            return connection.execute(text("SELECT count(*) FROM group_counts")).scalar()

    row = {"plan": "demo", "group_name": "g", "members": 3, "read_at": datetime(2026, 1, 1, tzinfo=UTC)}
    with database.one_look(), database.read() as first, database.one_look():
        assert count() == 0
        with database.read() as again:
            assert again is first
        with database.write() as connection:
            assert connection is not first
            connection.execute(group_counts.insert(), [row])
        if database.file is not None:
            assert count() == 0
    assert count() == 1
    with database.read() as later:
        assert not later.in_transaction()
    with pytest.raises(DatabaseError), database.one_look(), database.read() as connection:
        connection.execute(text("SELECT * FROM nothing_of_ours"))
    assert count() == 1


def test_who_asks_one_after_another_goes_by_one_connection_to_a_file_and_sees_what_was_written_meanwhile(database_url):
    """No transaction is left in it, it takes no lock from others, and what failed in it is closed."""

    def count(database):
        with database.read() as connection:
            found = connection.execute(text("SELECT count(*) FROM group_counts")).scalar()
            return found, connection if database.file is not None else None

    row = {"plan": "demo", "group_name": "g", "members": 3, "read_at": datetime(2026, 1, 1, tzinfo=UTC)}
    with open_database(database_url) as one, open_database(database_url) as other:
        (empty, first), (_, theirs) = count(one), count(other)
        assert empty == 0
        with one.write() as connection:
            assert first in {None, connection}
            connection.execute(group_counts.insert(), [row])
        assert count(one) == (1, first)
        assert count(other) == (1, theirs)
        with other.write() as connection:
            connection.execute(group_counts.delete())
        assert count(one) == (0, first)
        with one.read() as held, one.read() as beside:
            assert held is not beside
        with pytest.raises(IntegrityError), one.write() as connection:
            connection.execute(group_counts.insert(), [{"plan": "by", "group_name": "g"}])
        assert connection.closed
        assert count(one)[0] == 0
    assert first is None or first.closed


def test_a_write_that_follows_a_read_waits_for_its_turn_from_the_start(tmp_path):
    """It begins IMMEDIATE on the connection that was read by, and what reads by it afterwards waits for nobody."""
    address = f"sqlite:///{tmp_path}/a.db?timeout=0"
    with open_database(address) as one, open_database(address) as other:
        for _ in range(2):
            assert fetch_revision(one) == REVISIONS[-1]
            with one.write():
                assert fetch_revision(other) == REVISIONS[-1]
                with pytest.raises(DatabaseFailed, match="database_locked"), other.write():
                    pytest.fail("two write at once")


def test_a_user_without_rights_is_told_so(empty_postgres):
    """PostgreSQL keeps people apart by rights, not by files."""
    upgrade_database(empty_postgres)
    with psycopg.connect(empty_postgres, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS stranger")
        connection.execute("CREATE ROLE stranger LOGIN")
    error = refusal(empty_postgres.replace("//postgres:@", "//stranger@").replace("//postgres@", "//stranger@"))
    assert error.code == "database_no_rights"
