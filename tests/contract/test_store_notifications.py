"""Subscriptions and hints, on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bot.domain.notifications import Hint, Intake, Resource
from bot.store.notifications import SqlNotificationBook
from bot.store.schema import hints
from tests.builders.subscriptions import BOTH, NOW

EVENTS, INBOX = BOTH
CHANGED, MISSED = (Hint(plan="demo", resource=Resource.EVENTS, whole=whole) for whole in (False, True))
RETURNED = Hint(plan="demo", resource=Resource.INBOX)


def test_a_plan_has_one_subscription_for_a_resource(database):
    book = SqlNotificationBook(database)
    other = replace(EVENTS, plan="andet", id="s-3")
    for one in (EVENTS, INBOX, other):
        book.save_subscription(one)
    assert book.load_subscriptions() == (other, EVENTS, INBOX)
    anew = replace(EVENTS, id="s-4", expires_at=NOW + timedelta(hours=70))
    book.save_subscription(anew, MISSED)
    assert book.load_subscriptions() == (other, anew, INBOX)
    assert book.take_hints("demo") == {MISSED}
    book.forget_subscriptions(["s-2", "s-9"])
    book.forget_subscriptions([])
    assert {one.id for one in book.load_subscriptions()} == {"s-4", "s-3"}


def test_a_hint_is_there_once_until_it_is_taken(database):
    book = SqlNotificationBook(database)
    assert book.note(Intake(hints=frozenset({CHANGED, RETURNED})), now=NOW) == {"demo"}
    assert book.note(Intake(hints=frozenset({CHANGED})), now=NOW + timedelta(seconds=59)) == frozenset()
    assert book.take_hints("andet") == frozenset()
    assert book.take_hints("demo") == {CHANGED, RETURNED}
    assert book.take_hints("demo") == frozenset()
    assert book.note(Intake(hints=frozenset({CHANGED})), now=NOW) == {"demo"}


def test_a_hint_that_nobody_takes_wakes_once_a_minute(database):
    """The round that it woke failed, or was never begun."""
    book = SqlNotificationBook(database)
    moments = (0, 30, 61, 62, 120, 123)
    woken = [bool(book.note(Intake(hints=frozenset({CHANGED})), now=NOW + timedelta(seconds=second))) for second in moments]
    assert woken == [True, False, True, False, False, True]


def test_one_to_read_everything_stays_one(database):
    book = SqlNotificationBook(database)
    for hint in (CHANGED, MISSED, CHANGED):
        book.note(Intake(hints=frozenset({hint})), now=NOW)
    assert book.take_hints("demo") == {MISSED}


def test_what_graph_tells_of_subscriptions_is_kept(database):
    book = SqlNotificationBook(database)
    book.save_subscription(EVENTS)
    book.save_subscription(INBOX)
    assert book.note(Intake(forget=frozenset({"s-1"}), renew=frozenset({"s-2"})), now=NOW) == frozenset()
    assert book.load_subscriptions() == (replace(INBOX, renew_at=NOW),)


def test_many_who_note_the_same_at_once_leave_one_row(database):
    book = SqlNotificationBook(database)
    with ThreadPoolExecutor(8) as pool:
        fresh = [*pool.map(lambda _: book.note(Intake(hints=frozenset({CHANGED})), now=NOW), range(40))]
    assert sum(map(len, fresh)) == 1
    with database.read() as connection:
        assert len(connection.execute(select(hints)).all()) == 1
