"""Cards to conversations: one request each, by every answer that there can be, and the token goes to Microsoft alone."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from bot.connector.addresses import is_trusted
from bot.connector.chat import ConnectorChat
from bot.connector.tempo import Times
from bot.connector.tokens import BotTokens
from bot.domain.conversations import Conversation, ConversationKind
from bot.domain.errors import GraphError, GraphGone, GraphRefused, GraphUnclear, SignInFailed
from config.bot_settings import BotSettings

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
APP, TENANT = "0b07c0de-0000-4000-8000-000000000001", "11111111-1111-4111-8111-111111111111"
SETTINGS = BotSettings(app_id=APP, app_secret="hemmeligt", tenant_id=TENANT)
ANNA = Conversation(
    id="a:1/x", kind=ConversationKind.PERSONAL, service_url="https://smba.trafficmanager.net/emea/", added_at=NOW, seen_at=NOW, subject="7"
)
CARD = {"type": "AdaptiveCard", "version": "1.5", "body": []}
SAID = httpx.Response(201, json={"id": "1700"})


class Credential:
    def __init__(self, room):
        self.room = room

    def get_token(self, *scopes):
        self.room.scopes.append(scopes)
        if self.room.sign_in is not None:
            raise self.room.sign_in
        return type("Token", (), {"token": f"token-{len(self.room.scopes)}", "expires_on": 4_000_000_000})

    def close(self):
        self.room.closed += 1


class Room:
    """A Bot Connector that answers what is given, in order, the last for ever; time passes by sleeping alone."""

    def __init__(self, *answers, budget=20.0):
        self.answers, self.got, self.slept, self.at = list(answers), [], 0.0, 0.0
        self.scopes, self.closed, self.sign_in = [], 0, None
        times = Times(sleep=self._sleep, monotonic=lambda: self.at, chance=lambda: 1.0, now=lambda: NOW)
        tokens = BotTokens(SETTINGS, build=lambda _: Credential(self))
        self.chat = ConnectorChat(SETTINGS, budget_seconds=budget, tokens=tokens, times=times, transport=httpx.MockTransport(self._answer))

    def _answer(self, request):
        self.got.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _sleep(self, seconds):
        self.at += seconds
        self.slept += seconds

    def send(self, conversation=ANNA, times=1):
        async def scene():
            async with self.chat.connected():
                return [await self.chat.send(conversation, CARD, summary="I morgen") for _ in range(times)]

        return asyncio.run(scene())

    def run(self, work):
        return asyncio.run(work)


def refusal(status, code="", **headers):
    return httpx.Response(status, json={"error": {"code": code, "message": "anna@by.example"}}, headers=headers)


def test_a_card_is_one_request_and_its_id_comes_back():
    room = Room(SAID)
    assert room.send() == ["1700"]
    (request,) = room.got
    assert (request.method, str(request.url)) == ("POST", "https://smba.trafficmanager.net/emea/v3/conversations/a%3A1%2Fx/activities")
    assert request.headers["authorization"] == "Bearer token-1"
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}
    assert json.loads(request.content) == {"type": "message", "attachments": [attachment], "summary": "I morgen"}
    assert (room.scopes, room.closed) == ([("https://api.botframework.com/.default",)], 1)


def test_a_card_is_put_in_the_place_of_another():
    room = Room(httpx.Response(200, json={"id": "1700"}))
    room.run(room.chat.update(ANNA, "1700", CARD))
    (request,) = room.got
    assert (request.method, request.url.path.rpartition("/")[2]) == ("PUT", "1700")
    assert json.loads(request.content)["id"] == "1700"


def test_a_chat_is_opened_by_who_it_is_with():
    room = Room(httpx.Response(201, json={"id": "a:new"}))
    opened = room.run(room.chat.open("7"))
    assert opened == replace(ANNA, id="a:new", service_url="https://smba.trafficmanager.net/teams")
    assert json.loads(room.got[0].content) == {
        "bot": {"id": f"28:{APP}"}, "members": [{"id": "7"}], "isGroup": False, "tenantId": TENANT,
        "channelData": {"tenant": {"id": TENANT}},
    }  # fmt: skip
    with pytest.raises(GraphUnclear):
        Room(httpx.Response(201)).run(Room(httpx.Response(201, json=[])).chat.open("7"))


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (refusal(403, "BotNotInConversationRoster"), GraphGone, "chat_gone"),
        (refusal(403, "ConversationBlockedByUser"), GraphGone, "chat_gone"),
        (refusal(403, "ForbiddenOperationException"), GraphGone, "chat_gone"),
        (refusal(404, "ConversationNotFound"), GraphGone, "chat_gone"),
        (refusal(404), GraphGone, "chat_gone"),
        (refusal(403, "BotDisabledByAdmin"), GraphRefused, "chat_refused"),
        (refusal(403, "InvalidBotApiHost"), GraphRefused, "chat_refused"),
        (refusal(400, "BadArgument"), GraphRefused, "chat_refused"),
        (refusal(413, "MessageSizeTooBig"), GraphRefused, "chat_refused"),
        (httpx.Response(302, headers={"location": "https://elsewhere.example"}), GraphRefused, "chat_refused"),
        (refusal(500, "ServiceError"), GraphUnclear, "chat_unclear"),
        (httpx.Response(408), GraphUnclear, "chat_unclear"),
        (httpx.ReadTimeout("x"), GraphUnclear, "chat_unclear"),
        (httpx.RemoteProtocolError("x"), GraphUnclear, "chat_unclear"),
        (httpx.WriteError("x"), GraphUnclear, "chat_unclear"),
        (httpx.ConnectError("x"), GraphError, "chat_unreachable"),
        (httpx.ConnectTimeout("x"), GraphError, "chat_unreachable"),
    ],
)
def test_what_is_not_said_has_one_reason_and_no_second_request(answer, kind, code):
    room = Room(answer)
    with pytest.raises(kind) as raised:
        room.send()
    assert (type(raised.value), raised.value.code, len(room.got)) == (kind, code, 1)
    assert "anna" not in str(raised.value)


@pytest.mark.parametrize("status", [412, 429, 502, 503, 504])
def test_what_teams_is_too_busy_for_is_tried_within_the_budget_and_then_later(status):
    room = Room(refusal(status), refusal(status), SAID)
    assert (room.send(), len(room.got)) == (["1700"], 3)
    room = Room(refusal(status, "Throttled"), budget=4)
    with pytest.raises(GraphError) as raised:
        room.send()
    assert (type(raised.value), raised.value.code, raised.value.status) == (GraphError, "chat_later", status)
    assert room.at <= 4


def test_a_pause_that_teams_asks_for_is_kept_or_is_too_long():
    room = Room(refusal(429, **{"Retry-After": "7"}), SAID)
    assert (room.send(), room.slept) == (["1700"], 7.0)
    room = Room(refusal(429, **{"Retry-After": "60"}))
    with pytest.raises(GraphError, match="chat_later"):
        room.send()
    assert (room.slept, len(room.got)) == (0.0, 1)


def test_a_token_is_fetched_once_and_anew_where_it_is_refused_and_not_twice():
    room = Room(httpx.Response(401), SAID)
    room.send(times=3)
    assert [one.headers["authorization"] for one in room.got] == ["Bearer token-1", *["Bearer token-2"] * 3]
    room = Room(httpx.Response(401))
    with pytest.raises(SignInFailed):
        room.send()
    assert len(room.got) == 2


def test_without_a_token_nothing_is_sent_and_nothing_of_the_secret_is_told():
    room = Room(SAID)
    room.sign_in = ValueError("AADSTS7000215: Invalid client secret hemmeligt")
    with pytest.raises(SignInFailed) as raised:
        room.send()
    assert room.got == []
    assert "AADSTS7000215" in str(raised.value)
    assert "hemmeligt" not in str(raised.value)
    room.sign_in = KeyError("a bug")
    with pytest.raises(KeyError):
        room.send()


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://smba.trafficmanager.net/emea/", True),
        ("https://SMBA.trafficmanager.net:443/emea/", True),
        ("https://europe.api.botframework.com/", True),
        ("https://smba.infra.gcc.teams.microsoft.com/teams", True),
        ("http://smba.trafficmanager.net/emea/", False),
        ("https://smba.trafficmanager.net:8443/", False),
        ("https://evil.trafficmanager.net/", False),
        ("https://smba.trafficmanager.net.evil.example/", False),
        ("https://smba.trafficmanager.net@evil.example/", False),
        ("https://evilbotframework.com/", False),
        ("https://botframework.com.evil.example/", False),
        ("https://169.254.169.254/", False),
        ("https://localhost/", False),
        ("https://smba.trafficmanager.net:x/", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_a_token_goes_to_microsoft_alone(url, trusted):
    assert is_trusted(url) is trusted
    room = Room(SAID)
    if not trusted:
        with pytest.raises(GraphRefused, match="chat_foreign_address"):
            room.send(replace(ANNA, service_url=url))
        assert room.got == []


def test_a_played_teams_is_trusted_alone():
    played = "http://127.0.0.1:4711"
    assert is_trusted(f"{played}/teams", played=played)
    assert not is_trusted("http://127.0.0.1:4712/teams", played=played)
    assert not is_trusted("https://smba.trafficmanager.net/emea", played=played)


def test_nobody_is_told_faster_than_teams_lets_us():
    """Sixty in half a minute in one conversation; what does not get its turn in time is not said."""
    room = Room(SAID, budget=40)
    room.send(times=61)
    assert room.at >= 30.0
    room = Room(SAID, budget=0.5)
    with pytest.raises(GraphError, match="chat_later"):
        room.send(times=9)
    assert len(room.got) == 7


def test_four_hundred_people_are_told_at_the_pace_of_the_tenant():
    room = Room(SAID)

    async def scene():
        for number in range(400):
            await room.chat.send(replace(ANNA, id=f"a:{number}"), CARD, summary="")

    asyncio.run(scene())
    assert 12.0 <= room.at <= 14.0
