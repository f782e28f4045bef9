"""Since when it is settled who came: row by row of the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.attendance import AttendanceSaid, AttendanceSource, AttendanceWord
from bot.domain.plan import CourseSession, Offering
from bot.registrations.attendance import course_attendance
from bot.registrations.settled_attendance import QUIET, settled_from
from tests.builders.occasions import ANE, BO, CAI, PEOPLE, at, course, row, session

CAME, ABSENT, CLOSED, REOPENED = AttendanceSaid.CAME, AttendanceSaid.ABSENT, AttendanceSaid.CLOSED, AttendanceSaid.REOPENED
ROWS = (row(ANE), row(BO))
EVENING = at(18, "20:00")


def word(said, email="", *, offering="main", of="dag", noted=EVENING, source=AttendanceSource.DOOR):
    key = f"{offering}/{of}/{email}/{said.value}/{noted.isoformat()}"
    return AttendanceWord(
        plan="by", key=key, course="k", offering=offering, session=of, email=email, said=said, source=source, at=at(18, "09:00"),
        noted_at=noted,
    )  # fmt: skip


def settled(*words, made=None, rows=ROWS):
    made = made or course()
    return settled_from(made, course_attendance(made, rows, words, PEOPLE).sessions, words)


def test_a_closed_list_with_somebody_on_it_is_settled_a_night_after_the_last_word():
    words = word(CAME, ANE), word(CLOSED, noted=EVENING + timedelta(minutes=5))
    assert settled(*words) == {"main": EVENING + timedelta(minutes=5) + QUIET}


def test_a_list_that_tells_of_everybody_is_settled_though_nobody_closed_it():
    assert settled(word(CAME, ANE), word(ABSENT, BO)) == {"main": EVENING + QUIET}


@pytest.mark.parametrize(
    "words",
    [
        (word(CAME, ANE),),
        (word(CLOSED),),
        (word(ABSENT, ANE), word(ABSENT, BO)),
        (word(CAME, ANE), word(CLOSED), word(REOPENED, source=AttendanceSource.HR)),
        (),
    ],
    ids=["half filled in", "closed and nobody ticked", "nobody came", "reopened by HR", "nothing said"],
)
def test_what_is_not_known_yet_is_not_settled(words):
    assert settled(*words) == {}


def test_a_correction_begins_the_night_anew():
    later = EVENING + timedelta(hours=11)
    words = word(CAME, ANE), word(CLOSED), word(CAME, BO, noted=later, source=AttendanceSource.HR)
    assert settled(*words) == {"main": later + QUIET}


def test_every_session_of_a_date_has_to_be_done():
    made = course(session("en"), session("to", 19))
    first = word(CAME, ANE, of="en"), word(CLOSED, of="en")
    assert settled(*first, made=made) == {}
    second = word(CAME, BO, of="to"), word(CLOSED, of="to", noted=EVENING + timedelta(days=1))
    assert settled(*first, *second, made=made) == {"main": EVENING + timedelta(days=1) + QUIET}


def test_another_list_of_the_course_on_that_day_has_to_be_done_too():
    """Who is missing here may sit in the next room."""
    offerings = tuple(Offering(id=name, sessions=(session(day=day),)) for name, day in (("a", 18), ("b", 18), ("c", 19)))
    rows = (row(ANE, offering="a"), row(BO, offering="a"), row(CAI, offering="b"))
    made = course(offerings=offerings)
    here = word(CAME, ANE, offering="a"), word(CLOSED, offering="a")
    assert settled(*here, made=made, rows=rows) == {}
    there = word(CAME, CAI, offering="b", noted=EVENING + timedelta(hours=1))
    assert settled(*here, there, made=made, rows=rows) == dict.fromkeys(("a", "b"), there.noted_at + QUIET)
    alone = replace(made, offerings=offerings[::2])
    assert settled(*here, made=alone, rows=rows[:2]) == {"a": EVENING + QUIET}


def test_of_a_session_without_a_day_nobody_was_missed():
    made = course(offerings=(Offering(id="main", sessions=(session(), CourseSession(id="senere", period="2025-H2"))),))
    assert settled(word(CAME, ANE), word(CLOSED), made=made) == {}
    nothing = course(offerings=(Offering(id="main"),))
    assert settled(made=nothing, rows=()) == {}


def test_a_word_about_a_list_is_heard_when_it_comes_and_not_when_it_was_said():
    """A phone without a net catches up, and its clock may be wrong."""
    late = replace(word(CLOSED, noted=EVENING), at=datetime(2031, 1, 1, tzinfo=EVENING.tzinfo))
    assert settled(word(CAME, ANE), late) == {"main": EVENING + QUIET}
