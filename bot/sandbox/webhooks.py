"""A Workflows webhook for each channel, at `/webhooks/{channel}`.

Takes an Adaptive Card and answers 202 before it is shown.

No token: who has the address can post. At most 28 KB, nothing but one card in a message, and so many in a
second and in half a minute. Over that a 429, or as the old connectors had it a 200 that says so in its text
(`webhook_throttle`). A flow itself posts 25 cards in five minutes: what comes beyond that is answered like
any other, and never shown (`posts_per_5_minutes`). Faults by rule reach it as they reach Graph; the path is
`/webhooks/{channel}`. Facts: graph-facts section 7 (2026-11-22), graph-facts-checked F8 and 11c (2026-11-28);
that the limits of connectors hold for Workflows is assumed.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.sandbox.teams import Post
from bot.sandbox.traffic import retry_after

if TYPE_CHECKING:
    from bot.sandbox.faults import Fault
    from bot.sandbox.tenant import Tenant

WEBHOOK_PATH = "/webhooks"
MOST_BYTES = 28 * 1024
CARD = "application/vnd.microsoft.card.adaptive"
LIMITS = ((4, 1.0), (60, 30.0), (100, 3600.0), (150, 7200.0), (1800, 86400.0))
THROTTLED_TEXT = (
    "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with "
    "ContextId tcid=0."
)


class WebhookApp:
    """The ASGI application of all webhooks of a tenant."""

    def __init__(self, tenant: Tenant) -> None:
        """Serve `tenant`."""
        self.tenant = tenant

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or cut the connection when a fault says so."""
        request = Request(scope, receive)
        channel = request.url.path.removeprefix(WEBHOOK_PATH).strip("/")
        fault = self.tenant.faults.for_request(request.method, f"{WEBHOOK_PATH}/{channel}")
        body = await request.body()
        answer = await self._fail(fault, "before")
        if answer is None:
            answer = self._take(request.method, channel, body)
            answer = await self._fail(fault, "after") or answer
        if fault is not None and fault.drop:
            scope["state"]["transport"].abort()
            await receive()
            return
        await answer(scope, receive, send)

    def _take(self, method: str, channel: str, body: bytes) -> Response:
        if method != "POST" or not channel:
            return Response("Not found", 404)
        tenant = self.tenant
        if tenant.teams.is_too_fast(f"webhook {channel}", time.monotonic(), *LIMITS):
            if tenant.settings.webhook_throttle == "body":
                return Response(THROTTLED_TEXT, 200)
            return Response("Too many requests", 429, headers=retry_after(tenant.settings))
        if len(body) > MOST_BYTES:
            return Response("Request Entity Too Large", 413)
        card = _card_of(body)
        if card is None:
            return Response("Only one Adaptive Card in a message is accepted.", 400)
        if not tenant.teams.is_too_fast(
            f"flow {channel}", time.monotonic(), (tenant.settings.posts_per_5_minutes, 300.0)
        ):
            tenant.teams.posts.append(Post(channel=channel, time=tenant.clock.now(), card=card))
        return Response(status_code=202)

    async def _fail(self, fault: Fault | None, when: str) -> Response | None:
        """Carry out a fault's side; the answer it puts in the place of ours, if any."""
        if fault is None or fault.when != when:
            return None
        if fault.delay_ms:
            await asyncio.sleep(fault.delay_ms / 1000)
        if fault.drop:
            return Response(status_code=500)  # nobody sees it: the connection is cut
        if fault.status is None:
            return None
        headers = {} if fault.retry_after is None else {"retry-after": fault.retry_after}
        return Response(fault.message, fault.status, headers=headers)


def _card_of(body: bytes) -> dict[str, Any] | None:
    try:
        message = json.loads(body)
        (attachment,) = message["attachments"]
        card = attachment["content"]
        is_card = (
            message["type"] == "message"
            and attachment["contentType"] == CARD
            and card["type"] == "AdaptiveCard"
        )
    except (ValueError, KeyError, TypeError):
        return None
    return (
        card
        if is_card and isinstance(card.get("version"), str) and isinstance(card.get("body"), list)
        else None
    )
