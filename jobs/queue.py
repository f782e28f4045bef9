"""The queue between clock, pages and work.

One process does its own on SQLite, many share theirs on PostgreSQL.

Which, is decided by `jobs.open_queue`.

| | `jobs/in_process.py` | `jobs/on_postgresql.py` |
|---|---|---|
| for | `sqlite:///` | `postgresql://` |
| waits | in memory | in the database (Procrastinate) |
| the same job of a plan waits once | by its key | `queueing_lock` |
| a tick is taken once | by its slot | by its slot, whichever process brings it |
| one at work in a mailbox | by its name | `lock` |
| a process dies | the next start finds what is owed | another takes over what it had in hand |

What is handed in may be lost or done twice without harm (the jobs are rounds); the queue sees to it that this
is rare.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Do this job for that plan.

    `mailbox`: nothing else may work in it meanwhile, "" where that does not matter.

    `slot` is the tick that it is for, None when it is asked for out of turn; `urgent` ones go first.
    `attempt` counts how often another run was in the way.
    """

    plan: str
    job: str
    mailbox: str
    slot: int | None = None
    urgent: bool = False
    attempt: int = 0

    @property
    def key(self) -> str:
        """The same job of the same plan."""
        return f"{self.plan}/{self.job}"


Later = tuple["Order", float]
"""An order, and the seconds after which it is to be handed in."""

Perform = Callable[[Order], Awaitable[Later | None]]
"""Does what the order says, and gives what is to be done later for it, if anything.

Raises CancelledError only.
"""


class Queue(Protocol):
    """Where orders wait.

    `start` begins to work on them and `stop` ends it: what is in hand has `grace` seconds, and is then handed
    back.
    """

    async def put(self, order: Order) -> bool:
        """Hand an order in; False when it waits already, or its tick was taken. Raises DatabaseFailed."""

    async def start(self) -> None:
        """Begin to work."""

    async def stop(self, grace: float) -> None:
        """Take nothing more, finish or hand back what is in hand, and close."""
