"""Posts in Teams channels through Workflows webhooks.

`bot.ports.teams.ChannelPosts` for real, each post at most once.

A webhook answers that it has taken the card in, and nothing can be looked up afterwards.

    answer                                          then
    2xx                                             taken in
    no connection was made                          not posted; may be tried later
    429, or "HTTP error 429" in the body of a 200   not posted; waits and repeats for some seconds, then may be tried later
    any other 3xx or 4xx                            not posted; refused
    no answer, 408, any 5xx                         unclear: it may have been posted, and is never repeated

A channel that did not get better in time, or did not answer at all, is left alone for five minutes by
everything in the process: until then `post` says that it may be tried later, and makes no request. So a dead
webhook costs a round some seconds once, however many posts there are for it, and costs the rounds that follow
each other by the minute nothing.

Workflows takes 25 posts in 300 seconds of one connection; beyond that it still says 202, and the card may not
come. So the twenty-sixth may be tried later.

The address is the secret: it stands in no error and no log line. Facts: graph-facts section 7, 2026-11-22.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import httpx

from bot.domain.teams import PostOutcome
from bot.graph.gate import Tempo
from bot.graph.retry import Pace, backoff, parse_retry_after
from bot.log_lines import get_logger
from bot.messages.card import card_message
from config.given import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

log = get_logger("bot.graph")

A_SECOND, HALF_A_MINUTE = (4, 1.0), (60, 30.0)
THROTTLED_INSIDE = b"HTTP error 429"
REQUEST_TIMEOUT, THROTTLED, NO_ANSWER = 408, 429, 0
PATIENCE_SECONDS = 10.0
"""How long one channel may be waited for, all its posts in a round together."""
REST_SECONDS = 300.0
MOST_POSTS, MOST_POSTS_SECONDS = 25, 300.0


class WebhookChannels:
    """The channels of `KURSUSBOT_TEAMS__CHANNELS`: `addresses` by name.

    Times in seconds; the budget is each channel's, and at most `PATIENCE_SECONDS`. `pace` and `transport` are
    for tests.
    """

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
        self._timeout = timeout_seconds
        self._left = dict.fromkeys(addresses, min(budget_seconds, PATIENCE_SECONDS))
        self._pace = pace or Pace()
        self._transport = transport
        self._tempos = {name: Tempo(self._pace, A_SECOND, HALF_A_MINUTE) for name in addresses}

    async def post(self, channel: str, card: Mapping[str, Any]) -> PostOutcome:
        """Post an Adaptive Card in the channel of this name.

        KeyError for a name that the settings do not have.
        """
        address = self._addresses[channel].get_secret_value()
        rests = _rests_of_loop()
        if rests.get(address, 0.0) > self._pace.monotonic():
            return PostOutcome.LATER
        posted = _posted_in_loop().setdefault(address, deque(maxlen=MOST_POSTS))
        if len(posted) == MOST_POSTS and posted[0] + MOST_POSTS_SECONDS > self._pace.monotonic():
            return PostOutcome.LATER
        attempt, message = 0, card_message(card)
        # A proxy of the machine is for the world outside.
        trust = not is_loopback(address)
        timeout = httpx.Timeout(self._timeout, connect=min(self._timeout, PATIENCE_SECONDS))
        async with httpx.AsyncClient(timeout=timeout, transport=self._transport, trust_env=trust) as http:
            while True:
                await self._tempos[channel].take()
                begun = self._pace.monotonic()
                outcome, told, status = await self._attempt(http, address, message)
                log.info("webhook.answered", channel=channel, status=status, outcome=outcome.value)
                if outcome is not PostOutcome.LATER:
                    break
                wait = backoff(attempt, chance=self._pace.chance()) if told is None else told
                self._left[channel] -= self._pace.monotonic() - begun + wait
                if self._left[channel] < 0:
                    break
                await self._pace.sleep(wait)
                attempt += 1
        if outcome in {PostOutcome.TAKEN, PostOutcome.UNCLEAR}:
            posted.append(self._pace.monotonic())
        if outcome is PostOutcome.LATER or (outcome is PostOutcome.UNCLEAR and status == NO_ANSWER):
            rests[address] = self._pace.monotonic() + REST_SECONDS
        return outcome

    async def _attempt(
        self, http: httpx.AsyncClient, address: str, message: bytes
    ) -> tuple[PostOutcome, float | None, int]:
        """What became of it, how long to wait by the answer, and the status (0 without an answer)."""
        try:
            answer = await http.post(
                address, content=message, headers={"Content-Type": "application/json; charset=utf-8"}
            )
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return PostOutcome.LATER, None, NO_ANSWER
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError):
            # No address (a name may turn out to be none only when it is looked up): nothing was sent.
            return PostOutcome.REFUSED, None, NO_ANSWER
        except httpx.HTTPError:
            return PostOutcome.UNCLEAR, None, NO_ANSWER
        status = answer.status_code
        told = parse_retry_after(answer.headers.get("retry-after"), now=self._pace.now())
        if status == THROTTLED or (answer.is_success and THROTTLED_INSIDE in answer.content):
            return PostOutcome.LATER, told, status
        if answer.is_success:
            return PostOutcome.TAKEN, None, status
        return (
            PostOutcome.UNCLEAR
            if status == REQUEST_TIMEOUT or answer.is_server_error
            else PostOutcome.REFUSED,
            None,
            status,
        )


_RESTS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, float]] = WeakKeyDictionary()

_POSTED: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, deque[float]]] = WeakKeyDictionary()


def _rests_of_loop() -> dict[str, float]:
    """By address until when (monotonic seconds) it is left alone, for every round of the running loop."""
    return _RESTS.setdefault(asyncio.get_running_loop(), {})


def _posted_in_loop() -> dict[str, deque[float]]:
    """By address when (monotonic seconds) the last posts went, from every round of the running loop."""
    return _POSTED.setdefault(asyncio.get_running_loop(), {})
