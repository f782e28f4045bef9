"""What `doctor` says of the bot, by what its own address and Microsoft's sign-in answer."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager

import httpx
import pytest
import respx

from bot.desks.doctor.bot import bot_findings
from config.settings import Settings

APP, TENANT = "0b07c0de-0000-4000-8000-000000000001", "11111111-1111-4111-8111-111111111111"
SECRET = "en-lang-hemmelighed-som-kun-findes-i-test"
PAGES, PLAYED = "https://kurser.kommune.example", "http://127.0.0.1:8111"
SIGN_IN = f"{PLAYED}/entra/{TENANT}/oauth2/v2.0/token"


@contextmanager
def a_host(*, door=401, token=200):
    """Our pages and a played sign-in, answering so; `door` may be what happens instead of an answer."""
    with respx.mock() as hosts:
        answer = {"side_effect": door} if not isinstance(door, int) else {"return_value": httpx.Response(door, headers={"location": "/x"})}
        hosts.post(f"{PAGES}/bot/messages").mock(**answer)
        hosts.post(SIGN_IN).mock(return_value=httpx.Response(token, json={"access_token": "x", "expires_in": 3600}))
        yield hosts


def found():
    bot = {"app_id": APP, "app_secret": "hemmeligt", "tenant_id": TENANT, "sandbox_url": PLAYED}
    settings = Settings(web={"base_url": f"{PAGES}/", "secret_key": SECRET}, bot=bot)
    return {one.check: (one.state.value, one.message) for one in asyncio.run(bot_findings(settings, None, has_books=False))}


def test_without_a_bot_nothing_is_said_of_one():
    assert asyncio.run(bot_findings(Settings(), None, has_books=False)) == []


@pytest.mark.parametrize(
    ("status", "state", "message"),
    [
        (401, "ok", "doctor.bot_door_ok"),
        (200, "failed", "doctor.bot_door_other"),
        (302, "failed", "doctor.bot_door_other"),
        (403, "failed", "doctor.bot_door_other"),
        (404, "failed", "doctor.bot_door_other"),
        (502, "unknown", "doctor.bot_door_silent"),
        (httpx.ConnectError, "unknown", "doctor.bot_door_silent"),
        (httpx.ReadTimeout, "unknown", "doctor.bot_door_silent"),
    ],
)
def test_the_address_is_in_order_where_it_turns_a_stranger_away(status, state, message):
    """No answer, or a server that is not up, may be one that only Microsoft reaches."""
    with a_host(door=status) as hosts:
        assert found()["bot_door"] == (state, message)
        (sent,) = [call.request for call in hosts.calls if call.request.url.path == "/bot/messages"]
    assert (sent.content, "authorization" in sent.headers) == (b"{}", False)


@pytest.mark.parametrize(("status", "finding"), [(200, ("ok", "doctor.bot_ok")), (401, ("failed", "errors.chat_sign_in_failed"))])
def test_a_bot_that_cannot_sign_in_is_told(status, finding):
    with a_host(token=status):
        assert found()["bot"] == finding
