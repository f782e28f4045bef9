"""What a connection to the pages may take: how many there are, how long it may dawdle, how much it may send.

| what | limit | past it |
|---|---|---|
| connections at once | what the jobs leave of the descriptors | the one that has waited longest without a whole request makes way |
| accepted in one go | `ACCEPTED_AT_ONCE` | wait in the kernel |
| a request's head | 10 seconds from its beginning, 16 KiB | closed; 400 |
| its body | 20 seconds from its head, 600 KiB; each address has a smaller limit of its own | closed; 400 |
| its answer | two minutes to be made and taken | closed |
| a length and a transfer coding at once | – | 400: two readers would not agree where the request ends |

A proxy in front does as much; whatever reaches us past it does not. Pages and jobs share one process, and a
job that cannot open a file is a course that is not held. This holds for every address and method; what a body
may be, the addresses say (`bot.web.protection`, `bot.web.graph_calls`). Facts: RFC 9112 section 6.3,
checked 2026-11.
"""

from __future__ import annotations

import resource
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

    from uvicorn.config import Config
    from uvicorn.server import ServerState

ACCEPTED_AT_ONCE = 16
KEPT_FREE = 80
"""Descriptors for the rest: fifteen connections to the database of three files each, Graph, plans, log."""

FEWEST, MOST = 8, 500
LARGEST_HEAD, LARGEST_BODY = 16 * 1024, 600 * 1024


class Phase(Enum):
    """What a connection is at."""

    HEAD = auto()
    BODY = auto()
    ANSWER = auto()


SECONDS = {Phase.HEAD: 10.0, Phase.BODY: 20.0, Phase.ANSWER: 120.0}
"""How long it may be at it."""


def connections_allowed(descriptors: int) -> int:
    """How many connections the pages take of a process that may have so many descriptors."""
    return max(FEWEST, min(MOST, (descriptors - KEPT_FREE) // 2))


def descriptors() -> int:
    """How many this process may have."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST * 4 if limit == resource.RLIM_INFINITY else limit


class LimitedProtocol(H11Protocol):
    """uvicorn's own, with the limits of the table."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.conn = _LimitedConnection(h11.SERVER, LARGEST_HEAD)
        self.phase = Phase.HEAD
        self.since = self.loop.time()
        self._most = connections_allowed(descriptors())
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Somebody is there; for whom there is no room, somebody else makes it."""
        super().connection_made(transport)
        self._begin(Phase.HEAD)
        if len(self.connections) > self._most:
            waiting = [
                one
                for one in self.connections
                if isinstance(one, LimitedProtocol) and one.phase is not Phase.ANSWER
            ]
            min(waiting, key=lambda one: one.since, default=self).drop()

    def data_received(self, data: bytes) -> None:
        """Somebody said something."""
        super().data_received(data)
        self._follow()

    def on_response_complete(self) -> None:
        """The answer is on its way, and the next request may come."""
        super().on_response_complete()
        self._follow()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """What is no request is told so; where an answer is on its way there is nothing left to tell."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
        else:
            self.drop()

    def drop(self) -> None:
        """Close at once, whatever has not gone out yet."""
        # Or the next one that has no room would make this one go a second time.
        self.connections.discard(self)
        self.transport.abort()

    def _follow(self) -> None:
        """See what the connection is at now; only what is new begins a new wait."""
        if self.conn.their_state is h11.SEND_BODY:
            now = Phase.BODY
        elif self.cycle is not None and not self.cycle.response_complete:
            now = Phase.ANSWER
        else:
            now = Phase.HEAD
        if now is not self.phase:
            self._begin(now)

    def _begin(self, phase: Phase) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self.phase, self.since = phase, self.loop.time()
        self._deadline = self.loop.call_later(SECONDS[phase], self.drop)


class _LimitedConnection(h11.Connection):
    """h11's reading of HTTP takes a head of any size, an endless body, and a length it passes over."""

    _body = 0

    def next_event(self) -> Any:
        """The next event; raises RemoteProtocolError past the limits, which uvicorn answers with 400."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._body = 0
            names = {name for name, _ in event.headers}
            if {b"content-length", b"transfer-encoding"} <= names:
                raise h11.RemoteProtocolError("a length and a transfer coding")
            if (
                len(event.target) + sum(len(name) + len(value) for name, value in event.headers)
                > LARGEST_HEAD
            ):
                raise h11.RemoteProtocolError("too large a head", 431)
        elif isinstance(event, h11.Data):
            self._body += len(event.data)
            if self._body > LARGEST_BODY:
                raise h11.RemoteProtocolError("too large a body", 413)
        return event
