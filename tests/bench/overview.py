"""The benchmark's figures on the overview: how long a director waits once plan and books are read.

q  500 courses, four pools, nine things undecided     CPU from the plan as it was read to the bytes of each format

The PDF is set by typst, on as many cores as there are; its figure is the CPU of all of them.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desks.views.director import overview_file
from bot.domain.people import Language
from bot.overview.compose import overview_of
from tests.bench.rows import Figure, Row
from tests.builders.overviews import NOTHING_KNOWN, NOW, year_of_sixty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.plan import CoursePlan

COURSES, TRIES = 500, 7
AIMS_MS = {"text": 200, "json": 200, "html": 200, "xlsx": None, "pdf": None}
"""A workbook takes what XlsxWriter takes, a PDF what typst does."""


def overview_of_many() -> Iterator[Row]:
    """Figure q, a row for each format; the best of some."""
    year = year_of_sixty()
    courses = tuple(replace(year.courses[number % len(year.courses)], id=f"kursus-{number}") for number in range(COURSES))
    plan = replace(year, courses=courses)
    for form, aim in AIMS_MS.items():
        best = min(_timed(plan, form) for _ in range(TRIES if aim else 3))
        yield Row(
            f"q  overview of {COURSES} courses as {form}: {best:.0f} ms" + (f"   aim: at most {aim}" if aim else ""),
            (Figure(name=f"q overview of {COURSES} courses as {form}, CPU", value=best, unit="ms", aim=aim),),
        )


def _timed(plan: CoursePlan, form: str) -> float:
    start = time.process_time()
    overview_file(overview_of(plan, NOTHING_KNOWN, now=NOW), form, Language.DA)
    return (time.process_time() - start) * 1000
