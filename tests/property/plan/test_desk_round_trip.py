"""A plan that the desk keeps goes out as a workbook or YAML and comes home as what it was, whatever it says; so does an edit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings

from bot.domain.people import Language
from bot.plan import parse_plan, problems_report, render_workbook, render_yaml
from bot.plan.desk_rows import content_of
from tests.property.plan.plans import course_plans

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def kept(data):
    """What the desk has of a document after it was taken in."""
    parsed = parse_plan(data, name="plan", now=NOW, doubts=False)
    assert parsed.plan is not None, problems_report(parsed.problems, Language.EN)
    read = parse_plan(content_of(parsed.plan), name="kept", now=NOW, doubts=False)
    assert read.plan is not None, problems_report(read.problems, Language.EN)
    return replace(read.plan, revision="", shape=frozenset())


@settings(max_examples=3)
@given(plan=course_plans())
def test_what_is_kept_goes_out_and_comes_home_the_same(plan):
    """So nothing is saved where nothing was changed; and what was changed outside is what comes home."""
    stands = kept(content_of(plan))
    assert kept(render_yaml(stands)) == stands
    edited = replace(stands, organisation="Et nyt navn", contact="ny@by.example")
    assert kept(render_workbook(edited, Language.DA)) == edited
