"""The benchmark's figures on short commands: what a process costs that has next to nothing to do. Nearly all of it is imports.

f  kursusbot --help                                  wall ÷ importing GraphServiceClient
r  preview with nothing to change, one course        CPU of the whole process ÷ the three imports
s  check of the municipality's plan                  CPU of the whole process ÷ the three imports

The three imports are `python -c "import sqlalchemy, httpx, pydantic_settings"`: what a small program of this kind has at the least.
Each figure is the best of several tries, taken in turns, so that a busy machine does not decide.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.rows import Figure, Row
from tests.bench.world import environment, plan_document, sandbox, write_plan

TRIES = 7
IMPORTS = [sys.executable, "-c", "import sqlalchemy, httpx, pydantic_settings"]
PROGRAM = str(Path(sys.executable).with_name("kursusbot"))
MUNICIPALITY = Path("config/plans/norddjurs.yaml")


def start_up() -> Row:
    """Figure f."""
    (helped, _), (imported, _) = _best([PROGRAM, "--help"], [sys.executable, "-c", "from msgraph import GraphServiceClient"])
    return Row(
        f"f  kursusbot --help: {helped:.3f} s ÷ import of GraphServiceClient {imported:.3f} s = {helped / imported:.2f}   aim: at most 0.4",
        (Figure(name="f --help ÷ import of GraphServiceClient", value=helped / imported, aim=0.4),),
    )


def preview_of_nothing() -> Row:
    """Figure r: the course is synced first, then previewed without any change."""
    with tempfile.TemporaryDirectory() as name, sandbox() as served:
        folder = Path(name)
        document = plan_document()
        plan = str(write_plan(folder, document | {"courses": document["courses"][:1]}))
        settings = environment(folder, served) | {"KURSUSBOT_APPROVAL": "limits"}
        subprocess.run([PROGRAM, "--plan", plan, "sync", "--yes"], env=settings, check=True, capture_output=True)
        (_, previewed), (_, imported) = _best([PROGRAM, "--plan", plan, "preview"], IMPORTS, settings=settings)
    return _against_imports("r", "preview with nothing to change", previewed, imported, aim=1.6)


def check_of_the_municipality() -> Row:
    """Figure s."""
    (_, checked), (_, imported) = _best([PROGRAM, "--plan", str(MUNICIPALITY), "check"], IMPORTS)
    return _against_imports("s", "check of the municipality's plan", checked, imported, aim=0.9)


def _against_imports(letter: str, what: str, cpu: float, imported: float, *, aim: float) -> Row:
    return Row(
        f"{letter}  {what}: {cpu:.2f} s CPU ÷ the three imports {imported:.2f} s = {cpu / imported:.2f}   aim: at most {aim}",
        (
            Figure(name=f"{letter} {what}, CPU ÷ three imports", value=cpu / imported, aim=aim),
            Figure(name=f"{letter} {what}, CPU", value=cpu, unit="s"),
        ),
    )


def _best(*commands: list[str], settings: dict[str, str] | None = None) -> list[tuple[float, float]]:
    """The least wall and CPU seconds of each command."""
    best = [(float("inf"), float("inf"))] * len(commands)
    for _ in range(TRIES):
        for place, command in enumerate(commands):
            wall, cpu = _once(command, settings)
            best[place] = min(best[place][0], wall), min(best[place][1], cpu)
    return best


def _once(command: list[str], settings: dict[str, str] | None) -> tuple[float, float]:
    before, began = _cpu(), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=settings)
    return time.perf_counter() - began, _cpu() - before


def _cpu() -> float:
    """Seconds of all processes that have ended, to the microsecond: the clock's ticks of ten milliseconds are two percent of a preview."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime
