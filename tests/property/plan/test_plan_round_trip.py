"""What is written can be read: a plan through YAML or a workbook is the same plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings

from bot.domain.people import Language
from bot.plan import parse_plan, problems_report, render_workbook, render_yaml
from tests.property.plan.plans import course_plans

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read_back(data, name):
    parsed = parse_plan(data, name=name, now=NOW)
    assert parsed.plan is not None, problems_report(parsed.problems, Language.EN)
    return replace(parsed.plan, revision="")


@settings(max_examples=25)
@given(plan=course_plans())
def test_a_plan_written_as_yaml_is_read_as_the_same_plan(plan):
    """parse(render_yaml(plan)) == plan, the revision apart."""
    assert read_back(render_yaml(plan), "plan.yaml") == plan


@settings(max_examples=8)
@given(plan=course_plans())
def test_a_plan_written_as_a_workbook_is_read_as_the_same_plan(plan):
    """parse(render_workbook(plan)) == plan, the revision apart: the sheets can say all of the format."""
    assert read_back(render_workbook(plan), "plan.xlsx") == plan
