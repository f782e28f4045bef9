"""Whoever fills the pages with connections stops neither the jobs nor those who ask properly."""

from __future__ import annotations

import contextlib
import json
import resource
import socket
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.e2e.driver import wait_until
from tests.e2e.plans import make_course, make_plan
from tests.e2e.seats import WEB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.driver import World

DESCRIPTORS, ATTACKERS = 128, 125
HALF = b"GET /p/x HTTP/1.1\r\nHo"
SLOW_BODY = b"POST /p/x/note HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nnote="
TWO_LENGTHS = b"POST /p/x/note HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n10000\r\n"
FLOODS = [
    pytest.param(HALF, id="half a head"),
    pytest.param(SLOW_BODY, id="a slow body", marks=pytest.mark.long),
    pytest.param(TWO_LENGTHS, id="two lengths", marks=pytest.mark.long),
]


@pytest.fixture
def service(world: World) -> Iterator[tuple[int, list[str]]]:
    """`serve` with few descriptors, working every second: its port, and what it logs."""
    world.write(make_plan(make_course()))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cadences = {f"JOBS__{name}": "1s" for name in ("SYNC_PLAN", "COLLECT_RESPONSES", "FOLLOW_DECISIONS")}
    process = world.start(
        "serve", WEB__PORT=str(port), WEB__BASE_URL="https://kursus.example", WEB__SECRET_KEY=WEB["WEB__SECRET_KEY"], **cadences
    )
    log: list[str] = []
    assert process.stderr is not None
    reader = threading.Thread(target=log.extend, args=(process.stderr,), daemon=True)
    reader.start()
    try:
        wait_until(lambda: is_ready(port))
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
        yield port, log
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(10)
        for pipe in (process.stdout, process.stderr):
            assert pipe is not None
            pipe.close()


def is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=30, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def rounds(log: list[str]) -> list[str]:
    """What became of the rounds so far."""
    lines = [json.loads(line) for line in [*log] if line.startswith("{")]
    return [line["outcome"] for line in lines if line.get("event") == "job.finished"]


@pytest.mark.parametrize("sent", FLOODS)
def test_half_open_connections_take_neither_the_jobs_nor_the_pages(service: tuple[int, list[str]], sent: bytes) -> None:
    port, log = service
    with contextlib.ExitStack() as clients:
        for _ in range(ATTACKERS):
            client = clients.enter_context(socket.create_connection(("127.0.0.1", port), 30))
            client.sendall(sent)
        before = len(rounds(log))
        wait_until(lambda: len(rounds(log)) > before + 8)
        assert is_ready(port)
    assert {*rounds(log)} <= {"done", "partly"}
    assert not [line for line in log if "Traceback" in line or "out of system resource" in line]


def test_a_file_without_end_fills_no_disk(service: tuple[int, list[str]], tmp_path: Path) -> None:
    """Said to be five bytes long, and sent in pieces as a form with a file."""
    port, log = service
    head = (
        b"POST /p/x/note HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), 30) as client:
        client.sendall(head)
        assert client.recv(100).startswith(b"HTTP/1.1 400")
    assert not [*Path(tmp_path).rglob("*upload*")]
    assert not [line for line in log if "Traceback" in line]
