"""Who was asked to sign up by link is told what becomes of it: once it has happened, and only where it still concerns them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.changes import NewsKind, OfferingNews, Update
from bot.domain.enrolment import Enrolment, EnrolmentMode
from bot.domain.events import EventField
from bot.domain.messages import ASKED, AWAITS, DeliveryState, Message
from bot.domain.plan import CourseStatus
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import Cause, Standing
from bot.domain.templates import MessageKind
from bot.invitations.fingerprint import desired_fingerprints
from bot.invitations.offering_news import offering_news
from bot.messages.notice import gone_course
from bot.seats.asked_messages import news_for_those_asked
from bot.seats.waiting_list_messages import news_for_those_in_line, what_has_happened
from tests.builders.samples import KEY, NOW, START, make_course, make_desired, make_entry, make_observed, make_plan, make_session
from tests.unit.seats.in_line import GONE, MOVED, update

SIGNUP = Enrolment(mode=EnrolmentMode.SIGNUP)
COURSE = make_course(enrolment=SIGNUP)
PLAN = make_plan(COURSE)
ANNA, BO, CARL = (f"{name}@demo.example" for name in ("anna", "bo", "carl"))
ASKED_THEM = {("kursus", email): NOW for email in (ANNA, BO)}
AUDIENCE = next(name for session in COURSE.offerings[0].sessions for name in COURSE.audiences_of(session))
MEMBERS = {AUDIENCE: frozenset({ANNA, BO, CARL})}


def standing(email: str, status: RegistrationStatus | None) -> Standing:
    return Standing(course="kursus", offering="main", email=email, status=status, since=NOW, cause=Cause.QUEUED, source=AnswerSource.WEB)


def told(*news: OfferingNews, plan=PLAN, asked=ASKED_THEM, members=MEMBERS, standings=(), outbox=(), now=NOW) -> tuple[Message, ...]:
    return news_for_those_asked(plan, asked, members, standings, news or (MOVED,), outbox, now=now)


def names(messages: tuple[Message, ...]) -> list[str]:
    return [one.email for one in messages]


def test_those_who_were_asked_are_told_and_joiners_are_not() -> None:
    assert names(told()) == [ANNA, BO]
    assert all((one.kind, one.offering, one.params[ASKED]) == (MessageKind.CHANGED, "", "yes") for one in told())


@pytest.mark.parametrize(
    ("status", "is_told"),
    [
        (None, True),
        (RegistrationStatus.INVITED, True),
        (RegistrationStatus.TENTATIVE, True),
        (RegistrationStatus.REGISTERED, False),
        (RegistrationStatus.WAITLISTED, False),
        (RegistrationStatus.DECLINED, False),
        (RegistrationStatus.WITHDRAWN, False),
    ],
)
def test_who_has_a_seat_a_place_in_line_or_has_said_no_is_not_told_here(status: RegistrationStatus | None, is_told: bool) -> None:
    assert (ANNA in names(told(standings=[standing(ANNA, status)]))) is is_told


def test_who_has_left_or_is_still_to_be_asked_is_not_told() -> None:
    """The mail that is still to be written says how it is by then."""
    assert names(told(members={AUDIENCE: frozenset({BO})})) == [BO]
    call = Message(plan="demo", key="k", kind=MessageKind.ANNOUNCEMENT, course="kursus", offering="", email=ANNA, created_at=NOW)
    assert names(told(outbox=[call])) == [BO]
    assert names(told(outbox=[replace(call, state=DeliveryState.SENT)])) == [ANNA, BO]
    assert names(told(outbox=[replace(call, kind=MessageKind.OFFERING_GONE)])) == [BO], "told what to choose now by another mail"
    assert told(plan=make_plan(make_course())) == (), "whoever is invited by Outlook is told by it"


@pytest.mark.parametrize(
    ("course", "news", "kind", "stage"),
    [
        (COURSE, [MOVED], MessageKind.CHANGED, ""),
        (replace(COURSE, status=CourseStatus.CANCELLED), [GONE], MessageKind.CANCELLED, "cancelled"),
        (replace(COURSE, status=CourseStatus.PROPOSED), [replace(GONE, kind=NewsKind.ON_HOLD)], MessageKind.CANCELLED, "on_hold"),
        (
            make_course("kursus", make_session(start=None), enrolment=SIGNUP),
            [replace(GONE, kind=NewsKind.NEW_DATE)], MessageKind.CANCELLED, "new_date",
        ),
        (COURSE, [replace(GONE, offering="hold-9")], MessageKind.CHANGED, ""),
        (COURSE, [replace(GONE, offering="hold-9"), MOVED], MessageKind.CHANGED, ""),
        (None, [GONE], MessageKind.CANCELLED, "cancelled"),
        (replace(COURSE, status=CourseStatus.DRAFT), [replace(MOVED, title="Kursus")], MessageKind.CANCELLED, "cancelled"),
    ],
    ids=["moved", "cancelled", "on hold", "a new date comes", "one date of several", "one goes, one moves", "gone", "a draft"],
)  # fmt: skip
def test_one_message_says_what_becomes_of_the_course(course, news, kind, stage) -> None:
    plan = make_plan(course) if course is not None else make_plan(make_course("andet"))
    found = told(*news, plan=plan)
    assert [(one.email, one.kind, one.params.get("when", "")) for one in found] == [(ANNA, kind, stage), (BO, kind, stage)]
    assert json.loads(found[0].params[AWAITS]) == [list(awaited) for one in news for awaited in one.awaits]


def test_bad_news_has_the_dates_as_they_were_and_hrs_reason() -> None:
    off = replace(COURSE, status=CourseStatus.CANCELLED, cancel_reason="For få tilmeldte")
    first, _ = told(GONE, replace(GONE, offering="hold-2", reason="For få tilmeldte"), plan=make_plan(off))
    course = gone_course(first)
    assert (course.title, course.cancel_reason, len(course.offerings[0].sessions)) == (COURSE.title, "For få tilmeldte", 2)
    assert (first.expires_at, "reason" in told(GONE, plan=make_plan(replace(off, cancel_reason="")))[0].params) == (
        NOW + timedelta(days=14), False,
    )  # fmt: skip


def test_a_move_is_told_while_there_is_time_to_sign_up() -> None:
    late = make_plan(replace(COURSE, enrolment=replace(SIGNUP, deadline=datetime(2020, 1, 1))))
    assert told(plan=late) == ()
    assert told(now=START.astimezone(NOW.tzinfo) + timedelta(days=400)) == ()
    assert names(told(GONE, plan=make_plan(replace(late.courses[0], status=CourseStatus.CANCELLED)))) == [ANNA, BO]


def test_it_is_told_once_and_again_when_it_happens_again() -> None:
    first, bo = told()
    assert told(outbox=[first, bo]) == (first, bo)
    again, _ = told(outbox=[replace(first, state=DeliveryState.SENT), bo])
    assert again.key != first.key
    other = replace(MOVED, awaits=((str(KEY), "2025-09-18T07:00:00+00:00"),))
    assert told(other)[0].key != first.key


ROOM = "sal@demo.example"


def moved_to(room: str, *fields: EventField) -> Update:
    return replace(update(KEY, *fields), desired=make_desired("anna", key=KEY, room=room))


class TestAPlace:
    """A new place is told to those who were asked, and not to those in line; when it stands in the books."""

    def news(self) -> OfferingNews:
        (one,) = offering_news(PLAN, [moved_to(ROOM, EventField.LOCATION)])
        return one

    def test_is_news_of_its_own(self) -> None:
        assert (self.news().place_only, self.news().kind, len(self.news().awaits[0])) == (True, NewsKind.CHANGED, 3)
        (both,) = offering_news(PLAN, [moved_to(ROOM, EventField.LOCATION, EventField.START)])
        assert both.place_only is False
        assert names(told(self.news())) == [ANNA, BO]
        assert news_for_those_in_line(PLAN, [standing(ANNA, RegistrationStatus.WAITLISTED)], [self.news()], (), now=NOW) == ()

    def test_waits_until_it_stands_in_the_books(self) -> None:
        messages = told(self.news())
        desired = make_desired("anna", key=KEY, room=ROOM)
        place = desired_fingerprints(desired.content)["location"]
        entry = make_entry(desired, make_observed(desired))
        for fields, has_happened in (({"location": "another"}, False), ({"location": place}, True), ({}, False)):
            books = {KEY: replace(entry, desired_fields=fields)}
            assert bool(what_has_happened(messages, lambda books=books: books)) is has_happened
