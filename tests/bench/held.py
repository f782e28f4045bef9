"""`make soak`: the service at work for an hour (or MINUTES=…), with a plan whose drive hangs beside good ones, and half-open connections.

The process is the service's own, with clock, queue and pages; jobs tick every ten seconds. After the first tenth of the time the hung
plan's files answer no more, and some strangers open connections without ever asking. Told each tenth: memory, descriptors, threads,
rounds, what `/readyz` says. Fails where a good plan's round fails or stays away, or where threads or descriptors grow.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import structlog

import jobs.plans
from bot.web.server import serving
from config.settings import Settings
from jobs.clock import JobClock
from jobs.service import app_of, open_service
from tests.bench.world import plan_document, sandbox

if TYPE_CHECKING:
    from bot.domain.job_runs import JobRun
    from jobs.job import Result
    from jobs.service import Service
    from tests.bench.world import Sandbox

GOOD, COURSES, TENTHS, STRANGERS = 3, 10, 10, 40
HUNG, EVERY = "hung", "10s"
MOST_MORE = 8
"""Descriptors or threads that may come and go."""

ASKER = """
import json, sys, time, urllib.error, urllib.request
began = time.perf_counter()
try:
    answer = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sys.argv[1], timeout=60)
except urllib.error.HTTPError as refused:
    answer = refused
body = json.load(answer)
print(json.dumps([round(1000 * (time.perf_counter() - began)), answer.status, body]))
"""


class Drive:
    """Answers until it hangs."""

    def __init__(self) -> None:
        self.hangs = False
        self._never = threading.Event()
        self._real = jobs.plans._file_stamp

    def stamp(self, path: Path) -> tuple[int, ...]:
        if self.hangs and HUNG in path.name:
            self._never.wait()
        return self._real(path)


def main(minutes: float) -> int:
    """Run it; 1 where it did not hold."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    drive = Drive()
    with tempfile.TemporaryDirectory() as name, sandbox() as served, mock.patch.object(jobs.plans, "_file_stamp", drive.stamp):
        folder = Path(name)
        _write_plans(folder, served)
        return asyncio.run(_hold(_settings(folder, served), drive, minutes * 60))


async def _hold(settings: Settings, drive: Drive, seconds: float) -> int:
    rounds: Counter[tuple[str, str]] = Counter()

    def ran(run: JobRun, _result: Result) -> None:
        rounds["hung" if HUNG in run.plan else "good", run.outcome.value] += 1

    faults, first = [], None
    with contextlib.ExitStack() as strangers:
        async with open_service(settings, (ran,)) as service:
            with serving(app_of(service), host="127.0.0.1", port=0) as address:
                clock = JobClock(service.plans, service.queue, service.stores.job_runs)
                await service.queue.start()
                clock.start()
                for tenth in range(TENTHS):
                    before = rounds.copy()
                    await asyncio.sleep(seconds / TENTHS)
                    told = await _told(service, address)
                    new = rounds - before
                    tell(f"{tenth + 1}/{TENTHS} {told} { ({' '.join(key): count for key, count in sorted(new.items())}) }")
                    if not new["good", "done"] or any(who == "good" and outcome != "done" for who, outcome in new):
                        faults.append(f"{tenth + 1}: {dict(new)}")
                    if tenth == 0:
                        drive.hangs = True
                        for _ in range(STRANGERS):
                            stranger = strangers.enter_context(socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))))
                            stranger.sendall(b"GET /p/x HTTP/1.1\r\nHo")
                    elif tenth == 1:
                        first = told
                    elif first is not None and any(told[what] > first[what] + MOST_MORE for what in ("descriptors", "threads")):
                        faults.append(f"{tenth + 1}: {first} → {told}")
                clock.stop()
                await service.queue.stop(5)
    tell("held" if not faults else f"did not hold: {faults}")
    return 1 if faults else 0


async def _told(service: Service, address: str) -> dict[str, Any]:
    milliseconds, status, answer = await _asked(f"{address}/readyz")
    memory, descriptors = _taken()
    return {
        "MB": memory,
        "descriptors": descriptors,
        "threads": threading.active_count(),
        "readyz": status,
        "wrong": answer["wrong"],
        "ms": milliseconds,
        "runs kept": len(service.stores.job_runs.load_latest(1)),
    }


async def _asked(address: str) -> tuple[int, int, dict[str, Any]]:
    """Milliseconds, status and JSON, as another program sees them: on the loop of the rounds the asker would wait for the rounds."""
    asker = await asyncio.create_subprocess_exec(sys.executable, "-c", ASKER, address, stdout=asyncio.subprocess.PIPE)
    told, _ = await asker.communicate()
    milliseconds, status, answer = json.loads(told)
    return milliseconds, status, answer


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _taken() -> tuple[int, int]:
    """Resident memory in MB, and descriptors."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024, len([*Path("/proc/self/fd").iterdir()])


def _write_plans(folder: Path, served: Sandbox) -> None:
    document = plan_document()
    for number in range(GOOD + 1):
        name = f"good-{number}" if number < GOOD else HUNG
        mailbox = f"{name}@norddjurs.example"
        served.act("POST", "/users", {"display_name": name, "mail": mailbox})
        courses = [course | {"id": f"{name}-{course['id']}"} for course in document["courses"][:COURSES]]
        mine = document | {"id": name, "organiser": mailbox, "courses": courses}
        (folder / f"{name}.yaml").write_text(json.dumps(mine, ensure_ascii=False), "utf-8")


def _settings(folder: Path, served: Sandbox) -> Settings:
    often = dict.fromkeys(("sync_plan", "collect_responses", "follow_decisions", "send_reminders", "refresh_audiences"), EVERY)
    return Settings(
        plans=str(folder),
        database_url=f"sqlite:///{folder / 'held.db'}",
        approval="limits",
        now="2027-01-04T08:00:00+01:00",
        safety={"max_mails": 100_000},
        graph={"base_url": served.base_url, "credential": "static_token", "static_token": "sandbox"},
        jobs=often,
    )


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60))
