"""What the benchmark's measurements give: a line for people, and figures that a later run is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number. Less is better; `aim` is the most that it should be.

    `name` is what two files are compared by, so it stays when the text of its line changes.
    """

    name: str
    value: float
    unit: str = "×"
    aim: float | None = None

    @property
    def met(self) -> bool:
        """Whether it is what it should be, where that was said."""
        return self.aim is None or self.value <= self.aim


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report, and its figures; a line without any is told and not compared."""

    line: str
    figures: tuple[Figure, ...] = ()


def peak_mb() -> float:
    """The most memory that this process has had; `ru_maxrss` would tell that of whoever started it, where that is more."""
    return int(Path("/proc/self/status").read_text("utf-8").partition("VmHWM:")[2].split()[0]) / 1024
