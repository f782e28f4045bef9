"""Posts through webhooks: at most once, by every answer that there can be, and never a word of the address."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.domain.teams import PostOutcome
from bot.graph.webhook import WebhookChannels
from tests.unit.graph.talk import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

ADDRESS = "https://prod-1.logic.example/workflows/1/triggers/manual/paths/invoke?sig=hemmelig-signatur"
CONTENT = b'{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{"type":"AdaptiveCard"}}]}'
THROTTLED = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x"


class Room:
    """A channel whose webhook answers what is given, in order, the last for ever."""

    def __init__(self, *answers: httpx.Response | Exception, budget: float = 60, address: str = ADDRESS) -> None:
        self.clock = Clock()
        self.got: list[httpx.Request] = []
        self._answers = list(answers)
        self.channels = WebhookChannels(
            {"ledere": SecretStr(address)},
            timeout_seconds=5,
            budget_seconds=budget,
            pace=self.clock.pace,
            transport=httpx.MockTransport(self._answer),
        )

    def post(self, times: int = 1) -> list[PostOutcome]:
        async def scene() -> list[PostOutcome]:
            return [await self.channels.post("ledere", {"type": "AdaptiveCard"}) for _ in range(times)]

        return asyncio.run(scene())

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.got.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.parametrize("status", [200, 202])
def test_what_is_taken_in_was_posted_once(status: int) -> None:
    room = Room(httpx.Response(status))
    assert room.post() == [PostOutcome.TAKEN]
    (request,) = room.got
    assert (request.method, request.content, request.headers["content-type"]) == (
        "POST", CONTENT, "application/json; charset=utf-8",
    )  # fmt: skip
    assert "authorization" not in request.headers


@pytest.mark.parametrize(
    "lost",
    [
        httpx.Response(500),
        httpx.Response(502),
        httpx.Response(408),
        httpx.ReadTimeout("x"),
        httpx.RemoteProtocolError("x"),
        httpx.WriteError("x"),
    ],
    ids=repr,
)
def test_an_unclear_answer_is_never_repeated(lost: httpx.Response | Exception) -> None:
    room = Room(lost)
    assert (room.post(), len(room.got)) == ([PostOutcome.UNCLEAR], 1)


@pytest.mark.parametrize("status", [301, 400, 401, 404, 413])
def test_a_refusal_is_final(status: int) -> None:
    room = Room(httpx.Response(status))
    assert (room.post(), len(room.got)) == ([PostOutcome.REFUSED], 1)


@pytest.mark.parametrize(
    ("busy", "slept"),
    [(httpx.Response(429, headers={"retry-after": "7"}), 7), (httpx.Response(200, text=THROTTLED), 0.25), (httpx.ConnectError("x"), 0.25)],
)
def test_what_was_certainly_not_posted_waits_for_its_turn(busy: httpx.Response | Exception, slept: float) -> None:
    """The old connectors said so in the text of a 200."""
    room = Room(busy, httpx.Response(202))
    assert (room.post(), room.clock.slept) == ([PostOutcome.TAKEN], [slept])
    never = Room(busy, budget=0)
    assert (never.post(), len(never.got)) == ([PostOutcome.LATER], 1)


@pytest.mark.parametrize(
    ("trouble", "tries"),
    [
        (httpx.Response(429, headers={"retry-after": "300"}), 1),
        (httpx.ReadTimeout("x"), 1),
        (httpx.ConnectError("x"), 6),
    ],
    ids=repr,
)
def test_a_channel_that_does_not_get_better_is_left_alone_for_five_minutes(trouble: httpx.Response | Exception, tries: int) -> None:
    """By everything that runs in the process: the next round has a new instance."""
    room = Room(trouble, budget=10)
    next_round = Room(httpx.Response(202))
    next_round.clock = room.clock
    next_round.channels._pace = room.clock.pace

    async def scene() -> list[PostOutcome]:
        told = [await one.channels.post("ledere", {}) for one in (room, room, next_round)]
        room.clock.seconds += 301
        return [*told, await next_round.channels.post("ledere", {})]

    first, *later, at_last = asyncio.run(scene())
    assert first in {PostOutcome.LATER, PostOutcome.UNCLEAR}
    assert (later, at_last) == ([PostOutcome.LATER] * 2, PostOutcome.TAKEN)
    assert (len(room.got), len(next_round.got), sum(room.clock.slept) <= 10) == (tries, 1, True)


def test_the_posts_of_one_round_share_the_seconds_that_a_channel_is_waited_for() -> None:
    busy = httpx.Response(429, headers={"retry-after": "6"})
    room = Room(busy, httpx.Response(202), busy, httpx.Response(202), budget=10)
    assert (room.post(times=2), room.clock.slept) == ([PostOutcome.TAKEN, PostOutcome.LATER], [6])


def test_four_posts_a_second() -> None:
    room = Room(httpx.Response(202))
    begun: list[float] = []
    answer: Callable[[httpx.Request], httpx.Response] = room._answer

    def timed(request: httpx.Request) -> httpx.Response:
        begun.append(room.clock.seconds)
        return answer(request)

    room.channels._transport = httpx.MockTransport(timed)
    room.post(times=25)
    assert all(late - early >= 1 for early, late in zip(begun, begun[4:], strict=False))


def test_twenty_five_posts_in_five_minutes_by_every_round_together_and_the_next_one_later() -> None:
    """Beyond that Workflows says 202 and the card may not come. Nobody is kept waiting for it."""
    first, second = Room(httpx.Response(202)), Room(httpx.Response(202))
    second.channels._pace = first.channels._pace

    async def scene() -> tuple[list[PostOutcome], list[PostOutcome], list[PostOutcome]]:
        async def post(room: Room, times: int) -> list[PostOutcome]:
            return [await room.channels.post("ledere", {}) for _ in range(times)]

        early = await post(first, 20), await post(second, 10)
        first.clock.seconds += 300
        return *early, await post(second, 10)

    one, two, three = asyncio.run(scene())
    assert set(one) == {PostOutcome.TAKEN}
    assert two == [PostOutcome.TAKEN] * 5 + [PostOutcome.LATER] * 5
    assert set(three) == {PostOutcome.TAKEN}
    assert (len(first.got), len(second.got), first.clock.seconds < 400) == (20, 15, True)


def test_the_address_is_in_no_log_line_and_a_name_nobody_set_is_an_error() -> None:
    with capture_logs() as lines:
        Room(httpx.ConnectError(ADDRESS), budget=0).post()
        Room(httpx.Response(404, text=ADDRESS)).post()
    assert [(line["event"], line["channel"]) for line in lines] == [("webhook.answered", "ledere")] * 2
    assert "hemmelig" not in str(lines)
    with pytest.raises(KeyError):
        asyncio.run(Room(httpx.Response(202)).channels.post("andre", {}))


@pytest.mark.parametrize("address", ["https://logic.example:port/x", "https://xn--/x", "https://\u200b.example/x"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    assert Room(httpx.Response(202), address=address).post() == [PostOutcome.REFUSED]


def test_a_name_that_cannot_be_looked_up_is_refused() -> None:
    assert Room(UnicodeError("label empty or too long")).post() == [PostOutcome.REFUSED]
    assert Room(httpx.UnsupportedProtocol("x")).post() == [PostOutcome.REFUSED]
