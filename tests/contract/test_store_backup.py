"""A copy of the database while it is in use."""

from __future__ import annotations

import stat

import pytest

from bot.domain.errors import DatabaseFailed, InputError
from bot.store.backup import backup_database
from bot.store.job_runs import SqlJobRunBook
from bot.store.opening import open_database
from bot.store.upgrade import upgrade_database
from tests.contract.job_runs import RUN, later


@pytest.fixture
def url(tmp_path) -> str:
    return f"sqlite:///{tmp_path / 'k.db'}"


def test_a_copy_holds_what_was_there_while_somebody_writes(url, tmp_path):
    """Also what stands in the log only, and nothing of a transaction that is not over."""
    copy = tmp_path / "copy.db"
    with open_database(url) as database:
        SqlJobRunBook(database).save_run(RUN)
        with database.write() as connection:
            connection.exec_driver_sql("UPDATE job_runs SET detail = 'half'")
            size = backup_database(url, copy)
        SqlJobRunBook(database).save_run(later(1))
    assert size == copy.stat().st_size > 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert sorted(one.name for one in tmp_path.iterdir() if "copy" in one.name) == ["copy.db"]
    with open_database(f"sqlite:///{copy}") as copied:
        assert SqlJobRunBook(copied).load_latest(5) == {("by", "sync_plan"): (RUN,)}


def test_nothing_is_overwritten(url, tmp_path):
    upgrade_database(url)
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(InputError, match="file_exists"):
        backup_database(url, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"


@pytest.mark.parametrize("name", [".copy.db.unfinished", "copy.db"])
def test_whatever_lies_in_its_way_is_neither_followed_nor_taken_over(url, tmp_path, name):
    """A file that anybody may read, or a link to somebody's own: the copy is a new file of its owner alone, or there is none."""
    upgrade_database(url)
    (tmp_path / "theirs").write_text("mine")
    (tmp_path / name).symlink_to(tmp_path / "theirs")
    open_to_all = tmp_path / ".other.db.unfinished"
    open_to_all.touch()
    open_to_all.chmod(0o666)
    if name == "copy.db":
        with pytest.raises(InputError, match="file_exists"):
            backup_database(url, tmp_path / "copy.db")
    else:
        backup_database(url, tmp_path / "copy.db")
        assert not (tmp_path / "copy.db").is_symlink()
        assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    backup_database(url, tmp_path / "other.db")
    assert stat.S_IMODE((tmp_path / "other.db").stat().st_mode) == 0o600
    assert (tmp_path / "theirs").read_text() == "mine"


@pytest.mark.parametrize("there", ["a file", "a link to nowhere"])
def test_a_link_to_nowhere_is_something_that_is_there(url, tmp_path, there):
    """Nothing is made at its other end."""
    upgrade_database(url)
    if there == "a file":
        (tmp_path / "copy.db").touch()
    else:
        (tmp_path / "copy.db").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match="file_exists"):
        backup_database(url, tmp_path / "copy.db")
    assert not (tmp_path / "nowhere").exists()


def test_what_cannot_be_copied_or_written_is_told(url, tmp_path):
    with pytest.raises(InputError, match="backup_of_nothing"):
        backup_database(url, tmp_path / "copy.db")
    assert not (tmp_path / "k.db").exists()
    upgrade_database(url)
    with pytest.raises(InputError, match="file_not_written"):
        backup_database(url, tmp_path / "nowhere" / "copy.db")
    (tmp_path / "k.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(DatabaseFailed, match="database_not_a_database"):
        backup_database(url, tmp_path / "copy.db")
    assert [one.name for one in tmp_path.iterdir() if "copy" in one.name] == []


def test_postgresql_is_backed_up_by_its_own_means(empty_postgres, tmp_path):
    with pytest.raises(InputError, match="backup_elsewhere"):
        backup_database(empty_postgres, tmp_path / "copy.db")
