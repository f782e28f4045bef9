"""`make bench`: every figure in one run, mostly as a ratio. Measures; a figure that misses its aim is told and fails nothing.

The letters are told in the docstrings of the measurements. `make bench ARGS='a c r'` takes only the measurements of these letters.
What was measured is written into `.bench/` and compared with the run before (`tests/bench/results.py`).
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
import time
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.cli.main import OBJECTS_BETWEEN_LOOKS
from tests.bench.answered import answers_with_notifications
from tests.bench.dates import dates_for_many
from tests.bench.edits import ten_edits
from tests.bench.first_sync import LATENCY_MS, first_sync
from tests.bench.grown import idle_rounds_by_growth, one_answer_by_growth
from tests.bench.idle import idle_plans
from tests.bench.notified import a_flood_of_notifications
from tests.bench.overview import overview_of_many
from tests.bench.pages import pages_of_the_desk
from tests.bench.parsing import parsing
from tests.bench.presses import cards, presses
from tests.bench.reminders import due_reminders
from tests.bench.results import latest, read_results, side_by_side, write_results
from tests.bench.rows import Figure, Row
from tests.bench.seats import a_rush
from tests.bench.sending import a_fortnight_of_reminders
from tests.bench.serving import memory_of_serve
from tests.bench.soak import half_a_year
from tests.bench.starting import check_of_the_municipality, preview_of_nothing, start_up
from tests.bench.world import INVITED, SESSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True)
class Measurement:
    """Something that is measured together, and the letters of the rows that it gives."""

    letters: str
    measure: Callable[[], Row | Iterable[Row] | str]
    """A text alone is a row without figures."""


MEASUREMENTS = (
    Measurement("abce", first_sync),
    Measurement("d", ten_edits),
    Measurement("f", start_up),
    Measurement("r", preview_of_nothing),
    Measurement("s", check_of_the_municipality),
    Measurement("g", parsing),
    Measurement("i", a_rush),
    Measurement("j", due_reminders),
    Measurement("k", a_fortnight_of_reminders),
    Measurement("l", idle_plans),
    Measurement("m", half_a_year),
    Measurement("n", a_flood_of_notifications),
    Measurement("o", answers_with_notifications),
    Measurement("p", dates_for_many),
    Measurement("q", overview_of_many),
    Measurement("t", memory_of_serve),
    Measurement("hu", one_answer_by_growth),
    Measurement("v", idle_rounds_by_growth),
    Measurement("w", pages_of_the_desk),
    Measurement("x", presses),
    Measurement("y", cards),
)


def main() -> int:
    """Run the measurements, print a line for each row, write the file; 1 where a measurement broke."""
    options = _options()
    # What is measured is the work, not the waiting for a person.
    os.environ["KURSUSBOT_APPROVAL"] = "limits"
    # As the program does it.
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    say(f"{SESSIONS} sessions × {INVITED} attendees, {LATENCY_MS:.0f} ms a request; Python {sys.version.split()[0]}")
    before, began, clock, broken = latest(1), datetime.now(tz=UTC), time.monotonic(), []
    rows = [_yardstick()]
    for measurement in MEASUREMENTS:
        if not options.letters or set(measurement.letters) & set("".join(options.letters)):
            started, cpu = time.monotonic(), _cpu()
            try:
                rows += _measured(measurement)
            # The other figures are worth having all the same; SystemExit is how a measured program says that it failed.
            except (Exception, SystemExit):  # noqa: BLE001
                broken.append(measurement.letters)
                say(f"{measurement.letters}  broke: {traceback.format_exc()}")
            say(f"   ({time.monotonic() - started:.0f} s, of CPU {_cpu() - cpu:.0f} s)")
    figures = [figure for row in rows for figure in row.figures]
    file = write_results(
        figures,
        [row.line for row in rows],
        began=began,
        seconds=time.monotonic() - clock,
        file=options.out,
    )
    missed = [figure.name for figure in figures if not figure.met]
    say(f"{len(rows)} rows in {time.monotonic() - clock:.0f} s, in {file}; not as aimed: {', '.join(missed) or 'nothing'}")
    if before:
        say("\n".join(side_by_side(read_results(before[0]), read_results(file))))
    return 1 if broken else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure; write the figures down; compare.")
    parser.add_argument("letters", nargs="*", help="only the measurements of these rows")
    parser.add_argument("--out", type=Path, help="the file to write (default: one of its own in .bench/)")
    return parser.parse_args()


def _measured(measurement: Measurement) -> list[Row]:
    given = measurement.measure()
    rows = []
    for row in (given,) if isinstance(given, Row | str) else given:
        rows.append(row if isinstance(row, Row) else Row(row))
        say(rows[-1].line)
    return rows


def _cpu() -> float:
    """Seconds of CPU that this program has taken, and those of its programs that have ended."""
    return sum(os.times()[:4])


def _yardstick() -> Row:
    """What this machine makes of plain Python at this moment: by it two runs may be held against each other."""
    tries = []
    for _ in range(5):
        started = time.process_time()
        sum(number * number % 7 for number in range(1_000_000))
        tries.append(time.process_time() - started)
    row = Row(f"-  yardstick: a million additions in {min(tries):.3f} s", (Figure(name="- yardstick", value=min(tries), unit="s"),))
    say(row.line)
    return row


def say(line: str) -> None:
    """One line of the report, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
