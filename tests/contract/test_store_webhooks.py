"""What other programs are told, as the books keep it: with the change, in order, by one process at a time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.registrations import RegistrationStatus
from bot.domain.webhook_kinds import WebhookKind
from bot.domain.webhooks import GivenUp
from bot.store.answers import SqlAnswerLog
from bot.store.webhook_news import note_news
from bot.store.webhooks import SqlWebhookBook
from tests.builders.registrations import registration as row

COURSE, NOW = WebhookKind.COURSE_CHANGED, datetime(2026, 3, 2, 8, tzinfo=UTC)


def registration(email, status):
    return row(email=email, status=status)


@pytest.fixture
def book(database):
    return SqlWebhookBook(database)


def note(database, *courses, kind=COURSE, plan="p"):
    with database.write() as connection:
        note_news(connection, plan, kind, courses)


def spread(book, *targets, now=NOW, plan="p"):
    book.spread(
        plan,
        targets or ("t",),
        lambda kind, facts: json.dumps({"type": kind.value, "data": facts}),
        now=now,
    )


def take(book, target="t", now=NOW):
    return book.take("p", target, now=now, until=now + timedelta(minutes=1))


def test_many_changes_until_it_is_told_are_one_call_for_each_program(database, book):
    """Each with the same id."""
    note(database, "a")
    note(database, "a", "b")
    spread(book, "t", "u")
    calls = [take(book), take(book), take(book), take(book, "u")]
    assert [call and call.course for call in calls] == ["a", "b", None, "a"]
    assert calls[0].event == calls[3].event != calls[1].event
    assert json.loads(calls[0].body) == {"type": "course.changed", "data": {"plan": "p", "course": "a"}}


def test_of_one_course_what_waits_keeps_the_later_ones_waiting(database, book):
    """Another course goes on."""
    note(database, "a")
    spread(book)
    first = take(book)
    book.put_off(first, again_at=NOW + timedelta(hours=1), now=NOW)
    note(database, "a", "b")
    spread(book)
    assert take(book).course == "b"
    assert take(book) is None
    later = NOW + timedelta(hours=2)
    again = take(book, now=later)
    assert (again.event, again.tries, again.body) == (first.event, 1, first.body)
    book.end(again)
    assert take(book, now=later).number > first.number


def test_what_is_in_somebodys_hand_is_nobody_elses_until_they_are_gone(database, book):
    """A process that died leaves it to the next one after a minute, under the same id."""
    note(database, "a")
    spread(book)
    taken = take(book)
    assert take(book) is None
    assert take(book, now=NOW + timedelta(seconds=61)).event == taken.event


def test_what_is_given_up_is_told_of_until_it_is_tried_again_and_lets_the_others_go_on(database, book):
    """However long that is; and what waits after a failure."""
    note(database, "a")
    spread(book)
    book.put_off(take(book), again_at=None, now=NOW)
    note(database, "a")
    spread(book)
    second = take(book)
    assert book.troubles("p").given_up == (GivenUp(target="t", count=1, since=NOW),)
    book.put_off(second, again_at=NOW + timedelta(hours=1), now=NOW)
    assert (book.troubles("p").waiting, book.troubles("p").since) == (1, NOW)
    spread(book, now=NOW + timedelta(days=400))
    assert [one.count for one in book.troubles("p").given_up] == [1]


def test_what_is_tried_again_is_told_as_it_is_by_now_and_after_what_was_told_since(database, book):
    """Several of a course are one call; other programs hear nothing of it."""
    for _ in range(2):
        note(database, "a", "b")
        spread(book, "t", "u")
        while call := take(book):
            book.put_off(call, again_at=None, now=NOW)
        while call := take(book, "u"):
            book.end(call)
    note(database, "a")
    spread(book, "t", "u")
    later = take(book)
    assert book.try_again("p", "t", lambda kind, _: json.dumps({"type": kind.value}), now=NOW) == 2
    assert book.try_again("p", "t", lambda kind, _: json.dumps({"type": kind.value}), now=NOW) == 0
    assert book.troubles("p").given_up == ()
    assert take(book).course == "b"
    assert take(book) is None
    book.end(later)
    again = take(book)
    assert (again.course, again.tries, again.number > later.number) == ("a", 0, True)
    book.end(take(book, "u"))
    assert take(book, "u") is None


def test_a_program_that_is_told_no_more_leaves_nothing(database, book):
    """Nor is anything kept where nobody is told."""
    note(database, "a")
    spread(book, "t", "u")
    spread(book, "u")
    assert (take(book), take(book, "u").course) == (None, "a")
    note(database, "b")
    book.spread("p", (), lambda *_: "{}", now=NOW)
    spread(book, "u")
    assert take(book, "u", now=NOW + timedelta(hours=1)) is None


def test_registrations_are_news_with_counts_and_without_names(database, book):
    """In the transaction of the change; where nothing changed there is nothing to tell."""
    log = SqlAnswerLog(database)
    anna = registration("anna@by.example", RegistrationStatus.REGISTERED)
    log.save_registrations("p", [anna, registration("bo@by.example", RegistrationStatus.INVITED)])
    spread(book)
    call = take(book)
    assert (call.kind, call.course) == (WebhookKind.REGISTRATION_CHANGED, anna.course)
    assert json.loads(call.body)["data"]["counts"] == {"invited": 1, "registered": 1}
    assert "@" not in call.body
    book.end(call)
    log.save_registrations("p", [anna, registration("bo@by.example", RegistrationStatus.INVITED)])
    spread(book)
    assert take(book) is None
    log.save_registrations("p", [replace(anna, status=RegistrationStatus.WITHDRAWN)])
    spread(book)
    assert json.loads(take(book).body)["data"]["counts"] == {"withdrawn": 1}
