"""What a plan says of itself: its courses, offerings and sessions by id, and when they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.errors import InputError
from bot.domain.events import SessionKey
from bot.domain.plan import CourseSession, Offering
from tests.builders.samples import make_course, make_plan

SPRING = CourseSession(id="s1", start=datetime(2026, 3, 3, 9), end=datetime(2026, 3, 3, 15), audience=("leaders",))
LATER = CourseSession(id="s2", start=datetime(2026, 3, 1, 9), end=datetime(2026, 3, 1, 15), audience=("deputies", "leaders"))
UNDATED = CourseSession(id="s3", period="2026-H2")
ONE = Offering(id="one", sessions=(SPRING, LATER))
TWO = Offering(id="two", sessions=(UNDATED,))
COURSE = replace(make_course(), id="law", title="Ny lov", audience=("all",), offerings=(ONE, TWO))
EMPTY = replace(make_course(), id="empty", title="Uden hold", offerings=())
PLAN = replace(make_plan(COURSE, EMPTY), id="2026")


def key(course="law", offering="one", session="s2", part=1):
    return SessionKey(plan="2026", course=course, offering=offering, session=session, part=part)


def test_a_plan_finds_its_courses_offerings_and_sessions_by_id():
    assert PLAN.course("law") is COURSE
    assert PLAN.known_course("empty") is EMPTY
    assert PLAN.offering("law", "two") is TWO
    assert PLAN.session(key()) == (COURSE, ONE, LATER)


def test_a_further_part_of_an_event_is_for_the_same_session():
    assert PLAN.session(key(part=3)) == PLAN.session(key())


@pytest.mark.parametrize("unknown", [key(course="x"), key(offering="x"), key(session="x")], ids=str)
def test_what_a_plan_does_not_have_it_does_not_find(unknown):
    assert PLAN.session(unknown) is None


def test_an_unknown_course_has_no_offering_and_is_called_by_its_id():
    assert PLAN.course("x") is None
    assert PLAN.offering("x", "one") is None
    assert PLAN.offering("law", "x") is None
    assert (PLAN.title_of("x"), PLAN.title_of("law")) == ("x", "Ny lov")


def test_a_course_that_has_to_be_known_and_is_not_is_told_with_those_there_are():
    with pytest.raises(InputError) as told:
        PLAN.known_course("x")
    assert (told.value.code, told.value.params) == ("course_unknown", {"course": "x", "known": "law, empty"})


def test_a_plan_lists_its_offerings_and_sessions_in_its_own_order():
    assert list(PLAN.offerings()) == [(COURSE, ONE), (COURSE, TWO)]
    assert [planned.session.id for planned in PLAN.sessions()] == ["s1", "s2", "s3"]
    assert [str(PLAN.key_of(planned)) for planned in PLAN.sessions()] == ["2026/law/one/s1", "2026/law/one/s2", "2026/law/two/s3"]
    assert PLAN.titles == {"law": "Ny lov", "empty": "Uden hold"}


def test_a_plan_with_other_courses_answers_for_those():
    assert PLAN.course("law") is COURSE
    alone = PLAN.only({"empty", "x"})
    assert alone.courses == (EMPTY,)
    assert alone.course("law") is None
    assert PLAN.course("law") is COURSE


def test_having_been_asked_makes_no_plan_another_one():
    asked = replace(PLAN)
    asked.course("law")
    assert asked == PLAN
    assert repr(asked) == repr(PLAN)


def test_an_offering_begins_with_the_first_of_its_dates():
    assert ONE.begins == LATER.start
    assert TWO.begins is None


def test_a_course_is_dated_when_any_of_its_sessions_is():
    assert COURSE.is_dated
    assert not replace(COURSE, offerings=(TWO,)).is_dated
    assert not EMPTY.is_dated


def test_the_audiences_of_a_course_are_those_of_its_sessions_each_once():
    assert COURSE.invited_audiences == ("leaders", "deputies", "all")
    assert EMPTY.invited_audiences == ()
