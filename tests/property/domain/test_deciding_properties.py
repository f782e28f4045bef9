"""Deciding equals editing the plan by hand, whatever the plan, in either order, and through the books of approvals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings

from bot.approvals.versions import changed_courses, fingerprint
from bot.domain.approvals import Record
from bot.domain.called_off import grounds_of
from bot.domain.decided import as_decided, values_of
from bot.domain.plan import CourseStatus
from bot.plan import parse_plan, render_yaml
from tests.builders.deciding import by_hand, course_plans, courses, decide, decisions

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def deciding_is_the_same_as_editing_the_plan_by_hand(decision):
    """What is sent of the one is what is sent of the other."""
    plan, name, value = decision
    decided, edited = as_decided(decide(plan, name, value)), as_decided(by_hand(decide(plan, name, value), name, value))
    assert [replace(one, funding=()) for one in decided.courses] == [replace(one, funding=()) for one in edited.courses]
    money = [[[(part.pool, part.amount) for part in one.funding] for one in plan.courses] for plan in (decided, edited)]
    assert money[0] == money[1]


def what_is_decided_is_decided_once(decision):
    """Nobody after the reader meets a condition but money's, and deciding twice changes nothing."""
    plan, name, value = decision
    once = as_decided(decide(plan, name, value))
    assert as_decided(once) == once
    parts = [(course, *course.offerings, *(session for one in course.offerings for session in one.sessions)) for course in once.courses]
    assert not any(part.when for of_course in parts for part in of_course)


def whoever_wrote_a_reason_has_it_told_when_a_decision_takes_the_course_away(decision):
    """Unless it was away before, and in nobody else's words; what stays is called off by nobody."""
    plan, name, value = decision
    before, after = as_decided(plan), as_decided(decide(plan, name, value))
    stay = {course.id for course in after.courses}
    for course in before.courses:
        grounds = grounds_of(after, course.id, "a", "a")
        if course.id not in stay and course.status is not CourseStatus.DRAFT:
            assert grounds.written == course.cancel_reason
        assert grounds.written in {"", course.cancel_reason}
        assert course.id not in stay or grounds_of(after, course.id).written in {"", course.cancel_reason}


def another_reason_for_what_a_decision_takes_away_is_another_change(decision):
    """Nobody has approved that it is told; of what stands, the reason is part of the version as ever."""
    plan, name, value = decision
    before = as_decided(plan)
    versions = {one.course: one.after for one in changed_courses(before, Record(versions={})) if one.after is not None}
    decided = decide(plan, name, value)
    reworded = replace(decided, courses=tuple(replace(one, cancel_reason="Noget helt andet.") for one in decided.courses))
    record = Record(versions=versions)
    shown, said = ({one.course: one for one in changed_courses(as_decided(which), record)} for which in (decided, reworded))
    for course, one in shown.items():
        assert fingerprint(one) != fingerprint(said[course])


def a_decision_waits_for_approval_exactly_where_an_edit_by_hand_would(decision):
    """The courses whose version in force is another one are the same."""
    plan, name, value = decision
    before = as_decided(plan)
    versions = {one.course: one.after for one in changed_courses(before, Record(versions={})) if one.after is not None}
    record = Record(versions=versions)
    decided, edited = (as_decided(one) for one in (decide(plan, name, value), by_hand(decide(plan, name, value), name, value)))
    assert changed_courses(before, record) == ()
    # The editor by hand has struck out the reason with the course; what changes is the same.
    assert _sides(changed_courses(decided, record)) == _sides(changed_courses(edited, record))


def _sides(changed):
    return [(one.course, one.before, one.after) for one in changed]


@given(decision=decisions())
def test_whatever_is_decided(decision):
    """Each of these of the same decision, which takes longer to draw than to look at; whoever fails is named by where it does."""
    for holds in (
        deciding_is_the_same_as_editing_the_plan_by_hand,
        what_is_decided_is_decided_once,
        whoever_wrote_a_reason_has_it_told_when_a_decision_takes_the_course_away,
        another_reason_for_what_a_decision_takes_away_is_another_change,
        a_decision_waits_for_approval_exactly_where_an_edit_by_hand_would,
    ):
        holds(decision)


@given(plan=course_plans(), noted=courses)
def test_notes_cases_themes_money_and_who_looks_after_a_course_change_no_version(plan, noted):
    """They are said as they are written, approved or not."""
    before = as_decided(plan)
    versions = {one.course: one.after for one in changed_courses(before, Record(versions={})) if one.after is not None}
    edits = {"note": noted.note, "case": noted.case, "tags": noted.tags, "funding": noted.funding, "responsible": noted.responsible}
    explained = tuple(replace(one, question="Hvad?", note="Noget", case="1", decided_by="HR") for one in plan.assumptions)
    edited = as_decided(replace(plan, courses=tuple(replace(one, **edits) for one in plan.courses), funding=(), assumptions=explained))
    assert values_of(edited) == values_of(before)
    assert changed_courses(edited, Record(versions=versions)) == ()


@settings(max_examples=25)
@given(decision=decisions())
def test_a_decision_in_the_file_is_that_decision(decision):
    """Written, read and settled."""
    plan, name, value = decision
    # What is sent needs a session, and what is not sent is written in the same way.
    plan = replace(plan, courses=tuple(replace(one, status=CourseStatus.LISTED) for one in plan.courses))
    read = parse_plan(render_yaml(decide(plan, name, value)), name="plan.yaml", now=NOW).usable()
    assert as_decided(read).courses == as_decided(decide(plan, name, value)).courses
