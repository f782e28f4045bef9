"""The head of a course's page."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.enrolment import Enrolment
from bot.domain.plan import Course, CourseSession, CourseStatus, Offering
from bot.domain.programme import Venue
from bot.domain.registrations import AnswerSource, Registration, RegistrationStatus
from bot.overview.lines import Seats
from bot.overview.one_course import course_head

NOW = datetime(2025, 6, 10, 9)
Status = RegistrationStatus


def row(offering, status, **more):
    return Registration(
        course="k", offering=offering, email=f"{status}{offering}@x.example", name="", status=status, source=AnswerSource.OUTLOOK,
        since=datetime(2025, 1, 1, tzinfo=UTC), **more,
    )  # fmt: skip


def head(course, rows=(), **more):
    given = {"identity": ("k", "Kaldt"), "seats": Seats(), "responsible": ("a@x.example",), "is_told": True, "wall": NOW}
    return course_head(course, rows, **(given | more))


def dated(days):
    return CourseSession(id="s", start=NOW + timedelta(days=days), end=NOW + timedelta(days=days, hours=1))


def course(*offerings, **more):
    return Course(id="k", title="Kursus", status=CourseStatus.APPROVED, offerings=offerings, **more)


def test_each_date_has_its_own_numbers():
    rows = [
        row("h1", Status.REGISTERED),
        row("h1", Status.TENTATIVE),
        row("h2", Status.WAITLISTED),
        row("h2", Status.DECLINED, invited=False),
    ]
    found = head(course(Offering(id="h1", sessions=(dated(1),)), Offering(id="h2", title="Andet", capacity=3, sessions=(dated(-1),))), rows)
    first, second = found.offerings
    assert (first.title, first.seated, first.maybe, first.waiting, first.outside, first.is_over) == ("h1", 1, 1, 0, 0, False)
    assert (second.title, second.capacity, second.waiting, second.outside, second.is_over) == ("Andet", 3, 1, 1, True)


def test_one_date_alone_needs_no_name_and_a_session_says_where():
    found = head(course(Offering(id="main", sessions=(dated(1),)), venue=Venue(name="Rådhuset"), online=True))
    (offering,) = found.offerings
    assert (offering.title, offering.sessions[0].place, offering.sessions[0].is_online) == ("", "Rådhuset", True)


@pytest.mark.parametrize(("deadline", "is_past"), [(None, False), (NOW, True), (NOW + timedelta(hours=1), False)])
def test_a_deadline_is_past_from_its_instant_on(deadline, is_past):
    found = head(course(enrolment=Enrolment(deadline=deadline, minimum=2)))
    assert (found.deadline, found.is_past_deadline, found.minimum) == (deadline, is_past, 2)


def test_an_offering_without_a_session_is_not_over():
    assert head(course(Offering(id="main"))).offerings[0].is_over is False


def test_what_no_plan_has_is_called_as_it_was():
    found = head(None, is_told=False)
    assert (found.title, found.status, found.offerings, found.cancel_reason, found.theme, found.minimum) == (
        "Kaldt",
        "gone",
        (),
        "",
        "",
        None,
    )


@pytest.mark.parametrize(
    ("status", "days", "told", "expected"),
    [
        (CourseStatus.APPROVED, (1,), True, (True, "")),
        (CourseStatus.APPROVED, (-1, 1), True, (True, "")),
        (CourseStatus.APPROVED, (-1, -2), True, (False, "begun")),
        (CourseStatus.APPROVED, (1,), False, (False, "")),
        (CourseStatus.SAVE_THE_DATE, (1,), True, (False, "not_approved")),
        (CourseStatus.CANCELLED, (1,), True, (False, "")),
    ],
)
def test_seats_are_changed_where_the_world_allows_it_and_else_it_is_said_why(status, days, told, expected):
    """Of one date that has begun nobody is taken off; the others of the course go on."""
    offerings = [Offering(id=f"h{number}", sessions=(dated(one),)) for number, one in enumerate(days)]
    found = head(replace(course(*offerings), status=status), is_told=told)
    assert (found.has_seats_to_give, found.no_seats_because) == expected
    assert found.begun == {f"h{number}" for number, one in enumerate(days) if one < 0}
    assert (found.hands_over, head(course(enrolment=Enrolment(handover=True))).hands_over) == (False, True)
