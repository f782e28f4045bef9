"""The way of an activity to the bot: signed as Teams signs or spoiled on purpose, and the answer to it.

`spoil` names what is wrong with it: of the token what `tokens.py` has, of the activity `tenant` (another) and
`person` (nobody is named).
"""

from __future__ import annotations

import functools
import json
import ssl
import time
from datetime import datetime
from typing import Any

import httpx

from bot.sandbox.chats import Called, Chats
from bot.sandbox.clock import Clock
from bot.sandbox.settings import Settings
from bot.sandbox.tokens import STRANGER, token_of
from bot.sandbox.wire import JsonObject


def spoiled(activity: JsonObject, spoil: str) -> JsonObject:
    """The activity itself, where that is what is to be wrong: of another tenant, or of nobody."""
    if spoil == "person":
        return activity | {"from": {"id": activity["from"]["id"]}}
    if spoil != "tenant":
        return activity
    return activity | {
        "conversation": activity["conversation"] | {"tenantId": STRANGER},
        "channelData": activity["channelData"] | {"tenant": {"id": STRANGER}},
    }


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Reading the machine's certificates takes longer than everything else of a call."""
    return ssl.create_default_context()


class BotCaller:
    """Brings activities to the bot's endpoint, and writes down what became of each."""

    def __init__(self, settings: Settings, clock: Clock, chats: Chats) -> None:
        """Nothing is brought yet."""
        self.settings = settings
        self.clock = clock
        self.chats = chats
        self.in_flight = 0
        self.most_in_flight = 0

    async def bring(self, activity: JsonObject, origin: str, spoil: str = "") -> Called:
        """Post it once; `status` 0 where nobody answers in time or nobody listens."""
        bot = self.chats.bot
        sent = spoiled(activity, spoil)
        claims = {"serviceurl": activity["serviceUrl"], "iss": f"{origin}/issuer", "aud": bot.app_id}
        token = token_of(claims, spoil)
        headers = {"x-ms-tenant-id": sent["channelData"]["tenant"]["id"]}
        if token:
            headers["authorization"] = f"Bearer {token}"
        at, started = self.clock.now(), time.monotonic()
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            status, body = await self._post(bot.endpoint, sent, headers)
        finally:
            self.in_flight -= 1
        return self._note(sent, at, started, status, body, spoil)

    async def _post(self, url: str, sent: JsonObject, headers: dict[str, str]) -> tuple[int, Any]:
        if not url:
            return 0, "no endpoint is set"
        content = json.dumps(sent, ensure_ascii=False).encode()
        try:
            seconds = self.settings.invoke_timeout_seconds
            async with httpx.AsyncClient(trust_env=False, verify=_trusted(), timeout=seconds) as client:
                answer = await client.post(
                    url,
                    content=content,
                    headers=headers | {"content-type": "application/json; charset=utf-8"},
                )
        except httpx.HTTPError as error:
            return 0, type(error).__name__
        try:
            return answer.status_code, answer.json() if answer.content else None
        except ValueError:
            return answer.status_code, answer.text

    def _note(
        self, sent: JsonObject, at: datetime, started: float, status: int, body: Any, spoil: str
    ) -> Called:
        user = self.chats.directory.users.get(sent["from"].get("aadObjectId", ""))
        called = Called(
            time=at,
            who=(user.mail or user.upn).lower() if user else "",
            kind=str(sent.get("name") or sent["type"]),
            activity=sent,
            status=status,
            seconds=time.monotonic() - started,
            body=body,
            spoiled=spoil,
        )
        self.chats.calls.append(called)
        return called
