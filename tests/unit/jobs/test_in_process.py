"""The queue in memory: once, one in a mailbox, urgent ones first, and again later."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from jobs.in_process import InProcessQueue
from jobs.queue import Later, Order

if TYPE_CHECKING:
    from collections.abc import Callable

ONE = Order(plan="by", job="sync_plan", mailbox="hr")


async def turned(condition: Callable[[], bool]) -> None:
    for _ in range(10_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError


async def done(*orders: Order, concurrency: int = 2, later: dict[Order, Later] | None = None) -> tuple[list[Order], int]:
    """What was done, in order, and how many were at work at once."""
    ended: list[Order] = []
    at_once, most = 0, 0

    async def perform(order: Order) -> Later | None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        for _ in range(3):
            await asyncio.sleep(0)
        at_once -= 1
        ended.append(order)
        return (later or {}).get(order)

    queue = InProcessQueue(perform, concurrency=concurrency)
    for order in orders:
        await queue.put(order)
    await queue.start()
    expected = len(orders) + len(later or {})
    await turned(lambda: queue.is_idle and len(ended) == expected)
    await queue.stop(0)
    return ended, most


def test_one_is_at_work_in_a_mailbox_and_urgent_ones_go_first():
    second, urgent = replace(ONE, job="collect_responses"), replace(ONE, job="follow_decisions", urgent=True)
    assert asyncio.run(done(ONE, second, urgent)) == ([urgent, ONE, second], 1)


def test_as_many_are_at_work_as_there_are_hands():
    orders = [replace(ONE, plan=f"by-{number}", mailbox=f"hr-{number}") for number in range(5)]
    ended, most = asyncio.run(done(*orders))
    assert ({*ended}, most) == ({*orders}, 2)


def test_what_comes_later_comes():
    again = replace(ONE, attempt=1)
    assert asyncio.run(done(ONE, later={ONE: (again, 0.0)})) == ([ONE, again], 1)


def test_the_same_waits_once_and_a_tick_is_taken_once():
    async def scene() -> list[bool]:
        async def perform(_order: Order) -> None:
            return None

        queue = InProcessQueue(perform, concurrency=1)
        tick = replace(ONE, job="send_reminders", slot=7)
        first = [await queue.put(one) for one in (ONE, ONE, replace(ONE, urgent=True), tick)]
        await queue.start()
        await turned(lambda: queue.is_idle)
        return [*first, *[await queue.put(one) for one in (tick, replace(tick, slot=8), ONE)]]

    assert asyncio.run(scene()) == [True, False, False, True, False, True, True]
