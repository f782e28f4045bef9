"""What a mailbox has sent is one number for every run and process, on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.postage import Budget, Full, Posted, Wait
from bot.store.opening import open_database
from bot.store.postage import SqlPostageBook, load_posted

if TYPE_CHECKING:
    from bot.store.database import Database

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MAILBOX = "kurser@kommune.example"
SMALL = Budget(messages_per_minute=2, recipients_per_day=10)


def lately(database: Database, mailbox: str, budget: Budget, *, now: datetime) -> Posted:
    with database.read() as connection:
        return load_posted(connection, mailbox, budget, now=now)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_the_minute_slides_and_the_day_does(database: Database) -> None:
    book = SqlPostageBook(database)
    assert book.reserve(MAILBOX, SMALL, now=NOON, recipients=1) is None
    assert book.reserve(MAILBOX, SMALL, now=NOON + seconds(40), recipients=1) is None
    waits = book.reserve(MAILBOX, SMALL, now=NOON + seconds(50), recipients=1)
    assert waits == Wait(until=NOON + seconds(60), full=Full.MINUTE)
    assert book.reserve(MAILBOX, SMALL, now=NOON + seconds(60), recipients=1) is None
    assert lately(database, MAILBOX, SMALL, now=NOON + seconds(61)) == Posted(
        recipients=3, since=NOON, newest=(NOON + seconds(40), NOON + seconds(60))
    )
    tomorrow = NOON + timedelta(hours=24)
    assert lately(database, MAILBOX, SMALL, now=tomorrow).recipients == 2


def test_each_mailbox_has_its_own(database: Database) -> None:
    book = SqlPostageBook(database)
    for mailbox in (MAILBOX, "andre@kommune.example"):
        assert book.reserve(mailbox, SMALL, now=NOON, recipients=8) is None
    assert book.reserve(MAILBOX, SMALL, now=NOON, recipients=1) == Wait(until=NOON + timedelta(hours=24), full=Full.DAY)
    assert book.reserve(MAILBOX, SMALL, now=NOON, recipients=2, comes_first=True) is None


def test_what_was_refused_is_not_counted_and_what_is_old_is_forgotten(database: Database) -> None:
    book = SqlPostageBook(database)
    book.reserve(MAILBOX, SMALL, now=NOON, recipients=8)
    for _ in range(3):
        book.reserve(MAILBOX, SMALL, now=NOON + seconds(1), recipients=5)
    assert lately(database, MAILBOX, SMALL, now=NOON + seconds(2)).recipients == 8
    assert book.reserve(MAILBOX, SMALL, now=NOON + timedelta(hours=25), recipients=8) is None
    assert lately(database, MAILBOX, SMALL, now=NOON + seconds(2)) == Posted()


def test_several_are_written_at_once_as_far_as_there_is_room_today(database: Database) -> None:
    """Eight of ten, two being reserved: the third does not fit, and nothing behind it is looked at. No pace is kept."""
    book = SqlPostageBook(database)
    assert book.reserve_several(MAILBOX, SMALL, now=NOON, recipients=[3, 4, 2, 1]) == 2
    assert lately(database, MAILBOX, SMALL, now=NOON) == Posted(recipients=7, since=NOON, newest=(NOON, NOON))
    assert book.reserve_several(MAILBOX, SMALL, now=NOON, recipients=[2, 1]) == 0
    assert book.reserve_several(MAILBOX, SMALL, now=NOON, recipients=[1]) == 1
    assert lately(database, MAILBOX, SMALL, now=NOON).recipients == 8
    tomorrow = NOON + timedelta(hours=24)
    # What no day has room for goes as the first of one, and nothing behind it.
    assert book.reserve_several(MAILBOX, SMALL, now=tomorrow, recipients=[20, 1]) == 1
    assert lately(database, MAILBOX, SMALL, now=NOON).recipients == 0


def test_two_processes_never_pass_the_limit_together(database: Database, database_url: str) -> None:
    budget = Budget(messages_per_minute=15)

    def send(_: int) -> int:
        with open_database(database_url) as own:
            book = SqlPostageBook(own)
            return sum(book.reserve(MAILBOX, budget, now=NOON, recipients=1) is None for _ in range(10))

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(send, range(4))) == 15
    assert lately(database, MAILBOX, budget, now=NOON).recipients == 15


def test_what_did_not_go_is_taken_out_again(database: Database) -> None:
    """One message of that size, and of this mailbox alone."""
    book = SqlPostageBook(database)
    for recipients in (4, 4, 1):
        book.reserve(MAILBOX, Budget(), now=NOON, recipients=recipients)
    book.reserve("andre@kommune.example", Budget(), now=NOON, recipients=4)
    book.release(MAILBOX, 4)
    book.release(MAILBOX, 7)
    assert lately(database, MAILBOX, Budget(), now=NOON).recipients == 5
    assert lately(database, "andre@kommune.example", Budget(), now=NOON).recipients == 4
