"""Who takes part, and how: the tables of `bot.domain.participation` and `bot.registrations.own_sessions`, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode
from bot.domain.events import LedgerState
from bot.domain.participation import (
    Part,
    asked_by_link,
    insiders,
    is_ahead,
    is_on,
    outsiders,
    part_in,
    part_of,
    parts_of_course,
    silent_people,
    unanswered_people,
)
from bot.domain.people import PeopleIndex
from bot.domain.plan import CourseSession, CourseStatus, Offering
from bot.domain.programme import Speaker
from bot.domain.registrations import RegistrationStatus
from bot.registrations.own_sessions import people_on_events, with_own_sessions
from tests.builders.registrations import ANE, BO, DEL_1, DEL_2, HOLD_1, HOLD_2, NOW, PLAN, entry, registration

S = RegistrationStatus
CHOICE, _, SENIOR = PLAN.courses
OFFERINGS = {"hold-1": HOLD_1, "hold-2": HOLD_2}
PEOPLE = PeopleIndex([ANE, BO])


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (S.REGISTERED, Part.SEATED),
        (S.TENTATIVE, Part.MAYBE),
        (S.WAITLISTED, Part.WAITING),
        (S.INVITED, Part.ASKED),
        (S.DECLINED, Part.OUT),
        (S.WITHDRAWN, Part.OUT),
    ],
)
def test_each_status_is_one_way_of_taking_part_and_who_was_not_invited_takes_none(status, expected):
    assert part_of(registration(status=status)) is expected
    assert part_of(registration(status=status, invited=False)) is Part.OUTSIDER
    rows = (registration(status=status), registration(email=BO.email, invited=False))
    assert (insiders(rows), outsiders(rows)) == (rows[:1], rows[1:])


def test_a_session_is_for_those_invited_to_it_and_a_no_to_it_counts_there_alone():
    one_session = registration()
    assert part_in(one_session, "dag") is Part.SEATED
    both = registration(DEL_1, answers=(("del-1", S.DECLINED), ("del-2", S.REGISTERED)))
    assert (part_in(both, "del-1"), part_in(both, "del-2"), part_in(both, "del-3")) == (Part.OUT, Part.SEATED, None)
    stranger = replace(both, invited=False)
    assert part_in(stranger, "del-1") is Part.OUTSIDER


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (S.REGISTERED, S.WAITLISTED, Part.SEATED),
        (S.INVITED, S.TENTATIVE, Part.MAYBE),
        (S.WAITLISTED, S.INVITED, Part.WAITING),
        (S.DECLINED, S.INVITED, Part.OUT),
        (S.INVITED, S.INVITED, Part.ASKED),
        (S.WITHDRAWN, S.DECLINED, Part.OUT),
    ],
)
def test_a_person_counts_once_in_a_course_whatever_the_offerings(first, second, expected):
    rows = [registration(HOLD_1, status=first), registration(HOLD_2, status=second)]
    assert parts_of_course(rows) == {ANE.email: expected} == parts_of_course(reversed(rows))


def test_who_gave_a_chosen_date_up_in_time_is_asked_again_and_an_outsider_is_nobody():
    rows = [registration(HOLD_1, status=S.WITHDRAWN, reopened=True), registration(HOLD_2, email=BO.email, invited=False)]
    assert parts_of_course(rows) == {ANE.email: Part.ASKED}
    assert silent_people(CHOICE, rows, ()) == {ANE.email}


@pytest.mark.parametrize(
    ("status", "mode", "expected"),
    [
        (CourseStatus.APPROVED, EnrolmentMode.CHOOSE, {ANE.email}),
        (CourseStatus.APPROVED, EnrolmentMode.SIGNUP, set()),
        (CourseStatus.SAVE_THE_DATE, EnrolmentMode.INVITE, set()),
        (CourseStatus.CANCELLED, EnrolmentMode.INVITE, set()),
        (CourseStatus.PROPOSED, EnrolmentMode.INVITE, set()),
    ],
)
def test_only_a_course_that_wants_an_answer_has_silent_people(status, mode, expected):
    course = replace(CHOICE, status=status, enrolment=Enrolment(mode=mode))
    rows = [registration(HOLD_1, status=S.INVITED), registration(HOLD_1, email="erased-1", status=S.INVITED)]
    assert silent_people(course, rows, ()) == expected
    # Who was asked whether they would sign up has not answered either; but that is an answer.
    assert unanswered_people(course, rows, ()) == ({ANE.email} if status is CourseStatus.APPROVED else set())
    assert silent_people(None, rows, ()) == unanswered_people(None, rows, ()) == set()


def test_who_was_asked_by_link_is_silent_until_they_answer_or_leave_the_audience():
    enrolment = Enrolment(mode=EnrolmentMode.CHOOSE, via=ChooseVia.LINK)
    dated = tuple(Offering(id=one.id, sessions=(CourseSession(id="dag"),)) for one in CHOICE.offerings)
    course = replace(CHOICE, audience=("ledere",), enrolment=enrolment, offerings=dated)
    asked = {(course.id, ANE.email): NOW, (course.id, BO.email): NOW, (course.id, "gone@by.example"): NOW, ("other", "x@by.example"): NOW}
    still = asked_by_link(course, asked, {"ledere": frozenset({ANE.email, BO.email})})
    assert still == {ANE.email: NOW, BO.email: NOW}
    assert silent_people(course, [registration(HOLD_1)], still) == {BO.email}
    assert asked_by_link(replace(course, enrolment=Enrolment()), asked, {"ledere": frozenset({ANE.email})}) == {}


def test_a_course_is_on_while_the_plan_means_to_hold_it():
    held = {status for status in CourseStatus if is_on(replace(CHOICE, status=status))}
    assert held == {CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED}
    assert not is_on(None)


def test_an_offering_is_ahead_until_its_first_session_begins_by_the_clocks_of_the_plan():
    start = datetime(2025, 6, 18, 9)
    offering = Offering(id="main", sessions=(CourseSession(id="b"), CourseSession(id="a", start=start, end=start.replace(hour=12))))
    assert is_ahead(PLAN, offering, datetime(2025, 6, 18, 6, 59, tzinfo=UTC))
    assert not is_ahead(PLAN, offering, datetime(2025, 6, 18, 7, tzinfo=UTC))
    assert is_ahead(PLAN, Offering(id="main", sessions=(CourseSession(id="b"),)), NOW)


# Whose session it is.

MEMBERS = {"alle": frozenset({ANE.email, BO.email}), "tr": frozenset({"tr@by.example"})}
PARTS = (CourseSession(id="del-1", audience=("alle", "tr")), CourseSession(id="del-2", audience=("alle",)))
TWO_AUDIENCES = replace(SENIOR, speakers=(Speaker(name="Bo", email=BO.email),), offerings=(Offering(id="main", sessions=PARTS),))
OWN_PLAN = replace(PLAN, courses=(TWO_AUDIENCES, CHOICE))
ON_BOTH = {DEL_1: entry(DEL_1, ("aas@by.example", "tr@by.example")), DEL_2: entry(DEL_2, (ANE.email,))}


def own(row, entries=(), previous=(), members=MEMBERS):
    (found,) = with_own_sessions(
        [row], previous, plan=OWN_PLAN, on_events=people_on_events(dict(entries), PEOPLE), members=members, people=PEOPLE
    )
    return dict(found.answers)


def test_who_is_on_one_event_of_two_has_that_session_alone():
    tr = registration(DEL_1, email="tr@by.example", status=S.REGISTERED, answers=(("del-1", S.REGISTERED),))
    assert own(tr, ON_BOTH) == {"del-1": S.REGISTERED}
    ane = registration(DEL_1, answers=(("del-1", S.DECLINED), ("del-2", S.REGISTERED)))
    assert own(ane, ON_BOTH) == dict(ane.answers)
    # Taken off the second since they said yes to it.
    assert own(ane, {**ON_BOTH, DEL_2: entry(DEL_2, (BO.email,))}) == {"del-1": S.DECLINED}
    assert own(registration(DEL_1), ON_BOTH) == {"del-1": S.INVITED, "del-2": S.INVITED}


def test_while_a_list_is_being_written_whoever_is_put_on_it_is_on_it():
    writing = replace(entry(DEL_2, (ANE.email, BO.email), state=LedgerState.INTENDED, rooms=("sal@by.example",)), invited_since={})
    not_made = replace(writing, event_id=None)
    assert people_on_events({DEL_2: writing}, PEOPLE) == {("senior", "main"): {"del-2": frozenset({ANE.email, BO.email})}}
    assert people_on_events({DEL_2: not_made}, PEOPLE) == {}
    parts = {DEL_2: entry(DEL_2, (ANE.email,)), replace(DEL_2, part=2): entry(replace(DEL_2, part=2), (BO.email,))}
    assert people_on_events(parts, PEOPLE) == {("senior", "main"): {"del-2": frozenset({ANE.email, BO.email})}}


def test_a_seat_or_a_place_in_line_is_for_the_sessions_of_the_persons_audience_until_the_calendar_says_so():
    for status in (S.REGISTERED, S.WAITLISTED):
        assert own(registration(DEL_1, email="tr@by.example", status=status), {DEL_2: entry(DEL_2, ())}) == {"del-1": S.INVITED}
        assert own(registration(DEL_1, status=status)) == {"del-1": S.INVITED, "del-2": S.INVITED}
        # Of no audience: HR gave the seat, and it is for all of the course.
        assert own(registration(DEL_1, email="ekstern@firma.example", status=status)) == {"del-1": S.INVITED, "del-2": S.INVITED}


def test_who_said_no_and_is_off_the_events_has_what_they_answered():
    row = registration(DEL_1, status=S.DECLINED, answers=(("del-1", S.DECLINED),))
    assert own(row, {DEL_1: entry(DEL_1, ()), DEL_2: entry(DEL_2, ())}) == {"del-1": S.DECLINED}


def test_a_session_that_has_left_the_books_is_theirs_as_the_last_time():
    last = registration(DEL_1, answers=(("del-1", S.REGISTERED),))
    now = registration(DEL_1, answers=(("del-2", S.INVITED),))
    assert own(now, {DEL_2: entry(DEL_2, (ANE.email,))}, [last]) == {"del-1": S.INVITED, "del-2": S.INVITED}
    assert own(replace(now, answers=()), {}, [last]) == {"del-1": S.INVITED}
    gone = registration(DEL_1, answers=(("del-9", S.REGISTERED), ("del-1", S.REGISTERED)))
    assert own(gone, {}, []) == {"del-1": S.REGISTERED}


def test_who_speaks_takes_part_in_the_sessions_of_their_audience():
    bo = registration(DEL_1, email=BO.email)
    on = {DEL_1: entry(DEL_1, (BO.email,)), DEL_2: entry(DEL_2, (BO.email,))}
    assert own(bo, on) == {"del-1": S.INVITED, "del-2": S.INVITED}
    only_first = {"tr": frozenset({BO.email})}
    assert own(bo, on, members=only_first) == {"del-1": S.INVITED}


def test_outsiders_and_offerings_of_one_session_stay_as_they_are():
    stranger = registration(DEL_1, invited=False, answers=(("del-2", S.REGISTERED),))
    assert own(stranger, ON_BOTH) == {"del-2": S.REGISTERED}
    assert own(registration(HOLD_1), ON_BOTH) == {}
    # What is left of an answer to a session that the plan has replaced is shown to nobody.
    assert own(registration(HOLD_1, answers=(("before", S.REGISTERED),))) == {}
    assert own(registration(replace(DEL_1, course="gone"), answers=(("x", S.REGISTERED),))) == {"x": S.REGISTERED}
