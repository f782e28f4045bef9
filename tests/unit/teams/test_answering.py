"""What the bot does about what came: to whom it speaks, what it keeps, and what is done once."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest

from bot.cards.answers import render_answer
from bot.domain.chat_views import HelpCard
from bot.domain.conversations import ConversationKind, Press, PressVerb
from bot.domain.errors import DatabaseFailed, GraphGone, GraphUnclear
from bot.domain.people import Language
from bot.teams.activities import Deed, Incoming
from bot.teams.answering import Bot

NOW = datetime(2026, 9, 1, tzinfo=UTC)
OWN = "kun@mig.example"


class Book:
    def __init__(self):
        self.rows, self.seen = {}, set()

    def load(self, conversation):
        return self.rows.get(conversation)

    def load_personal(self, subjects):
        return {one.subject: one for one in self.rows.values() if one.subject in subjects}

    def save(self, conversation):
        self.rows[conversation.id] = conversation

    def forget(self, conversation):
        self.rows.pop(conversation, None)

    def is_new(self, conversation, activity, *, at):
        new = (conversation, activity, at) not in self.seen
        self.seen.add((conversation, activity, at))
        return new


class Teams:
    def __init__(self):
        self.sent, self.updated, self.fails = [], [], None

    async def send(self, conversation, card, *, summary):
        if self.fails is not None:
            raise self.fails
        self.sent.append((conversation.id, json.dumps(card), summary))
        return "1"

    async def update(self, _conversation, activity, card):
        if activity == "gone":
            raise GraphGone("chat_gone", call="PUT")
        self.updated.append(card)

    async def address_of(self, _conversation, _subject):
        return "anna@by.example"


class Desk:
    def __init__(self):
        self.asked, self.breaks = [], None

    def written(self, visitor, line, language):
        return self._answer(visitor, line, language)

    def pressed(self, visitor, press, language, *, again):
        return self._answer(visitor, (press.verb, again), language)

    def found(self, visitor, words, language):
        self._answer(visitor, words, language)
        return ()

    def _answer(self, visitor, what, language):
        if self.breaks is not None:
            raise self.breaks
        self.asked.append((visitor.email, what))
        return HelpCard(language=language, contact=OWN)


@pytest.fixture
def bot():
    teams = Teams()
    return Bot(app_id="app", desk=Desk(), book=Book(), chat=teams, directory=teams, address_of=lambda _subject: "", now=lambda: NOW)


def came(**more):
    given = {
        "deed": Deed.WROTE, "activity": "1", "conversation": "a:1", "kind": ConversationKind.PERSONAL, "service_url": "https://x",
        "subject": "s", "language": Language.DA,
    }  # fmt: skip
    return Incoming(**(given | more))


def take(bot, *all_of_it):
    async def scene():
        return [await bot.take(one) for one in all_of_it]

    return asyncio.run(scene())


PRESS = {"deed": Deed.PRESSED, "press": Press(verb=PressVerb.DECIDE)}
CHANNEL = {"kind": ConversationKind.CHANNEL, "conversation": "19:ledere"}


def test_a_line_is_answered_in_the_chat_by_who_teams_says_wrote(bot):
    take(bot, came(line="mine kurser"))
    assert bot.desk.asked == [("anna@by.example", "mine kurser")]
    assert OWN in bot.chat.sent[0][1]
    assert bot.book.rows["a:1"].email == "anna@by.example"


def test_what_comes_twice_is_done_once(bot):
    take(bot, came(line="hej"), came(line="hej"))
    assert len(bot.chat.sent) == 1
    take(bot, came(**PRESS, activity="2", waits=True), came(**PRESS, activity="2", waits=True))
    assert [what for _, what in bot.desk.asked[1:]] == [(PressVerb.DECIDE, False), (PressVerb.DECIDE, True)]


def test_nobody_s_card_is_shown_to_a_whole_channel(bot):
    take(bot, came(**PRESS, **CHANNEL), came(**CHANNEL, line="mine kurser", activity="2"))
    assert len(bot.chat.sent) == 2
    assert not any(OWN in card for _, card, _ in bot.chat.sent)


def test_whoever_waits_gets_the_card_in_the_place_of_the_one_pressed(bot):
    (answer,) = take(bot, came(**PRESS, waits=True))
    assert answer == {
        "statusCode": 200,
        "type": "application/vnd.microsoft.card.adaptive",
        "value": render_answer(HelpCard(language=Language.DA, contact=OWN)),
    }
    assert bot.chat.sent == []


def test_an_old_client_s_card_is_replaced_or_the_answer_stands_beside_it(bot):
    take(bot, came(**PRESS, reply_to="7"), came(**PRESS, reply_to="gone", activity="2"))
    assert (len(bot.chat.updated), len(bot.chat.sent)) == (1, 1)


def test_hello_is_said_once_though_teams_tells_twice_and_at_once(bot):
    async def scene():
        await asyncio.gather(bot.take(came(deed=Deed.BOT_CAME)), bot.take(came(deed=Deed.BOT_CAME, activity="2")))

    asyncio.run(scene())
    assert len(bot.chat.sent) == 1


def test_a_removal_of_long_ago_that_is_told_again_removes_nothing(bot):
    gone = came(deed=Deed.BOT_WENT, activity="2")
    take(bot, came(deed=Deed.BOT_CAME), gone, came(deed=Deed.BOT_CAME, activity="3"), gone)
    assert "a:1" in bot.book.rows


def test_a_search_in_somebody_s_own_chat_makes_it_none_of_the_bot_s(bot):
    (answer,) = take(bot, came(deed=Deed.SEARCHED, waits=True, line="x", kind=ConversationKind.CHANNEL, conversation="19:to-to"))
    assert answer["composeExtension"]["attachments"] == []
    assert bot.book.rows == {}


@pytest.mark.parametrize("breaks", [DatabaseFailed("database_locked"), ValueError("sygdom")])
def test_where_something_fails_whoever_waits_is_told_and_nothing_of_why(bot, breaks):
    bot.desk.breaks = breaks
    answer, nothing, searched = take(
        bot, came(**PRESS, waits=True), came(line="hej", activity="2"), came(deed=Deed.SEARCHED, waits=True, activity="3")
    )
    assert "Prøv igen" in json.dumps(answer, ensure_ascii=False)
    assert "sygdom" not in json.dumps(answer)
    assert nothing is None
    assert searched["composeExtension"]["attachments"] == []
    assert len(bot.chat.sent) == 1


def test_a_chat_that_is_gone_is_forgotten_and_one_that_is_silent_is_not(bot):
    take(bot, came(line="hej"))
    bot.chat.fails = GraphUnclear("chat_unclear", status=500, call="POST")
    take(bot, came(line="hej", activity="2"))
    assert "a:1" in bot.book.rows
    bot.chat.fails = GraphGone("chat_gone", call="POST")
    take(bot, came(line="hej", activity="3"))
    assert bot.book.rows == {}
