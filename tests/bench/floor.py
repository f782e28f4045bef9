"""The least that a first sync can cost over the same HTTP client: `python -m tests.bench.floor BASE_URL MAILBOX SESSIONS.json`.

The three imports of a small program, and then one POST a session, four at a time, of JSON that was written before: no plan, no books, no
retrying. Prints wall and CPU seconds of the loop, and CPU seconds of the whole process, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pydantic_settings  # noqa: F401 - one of the three imports
import sqlalchemy  # noqa: F401 - another

if TYPE_CHECKING:
    from collections.abc import Iterator

AT_ONCE = 4
HEADERS = {"Authorization": "Bearer sandbox", "Content-Type": "application/json"}


def _bodies(sessions: list[dict[str, Any]]) -> Iterator[bytes]:
    for one in sessions:
        event = {
            "subject": one["subject"],
            "body": {"contentType": "html", "content": one["body"]},
            **{name: {"dateTime": one[name], "timeZone": "Europe/Copenhagen"} for name in ("start", "end")},
            "attendees": [{"emailAddress": {"address": address}, "type": "required"} for address in one["attendees"]],
        }
        yield json.dumps(event).encode()


async def _post(url: str, bodies: list[bytes]) -> dict[str, float]:
    waiting = iter(bodies)
    async with httpx.AsyncClient(trust_env=False, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)) as client:

        async def work() -> None:
            for body in waiting:
                answer = await client.post(url, content=body, headers=HEADERS)
                answer.raise_for_status().json()

        wall, cpu = time.perf_counter(), time.process_time()
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(work())
        return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


if __name__ == "__main__":
    made = list(_bodies(json.loads(Path(sys.argv[3]).read_text("utf-8"))))
    figures = asyncio.run(_post(f"{sys.argv[1]}/users/{sys.argv[2]}/events", made))
    print(json.dumps(figures | {"cpu_whole": time.process_time()}))  # noqa: T201 - its output
