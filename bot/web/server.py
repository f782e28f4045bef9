"""Serving the pages with uvicorn: no access log, because addresses in it would hold the links.

What a connection may take stands in `bot.web.connections`. What strangers get wrong is not told in our log
line by line.
"""

from __future__ import annotations

import logging
import socket
import sys
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import uvicorn
from anyio.to_thread import current_default_thread_limiter

from bot.domain.errors import InputError
from bot.web.connections import ACCEPTED_AT_ONCE, LimitedProtocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.applications import Starlette

GRACE_SECONDS = 4
START_SECONDS = 10.0
PAGES_AT_ONCE = 12
"""Pages that are made at the same time. The database gives fifteen connections, and the jobs want theirs."""


TURN_SECONDS = 0.001
"""How long a thread may go on while another waits for the interpreter, a fifth of Python's own.

A page asks the books a hundred small questions. After each it stands in line behind a round that computes.
"""


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        current_default_thread_limiter().total_tokens = PAGES_AT_ONCE
        await super().startup(sockets)


def server_for(app: Starlette) -> uvicorn.Server:
    """A server for a thread to run.

    Once told to, it ends after the requests under way, and after four seconds whatever they do.
    """
    settings = uvicorn.Config(
        app,
        http=LimitedProtocol,
        ws="none",
        backlog=ACCEPTED_AT_ONCE,
        access_log=False,
        log_config=None,
        log_level="error",
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        lifespan="off",
    )
    # `access_log=False` only takes the handlers away; whatever attaches one to it later would see the links.
    logging.getLogger("uvicorn.access").disabled = True
    return _Server(settings)


@contextmanager
def serving(app: Starlette, *, host: str, port: int) -> Iterator[str]:
    """The pages served by a thread for as long as the block runs; gives the address that they listen on.

    Raises InputError.
    """
    # Taken here, so that a port in use is told before anything has begun.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise InputError("port_taken", host=host, port=port, detail=error.strerror or str(error)) from None
    server, usual = server_for(app), sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, name="pages", daemon=True)
    thread.start()
    try:
        for _ in range(int(START_SECONDS * 100)):
            if server.started or not thread.is_alive():
                break
            thread.join(0.01)
        shown = f"[{host}]" if family is socket.AF_INET6 else host
        yield f"http://{shown}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(START_SECONDS + GRACE_SECONDS)
        sys.setswitchinterval(usual)
        listening.close()


@contextmanager
def served(app: Starlette, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """As `serving`, for who already knows the host: gives the port."""
    with serving(app, host=host, port=port) as address:
        yield int(address.rpartition(":")[2])
