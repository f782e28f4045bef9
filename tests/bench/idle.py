"""The benchmark's figure on many plans: twenty of them with nothing to do, on PostgreSQL, with 1 and with 4 worker processes.

l  20 plans × 6 sessions × 40 people     one round of every job: seconds, requests, CPU of the workers, and what memory they keep

Each plan has a mailbox of its own. The workers are processes of the command line, the orders are put into their queue as the clock does.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from bot.store.upgrade import upgrade_database
from config.settings import Settings
from jobs.clock import order_for
from jobs.service import open_service
from tests.bench.world import NOW, plan_document, sandbox
from tests.databases import new_postgres_database, postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.world import Sandbox

PLANS, COURSES = 20, 2
WORKERS = (1, 4)
LATENCY_MS = 50.0
PATIENCE_SECONDS = 900.0
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def idle_plans() -> str:
    """The line of the report."""
    with tempfile.TemporaryDirectory() as name, sandbox() as served, postgres_server() as server, new_postgres_database(server) as address:
        folder = Path(name)
        _write_plans(folder, served)
        upgrade_database(address)
        environment = _environment(folder, served, address)
        with _workers(2, environment, address):
            # Everything is invited to, and everybody's answers are read once.
            for _ in range(2):
                _round(folder, served, address)
        served.act("PATCH", "/settings", {"latency_ms": LATENCY_MS})
        told = []
        for count in WORKERS:
            with _workers(count, environment, address) as pids:
                _round(folder, served, address, plans=2 * count)
                before, kept = _cpu(pids), _memory(pids)
                served.clear()
                seconds = _round(folder, served, address)
                cpu, requests = _cpu(pids) - before, len(served.requests())
                grown = _memory(pids) - kept
            each = f"memory {kept / count:.0f} MB each (+{grown / count:.1f})"
            told.append(f"{count}: {seconds:.1f} s, {requests} requests, CPU {cpu:.1f} s, {each}")
        mails = served.mails()
    size = f"{PLANS} idle plans × {3 * COURSES} sessions × 40, {LATENCY_MS:.0f} ms a request"
    return f"l  one round of every job, {size}, by workers: {'; '.join(told)}; {mails} mails"


def _write_plans(folder: Path, served: Sandbox) -> None:
    document = plan_document()
    for number in range(PLANS):
        mailbox = f"plan{number:03}@norddjurs.example"
        served.act("POST", "/users", {"display_name": f"Plan {number}", "mail": mailbox})
        mine = document | {"id": f"plan-{number:03}", "organiser": mailbox, "courses": document["courses"][:COURSES]}
        (folder / f"plan-{number:03}.yaml").write_text(json.dumps(mine, ensure_ascii=False), "utf-8")


def _environment(folder: Path, served: Sandbox, address: str) -> dict[str, str]:
    return os.environ | {
        "KURSUSBOT_PLANS": str(folder),
        "KURSUSBOT_DATABASE_URL": address,
        "KURSUSBOT_GRAPH__BASE_URL": served.base_url,
        "KURSUSBOT_GRAPH__CREDENTIAL": "static_token",
        "KURSUSBOT_GRAPH__STATIC_TOKEN": "sandbox",
        "KURSUSBOT_NOW": NOW,
        "KURSUSBOT_LOG__LEVEL": "error",
    }


@contextlib.contextmanager
def _workers(count: int, environment: dict[str, str], address: str) -> Iterator[list[int]]:
    """Worker processes that have begun; gives their pids."""
    command = [sys.executable, "-m", "bot.cli.main", "worker"]
    quiet = subprocess.DEVNULL
    running = [subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet) for _ in range(count)]
    try:
        _until(address, "SELECT count(*) FROM procrastinate_workers", count)
        yield [process.pid for process in running]
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(30)


def _round(folder: Path, served: Sandbox, address: str, *, plans: int = PLANS) -> float:
    """Every job of as many plans once; gives the seconds from the first order to the end of the last."""
    began = asyncio.run(_put_all(folder, served, address, plans))
    _until(address, "SELECT -count(*) FROM procrastinate_jobs", 0)
    return time.perf_counter() - began


async def _put_all(folder: Path, served: Sandbox, address: str, plans: int) -> float:
    graph = {"base_url": served.base_url, "credential": "static_token", "static_token": "sandbox"}
    async with open_service(Settings(plans=str(folder), database_url=address, graph=graph, now=NOW)) as service:
        first = {*list(service.plans.shelves)[:plans]}
        began = time.perf_counter()
        for entry in service.plans.entries():
            if entry.plan in first:
                await service.queue.put(order_for(entry))
        await service.queue.stop(0)
    return began


def _until(address: str, count: str, least: int) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    with psycopg.connect(address, autocommit=True) as connection:
        while int(connection.execute(count).fetchone()[0]) < least:  # type: ignore[index, call-overload]  # a count is a row
            if time.monotonic() > end:
                raise SystemExit(f"never: {count}")
            time.sleep(0.02)


def _cpu(pids: list[int]) -> float:
    """Seconds of user and system that the processes have had."""
    fields = [Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split() for pid in pids]
    return sum(int(one[11]) + int(one[12]) for one in fields) / TICKS_A_SECOND


def _memory(pids: list[int]) -> float:
    """Megabytes that they keep."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]) for pid in pids]
    return sum(pages) * resource.getpagesize() / 1024**2
