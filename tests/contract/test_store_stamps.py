"""Whether anybody has written since somebody looked."""

from __future__ import annotations

from datetime import UTC, datetime

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
