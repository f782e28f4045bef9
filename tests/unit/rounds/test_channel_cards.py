"""What becomes of a course's card in a channel, by Teams' answer: `bot.rounds.channel_cards`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.cards.standing import CardStep
from bot.domain.conversations import Conversation, ConversationKind, StandingCard
from bot.domain.errors import GraphError, GraphGone, GraphRefused, GraphUnclear
from bot.rounds.channel_cards import take_step

NOW = datetime(2025, 5, 20, 8, tzinfo=UTC)
THERE = Conversation(id="19:x", kind=ConversationKind.CHANNEL, service_url="https://x.example", name="Ledere", added_at=NOW, seen_at=NOW)
NEW = StandingCard(plan="p", course="k", conversation="19:x", activity="", digest="d", shown_at=NOW)
OLD = replace(NEW, activity="17")


class Chat:
    def __init__(self, fails=None, book=None):
        self.fails, self.book, self.seen = fails, book, []

    async def send(self, _conversation, _card, *, summary):
        self.seen.append(dict(self.book.cards))
        if self.fails is not None:
            raise self.fails
        return "18"

    async def update(self, _conversation, activity, _card):
        assert activity == "17"
        if self.fails is not None:
            raise self.fails


class Book:
    def __init__(self, *cards):
        self.cards, self.forgotten = {one.course: one for one in cards}, []

    def save_card(self, card):
        self.cards[card.course] = card

    def forget_card(self, card):
        self.cards.pop(card.course, None)

    def forget(self, conversation):
        self.forgotten.append(conversation)


def take(standing, *, fails=None, is_last=False, card=None):
    book = Book(*([standing] if standing.activity else []))
    chat = Chat(fails, book)
    step = CardStep(standing=standing, conversation=THERE, card={} if card is None else card, is_last=is_last)
    return asyncio.run(take_step(step, chat, book)), book, chat


def test_a_new_card_is_written_down_before_it_goes():
    shown, book, chat = take(NEW)
    assert shown
    assert chat.seen == [{"k": NEW}]
    assert book.cards == {"k": replace(NEW, activity="18")}


def test_a_new_card_of_which_nobody_knows_is_never_posted_again():
    shown, book, _ = take(NEW, fails=GraphUnclear("chat_unclear"))
    assert (shown, book.cards) == (False, {"k": NEW})


def test_a_new_card_that_is_refused_is_not_begun():
    shown, book, _ = take(NEW, fails=GraphRefused("chat_refused"))
    assert (shown, book.cards) == (False, {})


def test_a_channel_without_the_bot_is_forgotten():
    shown, book, _ = take(NEW, fails=GraphGone("chat_gone"))
    assert (shown, book.forgotten) == (False, ["19:x"])


def test_what_cannot_go_now_ends_the_round_and_is_not_begun():
    book = Book()
    step = CardStep(standing=NEW, conversation=THERE, card={})
    with pytest.raises(GraphError):
        asyncio.run(take_step(step, Chat(GraphError("chat_later"), book), book))
    assert book.cards == {}


@pytest.mark.parametrize("error", [GraphUnclear("chat_unclear"), GraphRefused("chat_refused")])
def test_a_card_that_was_not_renewed_is_tried_again(error):
    shown, book, _ = take(OLD, fails=error)
    assert (shown, book.cards) == (False, {"k": OLD})


def test_a_card_that_somebody_took_away_is_left_alone():
    shown, book, _ = take(OLD, fails=GraphGone("chat_gone"))
    assert (shown, book.cards) == (False, {"k": NEW})


def test_the_last_card_is_kept_no_more_once_it_is_shown():
    assert take(OLD, is_last=True)[1].cards == {}
    assert take(OLD, is_last=True, fails=GraphUnclear("chat_unclear"))[1].cards == {"k": OLD}
