"""Posts by the bot where it is a member, else by the webhook: `bot.connector.channel_posts`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.connector.channel_posts import BotChannels
from bot.domain.conversations import Conversation, ConversationKind
from bot.domain.errors import GraphError, GraphGone, GraphRefused, GraphUnclear, SignInFailed
from bot.domain.teams import PostOutcome

NOW = datetime(2025, 5, 20, 8, tzinfo=UTC)
CARD = {"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": "Æblekage"}]}
THERE = Conversation(id="19:x", kind=ConversationKind.CHANNEL, service_url="https://x.example", name="Ledere", added_at=NOW, seen_at=NOW)


class Chat:
    def __init__(self, fails=None):
        self.fails, self.sent = fails, []

    async def send(self, conversation, card, *, summary):
        if self.fails is not None:
            raise self.fails
        self.sent.append((conversation.id, card))
        return "1"


class Book:
    def __init__(self, *channels):
        self.channels, self.forgotten = channels, []

    def load_channels(self):
        return self.channels

    def forget(self, conversation):
        self.forgotten.append(conversation)


class Webhooks:
    def __init__(self, *names):
        self.names, self.posted = names, []

    async def post(self, channel, card):
        if channel not in self.names:
            raise KeyError(channel)
        assert card == CARD
        self.posted.append(channel)
        return PostOutcome.TAKEN


def post(chat, book, webhooks, channel="ledere"):
    return asyncio.run(BotChannels(chat, book, webhooks).post(channel, CARD))


def test_the_bot_posts_the_card_itself_whatever_the_case_of_the_name():
    chat, webhooks = Chat(), Webhooks("ledere")
    assert post(chat, Book(THERE), webhooks) is PostOutcome.TAKEN
    assert (chat.sent, webhooks.posted) == ([("19:x", CARD)], [])


def test_where_the_bot_is_not_the_webhook_takes_it():
    chat, webhooks = Chat(), Webhooks("ledere")
    assert post(chat, Book(), webhooks) is PostOutcome.TAKEN
    assert (chat.sent, webhooks.posted) == ([], ["ledere"])
    with pytest.raises(KeyError):
        post(chat, Book(), Webhooks())


def test_a_bot_that_is_not_there_any_more_is_forgotten_there():
    book, webhooks = Book(THERE), Webhooks("ledere")
    assert post(Chat(GraphGone("chat_gone")), book, webhooks) is PostOutcome.TAKEN
    assert (book.forgotten, webhooks.posted) == (["19:x"], ["ledere"])


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (GraphUnclear("chat_unclear"), PostOutcome.UNCLEAR),
        (GraphRefused("chat_refused"), PostOutcome.REFUSED),
        (GraphError("chat_later"), PostOutcome.LATER),
    ],
)
def test_what_may_be_there_is_not_posted_by_the_webhook_as_well(error, outcome):
    webhooks = Webhooks("ledere")
    assert post(Chat(error), Book(THERE), webhooks) is outcome
    assert webhooks.posted == []


def test_a_bot_that_cannot_sign_in_leaves_it_to_the_webhook_if_there_is_one():
    error = SignInFailed("chat_sign_in_failed")
    assert post(Chat(error), Book(THERE), Webhooks("ledere")) is PostOutcome.TAKEN
    assert post(Chat(error), Book(THERE), Webhooks()) is PostOutcome.LATER
