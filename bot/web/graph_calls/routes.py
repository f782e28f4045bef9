"""What Microsoft Graph calls.

`/graph/notifications` when something changes, `/graph/lifecycle` about the subscription itself.

| the request | answer | then |
|---|---|---|
| carries a `validationToken` | 200, the decoded token as plain text | nothing: Graph wants to know whether we are there |
| more than 512 KB | 413 | nothing |
| no notification | 400 | nothing |
| a notification | 202 | hints are written down by `bot.web.graph_calls.batching`; whoever does not know the secret gets the same 202 |
| too many at once, or the books cannot be written in time | 503 | Graph sends it again |

Anybody can call. An answer must not take three seconds, so nothing is asked of Graph and nothing is computed
here. The pages' rates do not hold: all of Microsoft may come from few addresses, and one refused in a rush
would be an answer that waits for hours. Facts: graph-facts section 4, 2026-11-22.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from bot.subscriptions.reading import read_notices
from bot.web.limits import Limits
from bot.web.parts import WebPart

if TYPE_CHECKING:
    from bot.web.graph_calls.batching import Gathering

PATHS = ("/graph/notifications", "/graph/lifecycle")
LARGEST_BODY = 512 * 1024
LONGEST_TOKEN = 4096
RETRY_AFTER_SECONDS = "10"


def graph_calls(gathering: Gathering) -> WebPart:
    """The two routes; both take both kinds, because only the item says what it is."""

    async def take(request: Request) -> Response:
        token = request.query_params.get("validationToken")
        if token is not None:
            return PlainTextResponse(token) if len(token) <= LONGEST_TOKEN else Response(status_code=400)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        notices = read_notices(body)
        if notices is None:
            return Response(status_code=400)
        if notices and not await gathering.take(notices):
            return Response(status_code=503, headers={"Retry-After": RETRY_AFTER_SECONDS})
        return Response(status_code=202)

    router = APIRouter()
    for path in PATHS:
        router.add_api_route(path, take, methods=["POST"])
    return WebPart(router=router, limits=(Limits(paths=PATHS, guards_itself=True),))


async def _body(request: Request) -> bytes | None:
    """All of it, None where it is too large; what says so itself is not read at all."""
    said = request.headers.get("content-length", "0")
    if not (said.isascii() and said.isdigit()) or int(said) > LARGEST_BODY:
        return None
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)
