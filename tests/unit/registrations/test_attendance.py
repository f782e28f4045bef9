"""Who came, beside the rows of who was to come: by session, by offering, and in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.attendance import AttendanceSaid, AttendanceSource, AttendanceWord, Presence
from bot.domain.people import Language, PeopleIndex, Person
from bot.domain.plan import CourseSession, Offering
from bot.domain.registrations import AnswerSource, Registration, RegistrationStatus
from bot.registrations.attendance import NOTHING_KNOWN, attendance_in_plan, attendance_text, course_attendance
from tests.builders.course_books import LEADERSHIP, PLAN

NINE = datetime(2025, 6, 18, 7, tzinfo=UTC)
ANNA, BO, GUEST = "anna@by.example", "bo@by.example", "gaest@by.example"
PEOPLE = PeopleIndex([Person(email=ANNA, aliases=frozenset({"a.gammel@by.example"})), Person(email=BO)])
HOLD = "hold-1"


def row(email, status=RegistrationStatus.REGISTERED, **more):
    given = {"course": LEADERSHIP.id, "offering": HOLD, "name": "", "since": NINE, "source": AnswerSource.WEB}
    return Registration(**(given | more), email=email, status=status)


def word(said, email=ANNA, session="dag-1", number=0):
    return AttendanceWord(
        plan="by", key=f"{number}{email}{session}", course=LEADERSHIP.id, offering=HOLD, session=session, email=email, said=said,
        source=AttendanceSource.HR, at=NINE, noted_at=NINE,
    )  # fmt: skip


CAME, ABSENT, CLOSED = AttendanceSaid.CAME, AttendanceSaid.ABSENT, AttendanceSaid.CLOSED


TWO = (row(ANNA), row(BO))


def known(*words, rows=TWO):
    return course_attendance(LEADERSHIP, rows, words, PEOPLE)


def test_who_came_to_any_session_attended_and_an_earlier_address_is_the_same_person():
    found = known(word(CAME, email="a.gammel@by.example"))
    assert found.people == {(HOLD, ANNA): Presence.ATTENDED}
    assert found.attended == {ANNA}
    assert found.of_sessions(HOLD, ANNA) == {"dag-1": Presence.ATTENDED}


def test_a_no_show_is_one_when_every_session_is_known():
    assert known(word(ABSENT)).people == {}
    both = known(word(ABSENT), word(CLOSED, email="", session="dag-2"))
    assert both.people == {(HOLD, ANNA): Presence.NO_SHOW}
    assert both.attended == frozenset()


def test_of_what_nobody_said_anything_nothing_is_known():
    assert known().attended is None
    assert NOTHING_KNOWN.attended is None
    assert attendance_in_plan(PLAN, [row(ANNA)], [], PEOPLE) == {}
    assert attendance_in_plan(PLAN, [row(ANNA)], [word(CAME)], PEOPLE)[LEADERSHIP.id].attended == {ANNA}


def test_who_came_without_a_seat_counts_as_having_come():
    rows = (row(ANNA), row(BO, RegistrationStatus.DECLINED), row(GUEST, RegistrationStatus.TENTATIVE))
    found = known(word(CAME, email=BO), word(CAME, email=GUEST, number=1), rows=rows)
    assert found.people == {(HOLD, BO): Presence.ATTENDED, (HOLD, GUEST): Presence.ATTENDED}
    assert found.sessions[HOLD, "dag-1"].walk_ins == {BO}


def test_a_row_of_an_offering_that_left_the_plan_is_passed_over():
    assert known(word(CAME), rows=(row(ANNA, offering="væk"),)).people == {}


def test_it_is_said_in_words_by_session_where_there_are_several():
    found = known(word(CAME), word(ABSENT, session="dag-2"))
    assert attendance_text(found, HOLD, ANNA, Language.DA) == "dag-1: Kom, dag-2: Kom ikke"
    assert attendance_text(found, HOLD, ANNA, Language.DA, {"dag-1": "Første dag"}) == "Første dag: Kom, dag-2: Kom ikke"
    assert attendance_text(found, HOLD, BO, Language.DA) == ""
    single = replace(LEADERSHIP, offerings=(Offering(id=HOLD, sessions=(CourseSession(id="dag-1"),)),))
    assert attendance_text(course_attendance(single, [row(ANNA)], [word(CAME)], PEOPLE), HOLD, ANNA, Language.EN) == "Came"


@pytest.mark.parametrize(("minutes", "said"), [(75, "Kom (Teams, 75 min.)"), (None, "Kom (Teams)")])
def test_what_teams_says_is_told_as_that_until_a_person_says_more(minutes, said):
    single = replace(LEADERSHIP, offerings=(Offering(id=HOLD, sessions=(CourseSession(id="dag-1"),)),))
    by_teams = replace(word(CAME), source=AttendanceSource.TEAMS, minutes=minutes)
    assert attendance_text(course_attendance(single, [row(ANNA)], [by_teams], PEOPLE), HOLD, ANNA, Language.DA) == said
    both = course_attendance(single, [row(ANNA)], [by_teams, word(CAME, number=1)], PEOPLE)
    assert attendance_text(both, HOLD, ANNA, Language.DA) == "Kom"
    assert both.sources(HOLD, ANNA)["dag-1"].source is AttendanceSource.HR


def test_what_teams_says_is_told_session_by_session():
    found = known(replace(word(CAME), source=AttendanceSource.TEAMS, minutes=75), word(ABSENT, session="dag-2"))
    assert attendance_text(found, HOLD, ANNA, Language.EN) == "dag-1: Came (Teams, 75 min), dag-2: Did not come"
