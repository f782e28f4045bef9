"""What hangs is waited for so long, keeps nobody else, and is taken up again once it lets go."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from bot.aside import Aside

SHORT, LONG = 0.1, 30.0


def test_work_gives_its_result_and_raises_what_it_raises() -> None:
    async def scene() -> None:
        aside = Aside("test", LONG)
        assert await aside.do(max, 1, 2) == 2
        with pytest.raises(ZeroDivisionError):
            await aside.do(lambda: 1 // 0)
        assert await aside.do(lambda: threading.current_thread().daemon) is True

    asyncio.run(scene())


def test_what_hangs_is_not_begun_a_second_time_nor_waited_for_again_and_may_come_back() -> None:
    release, begun = threading.Event(), []

    def hang() -> str:
        begun.append(1)
        release.wait(LONG)
        return "late"

    async def scene() -> None:
        aside = Aside("test", SHORT)
        with pytest.raises(TimeoutError):
            await aside.do(hang)
        before = time.monotonic()
        for _ in range(20):
            with pytest.raises(TimeoutError):
                await aside.do(hang)
        assert time.monotonic() - before < LONG / 2
        assert len(begun) == 1
        release.set()
        while True:
            try:
                assert await aside.do(lambda: "again") == "again"
            except TimeoutError:
                await asyncio.sleep(0)
            else:
                return

    asyncio.run(scene())


def test_the_loop_turns_meanwhile() -> None:
    release = threading.Event()

    async def scene() -> str:
        aside = Aside("test", LONG)
        waiting = asyncio.create_task(aside.do(release.wait, LONG))
        other = await Aside("other", LONG).do(str, "done")
        release.set()
        assert await waiting
        return other

    assert asyncio.run(scene()) == "done"


def test_who_no_longer_waits_leaves_the_work_to_the_next_one() -> None:
    """A cancelled wait does not free the thread, and what it was for is done before anything else."""
    release, order = threading.Event(), []

    def first() -> None:
        release.wait(LONG)
        order.append(1)

    async def scene() -> None:
        aside = Aside("test", LONG)
        waiting = asyncio.create_task(aside.do(first))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        following = asyncio.create_task(aside.do(order.append, 2))
        await asyncio.sleep(0.01)
        release.set()
        await following

    asyncio.run(scene())
    assert order == [1, 2]


def test_what_lets_go_after_the_end_of_the_loop_troubles_nobody(caplog: pytest.LogCaptureFixture) -> None:
    release = threading.Event()

    async def scene() -> None:
        with pytest.raises(TimeoutError):
            await Aside("late", SHORT).do(release.wait, LONG)

    asyncio.run(scene())
    (thread,) = [one for one in threading.enumerate() if one.name == "late"]
    release.set()
    thread.join(LONG)
    assert not caplog.records
