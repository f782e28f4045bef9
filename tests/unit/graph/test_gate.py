"""Gates: how many at a time, and pauses that hold everybody."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.graph.gate import Gates, Tempo, shared_gates
from tests.unit.graph.talk import Clock


@given(st.lists(st.sampled_from(["a@x.example", "A@X.example", "b@x.example"]), max_size=30), st.integers(1, 4))
def test_never_more_than_the_limit_are_in_flight_for_a_mailbox(mailboxes: list[str], limit: int) -> None:
    """The limit is for each mailbox, whatever the case of its address, and all of it is used."""
    most: dict[str, int] = {}
    inside: dict[str, int] = {}

    async def scene() -> None:
        gates = Gates(limit, Clock().pace)

        async def request(mailbox: str) -> None:
            key = mailbox.lower()
            assert await gates.of(mailbox).enter(until=1.0)
            inside[key] = inside.get(key, 0) + 1
            most[key] = max(most.get(key, 0), inside[key])
            await asyncio.sleep(0)
            inside[key] -= 1
            gates.of(mailbox).leave()

        await asyncio.gather(*(request(one) for one in mailboxes))

    asyncio.run(scene())
    for key, count in most.items():
        assert count == min(limit, sum(one.lower() == key for one in mailboxes))


def test_a_pause_holds_everybody_of_the_mailbox_and_nobody_else() -> None:
    """Retry-After concerns the mailbox, not the request that was told."""

    async def scene() -> tuple[float, float]:
        clock = Clock()
        gates = Gates(4, clock.pace)
        gates.of("a@x.example").pause(7.5)
        gates.of("a@x.example").pause(2.0)
        assert await gates.of("b@x.example").enter(until=100.0)
        other = clock.seconds
        assert await gates.of("a@x.example").enter(until=100.0)
        return other, clock.seconds

    assert asyncio.run(scene()) == (0.0, 7.5)


def test_a_pause_that_outlasts_the_budget_is_not_waited_for() -> None:
    """And the place is free again for whoever can wait longer."""

    async def scene() -> None:
        clock = Clock()
        gate = Gates(1, clock.pace).of("a@x.example")
        gate.pause(60)
        assert not await gate.enter(until=59.0)
        assert clock.slept == []
        assert await gate.enter(until=61.0)

    asyncio.run(scene())


def test_a_cancelled_wait_gives_its_place_back() -> None:
    """Otherwise an interrupted run would leave fewer places for the next."""

    async def scene() -> None:
        clock = Clock()
        gate = Gates(1, clock.pace).of("a@x.example")
        gate.pause(60)
        waiting = asyncio.create_task(gate.enter(until=100.0))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        clock.seconds = 61.0
        assert await gate.enter(until=100.0)

    asyncio.run(scene())


def test_every_client_of_a_loop_shares_the_gates() -> None:
    """The limit is Exchange's for the app, so two clients in one process have it together."""

    async def scene() -> bool:
        return shared_gates(4, Clock().pace) is shared_gates(4, Clock().pace)

    assert asyncio.run(scene())


@given(st.lists(st.floats(0, 3), max_size=60), st.integers(1, 5), st.integers(1, 9))
def test_a_tempo_never_lets_more_start_than_each_of_its_limits_allows(waits: list[float], few: int, many: int) -> None:
    """And lets everybody start at once where there is room."""
    clock = Clock()
    starts: list[float] = []

    async def scene() -> None:
        tempo = Tempo(clock.pace, (few, 1.0), (many, 5.0))
        for wait in waits:
            clock.seconds += wait
            await tempo.take()
            starts.append(clock.seconds)

    asyncio.run(scene())
    for count, seconds in ((few, 1.0), (many, 5.0)):
        assert all(late - early >= seconds - 1e-6 for early, late in zip(starts, starts[count:], strict=False))
    if sum(waits) == 0:
        assert starts[: min(few, many)] == [0.0] * len(starts[: min(few, many)])
