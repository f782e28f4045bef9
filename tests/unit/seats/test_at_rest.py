"""Which courses a round leaves unread, and when it reads everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.enrolment import Enrolment
from bot.domain.plan import CourseSession, Offering
from bot.domain.registrations import AnswerSource
from bot.domain.seats import Cause, Standing
from bot.seats.at_rest import JUST_AFTER, MOST_AT_ONCE, WHOLE_EVERY, AtRest, Rests, at_rest, next_change, surroundings_of
from tests.builders.samples import make_course, make_desired, make_entry, make_observed, make_person, make_plan

NOW = datetime(2025, 5, 1, 6, 0, tzinfo=UTC)
BEGIN = datetime(2025, 6, 10, 9, 0)
LATER = NOW + timedelta(hours=3)
ANNA = (make_person("anna"),)
PLAN = make_plan(*(make_course(name) for name in ("a", "b", "c")))
DIGESTS = {"a": 1, "b": 2, "old": 3}


def around(plan=PLAN, people=ANNA, members=None, quiet_hours=24.0, *, has_web=True, besides=()):
    members = members or {"ledere": frozenset({"anna"})}
    return surroundings_of(plan, people, members, settings=(quiet_hours, has_web), besides=besides)


def rested(*names, plan=PLAN, digests=None, until=LATER):
    courses = {course.id: course for course in plan.courses}
    return {name: AtRest(course=courses.get(name), digest=(digests or DIGESTS).get(name, 0), until=until) for name in names}


@pytest.fixture
def rests():
    """A process that has read everything, and found all at rest."""
    found = Rests()
    found.note(PLAN, around(), None, rested("a", "b", "c", "old"), now=NOW)
    return found


def test_the_first_round_of_a_process_reads_everything():
    assert Rests().restless(PLAN, around(), DIGESTS, now=NOW) is None


def test_nothing_is_read_of_what_is_at_rest(rests):
    assert rests.restless(PLAN, around(), DIGESTS, now=NOW) == frozenset()
    alike = replace(PLAN, courses=tuple(replace(course) for course in PLAN.courses))
    assert rests.restless(alike, around(), DIGESTS, now=NOW + timedelta(hours=1)) == frozenset()


@pytest.mark.parametrize(
    ("plan", "digests", "read"),
    [
        (PLAN, DIGESTS | {"a": 7}, {"a"}),
        (PLAN, DIGESTS | {"c": 7}, {"c"}),
        (PLAN, DIGESTS | {"new": 7}, {"new"}),
        (PLAN, {"a": 1, "b": 2}, {"old"}),
        (replace(PLAN, courses=(replace(PLAN.courses[0], title="Ny"), *PLAN.courses[1:])), DIGESTS, {"a"}),
        (replace(PLAN, courses=PLAN.courses[1:]), DIGESTS, {"a"}),
        (replace(PLAN, courses=(*PLAN.courses, make_course("d"))), DIGESTS, {"d"}),
    ],
    ids=["its rows", "its first row", "rows of another", "its last row went", "the course", "it left the plan", "it came"],
)
def test_a_course_is_read_when_its_rows_or_its_part_of_the_plan_have_changed(rests, plan, digests, read):
    assert rests.restless(plan, around(), digests, now=NOW) == read


@pytest.mark.parametrize(
    "changed",
    [
        around(replace(PLAN, revision="another")),
        around(replace(PLAN, closing_days=(BEGIN.date(),))),
        around(people=(make_person("bo"),)),
        around(members={"ledere": frozenset()}),
        around(quiet_hours=1.0),
        around(has_web=False),
        around(besides=("the calendar",)),
    ],
)
def test_everything_is_read_when_what_bears_on_all_has_changed(rests, changed):
    assert rests.restless(PLAN, changed, DIGESTS, now=NOW) is None


def test_a_course_is_read_when_its_time_has_come(rests):
    rests.note(PLAN, around(), frozenset({"a"}), rested("a", until=NOW + timedelta(minutes=1)), now=NOW)
    assert rests.restless(PLAN, around(), DIGESTS, now=NOW + timedelta(minutes=1)) == {"a"}


def test_a_course_that_was_not_found_at_rest_is_read_again(rests):
    rests.note(PLAN, around(), frozenset({"a", "b"}), rested("b"), now=NOW)
    assert rests.restless(PLAN, around(), DIGESTS, now=NOW) == {"a"}


@pytest.mark.parametrize("now", [NOW + WHOLE_EVERY, NOW - timedelta(seconds=1)], ids=["a day later", "the clock was set back"])
def test_everything_is_read_once_a_day(rests, now):
    assert rests.restless(PLAN, around(), DIGESTS, now=now) is None


def test_of_very_many_everything_is_read(rests):
    many = {str(number): number for number in range(MOST_AT_ONCE + 1)}
    assert rests.restless(PLAN, around(), DIGESTS | many, now=NOW) is None


def test_plans_do_not_disturb_each_other(rests):
    other = replace(PLAN, id="other")
    assert rests.restless(other, around(other), DIGESTS, now=NOW) is None
    rests.note(other, around(other), None, {}, now=NOW)
    assert rests.restless(PLAN, around(), DIGESTS, now=NOW) == frozenset()


def test_the_next_change_is_the_next_edge_of_the_course_or_just_after_it():
    deadline = datetime(2025, 6, 3, 12, 0)
    session = CourseSession(id="dag", start=BEGIN, end=BEGIN + timedelta(hours=3))
    undated = CourseSession(id="senere")
    enrolment = Enrolment(deadline=deadline, opens=datetime(2025, 5, 2, 8, 0))
    course = make_course("a", offerings=(Offering(id="main", sessions=(session, undated)),), enrolment=enrolment)
    plan, seen, now = make_plan(course), [], NOW
    for _ in range(9):
        now = next_change(plan, course, (), (), now=now, quiet_hours=24.0)
        seen.append(now)
    opens, warned, over = (
        datetime(2025, 5, 2, 6, 0, tzinfo=UTC),
        datetime(2025, 5, 29, 10, 0, tzinfo=UTC),
        datetime(2025, 6, 3, 10, 0, tzinfo=UTC),
    )
    begins = datetime(2025, 6, 10, 7, 0, tzinfo=UTC)
    edges = (opens, warned, over, begins)
    assert seen == [moment for edge in edges for moment in (edge, edge + JUST_AFTER)] + [begins + timedelta(hours=3)]


def test_whom_hr_turned_away_lately_is_looked_after_and_a_course_of_the_past_waits_a_day():
    lines = [
        Standing(course="a", offering="main", email=email, status=None, since=NOW, cause=cause, source=AnswerSource.HR, answered_at=None)
        for email, cause in (("x@by.example", Cause.TURNED_AWAY), ("y@by.example", Cause.FREED))
    ]
    assert next_change(PLAN, None, (), lines, now=NOW, quiet_hours=24.0) == NOW + timedelta(minutes=15)
    assert next_change(PLAN, None, (), lines[1:], now=NOW, quiet_hours=24.0) == NOW + WHOLE_EVERY


def test_what_is_not_busy_rests_until_its_own_next_instant_by_its_own_rows_and_its_own_digest():
    """A course that has left the plan too, for as long as its rows say."""
    event = make_desired("anna")
    row = replace(make_entry(event, make_observed(event)), start=NOW + timedelta(hours=1), end=NOW + timedelta(hours=2))
    rows = [replace(row, key=replace(row.key, course=course)) for course in ("a", "old", "busy")]
    turned = Standing(
        course="old", offering="main", email="x@by.example", status=None, since=NOW, cause=Cause.TURNED_AWAY, source=AnswerSource.HR
    )
    written = {course.id: course for course in PLAN.courses}
    found = at_rest(
        PLAN, ["a", "b", "old", "busy"], written=written, busy={"busy"}, entries=rows, standings=[turned], digests={"a": 1, "old": 3},
        now=NOW, quiet_hours=24.0,
    )  # fmt: skip
    assert {name: (one.course, one.digest) for name, one in found.items()} == {
        "a": (written["a"], 1), "b": (written["b"], 0), "old": (None, 3),
    }  # fmt: skip
    assert found["a"].until == NOW + timedelta(hours=1)
    assert found["b"].until > found["a"].until
    assert found["old"].until == NOW + timedelta(minutes=15)
