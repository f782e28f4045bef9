"""Whether anybody has written since somebody looked."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.store.opening import open_database
from bot.store.stamps import ASKED_BY_A_COMMAND, WriteStamps
from bot.store.tenant_tables import group_counts

ROW = {"plan": "demo", "group_name": "g", "members": 3, "read_at": datetime(2026, 1, 1, tzinfo=UTC)}


def test_two_stamps_are_equal_only_where_nobody_has_written_and_the_first_few_never(database):
    """A command that ends after one round opens no connection to watch by."""
    stamps = WriteStamps(database)
    first = [stamps.take() for _ in range(ASKED_BY_A_COMMAND)]
    assert len(set(first)) == ASKED_BY_A_COMMAND
    before = stamps.take()
    assert before not in first
    with database.read() as connection:
        assert connection.execute(group_counts.select()).all() == []
    assert stamps.take() == before
    with database.write() as connection:
        connection.execute(group_counts.insert(), [ROW])
    assert stamps.take() != before


def test_within_one_look_no_stamp_is_like_another(database):
    """What is read there may be older than the moment: under that moment's stamp it would be believed until somebody writes again."""
    stamps = WriteStamps(database)
    known = {stamps.take() for _ in range(ASKED_BY_A_COMMAND + 1)}
    with database.one_look():
        assert len({stamps.take(), stamps.take()} - known) == 2
    assert stamps.take() in known


def test_whoever_watches_lets_go_of_the_database_as_it_is_closed(database_url):
    """A file that is closed whole leaves no log beside it; and closing twice is closing once."""
    with open_database(database_url) as database:
        stamps = WriteStamps(database)
        for _ in range(ASKED_BY_A_COMMAND + 1):
            stamps.take()
        beside = None if database.file is None else database.file.with_name(f"{database.file.name}-wal")
        assert beside is None or beside.exists()
    assert beside is None or not beside.exists()
    database.close()
    with database.read() as connection:
        assert connection.execute(group_counts.select()).all() == []
    database.close()
    assert beside is None or not beside.exists()
