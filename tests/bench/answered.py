"""The benchmark's figure on Graph's calls: how long until an answer in Outlook stands in the registrations.

o  one answer after the other, with notifications     seconds from the answer to the registration: median and slowest

A service of one process on SQLite that polls once an hour, so that only the notifications can have told it. Graph itself takes its time
to call (seconds, by its documentation); here it calls at once.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.world import NOW, people, plan_document, sandbox, write_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.bench.world import Sandbox

LATENCY_MS, COURSES, ANSWERS = 50.0, 10, 25
PATIENCE_SECONDS, POLL_SECONDS = 60.0, 0.002


def answers_with_notifications() -> str:
    """Figure o."""
    with tempfile.TemporaryDirectory() as name, sandbox(LATENCY_MS) as served:
        folder = Path(name)
        document = plan_document()
        write_plan(folder, document | {"courses": document["courses"][:COURSES]})
        with _service(folder, served), contextlib.closing(sqlite3.connect(folder / "kursusbot.db", isolation_level=None)) as books:
            _until(lambda: len(served.act("GET", "/subscriptions")) == 2 and _count(books, "status = 'invited'") == COURSES * len(people()))
            events = {event["subject"]: event["id"] for event in served.act("GET", "/events")}
            served.clear()
            found = []
            for number, person in enumerate(people()[:ANSWERS], 1):
                began = time.perf_counter()
                served.act("POST", "/answer", {"event": [*events.values()][number % len(events)], "person": person, "response": "accept"})
                _until(lambda number=number: _count(books, "status = 'registered'") == number)  # type: ignore[misc]
                found.append(time.perf_counter() - began)
            requests = len(served.requests())
    return (
        f"o  {ANSWERS} answers, one after the other, among {3 * COURSES} sessions × 40, {LATENCY_MS:.0f} ms a request: in the registrations"
        f" after {median(found):.2f} s (slowest {max(found):.2f} s); {requests / ANSWERS:.1f} requests an answer"
    )


@contextlib.contextmanager
def _service(folder: Path, served: Sandbox) -> Iterator[None]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "KURSUSBOT_PLAN": str(folder / "plan.yaml"),
        "KURSUSBOT_DATABASE_URL": f"sqlite:///{folder / 'kursusbot.db'}",
        "KURSUSBOT_GRAPH__BASE_URL": served.base_url,
        "KURSUSBOT_GRAPH__CREDENTIAL": "static_token",
        "KURSUSBOT_GRAPH__STATIC_TOKEN": "sandbox",
        "KURSUSBOT_WEB__BASE_URL": f"http://127.0.0.1:{port}",
        "KURSUSBOT_WEB__PORT": str(port),
        "KURSUSBOT_WEB__SECRET_KEY": "a-secret-of-chance-for-the-bench-0123456789",
        "KURSUSBOT_JOBS__COLLECT_RESPONSES": "1h",
        "KURSUSBOT_NOW": NOW,
        "KURSUSBOT_LOG__LEVEL": "error",
    }
    command = [sys.executable, "-m", "bot.cli.main", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


def _count(books: sqlite3.Connection, condition: str) -> int:
    try:
        return int(books.execute(f"SELECT count(*) FROM registrations WHERE {condition}").fetchone()[0])  # noqa: S608 - our own words
    except sqlite3.OperationalError:
        # It has not made its tables yet.
        return 0


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("the registrations never showed it")
        time.sleep(POLL_SECONDS)
