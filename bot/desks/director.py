"""What the directors may see.

Courses, money and decisions of the plan as it is written, with the numbers of the plan in force.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.opening.clock import clock_of
from bot.overview.compose import overview_of
from bot.rounds.steps.count_seats import counts_of

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.overview.lines import Overview
    from config.settings import Settings


def overview_by_the_books(
    settings: Settings, written: CoursePlan, standing: CoursePlan, stores: Stores, years: tuple[int, ...]
) -> Overview:
    """The overview of all that is written, with the numbers of the plan in force."""
    return overview_of(written, counts_of(standing, stores), now=clock_of(settings).now(), years=years)
