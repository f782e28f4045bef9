"""What came back, and what was sent lately, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.bounces import Bounce, BounceReason
from bot.domain.events import SessionKey
from bot.domain.messages import DeliveryState
from bot.store.bounces import SqlBounceBook
from bot.store.erasure import erase_person
from bot.store.outbox import SqlOutbox
from tests.contract.kept_people import ANNA, BO, NOW, message

KEY = SessionKey(plan="demo", course="k", offering="main", session="dag")


def bounce(email=ANNA, **more):
    values = {"session": KEY, "reason": BounceReason.UNKNOWN_ADDRESS, "received_at": NOW, "noted_at": NOW}
    return Bounce(email=email, **(values | more))


def test_what_came_back_is_kept_once_for_a_session_and_an_address(database):
    book = SqlBounceBook(database)
    book.save_bounces([])
    book.save_bounces([bounce(BO), bounce()])
    book.save_bounces([bounce(reason=BounceReason.MAILBOX_FULL), bounce(session=replace(KEY, plan="andet"))])
    assert book.load_bounces("demo") == (bounce(reason=BounceReason.MAILBOX_FULL), bounce(BO))
    assert book.load_bounces("andet") == (bounce(session=replace(KEY, plan="andet")),)


def test_a_person_who_is_erased_leaves_nothing(database):
    book = SqlBounceBook(database)
    book.save_bounces([bounce(), bounce(BO)])
    erase_person(database, ANNA, now=NOW)
    assert book.load_bounces("demo") == (bounce(BO),)


def test_what_was_sent_lately_is_found(database):
    outbox = SqlOutbox(database)
    sent = [message(f"m{hours}", state=DeliveryState.SENT, sent_at=NOW - timedelta(hours=hours)) for hours in (0, 1, 2)]
    outbox.add_messages([*sent, message("due"), message("failed", state=DeliveryState.FAILED, sent_at=NOW)])
    assert [one.key for one in outbox.load_sent("demo", since=NOW - timedelta(hours=1))] == ["m0", "m1"]
    assert outbox.load_sent("andet", since=NOW - timedelta(hours=1)) == ()
