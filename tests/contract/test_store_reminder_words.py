"""The book of what HR said about single reminders, on every database: only added to, all or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.actions import Action
from bot.domain.reminders import EVERYBODY, ReminderTopic, ReminderWord, WordKind
from bot.store.actions import SqlActionBook
from bot.store.digests import SqlCourseDigests
from bot.store.reminder_words import SqlReminderWordBook

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
TOPIC = ReminderTopic(rule="i-morgen", course="k", offering="main", session="dag", about="2026-12-01")
SKIP = ReminderWord(topic=TOPIC, email="ane@by.example", kind=WordKind.SKIP, by="Hanne \"' ø", at=NOW, reason="Æ 😀 »barsel«")
SEND = replace(SKIP, kind=WordKind.SEND, at=NOW + timedelta(hours=1), goes_from=NOW + timedelta(hours=2), reason="")
LINE = Action(at=NOW, by="hr@by.example", command="reminder_skip", plan="by")


@pytest.fixture
def book(database):
    return SqlReminderWordBook(database)


def test_words_come_back_as_they_were_said_oldest_first_each_plan_and_course_its_own(book):
    other = replace(SKIP, topic=replace(TOPIC, course="l", offering="", session="", about=""), email=EVERYBODY)
    assert book.add_words("by", [SKIP, SEND], known=0) is True
    assert book.add_words("by", [other], known=0) is True
    assert book.load_words("by", course="k") == (SKIP, SEND)
    assert book.load_words("by") == (SKIP, SEND, other)
    assert book.load_words("by", course=frozenset({"l", "m"})) == (other,)
    assert book.load_words("andenby") == ()


def test_who_comes_second_writes_nothing_and_leaves_no_line(book, database):
    assert book.add_words("by", [SKIP], known=0, noted=[LINE]) is True
    assert book.add_words("by", [SEND], known=0, noted=[LINE]) is False
    assert book.load_words("by") == (SKIP,)
    assert SqlActionBook(database).load_actions("by") == (LINE,)


def test_a_word_wakes_what_was_found_at_rest(book, database):
    digests = SqlCourseDigests(database)
    seen = [digests.load_digests("by").get("k")]
    for word in (SKIP, SEND):
        book.add_words("by", [word], known=len(seen) - 1)
        seen.append(digests.load_digests("by").get("k"))
    assert len(set(seen)) == len(seen)
