"""What the plan itself says of where people are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from bot.domain.people import Language
from bot.domain.plan import Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.free_dates.elsewhere import audiences_elsewhere, find_elsewhere
from tests.unit.free_dates.search import span

MEMBERS = {"ledere": frozenset({"anna", "bo"}), "tr": frozenset({"bo", "carl"}), "andre": frozenset({"dorte"})}
JUNE_16 = date(2025, 6, 16)


def session(identity: str = "dag", start: str = "2025-06-16T09:00", end: str = "2025-06-16T12:00", **changes: Any) -> CourseSession:
    return CourseSession(id=identity, start=datetime.fromisoformat(start), end=datetime.fromisoformat(end), **changes)


def course(identity: str, *sessions: CourseSession, status: str = "approved", audience: str = "ledere", offering: str = "main") -> Course:
    offerings = (Offering(id=offering, sessions=sessions),)
    return Course(id=identity, title=identity.title(), status=CourseStatus(status), audience=(audience,), offerings=offerings)


OURS = course("vores", CourseSession(id="dag", period="2025-H1"), status="proposed")


def plan(*courses: Course) -> CoursePlan:
    return CoursePlan(
        id="demo", revision="", organisation="", timezone="Europe/Copenhagen", language=Language.DA, organiser="k@kommune.example",
        contact="", courses=courses,
    )  # fmt: skip


def elsewhere(*others: Course, ours: Course = OURS, asked: tuple[tuple[str, str], ...] = (("main", "dag"),)):
    return find_elsewhere(plan(ours, *others), ours, asked, ("ledere",), MEMBERS)


@pytest.mark.parametrize(
    ("status", "takes"),
    [("approved", True), ("save_the_date", True), ("listed", True), ("draft", False), ("proposed", False), ("cancelled", False)],
)
def test_a_course_takes_its_day_by_its_status(status: str, takes: bool) -> None:
    assert elsewhere(course("anden", session(), status=status)).days == ({JUNE_16: ("Anden",)} if takes else {})


def test_what_has_no_date_is_nowhere() -> None:
    assert elsewhere(course("anden", CourseSession(id="dag", period="2025-06"))).days == {}


def test_a_session_takes_each_of_its_days_and_not_the_one_that_it_ends_at_the_beginning_of() -> None:
    whole_days = session(start="2025-06-16T00:00", end="2025-06-18T00:00", all_day=True)
    assert set(elsewhere(course("anden", whole_days)).days) == {JUNE_16, date(2025, 6, 17)}
    assert set(elsewhere(course("anden", session(end="2025-06-17T00:30"))).days) == {JUNE_16, date(2025, 6, 17)}


def test_several_courses_of_a_day_are_all_named_each_once() -> None:
    twice = course("anden", session("a"), session("b", "2025-06-16T13:00", "2025-06-16T14:00"))
    assert elsewhere(twice, course("tredje", session())).days == {JUNE_16: ("Anden", "Tredje")}


def test_a_session_for_others_takes_only_those_who_belong_to_both() -> None:
    found = elsewhere(course("anden", session(), audience="tr"), course("tredje", session(), audience="andre"))
    assert (found.days, found.people) == ({}, {"bo": (span("06-16 09:00", "12:00"),)})


def test_an_audience_that_is_not_known_takes_nobody() -> None:
    assert elsewhere(course("anden", session(), audience="ukendt")).people == {}


def test_another_part_of_the_offering_takes_its_time_and_the_session_itself_nothing() -> None:
    ours = course("vores", session("del-1"), session("dag", "2025-06-17T09:00", "2025-06-17T12:00"), status="proposed")
    found = elsewhere(ours=ours)
    assert (found.days, found.times) == ({}, (span("06-16 09:00", "12:00"),))


def test_another_offering_takes_its_day() -> None:
    ours = course("vores", session(), offering="hold-1")
    assert elsewhere(ours=ours, asked=(("hold-2", "dag"),)).days == {JUNE_16: ("Vores",)}


def test_only_what_is_in_the_period_needs_its_people_to_be_known() -> None:
    courses = (
        course("anden", session(), audience="tr"),
        course("tidlig", session(start="2025-05-01T09:00", end="2025-05-01T12:00"), audience="andre"),
        course("sen", session(start="2025-07-01T09:00", end="2025-07-01T12:00"), audience="andre"),
        course("kladde", session(), status="draft", audience="andre"),
    )
    assert audiences_elsewhere(plan(OURS, *courses), OURS, date(2025, 6, 1), date(2025, 6, 30)) == {"tr"}
