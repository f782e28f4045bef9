"""Whoever dawdles, floods or says two lengths is closed on; everybody else is answered. Over real sockets."""

from __future__ import annotations

import contextlib
import resource
import socket
import time
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI, Request  # FastAPI reads it
from fastapi.responses import PlainTextResponse, Response, StreamingResponse

from bot.web import connections
from bot.web.connections import FEWEST, LARGEST_BODY, LARGEST_HEAD, MOST, Phase, connections_allowed, descriptors
from bot.web.health import create_health_app
from bot.web.server import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

HALF = b"GET /p/x HTTP/1.1\r\nHo"
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"POST /p/x/note HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
PATIENCE = 20.0
CLIENTS: list[socket.socket] = []
"""Of this test; closed after it."""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SECONDS", dict.fromkeys(Phase, 0.3))


@pytest.fixture
def port() -> Iterator[int]:
    with served(_app()) as found:
        yield found
        while CLIENTS:
            CLIENTS.pop().close()


def _app() -> FastAPI:
    app = create_health_app(None)

    @app.post("/echo")
    async def echo(request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    @app.get("/long")
    async def long() -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(500):
                yield b"x" * 100_000

        return StreamingResponse(pieces())

    return app


def opened(port: int, sent: bytes = b"") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), PATIENCE)
    CLIENTS.append(client)
    client.sendall(sent)
    return client


def said(client: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := client.recv(65536):
            found += piece
    client.close()
    return found


def answer(port: int, sent: bytes) -> bytes:
    """The first line of what comes first; nothing where the connection is closed without a word."""
    with opened(port) as client, contextlib.suppress(ConnectionError):
        client.sendall(sent)
        return client.recv(65536).partition(b"\r\n")[0]
    return b""


def is_answered(port: int) -> bool:
    return answer(port, WHOLE) == b"HTTP/1.1 200 OK"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "sent",
    [b"", HALF, b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc", CHUNKED + b"\r\n5\r\nab", WHOLE],
    ids=["nothing", "half a head", "half a body", "half a piece", "a whole request and then nothing"],
)
def test_whoever_dawdles_is_closed_on(port: int, sent: bytes) -> None:
    client, began = opened(port, sent), time.monotonic()
    said(client)
    assert time.monotonic() - began < PATIENCE / 2


@pytest.mark.usefixtures("quick")
def test_a_byte_now_and_then_buys_no_time(port: int) -> None:
    client = opened(port, b"GET / HTTP/1.1\r\n")
    with contextlib.suppress(ConnectionError):
        for _ in range(400):
            client.sendall(b"a: b\r\n")
            time.sleep(0.05)
    with pytest.raises(ConnectionError):  # noqa: PT012  # the first write after a close is taken
        for _ in range(50):
            client.sendall(b"a: b\r\n")
            time.sleep(0.01)


@pytest.mark.usefixtures("quick")
def test_an_answer_that_nobody_takes_is_given_up(port: int) -> None:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(PATIENCE)
    client.connect(("127.0.0.1", port))
    client.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
    time.sleep(1)
    assert len(said(client)) < 50_000_000


def test_one_connection_serves_request_after_request(port: int) -> None:
    with opened(port) as client:
        for _ in range(3):
            client.sendall(WHOLE)
            found = b""
            while not found.endswith(b"ok"):
                found += client.recv(65536)
            assert found.startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("sent", "first"),
    [
        (CHUNKED + b"Content-Length: 5\r\n\r\n3\r\nabc\r\n0\r\n\r\n", b"HTTP/1.1 400 Bad Request"),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", b"HTTP/1.1 400 Bad Request"),
        (b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", b"HTTP/1.1 400 Bad Request"),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\na: " + b"x" * LARGEST_HEAD + b"\r\n\r\n", b"HTTP/1.1 400 Bad Request"),
        (b"GET /healthz?" + b"x" * LARGEST_HEAD + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 400 Bad Request"),
        (b"not a request\r\n\r\n", b"HTTP/1.1 400 Bad Request"),
        (b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n", b"HTTP/1.1 400 Bad Request"),
    ],
    ids=["CL+TE", "CL+TE on a GET", "two lengths", "a long head", "a long address", "no request", "no piece"],
)
def test_what_two_readers_could_read_in_two_ways_or_is_too_large_is_refused(port: int, sent: bytes, first: bytes) -> None:
    assert answer(port, sent) == first
    assert is_answered(port)


@pytest.mark.parametrize("method", [b"GET", b"POST", b"PUT", b"DELETE", b"PATCH"])
def test_a_body_without_end_ends_whatever_the_method_and_wherever_it_goes(port: int, method: bytes) -> None:
    client = opened(port, method + b" /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    piece, sent = b"10000\r\n" + b"x" * 65536 + b"\r\n", 0
    with contextlib.suppress(ConnectionError):
        while sent < 50 * LARGEST_BODY:
            client.sendall(piece)
            sent += 65536
    client.close()
    assert sent < 50 * LARGEST_BODY
    assert is_answered(port)


def test_garbage_after_an_answer_has_begun_ends_the_connection(port: int, caplog: pytest.LogCaptureFixture) -> None:
    """There is no second answer to give, and no traceback to write."""
    client = opened(port, b"POST /long HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    client.recv(100)
    with contextlib.suppress(ConnectionError):
        client.sendall(b"no length\r\n")
    said(client)
    assert is_answered(port)
    assert not caplog.records


def test_half_open_connections_make_way_for_whoever_asks(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The eldest goes first, and nobody is told to come again."""
    monkeypatch.setattr(connections, "descriptors", lambda: 0)
    clients = [opened(port, HALF) for _ in range(3 * FEWEST)]
    assert all(is_answered(port) for _ in range(5))
    clients[-1].settimeout(0.2)
    with pytest.raises(TimeoutError):
        clients[-1].recv(1)
    assert [said(client) for client in clients[:FEWEST]] == [b""] * FEWEST


def test_where_every_connection_is_being_answered_the_newest_is_closed(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "descriptors", lambda: 0)
    clients = [opened(port, b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(FEWEST)]
    for client in clients:
        assert client.recv(100)
    assert answer(port, WHOLE) == b""


@pytest.mark.parametrize(("has", "allows"), [(64, FEWEST), (128, 24), (1024, 472), (1_000_000, MOST)])
def test_the_jobs_keep_what_they_need_of_the_descriptors(has: int, allows: int) -> None:
    assert connections_allowed(has) == allows


def test_a_process_without_a_limit_has_one_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert connections_allowed(descriptors()) == MOST
