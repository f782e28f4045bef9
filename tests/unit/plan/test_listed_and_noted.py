"""What others arrange, what several look after, and HR's own notes: who hears of it, and who never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.approvals.versions import plan_in_force
from bot.desks.messages.coming_messages import shown_courses
from bot.desks.messages.shown import MessageReader
from bot.domain.approvals import Record
from bot.domain.assumptions import Term
from bot.domain.changes import NewsKind, Reason
from bot.domain.decided import as_decided
from bot.domain.people import Language
from bot.domain.plan import AudienceRule, Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.domain.seats import OfferingSeats
from bot.hr_report.readers import readers_of
from bot.invitations import offering_news
from bot.invitations.desired import _absence
from bot.messages.examples import COURSE, LINK, examples
from bot.messages.invitation import cancellation_comment, render_invitation
from bot.overview.calendar_feed import calendar_feed
from bot.seats import gone_messages
from bot.seats.seat_messages import minimum_warnings

NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)
SECRET = "HEMMELIGT"
PLAN = CoursePlan(
    id="demo", revision="", organisation="Demo", timezone="Europe/Copenhagen", language=Language.DA, organiser="kurser@demo.example",
    contact="hr@demo.example", audiences=tuple(AudienceRule(id=name, name=name) for name in COURSE.audience), courses=(COURSE,),
)  # fmt: skip
LISTED = replace(COURSE, status=CourseStatus.LISTED)


def noted(course):
    return replace(course, note=f"{SECRET} note", case=f"{SECRET} 25/117", tags=(f"{SECRET} tema",))


@pytest.mark.parametrize("language", Language)
def test_what_hr_notes_of_a_course_is_in_no_message_no_page_and_no_feed(language):
    """Every message that there is, the invitation, the cancellation, what is shown before it goes, and the feed."""
    course = noted(COURSE)
    plan = replace(PLAN, courses=(course,), language=language)
    offering = course.offerings[0]
    told = [repr(one) for one in examples(plan, course, link=LINK, today=date(2030, 1, 1), again=False)]
    told.append(render_invitation(plan, course, offering, offering.sessions[0], language=language))
    for status in CourseStatus:
        of_status = replace(course, status=status)
        told.append(cancellation_comment(plan, of_status, offering.sessions[0], language=language))
        here = replace(plan, courses=(of_status,))
        told.append(calendar_feed(here, now=NOW, host="h.example", language=language).decode())
        told += [repr(shown) for _, shown in shown_courses(here, lambda _: MessageReader(name="", link=LINK))]
    assert len(told) > 20
    assert [one for one in told if SECRET in one] == []


def test_the_feed_has_what_others_arrange_and_keeps_nobodys_time_for_it():
    """It is certain, and others invite those whom it is for."""
    feed = calendar_feed(replace(PLAN, courses=(LISTED,)), now=NOW, host="h.example", language=Language.DA).decode()
    assert ("STATUS:CONFIRMED" in feed, "TRANSP:TRANSPARENT" in feed, "TRANSP:OPAQUE" in feed) == (True, True, False)


def test_what_others_arrange_is_taken_out_of_the_calendars_in_its_own_words():
    """For those invited, those in line and those asked by link alike."""
    session = LISTED.offerings[0].sessions[0]
    assert _absence(LISTED, session) is Reason.LISTED
    assert "kommer ikke længere fra os" in cancellation_comment(PLAN, LISTED, session, language=Language.DA)
    assert "no longer comes from us" in cancellation_comment(PLAN, LISTED, session, language=Language.EN)
    name = LISTED.offerings[0].id
    assert offering_news._kind(LISTED, name) is gone_messages._news_kind(LISTED, name) is NewsKind.OTHERS


def test_what_others_arrange_stays_listed_while_the_plan_waits():
    """Nobody is told otherwise by it, so it is in the overview from the moment that it is written."""
    plan = replace(PLAN, courses=(LISTED,))
    assert [one.status for one in plan_in_force(plan, Record(versions={}), with_events=()).courses] == [CourseStatus.LISTED]


def test_everybody_who_looks_after_a_course_reads_of_it():
    """Each once, whatever the case of the letters."""
    plan = replace(PLAN, contact="hr@demo.example", courses=(replace(COURSE, responsible=("En@demo.example", "to@demo.example")),))
    readers = readers_of(plan)
    assert readers.addresses == ("hr@demo.example", "en@demo.example", "to@demo.example")
    assert (readers.of(COURSE.id), readers.of("andet")) == (("en@demo.example", "to@demo.example"), ("hr@demo.example",))


def test_everybody_who_looks_after_a_course_hears_that_too_few_enrol_and_another_in_the_first_place_is_not_told_again():
    """The first has the key that it had before there could be several."""
    enrolment = replace(COURSE.enrolment, minimum=8, deadline=datetime(2026, 5, 20, 12))
    session = CourseSession(id="dag", start=datetime(2026, 6, 1, 9), end=datetime(2026, 6, 1, 12))
    course = replace(
        COURSE,
        enrolment=enrolment,
        offerings=(Offering(id="main", sessions=(session,)),),
        responsible=("en@demo.example", "to@demo.example"),
    )
    seats = [OfferingSeats(course=course.id, offering="main", registered=1, capacity=None)]

    def told(*responsible):
        plan = replace(PLAN, courses=(replace(course, responsible=responsible),))
        return {one.key: one.email for one in minimum_warnings(plan, seats, now=datetime(2026, 5, 21, 8, tzinfo=UTC))}

    both = told("en@demo.example", "to@demo.example")
    assert [*both.values()] == ["en@demo.example", "to@demo.example"]
    assert told("ny@demo.example").keys() == {next(iter(both))}


def test_a_course_that_has_lost_its_offerings_to_a_decision_can_still_be_shown():
    """Nothing of it is sent."""
    when = (Term(assumption="midler", outcome=True),)
    course: Course = replace(COURSE, offerings=tuple(replace(one, when=when) for one in COURSE.offerings))
    plan = as_decided(replace(PLAN, courses=(course,)))
    assert plan.courses[0].offerings == ()
    assert [
        shown.events for _, every in shown_courses(plan, lambda _: MessageReader(name="", link=LINK)) for shown in every if shown.events
    ] == []
