"""Calling another program's address, once: a status comes back, and nothing of the answer is read.

No redirect is followed. The name is looked up first, and what may not be called is not; between that and the
call a name could come to mean another address, which only whoever runs that name could do.
"""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from bot.log_lines import get_logger
from bot.webhooks.rules import is_reachable
from config.given import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

LOG = get_logger("bot.webhooks")
PATIENCE_SECONDS = 10.0
NO_ANSWER = 0


async def call(url: str, headers: Mapping[str, str], body: str) -> int:
    """The status, 0 where nothing answered in time or the address may not be called."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            if not await _may_be_called(url):
                LOG.warning("webhook.address_refused", host=urlsplit(url).hostname)
                return NO_ANSWER
            async with (
                httpx.AsyncClient(follow_redirects=False, timeout=PATIENCE_SECONDS) as client,
                client.stream("POST", url, content=body.encode(), headers=dict(headers)) as answer,
            ):
                return answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, UnicodeError):
        return NO_ANSWER


async def _may_be_called(url: str) -> bool:
    parts = urlsplit(url)
    found = await asyncio.get_running_loop().getaddrinfo(
        parts.hostname, parts.port or 443, type=socket.SOCK_STREAM
    )
    own_machine = is_loopback(url)
    return bool(found) and all(is_reachable(str(one[4][0]), own_machine=own_machine) for one in found)
