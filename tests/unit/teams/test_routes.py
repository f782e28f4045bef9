"""Where Teams calls: what is refused before anything is believed."""

from __future__ import annotations

import asyncio
import base64
import json

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.teams.proof import NotTeams, TokenCheck
from bot.teams.routes import LARGEST_ACTIVITY, bot_part
from bot.web.parts import mount
from config.bot_settings import BotSettings
from tests.builders.activities import ADDRESS, APP, BASE, TENANT

SETTINGS = BotSettings(app_id=APP, app_secret="hemmelig", tenant_id=TENANT)


class Check:
    async def address_in(self, authorization):
        if authorization != "Bearer good":
            raise NotTeams("bad")
        return ADDRESS


class Bot:
    def __init__(self):
        self.took = []

    async def take(self, came):
        self.took.append(came)
        return {"statusCode": 200}


@pytest.fixture
def called():
    bot, app = Bot(), FastAPI()
    mount(app, bot_part(SETTINGS, bot, Check()))
    with TestClient(app) as client:
        client.bot = bot
        yield client


def post(client, content, token="good"):  # noqa: S107 - of nobody
    return client.post("/bot/messages", content=content, headers={"Authorization": f"Bearer {token}"}).status_code


def test_what_teams_brings_is_taken(called):
    assert post(called, json.dumps(BASE)) == 200
    assert called.bot.took[0].line == "mine kurser"


@pytest.mark.parametrize(
    ("content", "token", "status"),
    [
        (json.dumps(BASE), "bad", 401),
        ("not json", "bad", 401),
        ("not json", "good", 400),
        ("[1]", "good", 400),
        ("[" * 100_000, "good", 400),
        ("x" * (LARGEST_ACTIVITY + 1), "good", 413),
        (json.dumps(BASE | {"serviceUrl": "https://elsewhere.example"}), "good", 403),
    ],
    ids=["token", "token before body", "no json", "a list", "deep", "large", "address"],
)
def test_what_is_refused_does_nothing(called, content, token, status):
    assert post(called, content, token) == status
    assert called.bot.took == []


def test_who_brings_what_is_refused_again_and_again_is_not_listened_to_for_a_while(called):
    statuses = [post(called, "x", "bad") for _ in range(65)]
    assert statuses.count(401) == 60
    assert statuses[-1] == 429


def test_a_stranger_s_issuer_is_asked_for_nothing(monkeypatch):
    """Whatever issuer and tenant a token names, only Teams' own keys are looked at."""
    asked = []
    monkeypatch.setattr(
        "urllib.request.urlopen", lambda request, **_more: asked.append(request.full_url) or (_ for _ in ()).throw(OSError())
    )
    parts = ({"alg": "RS256", "kid": "1"}, {"iss": "https://login.microsoftonline.com/x", "tid": "../../evil", "aud": APP})
    token = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + ".c2ln"
    check = TokenCheck(SETTINGS)
    for _ in range(3):
        with pytest.raises(NotTeams):
            asyncio.run(check.address_in(f"Bearer {token}"))
    assert {one.split("/")[2] for one in asked} <= {"login.botframework.com"}
