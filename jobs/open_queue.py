"""Which queue a process has: decided here and nowhere else, by the database that it is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import InputError
from bot.store.database import libpq_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from config.settings import Settings
    from jobs.queue import Perform, Queue


def open_queue(settings: Settings, perform: Perform, plans: Callable[[], Iterable[str]]) -> Queue:
    """The queue that belongs to the database; `plans` are those that this process works on, by name.

    Raises DatabaseFailed.
    """
    address = libpq_address(settings.database_url.get_secret_value())
    if address is None:
        from jobs.in_process import InProcessQueue

        return InProcessQueue(perform, concurrency=settings.worker.concurrency)
    from jobs.on_postgresql import SharedQueue

    return SharedQueue(address, perform, plans, settings.worker)


def refuse_lone_worker(settings: Settings) -> None:
    """A worker has nothing to work on where the queue is in another process's memory.

    Raises InputError on SQLite.
    """
    if libpq_address(settings.database_url.get_secret_value()) is None:
        raise InputError("worker_needs_postgresql")
