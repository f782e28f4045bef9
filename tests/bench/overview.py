"""The benchmark's figure on the overview: how long a director waits once plan and books are read.

q  500 courses, four pools, nine things undecided     CPU of the overview as data, and as the paper that every format is set from
"""

from __future__ import annotations

import time
from dataclasses import replace

from bot.domain.people import Language
from bot.overview.compose import overview_of
from bot.overview.paper import paper
from tests.unit.overview.made import NOTHING_KNOWN, NOW, year_of_sixty

COURSES, TRIES, AIM_MS = 500, 5, 200


def overview_of_many() -> str:
    """Figure q; the best of some."""
    year = year_of_sixty()
    courses = tuple(replace(year.courses[number % len(year.courses)], id=f"kursus-{number}") for number in range(COURSES))
    plan = replace(year, courses=courses)
    data, whole = zip(*(_timed(plan) for _ in range(TRIES)), strict=True)
    return f"q  overview of {COURSES} courses: {min(data):.0f} ms as data (aim: {AIM_MS}), {min(whole):.0f} ms as a paper"


def _timed(plan) -> tuple[float, float]:
    start = time.process_time()
    overview = overview_of(plan, NOTHING_KNOWN, now=NOW)
    made = time.process_time()
    paper(overview, Language.DA)
    return (made - start) * 1000, (time.process_time() - start) * 1000
