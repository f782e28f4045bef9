"""Serving a tenant: the ASGI application, and uvicorn on loopback.

`python -m bot.sandbox.serve --port 0` serves the fictional municipality in a process of its own and
prints its address; `running_sandbox` does it in a thread, for tests and the demo. Only loopback
addresses are served: the control plane takes no token.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from datetime import datetime

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.sandbox.connector import PATHS, ConnectorApp
from bot.sandbox.control import control_routes
from bot.sandbox.files import DOWNLOAD_PATH
from bot.sandbox.http import VERSION, GraphApp
from bot.sandbox.settings import STRICT, TOKEN
from bot.sandbox.tenant import Tenant
from bot.sandbox.webhooks import WEBHOOK_PATH, WebhookApp
from bot.sandbox.wire import RefusedError

__all__ = ["TOKEN", "address_of", "create_app", "running_sandbox", "serve", "serving_sandbox"]

LOOPBACK = "127.0.0.1"
START_SECONDS = 10.0


class _TenantProtocol(H11Protocol):
    """Puts the connection where a fault rule finds it, so that it can be cut without an answer.

    And the moment at which a request began to come, from which latency is counted: to read one is a part of
    what a service does.
    """

    # As uvicorn's own class.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}

    def data_received(self, data: bytes) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.app_state["arrived"] = time.monotonic()
        super().data_received(data)


class _InnerServer(uvicorn.Server):
    """A server inside another program, whose signals are not ours to take."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def create_app(tenant: Tenant) -> Starlette:
    """Return the application: Graph under `/v1.0`, Teams for a bot, webhooks, the control plane, files."""

    def download(request: Request) -> Response:
        if "authorization" in request.headers:
            return Response("A pre-authenticated address takes no Authorization.", 401)
        try:
            found = tenant.files.download(request.path_params["token"])
        except RefusedError as refusal:
            return Response(refusal.message, refusal.status)
        return Response(found.content, media_type="application/octet-stream")

    connector = ConnectorApp(tenant)
    return Starlette(
        routes=[
            Mount(VERSION, app=GraphApp(tenant)),
            Mount(WEBHOOK_PATH, app=WebhookApp(tenant)),
            *(Mount(path, app=connector) for path in PATHS),
            Mount("/_sandbox", routes=control_routes(tenant)),
            Route(DOWNLOAD_PATH + "/{token}", download, methods=["GET"]),
        ]
    )


def _config(tenant: Tenant) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(tenant),
        log_config=None,
        access_log=False,
        lifespan="off",
        http=_TenantProtocol,
        ws="none",
        timeout_graceful_shutdown=1,
    )


def _listen(port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off only where the socket says TCP; with it every answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((LOOPBACK, port))
    return listener


def address_of(listener: socket.socket) -> str:
    """Return what `KURSUSBOT_GRAPH__BASE_URL` is to be for this listener."""
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}{VERSION}"


async def serve(tenant: Tenant, port: int = 0) -> None:
    """Serve until cancelled or interrupted; print the base address on stdout first.

    Raises OSError when the port is taken.
    """
    with _listen(port) as listener:
        sys.stdout.write(address_of(listener) + "\n")
        sys.stdout.flush()
        await uvicorn.Server(_config(tenant)).serve(sockets=[listener])


@contextlib.contextmanager
def running_sandbox(tenant: Tenant, port: int = 0) -> Iterator[str]:
    """Serve in a thread of its own while the block runs; give the base address (ends in `/v1.0`).

    From other threads use the control plane rather than the tenant while requests are under way.
    """
    server = _InnerServer(_config(tenant))
    with _listen(port) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            _await_start(server, thread)
            yield address_of(listener)
        finally:
            tenant.notifier.stop()
            server.should_exit = True
            thread.join(START_SECONDS)


@contextlib.asynccontextmanager
async def serving_sandbox(tenant: Tenant, port: int = 0) -> AsyncIterator[str]:
    """Serve on the running event loop while the block runs; give the base address."""
    server = _InnerServer(_config(tenant))
    with _listen(port) as listener:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            # uvicorn tells of its start by this flag only
            while not server.started and not task.done():  # noqa: ASYNC110 - no event to wait for
                await asyncio.sleep(0.005)
            yield address_of(listener)
        finally:
            tenant.notifier.stop()
            server.should_exit = True
            await task


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    waiting = threading.Event()
    for _ in range(int(START_SECONDS / 0.005)):
        if server.started:
            return
        if not thread.is_alive():
            break
        waiting.wait(0.005)
    raise RuntimeError("the sandbox did not start")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no offset, such as +01:00")
    return moment


def main(arguments: list[str] | None = None) -> int:
    """Serve the fictional municipality until interrupted."""
    from bot.sandbox.municipality import municipality

    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument(
        "--now", type=_moment, help="where time stands still, with offset; real time without it"
    )
    parser.add_argument("--leaders", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument(
        "--strict", action="store_true", help="the other, harder way wherever sources disagree"
    )
    chosen = parser.parse_args(arguments)
    tenant = municipality(seed=chosen.seed, leaders=chosen.leaders, now=chosen.now)
    tenant.settings.latency_ms = chosen.latency_ms
    if chosen.strict:
        tenant.settings.change(STRICT)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(tenant, chosen.port))
    return 0


if __name__ == "__main__":
    sys.exit(main())
