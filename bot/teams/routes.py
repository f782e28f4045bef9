"""Where Teams brings what people write and press to the bot.

    POST /bot/messages    an activity, as JSON, with Teams' token

| when | status |
|---|---|
| the body is larger than 256 KiB | 413 |
| the token is missing, or not good | 401, before anything of the body is read as JSON |
| the body is no JSON | 400 |
| it is of another tenant, names nobody, or is not for the token's address | 403 |
| more than sixty of these came from one address within a minute | 429 |
| anything else | 200, with the answer that a client waits for |

What was done and cannot be answered is 200 as well: Teams would bring it again. Nothing of who wrote what
stands in a log.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.log_lines import get_logger
from bot.teams.activities import read_activity
from bot.teams.proof import NotTeams
from bot.web.limits import Limits
from bot.web.parts import WebPart

if TYPE_CHECKING:
    from bot.teams.answering import Bot
    from bot.teams.proof import TokenCheck
    from config.bot_settings import BotSettings

log = get_logger("bot.teams")

MESSAGES = "/bot/messages"
LARGEST_ACTIVITY, OK = 256 * 1024, 200
REFUSED = parse("60/minute")
"""What an address may bring that is refused, before it is not listened to; Teams' own bring none."""
LIMITS = Limits(paths=(MESSAGES,), largest_body=LARGEST_ACTIVITY, guards_itself=True)


def bot_part(settings: BotSettings, bot: Bot, check: TokenCheck) -> WebPart:
    """The part of the pages that Teams calls."""
    routes, limiter = APIRouter(), MovingWindowRateLimiter(MemoryStorage())

    @routes.post(MESSAGES)
    async def messages(request: Request) -> Response:
        client = request.client.host if request.client else "unknown"
        if not limiter.test(REFUSED, client):
            return Response(status_code=429, headers={"Retry-After": "60"})
        answer = await answered(request)
        if answer.status_code != OK:
            limiter.hit(REFUSED, client)
        return answer

    async def answered(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            address = await check.address_in(request.headers.get("authorization", ""))
        except NotTeams as error:
            log.warning("teams.refused_token", why=error.why)
            return Response(status_code=401)
        try:
            activity = json.loads(body)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        if not isinstance(activity, dict):
            return Response(status_code=400)
        try:
            came = read_activity(
                activity, app_id=settings.app_id or "", tenant_id=settings.tenant_id or "", address=address
            )
        except NotTeams as error:
            log.warning("teams.refused", why=error.why)
            return Response(status_code=403)
        answer = await bot.take(came)
        return JSONResponse(answer if answer is not None else {})

    return WebPart(router=routes, limits=(LIMITS,))


async def _body(request: Request) -> bytes | None:
    """What was sent, None for more than is read."""
    whole = bytearray()
    async for part in request.stream():
        whole += part
        if len(whole) > LARGEST_ACTIVITY:
            return None
    return bytes(whole)
