"""Posts in Teams channels through Workflows webhooks: `bot.ports.ChannelPosts` for real, each post at most once.

A webhook answers that it has taken the card in, and nothing can be looked up afterwards.

    answer                                          then
    2xx                                             taken in
    no connection was made                          not posted; may be tried later
    429, or "HTTP error 429" in the body of a 200   not posted; waits and repeats within the budget, then may be tried later
    any other 3xx or 4xx                            not posted; refused
    no answer, 408, any 5xx                         unclear: it may have been posted, and is never repeated

The address is the secret: it stands in no error and no log line. Facts: graph-facts section 7, 2026-11-22.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import structlog

from bot.domain.teams import PostOutcome
from bot.graph.gate import Tempo
from bot.graph.retry import Pace, backoff, parse_retry_after
from config.settings import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

log = structlog.get_logger("bot.graph")

A_SECOND, HALF_A_MINUTE = (4, 1.0), (60, 30.0)
THROTTLED_INSIDE = b"HTTP error 429"
REQUEST_TIMEOUT, THROTTLED = 408, 429


class WebhookChannels:
    """The channels of `KURSUSBOT_TEAMS__CHANNELS`: `addresses` by name. Times in seconds; `pace` and `transport` are for tests."""

    def __init__(
        self,
        addresses: Mapping[str, SecretStr],
        *,
        timeout_seconds: float,
        budget_seconds: float,
        pace: Pace | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._addresses = addresses
        self._timeout, self._budget = timeout_seconds, budget_seconds
        self._pace = pace or Pace()
        self._transport = transport
        self._tempos = {name: Tempo(self._pace, A_SECOND, HALF_A_MINUTE) for name in addresses}

    async def post(self, channel: str, message: bytes) -> PostOutcome:
        """Post a message (JSON, UTF-8) in the channel of this name; KeyError for a name that the settings do not have."""
        address = self._addresses[channel].get_secret_value()
        until = self._pace.monotonic() + self._budget
        attempt = 0
        # A proxy of the machine is for the world outside.
        trust = not is_loopback(address)
        async with httpx.AsyncClient(timeout=self._timeout, transport=self._transport, trust_env=trust) as http:
            while True:
                await self._tempos[channel].take()
                outcome, told, status = await self._attempt(http, address, message)
                log.info("webhook.answered", channel=channel, status=status, outcome=outcome.value)
                wait = backoff(attempt, chance=self._pace.chance()) if told is None else told
                if outcome is not PostOutcome.LATER or self._pace.monotonic() + wait > until:
                    return outcome
                await self._pace.sleep(wait)
                attempt += 1

    async def _attempt(self, http: httpx.AsyncClient, address: str, message: bytes) -> tuple[PostOutcome, float | None, int]:
        """What became of it, how long to wait by the answer, and the status (0 without an answer)."""
        try:
            answer = await http.post(address, content=message, headers={"Content-Type": "application/json; charset=utf-8"})
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return PostOutcome.LATER, None, 0
        except httpx.InvalidURL:
            return PostOutcome.REFUSED, None, 0
        except httpx.HTTPError:
            return PostOutcome.UNCLEAR, None, 0
        status = answer.status_code
        told = parse_retry_after(answer.headers.get("retry-after"), now=self._pace.now())
        if status == THROTTLED or (answer.is_success and THROTTLED_INSIDE in answer.content):
            return PostOutcome.LATER, told, status
        if answer.is_success:
            return PostOutcome.TAKEN, None, status
        return PostOutcome.UNCLEAR if status == REQUEST_TIMEOUT or answer.is_server_error else PostOutcome.REFUSED, None, status
