"""A stop ends, also where a cancellation gets lost on the way."""

from __future__ import annotations

import asyncio

from jobs.on_postgresql import _end


async def stubborn(lost: int) -> None:
    """Ends with the cancellation after so many."""
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if not lost:
                raise
            lost -= 1


def test_what_ignores_the_first_cancellation_is_cancelled_again() -> None:
    async def scene() -> None:
        tasks = [asyncio.create_task(stubborn(lost)) for lost in (0, 1)]
        await asyncio.sleep(0)
        await _end(tasks, after=0.0)
        assert all(task.cancelled() for task in tasks)

    asyncio.run(scene())


def test_what_ends_by_itself_is_waited_for_and_nothing_is_no_wait() -> None:
    async def failing() -> None:
        await asyncio.sleep(0)
        raise LookupError

    async def scene() -> None:
        task = asyncio.create_task(failing())
        await _end([task], after=5.0)
        assert (task.cancelled(), isinstance(task.exception(), LookupError)) == (False, True)
        await _end([], after=5.0)

    asyncio.run(scene())
