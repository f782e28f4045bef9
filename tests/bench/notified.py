"""The benchmark's figure on Graph's calls: five hundred a second for ten seconds, on SQLite.

n  500 notifications a second      99th percentile of the answers; a fifth of them forged; what is left to do afterwards

The pages are a process of their own. Each call has its moment whether the one before was answered or not, and its time counts from that
moment, so that a server that falls behind is seen to.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.notifications import Resource, Subscription, digest
from bot.logbook import configure_logging
from bot.store.notifications import SqlNotificationBook
from bot.store.opening import open_database
from bot.web.app import create_app
from bot.web.graph_calls.batching import Gathering
from bot.web.server import serving
from config.settings import LogLevel, LogSettings

A_SECOND, SECONDS, CONNECTIONS = 500, 10, 50
ITEMS = 3
NOW = datetime(2027, 1, 4, tzinfo=UTC)
SECRET = "s" * 43


def a_flood_of_notifications() -> str:
    """The line of the report."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "kursusbot.db"
        with open_database(f"sqlite:///{file}") as database:
            book = SqlNotificationBook(database)
            for number, resource in enumerate(Resource):
                book.save_subscription(_subscription(number, resource))
            command = [sys.executable, "-m", "tests.bench.notified", str(file)]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout is not None
                assert process.stdin is not None
                address = process.stdout.readline().strip()
                answers = asyncio.run(_flood(int(address.rpartition(":")[2])))
                process.stdin.close()
                woken = int(process.stdout.readline())
            left = len(book.take_hints("demo"))
    statuses, times = Counter(status for status, _ in answers), sorted(seconds for _, seconds in answers)
    told = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
    middle, late = (times[int(len(times) * share)] * 1000 for share in (0.5, 0.99))
    return (
        f"n  {A_SECOND} notifications a second for {SECONDS} s: {told}; median {middle:.1f} ms, 99th percentile {late:.1f} ms,"
        f" slowest {times[-1] * 1000:.0f} ms; {left} hints, jobs woken {woken} times   aim: 99th under 3,000 ms, 2 hints"
    )


async def _flood(port: int) -> list[tuple[int, float]]:
    answers: list[tuple[int, float]] = []
    bodies = [_body("forged" if number % 5 == 0 else SECRET, number) for number in range(10)]
    begin = time.perf_counter() + 0.2

    async def connection(first: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in range(first, A_SECOND * SECONDS, CONNECTIONS):
            due = begin + number / A_SECOND
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(bodies[number % len(bodies)])
            head = await reader.readuntil(b"\r\n\r\n")
            length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
            await reader.readexactly(length)
            answers.append((int(head.split(b" ", 2)[1]), time.perf_counter() - due))
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*map(connection, range(CONNECTIONS)))
    return answers


def _body(secret: str, number: int) -> bytes:
    item = {
        "subscriptionId": f"s-{number % 2}",
        "subscriptionExpirationDateTime": "2027-01-07T10:00:00Z",
        "clientState": secret,
        "changeType": "updated",
        "resource": "Users/0f8fad5b-d9cb-469f-a165-70867728950e/Events/" + "A" * 120,
        "tenantId": "84bd8158-6d4d-4958-8b9f-9d6445542f95",
        "resourceData": {"@odata.type": "#Microsoft.Graph.Event", "id": "A" * 120},
    }
    content = json.dumps({"value": [item] * ITEMS}).encode()
    head = (
        f"POST /graph/notifications HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def _subscription(number: int, resource: Resource) -> Subscription:
    until = NOW + timedelta(hours=70)
    return Subscription(
        plan="demo", resource=resource, id=f"s-{number}", address="https://a.example", path=resource.value, expires_at=until,
        renew_at=until, client_state=digest(SECRET), created_at=NOW,
    )  # fmt: skip


def main() -> None:
    """The pages alone, until stdin is closed; then how often a job was woken."""
    configure_logging(LogSettings(level=LogLevel.ERROR))
    woken: list[str] = []
    with open_database(f"sqlite:///{sys.argv[1]}") as database:
        gathering = Gathering(SqlNotificationBook(database), now=lambda: NOW, on_hint=woken.append)
        app = create_app({}, secret=SECRET, base_url="https://a.example", now=lambda: NOW, gathering=gathering)
        with serving(app, host="127.0.0.1", port=0) as address:
            sys.stdout.write(address + "\n")
            sys.stdout.flush()
            sys.stdin.read()
    sys.stdout.write(f"{len(woken)}\n")


if __name__ == "__main__":
    main()
