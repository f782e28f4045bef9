"""Courses of a year, and the overview of them."""

from bot.domain.plan import Course, CourseStatus
from bot.overview.compose import overview_of
from tests.builders.overviews import (
    NOTHING_KNOWN,
    NOW,
    main,
    plan_of,
)


def course(*sessions, status=CourseStatus.APPROVED, **more):
    return Course(**{"id": "k", "title": "Kurset", "status": status, "audience": ("ledere",), "offerings": main(*sessions), **more})


def overview(*courses, years=(), now=NOW, **more):
    return overview_of(plan_of(*courses, **more), NOTHING_KNOWN, now=now, years=years)
