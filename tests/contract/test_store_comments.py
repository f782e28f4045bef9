"""What people wrote with their answers, as `bot.ports.comments` promises it, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.comments import AnswerComment
from bot.domain.events import ResponseStatus, SessionKey
from bot.domain.registrations import Answer
from bot.store.answers import SqlAnswerLog
from bot.store.comments import SqlCommentBook

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
KEY = SessionKey(plan="by", course="lederdag", offering="main", session="dag")
COMMENT = AnswerComment(
    key=KEY,
    email="ane@by.example",
    response=ResponseStatus.DECLINED,
    text="På ferie\0 😷",
    at=NOW,
    seen_at=NOW + timedelta(minutes=5),
)


def test_the_last_words_replace_those_before_and_none_delete_them(database):
    book = SqlCommentBook(database)
    assert (book.load_comments("by"), book.last_look("by")) == ((), None)
    book.save_comments("by", [COMMENT], looked_at=NOW)
    assert book.load_comments("by") == (replace(COMMENT, text="På ferie 😷"),)
    assert book.load_comments("andenby") == ()
    other = replace(COMMENT, text="Alligevel rask", response=ResponseStatus.ACCEPTED)
    book.save_comments("by", [other, replace(other, email="bo@by.example")], looked_at=NOW + timedelta(hours=1))
    said = {one.email: one.text for one in book.load_comments("by")}
    assert said == {"ane@by.example": "Alligevel rask", "bo@by.example": "Alligevel rask"}
    book.save_comments("by", [replace(other, text="")], looked_at=NOW + timedelta(hours=2))
    assert [one.email for one in book.load_comments("by")] == ["bo@by.example"]
    assert book.last_look("by") == NOW + timedelta(hours=2)


def test_answers_that_a_sync_has_read_since_the_last_look_are_known(database):
    book, log = SqlCommentBook(database), SqlAnswerLog(database)
    assert not book.has_answers_since("by", NOW)
    log.append_answers([Answer(key=KEY, email="ane@by.example", name="", response=ResponseStatus.ACCEPTED, responded_at=NOW, seen_at=NOW)])
    assert book.has_answers_since("by", NOW - timedelta(seconds=1))
    assert not book.has_answers_since("by", NOW)
    assert not book.has_answers_since("andenby", NOW - timedelta(days=1))


def test_the_comments_of_a_course_can_be_erased(database):
    book = SqlCommentBook(database)
    book.save_comments("by", [COMMENT, replace(COMMENT, key=replace(KEY, course="andet"))], looked_at=NOW)
    assert book.erase_comments("by", []) == 0
    assert book.erase_comments("by", ["lederdag", "findes-ikke"]) == 1
    assert [one.key.course for one in book.load_comments("by")] == ["andet"]
