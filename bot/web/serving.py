"""Serving the pages with uvicorn: no access log, because addresses in it would hold the links."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

START_SECONDS = 10.0


def server_for(app: FastAPI, *, host: str, port: int) -> uvicorn.Server:
    """A server that `await server.serve()` runs; Ctrl-C and SIGTERM end it after the requests under way."""
    settings = uvicorn.Config(
        app, host=host, port=port, access_log=False, log_config=None, server_header=False, timeout_graceful_shutdown=10, lifespan="off"
    )
    # `access_log=False` only takes the handlers away; whatever attaches one to it later would see the links.
    logging.getLogger("uvicorn.access").disabled = True
    return uvicorn.Server(settings)


@contextmanager
def served(app: FastAPI, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """The pages served by a thread for as long as the block runs; gives the port."""
    server = server_for(app, host=host, port=port)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        for _ in range(int(START_SECONDS * 100)):
            if server.started or not thread.is_alive():
                break
            thread.join(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)
