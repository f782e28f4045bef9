"""What the world does to a database has a name and a next step: the table of `bot.store.failures`."""

from __future__ import annotations

import shutil
import sqlite3
from types import SimpleNamespace

import psycopg
import pytest
from sqlalchemy.exc import DatabaseError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.domain.errors import DatabaseFailed
from bot.domain.people import Language
from bot.i18n.catalogue import error_text
from bot.store.failures import has_room, translated


@pytest.mark.parametrize(
    ("kind", "cause", "code"),
    [
        (OperationalError, psycopg.errors.DiskFull(), "database_full"),
        (OperationalError, psycopg.errors.TooManyConnections(), "database_full"),
        (InternalError, psycopg.errors.ReadOnlySqlTransaction(), "database_no_rights"),
        (OperationalError, psycopg.OperationalError("server closed the connection"), "database_unreachable"),
        (OperationalError, sqlite3.OperationalError("database or disk is full"), "database_full"),
        (OperationalError, sqlite3.OperationalError("disk I/O error"), "database_not_writable"),
        (DatabaseError, sqlite3.DatabaseError("database disk image is malformed"), "database_not_a_database"),
    ],
)
def test_what_a_driver_reports_of_the_world_has_a_next_step(kind, cause, code):
    """The table of `bot.store.failures`, where this machine cannot be brought to fail."""
    with pytest.raises(DatabaseFailed) as caught, translated("k.db"):
        raise kind("SELECT 1", {}, cause)
    assert caught.value.code == code
    assert "k.db" in error_text(Language.EN, caught.value)


@pytest.mark.parametrize(
    ("said", "code"), [("database is locked", "database_locked"), ("database or disk is full", "database_full"), ("no such table: x", None)]
)
def test_what_the_driver_of_a_file_says_itself_is_told_alike(said, code):
    """Also where SQLAlchemy is not asked; a wrong statement stays what it is."""
    cause = sqlite3.OperationalError(said)
    with pytest.raises((DatabaseFailed, sqlite3.OperationalError)) as caught, translated("k.db"):
        raise cause
    assert caught.value.code == code if code else caught.value is cause


def test_a_disk_error_on_a_full_disk_says_that_it_is_full(monkeypatch, tmp_path):
    """SQLite finds no room for its shared memory and speaks of the disk; rights would not help."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _where: SimpleNamespace(free=4096))
    with pytest.raises(DatabaseFailed, match="database_full"), translated(str(tmp_path / "k.db")):
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("disk I/O error"))


def test_a_full_disk_is_told_while_reading_still_works(monkeypatch, database):
    """So that whoever asks how the service is does not hear that all is well; a server tells it itself."""
    database.look_for_room()
    monkeypatch.setattr(shutil, "disk_usage", lambda _where: SimpleNamespace(free=4096))
    if database.file is None:
        database.look_for_room()
    else:
        with pytest.raises(DatabaseFailed, match="database_full"):
            database.look_for_room()


def test_where_nobody_can_tell_there_is_room(tmp_path):
    """The file's own folder has gone: that is another error, and told as such."""
    assert has_room(tmp_path / "gone" / "k.db")


def test_a_pool_without_a_free_connection_is_a_busy_database():
    """Too many at work at once."""
    with pytest.raises(DatabaseFailed, match="database_locked"), translated("k.db"):
        raise PoolTimeout
