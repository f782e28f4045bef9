"""Deciding equals editing the plan by hand in what `check` and `preview` say of two things at once and of weeks that are too full."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.decided import as_decided
from bot.domain.enrolment import Enrolment, EnrolmentMode
from bot.domain.people import Audience, PeopleIndex
from bot.domain.plan import Course, CourseSession, CourseStatus, Offering
from bot.domain.programme import Speaker, Venue
from bot.invitations.clashes import clashes_of
from bot.invitations.desired import wanted_events
from bot.invitations.diff import World
from bot.plan import parse_plan, render_yaml
from tests.builders.deciding import by_hand, conditions, course_plans, decide, numbered
from tests.builders.samples import make_person

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CODES = frozenset({"session.overlap", "room.twice", "speaker.twice", "audience.busy_week"})
SPEAKERS = tuple(Speaker(name=name, email=f"{name.lower()}@firma.example") for name in ("Anna", "Bo"))
LEADERS = tuple(make_person(name) for name in ("anna", "bo"))
PEOPLE = PeopleIndex(LEADERS)
AUDIENCES = {"ledere": Audience(id="ledere", people=LEADERS)}


def _session(day, hour, hours, room, when):
    start = datetime(2026, 5, 4, hour) + timedelta(days=day)
    venue = Venue(name="Salen", room="salen@demo.example") if room else None
    return CourseSession(id="dag", start=start, end=start + timedelta(hours=hours), venue=venue, when=when)


sessions = st.builds(_session, st.sampled_from((0, 1, 8)), st.sampled_from((9, 10)), st.sampled_from((1, 3)), st.booleans(), conditions)
offerings = st.builds(
    lambda when, parts: Offering(id="a", when=when, sessions=parts),
    conditions,
    numbered(sessions, 2).filter(bool),
)
courses = st.builds(
    Course,
    id=st.just("a"),
    title=st.just("Et kursus"),
    status=st.sampled_from((CourseStatus.APPROVED, CourseStatus.LISTED, CourseStatus.PROPOSED)),
    audience=st.just(("ledere",)),
    speakers=st.sampled_from(((), SPEAKERS[:1], SPEAKERS)),
    enrolment=st.builds(Enrolment, mode=st.sampled_from((EnrolmentMode.INVITE, EnrolmentMode.CHOOSE))),
    offerings=numbered(offerings, 3).filter(bool),
    when=conditions,
)


def _said(plan):
    """What `check` says of clashes, without the lines and places, which an edit moves."""
    found = parse_plan(render_yaml(plan), name="plan.yaml", now=NOW, courses_a_week=1).problems
    return Counter((problem.code, tuple(sorted(map(str, problem.params.items())))) for problem in found if problem.code in CODES)


@st.composite
def decisions(draw):
    """A plan with a decision made, and the same as somebody would have edited it who has no assumptions."""
    plan = replace(draw(course_plans()), courses=draw(numbered(courses, 3)))
    assumption = draw(st.sampled_from(plan.assumptions))
    decided = edited = decide(plan, assumption.id, draw(st.sampled_from(assumption.options)))
    for one in decided.assumptions:
        if one.value is not None:
            edited = by_hand(edited, one.id, one.value)
    return decided, replace(edited, courses=tuple(course for course in edited.courses if course.offerings))


@settings(max_examples=60)
@given(decision=decisions())
def test_check_says_of_a_decided_plan_what_it_says_of_one_that_was_edited_by_hand(decision):
    decided, edited = decision
    assert _said(decided) == _said(edited)


@given(decision=decisions())
def test_a_preview_finds_in_a_decided_plan_what_it_finds_in_one_that_was_edited_by_hand(decision):
    decided, edited = (_found(as_decided(plan)) for plan in decision)
    assert decided == edited


def _found(plan):
    """The clashes and full weeks of people, by the keys of the sessions."""
    wanted = wanted_events(plan, AUDIENCES, {}, PEOPLE)
    world = World(wanted=wanted, observed=(), ledger={}, people=PEOPLE, restore=False, now=NOW)
    found = clashes_of(plan, world, AUDIENCES, (), most=1)
    clashes = [(one.shared, one.first.key, one.second.key, one.addresses) for one in found.before]
    return clashes, [(one.week, one.people, one.courses) for one in found.weeks_before]
