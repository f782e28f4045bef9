"""Whether the bot's own address answers as it has to: it turns a call without Teams' token away."""

from __future__ import annotations

import httpx

DOOR = "/bot/messages"
NO_ANSWER = 0
PATIENCE_SECONDS = 10.0


async def knock(base_url: str) -> int:
    """The status of a call without a token to the pages at `base_url`; `NO_ANSWER` where there is none.

    Nothing is sent but `{}`, and no other address is followed to.
    """
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as http:
            answer = await http.post(f"{base_url.rstrip('/')}{DOOR}", json={})
    except httpx.HTTPError:
        return NO_ANSWER
    return answer.status_code
