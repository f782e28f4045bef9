"""The benchmark's figure on memory: what `serve` keeps with a hundred plans, and whether it stays so.

t  100 plans × 3 sessions × 40 people     resident memory of `serve` once it runs, and after each round of every job of every plan

One process on SQLite with the jobs twice a minute, so that the rounds follow each other; the first of them invites everybody.
"""

from __future__ import annotations

import contextlib
import json
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.rows import Figure, Row
from tests.bench.world import environment, plan_document, sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.world import Sandbox

PLANS, COURSES, ROUNDS = 100, 1, 2
JOBS = ("sync_plan", "collect_responses", "follow_decisions", "send_reminders", "refresh_audiences")
EVERY, AIM_MB, AIM_GROWTH_MB, PATIENCE_SECONDS = "30s", 200, 10, 600.0


def memory_of_serve() -> Row:
    """Figure t."""
    with tempfile.TemporaryDirectory() as name, sandbox() as served:
        folder = Path(name)
        plans = folder / "plans"
        plans.mkdir()
        _write_plans(plans, served)
        with _service(folder, plans, served) as process, contextlib.closing(sqlite3.connect(folder / "bench.db")) as books:
            told = []
            for number in range(1, ROUNDS + 1):
                _until_runs(books, number, process)
                told.append(_resident_mb(process.pid))
            peak = _resident_mb(process.pid, "VmHWM")
    grown = told[-1] - told[0]
    each = ", ".join(f"{megabytes:.0f}" for megabytes in told)
    return Row(
        f"t  serve with {PLANS} plans × {3 * COURSES} sessions × 40: {each} MB after each of {ROUNDS} rounds of every job,"
        f" at most {peak:.0f} MB   aim: at most {AIM_MB} MB, flat",
        (
            Figure(name="t serve with 100 plans, peak memory", value=peak, unit="MB", aim=AIM_MB),
            Figure(name="t serve with 100 plans, growth after the first round", value=grown, unit="MB", aim=AIM_GROWTH_MB),
        ),
    )


@contextlib.contextmanager
def _service(folder: Path, plans: Path, served: Sandbox) -> Iterator[subprocess.Popen[bytes]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = environment(folder, served) | {
        "KURSUSBOT_PLANS": str(plans),
        "KURSUSBOT_WEB__PORT": str(port),
        "KURSUSBOT_APPROVAL": "limits",
    }
    settings |= {f"KURSUSBOT_JOBS__{job.upper()}": EVERY for job in JOBS}
    # By the fixed clock no tick would ever come; the plan's days lie ahead of it either way.
    del settings["KURSUSBOT_NOW"]
    command = [sys.executable, "-m", "bot.cli.main", "serve"]
    with subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()


def _until_runs(books: sqlite3.Connection, count: int, process: subprocess.Popen[bytes]) -> None:
    """Until each job of each plan has run so often."""
    end = time.monotonic() + PATIENCE_SECONDS
    often = "SELECT 1 FROM job_runs WHERE job IN (SELECT value FROM json_each(?)) GROUP BY plan, job HAVING count(*) >= ?"
    asked = f"SELECT count(*) FROM ({often})"  # noqa: S608 - our own words
    while True:
        with contextlib.suppress(sqlite3.OperationalError):
            if books.execute(asked, (json.dumps(JOBS), count)).fetchone()[0] >= PLANS * len(JOBS):
                return
        if time.monotonic() > end or process.poll() is not None:
            raise SystemExit(f"the plans had no {count} rounds of every job")
        time.sleep(0.2)


def _resident_mb(pid: int, what: str = "VmRSS") -> float:
    return int(Path(f"/proc/{pid}/status").read_text("utf-8").partition(f"{what}:")[2].split()[0]) / 1024


def _write_plans(folder: Path, served: Sandbox) -> None:
    document = plan_document()
    for number in range(PLANS):
        mailbox = f"plan{number:03}@norddjurs.example"
        served.act("POST", "/users", {"display_name": f"Plan {number}", "mail": mailbox})
        mine = document | {"id": f"plan-{number:03}", "organiser": mailbox, "courses": document["courses"][:COURSES]}
        (folder / f"plan-{number:03}.yaml").write_text(json.dumps(mine, ensure_ascii=False), "utf-8")
