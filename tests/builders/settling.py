"""People, seats and the settling of claims and wishes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.enrolment import Enrolment
from bot.domain.people import Language, PeopleIndex
from bot.domain.plan import Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import Cause, Claim, RefusalReason, RequestKind, SeatRequest, Standing
from bot.seats.settle import Audiences, settle

NOW = datetime(2025, 5, 1, 6, 0, tzinfo=UTC)
ANE, BO, CAI = "ane@by.example", "bo@by.example", "cai@by.example"
EVERYBODY = frozenset({ANE, BO, CAI})
S, C, R, K = RegistrationStatus, Cause, RefusalReason, RequestKind
DEADLINE = datetime(2025, 5, 20, 12, 0)
AFTER = datetime(2025, 5, 21, 12, 0, tzinfo=UTC)


def make(*offerings, status=CourseStatus.APPROVED, **enrolment):
    names = offerings or ("main",)
    made = tuple(
        Offering(id=name, sessions=(CourseSession(id="dag", start=datetime(2025, 6, at, 9), end=datetime(2025, 6, at, 12)),))
        for at, name in enumerate(names, 3)
    )
    course = Course(id="k", title="K", status=status, audience=("alle",), enrolment=Enrolment(**enrolment), offerings=made)
    return CoursePlan(
        id="by", revision="", organisation="By", timezone="Europe/Copenhagen", language=Language.DA,
        organiser="k@by.example", contact="hr@by.example", courses=(course,),
    )  # fmt: skip


def claim(email=ANE, status=S.REGISTERED, offering="main", minutes=10, **more):
    at = NOW - timedelta(minutes=minutes)
    accepted_at = at if status in {S.REGISTERED, S.WITHDRAWN} else None
    values = {"answered_at": None if status is S.INVITED else at, "since": at, "accepted_at": accepted_at}
    return Claim(course="k", offering=offering, email=email, name="", status=status, **(values | more))


def standing(email=ANE, status=S.REGISTERED, offering="main", cause=C.ANSWERED, minutes=60, **more):
    at = NOW - timedelta(minutes=minutes)
    values = {"since": at, "answered_at": at, "source": AnswerSource.OUTLOOK, "had_seat": status in {S.REGISTERED, S.WITHDRAWN}}
    return Standing(course="k", offering=offering, email=email, status=status, cause=cause, **(values | more))


def wish(kind, email=ANE, offering="main", **more):
    return SeatRequest(kind=kind, course="k", offering=offering, email=email, at=NOW, source=AnswerSource.HR, **more)


def decide(plan, claims=(), standings=(), *, now=NOW, members=EVERYBODY, before=EVERYBODY, **more):
    return settle(plan, claims, standings, Audiences(today={"alle": members}, before={"alle": before}), now=now, **more)


def moves(settlement):
    return [(one.after.email.partition("@")[0], one.after.offering, one.after.status, one.after.cause) for one in settlement.transitions]


NOBODY = PeopleIndex([])
