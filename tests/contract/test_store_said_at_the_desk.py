"""What HR has said and read at the desk, on every database: in order, by plan, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.actions import Action
from bot.domain.changed_ids import IdLevel, IdWord, NotedId
from bot.store.actions import SqlActionBook
from bot.store.noted_ids import SqlNotedIdBook
from bot.store.read_remarks import SqlReadBook

AT = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
SAME = NotedId(level=IdLevel.SESSION, course="k", offering="h", old="gl", new="ny", word=IdWord.SAME, noted_at=AT)
LINE = Action(at=AT, by="hanne@by.example", command="name", plan="by", course="k", door="desk")


def test_words_about_ids_come_back_in_order_and_only_by_who_saw_what_stands(database):
    """Who saw fewer words than there are writes nothing, and leaves no line."""
    book, opened = SqlNotedIdBook(database), replace(SAME, word=IdWord.OPEN, noted_at=AT + timedelta(minutes=1))
    assert book.load("by") == ()
    assert book.say("by", SAME, known=0, noted=[LINE])
    assert not book.say("by", opened, known=0, noted=[LINE])
    assert book.say("by", opened, known=1)
    assert book.say("andet", SAME, known=0)
    assert (book.load("by"), book.load("andet")) == ((SAME, opened), (SAME,))
    assert [one.command for one in SqlActionBook(database).load_actions("by")] == ["name"]


def test_what_was_read_stays_read_and_only_later_words_are_news(database):
    """One mark for each person and course; the second who presses writes nothing."""
    book, line = SqlReadBook(database), replace(LINE, command="read")
    assert book.load("by") == {}
    assert book.mark("by", "k", "ane@by.example", until=AT, noted=[line])
    assert not book.mark("by", "k", "ane@by.example", until=AT, noted=[line])
    assert not book.mark("by", "k", "ane@by.example", until=AT - timedelta(days=1))
    assert book.mark("by", "l", "ane@by.example", until=AT)
    assert book.mark("by", "k", "ane@by.example", until=AT + timedelta(days=1))
    assert book.mark("andet", "k", "ane@by.example", until=AT)
    assert book.load("by") == {("k", "ane@by.example"): AT + timedelta(days=1), ("l", "ane@by.example"): AT}
    assert len(SqlActionBook(database).load_actions("by")) == 1
