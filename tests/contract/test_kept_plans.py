"""The plan in force is put together once while its books say the same, and anew when they do not, whoever has written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.assumptions import Assumption
from bot.domain.noted import NotedDecision
from bot.domain.plan import AudienceRule
from bot.opening.decided_here import decided_here
from bot.opening.stores import open_stores
from bot.opening.versions import changed_by_now, in_force, load_record, put_in_force
from config.settings import Settings
from tests.contract.two_courses import NOW, PEOPLE
from tests.contract.two_courses import PLAN as TWO

PLAN = replace(
    TWO,
    audiences=(AudienceRule(id="alle", name="Alle", people=PEOPLE),),
    courses=tuple(replace(course, audience=("alle",)) for course in TWO.courses),
)
LATER = replace(PLAN, courses=(replace(PLAN.courses[0], title="Nyt navn"), *PLAN.courses[1:]))


@pytest.fixture
def two_processes(database_url):
    """The books as two processes have opened them."""
    settings = Settings(database_url=database_url, now=NOW, graph={"base_url": "http://127.0.0.1:1"})
    with open_stores(settings) as ours, open_stores(settings) as others:
        put_in_force(PLAN, load_record(PLAN, ours), PLAN.titles, ours, now=NOW)
        yield ours, others


def test_what_another_process_puts_in_force_is_seen_at_the_next_look(two_processes):
    ours, others = two_processes
    before = in_force(LATER, ours)
    assert (before.courses[0].title, in_force(LATER, ours)) == (PLAN.courses[0].title, before)
    assert in_force(LATER, ours) is before
    assert [one.course for one in changed_by_now(LATER, load_record(LATER, ours), ours)] == [LATER.courses[0].id]
    # At the very same instant by a fixed clock.
    put_in_force(LATER, load_record(LATER, others), {LATER.courses[0].id}, others, now=NOW)
    assert in_force(LATER, ours).courses[0].title == "Nyt navn"
    assert load_record(LATER, ours) == load_record(LATER, others)
    assert changed_by_now(LATER, load_record(LATER, ours), ours) == ()


def test_another_document_has_another_plan_in_force(two_processes):
    ours, _ = two_processes
    assert in_force(PLAN, ours).courses[0].title == in_force(LATER, ours).courses[0].title
    shorter = replace(PLAN, courses=PLAN.courses[1:], contact="andre@demo.example")
    assert in_force(shorter, ours).contact == "andre@demo.example"


def test_what_another_process_decides_is_seen_at_the_next_look(two_processes):
    ours, others = two_processes
    question = Assumption(id="penge", value=None, question="Er der penge?", options=(True, False, 1))
    plan = replace(PLAN, assumptions=(question,))
    assert decided_here(plan, ours) is decided_here(plan, ours)
    for days, value in enumerate((True, 1, False)):
        note = NotedDecision(
            assumption="penge", value=value, decided_by="Direktionen", decided_on=None, case="", noted_at=NOW + timedelta(days=days),
            at_desk=True,
        )  # fmt: skip
        others.noted.add(plan.id, [note])
        (decided,) = decided_here(plan, ours).assumptions
        assert (type(decided.value), decided.value) == (type(value), value)
