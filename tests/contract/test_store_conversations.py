"""Where the bot is in Teams, on every database: one row for each conversation, and nothing that came is new twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.conversations import Conversation, ConversationKind, StandingCard
from bot.store.conversations import SqlConversationBook
from bot.store.expired import KeptSince
from bot.store.expiry import expire
from tests.builders.known_people import NOW

DAY = timedelta(days=1)
ANNA = Conversation(
    id="a:anna", kind=ConversationKind.PERSONAL, service_url="https://smba.trafficmanager.net/emea", added_at=NOW, seen_at=NOW,
    subject="0-1", email="anna@by.example",
)  # fmt: skip
CHANNEL = replace(ANNA, id="19:k@thread.tacv2", kind=ConversationKind.CHANNEL, subject="", email="", name="Kurser 😀")
CARD = StandingCard(plan="by", course="k", conversation=CHANNEL.id, activity="1", digest="d", shown_at=NOW)
LONG_AGO = NOW - 900 * DAY


@pytest.fixture
def book(database):
    return SqlConversationBook(database)


def test_a_conversation_comes_back_as_it_is_now_and_was_added_when_it_was(book):
    book.save(ANNA)
    later = replace(ANNA, service_url="https://smba.trafficmanager.net/amer", added_at=NOW + DAY, seen_at=NOW + DAY)
    book.save(later)
    assert book.load(ANNA.id) == replace(later, added_at=NOW)
    assert book.load("a:nobody") is None


def test_people_are_found_by_who_they_are_and_channels_by_name(book):
    newer = replace(ANNA, id="a:anna-2", seen_at=NOW + DAY)
    bo = replace(ANNA, id="a:bo", subject="0-2", email="bo@by.example")
    for one in (newer, ANNA, bo, CHANNEL):
        book.save(one)
    assert book.load_personal() == {"0-1": newer, "0-2": bo}, "of two of one person the one seen last"
    assert book.load_personal({"0-2", "0-3"}) == {"0-2": bo}
    assert book.load_personal(()) == {}
    assert book.load_channels() == (CHANNEL,)


def test_what_came_is_new_once_until_it_is_forgotten(book, database):
    assert [book.is_new("a", "1", at=NOW), book.is_new("a", "1", at=NOW), book.is_new("b", "1", at=NOW)] == [True, False, True]
    assert book.let_go(activities_before=NOW, seen_before=NOW) == 0
    assert not book.is_new("a", "1", at=NOW)
    assert book.let_go(activities_before=NOW + DAY, seen_before=NOW) == 0
    assert book.is_new("a", "1", at=NOW)


def test_who_was_not_seen_for_long_is_let_go_of_and_a_channel_is_not(book):
    """A channel is nobody's, and its courses' cards are kept up as long as the bot is in it."""
    for one in (ANNA, CHANNEL):
        book.save(one)
    assert book.let_go(activities_before=NOW, seen_before=NOW + DAY) == 1
    assert book.load(ANNA.id) is None
    assert book.load(CHANNEL.id) is not None


def test_cards_stand_until_they_or_their_conversation_are_gone(book):
    other = replace(CARD, course="l")
    for one in (other, CARD, replace(CARD, plan="andenby"), replace(CARD, digest="e", activity="2")):
        book.save_card(one)
    assert book.load_cards("by") == (replace(CARD, digest="e", activity="2"), other)
    book.forget_card(other)
    assert [one.course for one in book.load_cards("by")] == ["k"]
    book.save(CHANNEL)
    book.forget(CHANNEL.id)
    assert (book.load(CHANNEL.id), book.load_cards("by"), book.load_cards("andenby")) == (None, (), ())


@pytest.mark.parametrize(("ended", "stays"), [(NOW - DAY, False), (NOW + DAY, True), (None, True)])
def test_a_card_is_forgotten_with_its_course(book, database, ended, stays):
    book.save_card(CARD)
    since = KeptSince(participation=LONG_AGO, messages=LONG_AGO, bounces=LONG_AGO, notes=NOW, people=LONG_AGO, plan=LONG_AGO)
    dated = {("k", "main"): ended}
    expire(database, "by", dated=dated, audiences=(), kept=since, only_foresee=True)
    assert book.load_cards("by") == (CARD,)
    expire(database, "by", dated=dated, audiences=(), kept=since)
    assert book.load_cards("by") == ((CARD,) if stays else ())
