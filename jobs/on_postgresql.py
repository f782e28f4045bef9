"""The queue that processes share: Procrastinate, in the same PostgreSQL database as the books.

Each plan is a queue, so that a process takes orders only for plans that it has. Every process keeps house for
all: what a dead worker had in hand, and what nobody serves.

| found | done |
|---|---|
| a worker is silent for three heartbeats | it is struck off, by others (one that wakes up begins anew, and meets the plan's run lock) |
| an order is in hand of nobody, or of us without our doing it | it waits again; dropped where its like waits already |
| an order for a plan that we do not have waits for an hour | dropped: nobody serves it, and it would keep others from the mailbox |
| the database goes away | the worker ends and begins anew, with growing pauses; what it had in hand is found as above |

An order that meets another run is handed in anew instead of retried: a retry would collide with its like that
waits already. Finished orders are deleted; what they came to stands in `job_runs`. Facts: Procrastinate 3.10
(`worker.py`, `sql/schema.sql`), psycopg_pool 3.3, checked 2026-11.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import DeleteJobCondition, Job, Status
from procrastinate.worker import Worker

from bot.clock import SystemClock
from bot.domain.errors import DatabaseFailed
from bot.log_lines import get_logger
from jobs.queue import Order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from procrastinate import JobContext

    from config.service_settings import WorkerSettings
    from jobs.queue import Perform

LOG = get_logger()

TASK = "kursusbot.job"
BEATS_TO_DEATH = 3
POLL_SECONDS = 5.0
"""Only where a notification was lost: orders are announced by the database."""

POOL_SIZE, POOL_SECONDS, RECONNECT_SECONDS = 4, 10.0, 30.0
"""The pool's pauses between two attempts double until it gives up.

After that whoever asks next begins anew.
"""

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
LONGEST_WAIT = timedelta(hours=1)
CLEARING_SECONDS = 300.0
URGENT = 10
FOREIGN_KEY_VIOLATION = "23503"
WINDING_UP_SECONDS, MOST_CANCELLATIONS = 0.5, 6
LONGEST_QUEUE_NAME = 40


class _Worker(Worker):
    """Procrastinate's worker with two differences.

    It has no clock (`jobs.clock` is ours). The library's one returns at once where it has nothing to tick
    for, and with it ends the watch over heartbeat and notifications: a worker whose heartbeat failed would
    work on, and count as dead.

    It looks for the next order as soon as one is done. The library only looks when one is put, or at the next
    poll: what waited for the mailbox would lie for seconds.
    """

    _has_freed = False

    async def _periodic_deferrer(self) -> None:
        await asyncio.Event().wait()

    async def _process_job(self, context: JobContext) -> None:
        try:
            await super()._process_job(context)
        finally:
            self._has_freed = True
            self._new_job_event.set()

    async def _fetch_and_process_jobs(self) -> None:
        self._has_freed = True
        while self._has_freed and not self._stop_event.is_set():
            # What is freed while it looks may have been looked for too early.
            self._has_freed = False
            # The library has no types here.
            await super()._fetch_and_process_jobs()  # type: ignore[no-untyped-call]


class SharedQueue:
    """Implements `jobs.queue.Queue`; see the table there."""

    def __init__(
        self, address: str, perform: Perform, plans: Callable[[], Iterable[str]], settings: WorkerSettings
    ) -> None:
        self._perform, self._plans, self._settings = perform, plans, settings
        connector = PsycopgConnector(
            conninfo=address,
            min_size=1,
            max_size=POOL_SIZE,
            timeout=POOL_SECONDS,
            reconnect_timeout=RECONNECT_SECONDS,
        )
        self._app = App(connector=connector)
        self._task = self._app.task(name=TASK, pass_context=True)(self._work)
        self._opened = asyncio.Lock()
        self._is_open = False
        self._worker: _Worker | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._grace = 0.0
        self._stopping = asyncio.Event()
        self._in_hand: set[int] = set()
        self._astray: frozenset[int] = frozenset()
        self._cleared_at = 0.0

    @property
    def worker_id(self) -> int | None:
        """Under which number the database knows this process's worker just now."""
        return self._worker.worker_id if self._worker is not None else None

    async def put(self, order: Order) -> bool:
        """As the protocol says."""
        await self._open()
        return await self._put(order)

    async def start(self) -> None:
        """As the protocol says."""
        await self._open()
        self._tasks = [
            asyncio.create_task(self._work_on(), name="worker"),
            asyncio.create_task(self._keep_house(), name="house"),
        ]

    async def stop(self, grace: float) -> None:
        """As the protocol says; what is not finished by then is handed to whoever is next."""
        self._grace = grace
        self._stopping.set()
        if self._worker is not None:
            self._worker.shutdown_graceful_timeout = grace
            self._worker.stop()  # type: ignore[no-untyped-call]  # the library has no types here
        for task in self._tasks[1:]:
            task.cancel()
        await _end(self._tasks, after=grace + WINDING_UP_SECONDS)
        if self._is_open:
            with contextlib.suppress(ConnectorException):
                await self._app.close_async()

    async def _open(self) -> None:
        async with self._opened:
            if not self._is_open:
                try:
                    await self._app.open_async()
                except ConnectorException as error:
                    raise _failed(error) from error
                self._is_open = True

    async def _put(self, order: Order, *, after: float = 0.0) -> bool:
        now = SystemClock().now()
        asked: dict[str, Any] = {
            "plan": order.plan,
            "job": order.job,
            "attempt": order.attempt,
            "put_at": now.isoformat(),
        }
        job = Job(
            id=None,
            queue=queue_name(order.plan),
            lock=f"mailbox {order.mailbox}" if order.mailbox else None,
            queueing_lock=order.key,
            task_name=TASK,
            task_kwargs={
                **asked,
                "mailbox": order.mailbox,
                **({"timestamp": order.slot} if order.slot is not None else {}),
            },
            priority=URGENT if order.urgent else 0,
            scheduled_at=now + timedelta(seconds=after) if after else None,
        )
        try:
            if order.slot is None:
                await self._app.job_manager.defer_job_async(job)
                return True
            return (
                await self._app.job_manager.defer_periodic_job(
                    job, periodic_id=order.key, defer_timestamp=order.slot
                )
                is not None
            )
        except AlreadyEnqueued:
            return False
        except ConnectorException as error:
            raise _failed(error) from error

    async def _work(self, context: JobContext, /, **asked: Any) -> None:
        order = Order(
            plan=asked["plan"], job=asked["job"], mailbox=asked["mailbox"], attempt=asked["attempt"]
        )
        number = context.job.id or 0
        self._in_hand.add(number)
        try:
            later = await self._perform(order)
            if later is not None:
                await self._put(later[0], after=later[1])
        except asyncio.CancelledError:
            LOG.warning("queue.handed_back", plan=order.plan, job=order.job)
            with contextlib.suppress(DatabaseFailed):
                await self._put(order)
            raise
        finally:
            self._in_hand.discard(number)

    async def _work_on(self) -> None:
        """A worker after the other: a new one when the database was away, or when there are other plans."""
        pause = FIRST_PAUSE_SECONDS
        while not self._stopping.is_set():
            began = time.monotonic()
            queues = self._queues()
            self._worker = _Worker(
                self._app,
                queues=queues,
                name=None,
                concurrency=self._settings.concurrency,
                fetch_job_polling_interval=min(POLL_SECONDS, self._settings.heartbeat_seconds),
                shutdown_graceful_timeout=self._grace or None,
                delete_jobs=DeleteJobCondition.ALWAYS,
                install_signal_handlers=False,
                update_heartbeat_interval=self._settings.heartbeat_seconds,
                stalled_worker_timeout=self._dead_after,
            )
            try:
                await self._worker.run()  # type: ignore[no-untyped-call]  # as above
            except ConnectorException as error:
                cause = error.__cause__ or error
                # Orders in hand refer to the worker, and another process has taken this one for dead.
                struck_off = getattr(cause, "sqlstate", None) == FOREIGN_KEY_VIOLATION
                LOG.warning(
                    "queue.struck_off" if struck_off else "queue.database_away",
                    error=type(cause).__name__,
                    pause_seconds=pause,
                )
            if self._stopping.is_set() or self._queues() != queues:
                continue
            pause = (
                FIRST_PAUSE_SECONDS
                if time.monotonic() - began > LONGEST_PAUSE_SECONDS
                else min(2 * pause, LONGEST_PAUSE_SECONDS)
            )
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    def _queues(self) -> list[str]:
        return sorted(map(queue_name, self._plans()))

    @property
    def _dead_after(self) -> float:
        return BEATS_TO_DEATH * self._settings.heartbeat_seconds

    async def _keep_house(self) -> None:
        # Not for ever until cancelled: the cancellation can be lost in the middle of a look at the database
        # (`_end`).
        while not self._stopping.is_set():
            await asyncio.sleep(self._settings.heartbeat_seconds)
            if (
                self._worker is not None
                and self._worker.queues is not None
                and self._queues() != list(self._worker.queues)
            ):
                self._worker.shutdown_graceful_timeout = None
                self._worker.stop()  # type: ignore[no-untyped-call]  # the library has no types here
            try:
                await self.take_over()
                if time.monotonic() - self._cleared_at > CLEARING_SECONDS:
                    await self.clear()
                    self._cleared_at = time.monotonic()
            except ConnectorException as error:
                LOG.warning("queue.house_untidy", error=type(error.__cause__ or error).__name__)

    async def take_over(self) -> int:
        """Let wait again what nobody has in hand any more; gives how many orders that were.

        Raises ConnectorException.
        """
        manager, mine = self._app.job_manager, self.worker_id
        if mine is not None:
            # The loop that comes late to this comes late to its own heartbeat as well: it would strike itself
            # off for another's death.
            await manager.update_heartbeat(mine)
        for worker in await manager.prune_stalled_workers(self._dead_after):
            LOG.warning("queue.worker_lost", worker=worker)
        stalled = [*await manager.get_stalled_jobs(task_name=TASK, seconds_since_heartbeat=self._dead_after)]
        if mine is not None:
            # Whose end could not be noted, because the database went away just then. Seen twice: what was
            # just fetched is not yet begun.
            doing = [
                job
                for job in await manager.list_jobs_async(task=TASK, status="doing", worker_id=mine)
                if job.id not in self._in_hand
            ]
            stalled += [job for job in doing if job.id in self._astray]
            self._astray = frozenset(job.id for job in doing if job.id is not None)
        for job in stalled:
            await self._free(job)
        return len(stalled)

    async def clear(self) -> int:
        """Drop what has waited for an hour and is for no plan of ours; gives how many orders that were.

        Raises ConnectorException.
        """
        manager, oldest, ours = self._app.job_manager, SystemClock().now() - LONGEST_WAIT, self._queues()
        waiting = await manager.list_jobs_async(task=TASK, status="todo")
        old = [
            job for job in waiting if job.id is not None and job.queue not in ours and _put_at(job) < oldest
        ]
        for job in old:
            LOG.warning("queue.dropped", plan=job.task_kwargs.get("plan"), job=job.task_kwargs.get("job"))
            await manager.cancel_job_by_id_async(job.id or 0, delete_job=True)
        return len(old)

    async def _free(self, job: Job) -> None:
        assert job.id is not None  # noqa: S101 - it was read from the database
        LOG.warning("queue.taken_over", plan=job.task_kwargs.get("plan"), job=job.task_kwargs.get("job"))
        manager = self._app.job_manager
        try:
            await manager.retry_job_by_id_async(job.id, retry_at=SystemClock().now())
        except ConnectorException:
            # Its like waits already, or another process was faster.
            with contextlib.suppress(ConnectorException):
                await manager.finish_job_by_id_async(job.id, status=Status.FAILED, delete_job=True)


async def _end(tasks: Sequence[asyncio.Task[None]], *, after: float) -> None:
    """Wait until the tasks are over, and from `after` (seconds) on cancel them, more than once.

    A cancellation can get lost in `asyncio.wait_for` of Python 3.11, which the pool of connections waits with
    (python/cpython issue 86296): a task that was looking at the database just then works on, seen in one of
    twenty stops.
    """
    if not tasks:
        return
    _, left = await asyncio.wait(tasks, timeout=after)
    for _ in range(MOST_CANCELLATIONS):
        if not left:
            break
        LOG.warning("queue.stop_hangs", tasks=sorted(task.get_name() for task in left))
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=WINDING_UP_SECONDS)
    await asyncio.gather(*(task for task in tasks if task.done()), return_exceptions=True)


def queue_name(plan: str) -> str:
    """The plan's queue: its name, or where that is long a digest of it.

    The queue's name is part of a notification channel's, and PostgreSQL allows those 63 bytes, of which the
    library takes 23.
    """
    return (
        plan
        if len(plan.encode()) <= LONGEST_QUEUE_NAME
        else sha256(plan.encode()).hexdigest()[:LONGEST_QUEUE_NAME]
    )


def _put_at(job: Job) -> datetime:
    told = job.task_kwargs.get("put_at")
    return datetime.fromisoformat(told) if isinstance(told, str) else datetime.max.replace(tzinfo=UTC)


def _failed(error: Exception) -> DatabaseFailed:
    return DatabaseFailed("queue_unreachable", detail=type(error.__cause__ or error).__name__)
