"""The file that a run of the benchmark writes, and two of them side by side.

`python -m tests.bench.results OLD.json NEW.json` prints each figure's ratio new ÷ old; without names the last two runs are taken.
Figures of seconds are for one machine: the yardstick is in each file, and tells how far two runs may be compared at all.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.rows import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

RESULTS = Path(".bench")
"""Where runs are kept, beside the program; not in git."""


def write_results(figures: Iterable[Figure], lines: Iterable[str], *, began: datetime, seconds: float, file: Path | None = None) -> Path:
    """Write a run down, and say where; its own name tells when it began (UTC) and of which commit it is."""
    commit = _commit()
    file = file or RESULTS / f"{began:%Y%m%dT%H%M%SZ}-{commit}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "began": began.isoformat(),
        "seconds": round(seconds, 1),
        "commit": commit,
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "figures": {figure.name: asdict(figure) for figure in figures},
        "lines": [*lines],
    }
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return file


def side_by_side(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """A line for each figure of the new run: the old value, the new, new ÷ old, and the aim where it misses it; then what it left out."""
    before, after = ({name: Figure(**told) for name, told in run["figures"].items()} for run in (old, new))
    width = max(map(len, after), default=0)
    lines = [f"{'':{width}}  {old['commit']:>12}  {new['commit']:>12}  new ÷ old"]
    for name, now in after.items():
        was = before.get(name)
        ratio = f"{now.value / was.value:9.2f}" if was and was.value else f"{'—':>9}"
        missed = "" if now.met else f"   aim: at most {_shown(now.aim)}"
        values = f"{_shown(was.value if was else None):>12}  {_shown(now.value):>12}"
        lines.append(f"{name:{width}}  {values}  {ratio}  {now.unit}{missed}")
    left_out = sorted(before.keys() - after.keys())
    return [*lines, f"only in the old run: {', '.join(left_out)}"] if left_out else lines


def latest(count: int) -> list[Path]:
    """The newest runs that were kept, the oldest of them first."""
    return sorted(RESULTS.glob("*.json"))[-count:]


def read_results(file: Path) -> dict[str, Any]:
    """A run as it was written."""
    told: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return told


def _shown(value: float | None) -> str:
    return "—" if value is None else f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def main(names: list[str]) -> int:
    """Print the comparison; 2 where there are not two runs."""
    files = [Path(name) for name in names] or latest(2)
    if len(files) != 2:
        sys.stderr.write(f"two files of results are compared; found {len(files)} (make bench writes them into {RESULTS}/)\n")
        return 2
    sys.stdout.write("\n".join(side_by_side(*map(read_results, files))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
