"""What was asked under a key: once, the same answer, by one process at a time, for a day."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.repeats import KEPT, UNDER_WAY, Turn
from bot.domain.service_state import KeptExamination
from bot.store.examinations import SqlExaminationBook
from bot.store.opening import open_database
from bot.store.repeats import SqlRepeatBook

BEGUN, NOW = datetime(2025, 3, 3, 9, tzinfo=UTC), datetime(2026, 11, 29, 12, tzinfo=UTC)
LATER = NOW + UNDER_WAY


@pytest.fixture
def book(database):
    return SqlRepeatBook(database)


def begin(book, key="k", asked="this", *, begun_at=BEGUN, now=NOW):
    return book.begin(key, asked, begun_at=begun_at, now=now)


def test_the_same_key_is_answered_the_same_and_another_request_under_it_is_refused(book):
    assert begin(book).turn is Turn.FIRST
    assert begin(book).turn is Turn.UNDER_WAY
    book.keep("k", 409, '{"code": "full"}')
    again = begin(book, begun_at=BEGUN + timedelta(hours=1))
    assert (again.turn, again.status, again.answer, again.begun_at) == (Turn.ANSWERED, 409, '{"code": "full"}', BEGUN)
    assert begin(book, asked="that").turn is Turn.OTHER
    assert begin(book, "another").turn is Turn.FIRST


def test_whoever_died_without_an_answer_leaves_the_turn_to_one_other(book):
    """And says since when it may have been done."""
    begin(book)
    assert begin(book, now=LATER - timedelta(seconds=1)).turn is Turn.UNDER_WAY
    again = begin(book, begun_at=BEGUN + timedelta(hours=1), now=LATER)
    assert (again.turn, again.begun_at) == (Turn.AGAIN, BEGUN)
    assert begin(book, now=LATER).turn is Turn.UNDER_WAY


def test_what_came_to_no_answer_is_tried_again_at_once(book):
    begin(book)
    book.let_go("k", now=NOW)
    assert begin(book).turn is Turn.AGAIN


def test_a_key_is_forgotten_after_a_day(book):
    begin(book)
    book.keep("k", 200, "{}")
    assert begin(book, now=NOW + KEPT).turn is Turn.ANSWERED
    assert begin(book, now=NOW + KEPT + timedelta(seconds=1)).turn is Turn.FIRST
    book.keep("k", 200, "{}")
    book.forget(now=NOW + 3 * KEPT)
    assert begin(book, now=NOW + KEPT).turn is Turn.FIRST


def test_of_many_processes_that_ask_at_once_one_has_the_turn(database_url):
    """Each with a database of its own, as processes have."""
    turns, ready = [], threading.Barrier(6)

    def ask():
        with open_database(database_url) as database:
            book = SqlRepeatBook(database)
            ready.wait()
            turns.append(begin(book).turn)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(turn.name for turn in turns) == ["FIRST", *["UNDER_WAY"] * 5]


def test_what_doctor_found_is_the_same_in_every_process_and_one_examines_at_a_time(database_url):
    """Also of another plan; one whose process died makes way after a while."""
    with open_database(database_url) as one, open_database(database_url) as other:
        mine, yours = SqlExaminationBook(one), SqlExaminationBook(other)
        assert mine.load("by", now=NOW) is None
        assert mine.begin("by", now=NOW, until=LATER)
        assert (yours.begin("by", now=NOW, until=LATER), yours.begin("skole", now=NOW, until=LATER)) == (False, False)
        assert (yours.load("by", now=NOW).goes_on, yours.load("skole", now=NOW).goes_on) == (True, True)
        found = KeptExamination(at=NOW, findings='[{"name": "doctor.checks.plan"}]', error="")
        mine.keep("by", found)
        assert yours.load("by", now=NOW) == found
        assert yours.begin("skole", now=NOW, until=LATER)
        assert mine.load("by", now=NOW).goes_on
        assert mine.begin("by", now=LATER, until=LATER + UNDER_WAY)
