"""Two courses of one date and two seats, and four people: what is decided on one must not touch the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.enrolment import Enrolment, EnrolmentMode
from bot.domain.events import SessionKey
from bot.domain.people import Language, Person
from bot.domain.plan import Course, CoursePlan, CourseSession, CourseStatus, Offering

NOW = datetime(2025, 5, 1, 6, 0, tzinfo=UTC)
COURSES = ("k", "x")
PEOPLE = tuple(Person(email=f"p{number}@demo.example", name=f"P{number}") for number in range(4))


def course(identity):
    begin = datetime(2025, 6, 10, 9, 0)
    only = Offering(id="main", capacity=2, sessions=(CourseSession(id="dag", start=begin, end=begin + timedelta(hours=3)),))
    enrolment = Enrolment(mode=EnrolmentMode.INVITE, waiting_list=True)
    return Course(id=identity, title=identity, status=CourseStatus.APPROVED, offerings=(only,), enrolment=enrolment)


PLAN = CoursePlan(
    id="demo",
    revision="sha256:0",
    organisation="Demokommunen",
    organiser="kurser@demo.example",
    contact="hr@demo.example",
    timezone="Europe/Copenhagen",
    language=Language.DA,
    courses=tuple(course(one) for one in COURSES),
)


def key(identity):
    return SessionKey(plan="demo", course=identity, offering="main", session="dag")
