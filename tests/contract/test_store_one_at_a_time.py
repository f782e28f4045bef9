"""What goes by how much is known already: of several who speak at the same moment one is heard, on every database."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from bot.domain.changed_ids import IdLevel, IdWord, NotedId
from bot.domain.noted import NotedDecision
from bot.domain.reminders import ReminderTopic, ReminderWord, WordKind
from bot.store.noted import SqlNotedBook
from bot.store.noted_ids import SqlNotedIdBook
from bot.store.reminder_words import SqlReminderWordBook

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SPEAKERS = 6
DECISION = NotedDecision(assumption="midler", value=True, decided_by="", decided_on=None, case="", noted_at=NOW, at_desk=True)
SAME = NotedId(level=IdLevel.COURSE, course="", offering="", old="senior", new="seniorordninger", word=IdWord.SAME, noted_at=NOW)
TOPIC = ReminderTopic(rule="i-morgen", course="k", offering="main", session="dag", about="2026-12-01")
SKIP = ReminderWord(topic=TOPIC, email="ane@by.example", kind=WordKind.SKIP, by="hr@by.example", at=NOW, reason="")

SAYS = {
    "what is decided at the desk": (
        lambda database: SqlNotedBook(database).decide("by", DECISION, known=0),
        lambda database: SqlNotedBook(database).load("by"),
    ),
    "what an id is": (
        lambda database: SqlNotedIdBook(database).say("by", SAME, known=0),
        lambda database: SqlNotedIdBook(database).load("by"),
    ),
    "a word about a reminder": (
        lambda database: SqlReminderWordBook(database).add_words("by", [SKIP], known=0),
        lambda database: SqlReminderWordBook(database).load_words("by"),
    ),
}


@pytest.mark.parametrize("what", SAYS)
def test_of_many_at_once_one_is_heard(database, what):
    say, load = SAYS[what]
    heard = []
    together = threading.Barrier(SPEAKERS)

    def speak():
        together.wait()
        heard.append(say(database))

    threads = [threading.Thread(target=speak) for _ in range(SPEAKERS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(heard) == [*[False] * (SPEAKERS - 1), True]
    assert len(load(database)) == 1
