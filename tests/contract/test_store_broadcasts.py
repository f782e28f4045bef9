"""The book of what HR writes in its own words, on every database: sent once, stopped once, and all or nothing."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.actions import Action
from bot.domain.broadcasts import BROADCAST, Broadcast, BroadcastGroup, BroadcastWords, Whereabouts, broadcast_key, trial_key
from bot.domain.messages import DeliveryState, Message
from bot.domain.people import Language
from bot.domain.templates import MessageKind
from bot.store.actions import SqlActionBook
from bot.store.broadcasts import SqlBroadcastBook
from bot.store.outbox import SqlOutbox

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ID = "0123456789abcdef"
SAID = (
    BroadcastWords(language=Language.DA, subject="Æ »\"' ø", text="a\nb\n😀 {}"),
    BroadcastWords(language=Language.EN, subject="x", text="y"),
)
DRAFT = Broadcast(
    plan="by", id=ID, where=Whereabouts(course="k", offering="main", session="dag"),
    groups=(BroadcastGroup.REGISTERED, BroadcastGroup.SILENT), by="hr@by.example", written_at=NOW, words=SAID,
)  # fmt: skip
SENT = replace(
    DRAFT, sent_at=NOW, sent_by="hr@by.example", goes_from=NOW + timedelta(hours=1), expires_at=NOW + timedelta(days=2), people=2
)
LINE = Action(at=NOW, by="hr@by.example", command="write", plan="by")


def message(email, key=None, state=DeliveryState.DUE):
    return Message(
        plan="by", key=key or broadcast_key(ID, email), kind=MessageKind.BROADCAST, course="k", offering="main", email=email,
        created_at=NOW, params={BROADCAST: ID}, state=state,
    )  # fmt: skip


TWO = (message("ane@by.example"), message("bo@by.example"))


@pytest.fixture
def book(database):
    return SqlBroadcastBook(database)


def states(database):
    return {one.email: one.state for one in SqlOutbox(database).load_messages("by")}


def test_a_draft_comes_back_as_it_was_written_each_plan_its_own(book):
    book.save_draft(DRAFT)
    book.save_draft(replace(DRAFT, plan="andenby"))
    assert book.load_broadcast("by", ID) == DRAFT
    assert book.load_broadcasts("by", course="k") == book.load_broadcasts("by") == (DRAFT,)
    assert (book.load_broadcasts("by", course="l"), book.load_broadcast("by", "0"), book.load_progress("by")) == ((), None, {})


def test_a_corrected_draft_takes_the_place_of_the_first(book):
    book.save_draft(DRAFT)
    other = replace(DRAFT, id="f" * 16, written_at=NOW + timedelta(minutes=1))
    book.save_draft(other, instead_of=ID)
    assert book.load_broadcasts("by") == (other,)
    book.save_draft(replace(other, by="en anden"), instead_of=other.id)
    assert book.load_broadcasts("by") == (other,), "the same again is the first"
    book.drop_draft("by", other.id)
    assert book.load_broadcasts("by") == ()


def test_it_is_sent_once_with_its_messages_and_its_line(book, database):
    book.save_draft(DRAFT)
    assert book.send_broadcast(SENT, TWO, noted=[LINE]) is True
    assert book.load_broadcast("by", ID) == SENT
    assert book.send_broadcast(replace(SENT, people=3), (message("cai@by.example"),), noted=[LINE]) is False
    assert states(database) == dict.fromkeys(("ane@by.example", "bo@by.example"), DeliveryState.DUE)
    assert SqlActionBook(database).load_actions("by") == (LINE,)
    book.drop_draft("by", ID)
    book.save_draft(DRAFT, instead_of=ID)
    assert book.load_broadcast("by", ID) == SENT, "what was sent stays"


def test_of_many_who_press_at_once_one_sends(book, database):
    book.save_draft(DRAFT)
    first = []
    pressing = [threading.Thread(target=lambda: first.append(book.send_broadcast(SENT, TWO, noted=[LINE]))) for _ in range(6)]
    for one in pressing:
        one.start()
    for one in pressing:
        one.join()
    assert sorted(first) == [False] * 5 + [True]
    assert len(states(database)) == 2
    assert len(SqlActionBook(database).load_actions("by")) == 1


def test_nothing_is_sent_where_its_messages_cannot_be_written(book, database):
    book.save_draft(DRAFT)
    with pytest.raises(Exception, match=r".+"):
        book.send_broadcast(SENT, [replace(TWO[0], created_at=NOW.replace(tzinfo=None))], noted=[LINE])
    assert book.load_broadcast("by", ID) == DRAFT
    assert (states(database), SqlActionBook(database).load_actions("by")) == ({}, ())


def test_stopping_takes_what_was_not_begun_and_only_that(book, database):
    book.save_draft(DRAFT)
    sent = (*TWO, message("cai@by.example", state=DeliveryState.SENDING), message("dan@by.example", state=DeliveryState.SENT))
    another = message("ane@by.example", f"broadcast/{'f' * 16}/ane@by.example")
    trial = message("hr@by.example", trial_key(ID, Language.DA, "hr@by.example"))
    assert book.stop_broadcast("by", ID, by="hr", at=NOW) == 0, "a draft is not under way"
    book.send_broadcast(SENT, sent)
    SqlOutbox(database).add_messages((another, trial))
    assert book.stop_broadcast("by", ID, by="hr", at=NOW, noted=[LINE]) == 2
    assert book.stop_broadcast("by", ID, by="en anden", at=NOW, noted=[LINE]) == 0
    stopped = book.load_broadcast("by", ID)
    assert (stopped.stopped_by, stopped.stopped_at) == ("hr", NOW)
    progress = book.load_progress("by", course="k")[ID]
    assert progress.states == {DeliveryState.SKIPPED: 2, DeliveryState.SENDING: 1, DeliveryState.SENT: 1}
    assert book.load_progress("by")["f" * 16].total == 1
    assert len(SqlActionBook(database).load_actions("by")) == 1
