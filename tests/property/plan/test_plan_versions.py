"""Whatever a plan says is kept whole, what changed is told whole, and without a person it can still be read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings

from bot.domain.people import Language
from bot.opening.versions import ANY_TIME
from bot.plan import parse_plan, problems_report
from bot.plan.differences import changed_rows
from bot.plan.document import json_document
from bot.store.columns import Packed
from bot.store.revision_people import without_person, words_pattern
from tests.property.plan.plans import course_plans

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def kept_and_read(document):
    packed = Packed()
    again = packed.process_result_value(packed.process_bind_param(document, None), None)
    assert again == document
    parsed = parse_plan(json.dumps(again, ensure_ascii=False).encode(), name="revision.yaml", now=ANY_TIME, doubts=False)
    assert parsed.plan is not None, problems_report(parsed.problems, Language.EN)
    return replace(parsed.plan, revision="")


def a_plan_that_is_kept_is_the_same_plan(plan):
    assert kept_and_read(json_document(plan)) == plan


def plans_that_differ_have_a_cell_that_does_and_equal_ones_have_none(before, after):
    """Each in both languages, and by a name that says something."""
    for language in Language:
        assert changed_rows(before, before, language) == ()
        told = changed_rows(before, after, language)
        assert all(one.name and one.sheet and (one.change != "changed" or one.cells) for one in told)
        if before.organisation != after.organisation or {*before.titles} != {*after.titles}:
            assert told


def a_version_without_a_person_can_be_read(plan):
    """Whoever it is: everybody whose address stands in it, one after the other, is in it no more."""
    document = json_document(plan)
    addresses = {plan.contact, *(one.email for rule in plan.audiences for one in rule.people)}
    addresses |= {one.email for course in plan.courses for one in course.speakers if one.email}
    for address in sorted(addresses):
        document = without_person(document, {address.lower()}, words_pattern([address]))
        assert not words_pattern([address]).search(json.dumps(document, ensure_ascii=False))
    kept_and_read(document)


@settings(max_examples=10)
@given(before=course_plans(), after=course_plans())
def test_two_versions_of_a_plan(before, after):
    """All of it of the same two, which take longer to draw than to look at."""
    for plan in (before, after):
        a_plan_that_is_kept_is_the_same_plan(plan)
        a_version_without_a_person_can_be_read(plan)
    plans_that_differ_have_a_cell_that_does_and_equal_ones_have_none(before, after)
