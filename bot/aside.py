"""Work that blocks, and may block for ever: a file on a mount that does not answer, a sign-in that hangs.

Each thing that can hang has an `Aside` of its own. Its work is done in a daemon thread, one piece at a time,
and waited for so long; what hangs keeps its own thread and nobody else's, is not begun a second time, and
does not keep the process from ending. Once it lets go, the next piece is done as if nothing had been.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


class Aside:
    """`name` is that of the thread, `seconds` how long a piece of work may take.

    Of one event loop at a time.
    """

    def __init__(self, name: str, seconds: float) -> None:
        self._name, self._seconds = name, seconds
        self._turn = asyncio.Lock()
        self._pending: Future[Any] | None = None
        self._since = 0.0

    async def do(self, work: Callable[..., Result], *arguments: object) -> Result:
        """What the work gives or raises.

        TimeoutError where it, or a piece begun before it, takes longer than may be.
        """
        async with self._turn:
            if self._pending is not None:
                # What was begun for somebody who no longer waits; its outcome is nobody's.
                await self._wait(self._pending)
            done: Future[Result] = Future()
            done.set_running_or_notify_cancel()
            self._pending, self._since = done, time.monotonic()
            threading.Thread(target=_run, args=(done, work, arguments), name=self._name, daemon=True).start()
            await self._wait(done)
            self._pending = None
            return done.result()

    async def _wait(self, pending: Future[Any]) -> None:
        """Until it is over.

        TimeoutError when it has taken its time, and at once where it had taken it before.
        """
        loop, over = asyncio.get_running_loop(), asyncio.Event()

        def tell(_pending: Future[Any]) -> None:
            # Nobody waits on a loop that is closed.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(over.set)

        pending.add_done_callback(tell)
        if not pending.done():
            async with asyncio.timeout_at(
                loop.time() + max(self._since + self._seconds - time.monotonic(), 0)
            ):
                await over.wait()


def _run(done: Future[Any], work: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    try:
        done.set_result(work(*arguments))
    # Whatever it is, it is raised where the result is waited for.
    except BaseException as error:  # noqa: BLE001
        done.set_exception(error)
