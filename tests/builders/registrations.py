"""A small plan and its people, for the tests of registrations. Everybody in it is made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.enrolment import Enrolment, EnrolmentMode
from bot.domain.events import (
    AttendeeType,
    EventContent,
    LedgerEntry,
    LedgerState,
    ObservedAttendee,
    ObservedEvent,
    ResponseStatus,
    SessionKey,
)
from bot.domain.people import Language, Person
from bot.domain.plan import Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.domain.programme import Speaker
from bot.domain.registrations import Answer, AnswerSource, Registration, RegistrationStatus

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
INVITED = NOW - timedelta(days=30)
DAG = SessionKey(plan="by", course="lederdag", offering="main", session="dag")
DEL_1 = SessionKey(plan="by", course="senior", offering="main", session="del-1")
DEL_2 = SessionKey(plan="by", course="senior", offering="main", session="del-2")
HOLD_1 = SessionKey(plan="by", course="tryghed", offering="hold-1", session="dag")
HOLD_2 = SessionKey(plan="by", course="tryghed", offering="hold-2", session="dag")
ANE = Person(email="ane@by.example", name="Ane Ås", department="Børn & Unge", aliases=frozenset({"aas@by.example"}))
BO = Person(email="bo@by.example", name="Bo Østerå")

ACCEPTED, DECLINED, TENTATIVE, NONE = (
    ResponseStatus.ACCEPTED,
    ResponseStatus.DECLINED,
    ResponseStatus.TENTATIVE,
    ResponseStatus.NONE,
)


def day(number):
    """So many days after the invitation."""
    return INVITED + timedelta(days=number)


def course(key, title, *sessions, mode=EnrolmentMode.INVITE, offerings=(), speakers=()):
    return Course(
        id=key.course,
        title=title,
        status=CourseStatus.APPROVED,
        enrolment=Enrolment(mode=mode),
        speakers=speakers,
        offerings=offerings or (Offering(id="main", sessions=tuple(CourseSession(id=session) for session in sessions)),),
    )


PLAN = CoursePlan(
    id="by",
    revision="sha256:0",
    organisation="Byens Kommune",
    timezone="Europe/Copenhagen",
    language=Language.DA,
    organiser="kurser@by.example",
    contact="hr@by.example",
    courses=(
        course(
            HOLD_1,
            "Psykologisk tryghed",
            mode=EnrolmentMode.CHOOSE,
            offerings=(Offering(id="hold-2", title="Sidste hold"), Offering(id="hold-1", title="Hold 1")),
        ),
        course(DAG, "Fælles lederdag", "dag", speakers=(Speaker(name="Oplæg", email="taler@firma.example"), Speaker(name="Uden adresse"))),
        course(DEL_1, "Fastholdelse", "del-1", "del-2"),
    ),
)


def answer(key=DAG, email=ANE.email, response=ACCEPTED, at=1, **more):
    return Answer(**({"key": key, "email": email, "name": "", "response": response, "responded_at": day(at), "seen_at": day(at)} | more))


def left(key=DAG, email=ANE.email, at=1, **more):
    """The line of somebody who left the audience."""
    return answer(key, email, DECLINED, at, source=AnswerSource.RULE, **more)


def registration(key=DAG, email=ANE.email, status=RegistrationStatus.REGISTERED, at=1, **more):
    values = {"course": key.course, "offering": key.offering, "email": email, "name": "", "status": status, "since": day(at)}
    return Registration(**(values | {"source": AnswerSource.OUTLOOK} | more))


def attendee(email=ANE.email, response=ACCEPTED, at=1, kind=AttendeeType.REQUIRED, name=""):
    return ObservedAttendee(email=email, name=name, type=kind, response=response, responded_at=None if at is None else day(at))


def event(key=DAG, *attendees, event_id="e1"):
    start = datetime(2026, 12, 1, 9, 0)
    content = EventContent(subject="s", body="", start=start, end=start + timedelta(hours=6), timezone="Europe/Copenhagen")
    return ObservedEvent(key=key, event_id=event_id, content=content, attendees=attendees)


def entry(key=DAG, invited=(ANE.email,), *, event_id="e1", starts=NOW + timedelta(days=9), state=LedgerState.APPLIED, rooms=()):
    return LedgerEntry(
        key=key,
        state=state,
        transaction_id="t",
        event_id=event_id,
        subject="s",
        start=starts,
        end=starts + timedelta(hours=6),
        desired_fields={},
        observed_fields={},
        desired_attendees=dict.fromkeys(invited, "required") | dict.fromkeys(rooms, "resource"),
        invited_since=dict.fromkeys([*invited, *rooms], INVITED),
    )
