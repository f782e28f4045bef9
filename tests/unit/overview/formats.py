"""Plans for the overview, everyday and hostile, and the golden files."""

import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from bot.domain.people import Language
from bot.overview.compose import overview_of
from tests.builders.overviews import (
    NOTHING_KNOWN,
    NOW,
    directors_counts,
    directors_plan,
    year_of_sixty,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "overview"
REWRITE = os.environ.get("KURSUSBOT_GOLDEN") == "write"
LANGUAGES = pytest.mark.parametrize("language", Language)
EVIL = "<script>alert(1)</script> & {{ x }} \x07\u202e\n=1+1"


@cache
def directors(years=()):
    return overview_of(directors_plan(), directors_counts(), now=NOW, years=years)


@cache
def sixty():
    return overview_of(year_of_sixty(), NOTHING_KNOWN, now=NOW)


def golden(name, made):
    file = GOLDEN / name
    if REWRITE:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made, encoding="utf-8")
    assert made == file.read_text(encoding="utf-8")


@cache
def evil_plan():
    plan = directors_plan()
    courses = tuple(
        replace(one, title=EVIL, theme=EVIL, cancel_reason=EVIL, tags=(EVIL,), case=EVIL, responsible=(EVIL,)) for one in plan.courses
    )
    pools = tuple(
        replace(
            one, name=EVIL, reserved=tuple((EVIL, share) for _, share in one.reserved[:1]),
            expenses=tuple(replace(part, title=EVIL, note=EVIL) for part in one.expenses),
        )
        for one in plan.funding
    )  # fmt: skip
    decisions = tuple(replace(one, question=EVIL, decided_by=EVIL, case=EVIL, note=EVIL) for one in plan.assumptions)
    audiences = tuple(replace(one, name=EVIL) for one in plan.audiences)
    return replace(plan, organisation=EVIL, courses=courses, funding=pools, assumptions=decisions, audiences=audiences)
