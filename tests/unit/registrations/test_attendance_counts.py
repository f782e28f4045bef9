"""How many came, by course and department: everybody with a seat counts once, and nobody is named."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.attendance import AttendanceSaid, AttendanceSource, AttendanceWord
from bot.domain.people import PeopleIndex
from bot.domain.registrations import AnswerSource, Registration, RegistrationStatus
from bot.registrations.attendance import attendance_in_plan
from bot.registrations.attendance_counts import AttendanceCounts, attendance_counts
from tests.builders.course_books import LEADERSHIP, PEOPLE, PLAN

AT = datetime(2025, 6, 18, 7, tzinfo=UTC)
ABSENT, CAME, CLOSED = AttendanceSaid.ABSENT, AttendanceSaid.CAME, AttendanceSaid.CLOSED


def row(number, status=RegistrationStatus.REGISTERED, course=LEADERSHIP.id, offering="hold-1"):
    one = PEOPLE[number]
    return Registration(
        course=course, offering=offering, email=one.email, name=one.name, department=one.department,
        status=status, since=AT, source=AnswerSource.OUTLOOK,
    )  # fmt: skip


def word(number, said, session="dag-1", name=""):
    return AttendanceWord(
        plan="by", key=f"{number}{session}{said}{name}", course=LEADERSHIP.id, offering="hold-1", session=session,
        email="" if name or number is None else PEOPLE[number].email, name=name, said=said, source=AttendanceSource.HR, at=AT, noted_at=AT,
    )  # fmt: skip


def counted(rows, words):
    return attendance_counts(PLAN, rows, attendance_in_plan(PLAN, rows, words, PeopleIndex(PEOPLE)))


def test_everybody_with_a_seat_counts_once_and_walk_ins_beside_them():
    rows = [*map(row, range(4)), row(5, RegistrationStatus.DECLINED)]
    words = [
        word(0, CAME), word(0, CAME, "dag-2"), word(1, ABSENT), word(1, ABSENT, "dag-2"), word(2, ABSENT),
        word(9, CAME), word(None, CAME, name="Gæst"), word(None, CAME, "dag-2", name="Gæst"),
    ]  # fmt: skip
    found = counted(rows, words)
    (course,) = found.courses
    assert (course.seats, course.came, course.absent, course.unknown, course.walk_ins, course.share) == (4, 1, 1, 2, 2, 50)
    assert (course.course, course.first) == (LEADERSHIP.id, datetime(2025, 6, 18, 9))
    assert [(one.called, one.seats, one.came, one.absent) for one in found.departments] == [
        ("Teknik", 1, 0, 1),
        ("", 1, 0, 0),
        ("Børn og Unge", 2, 1, 0),
    ]
    assert found.departments[1].share is None


def test_a_closed_list_says_who_did_not_come():
    found = counted([row(0), row(1)], [word(0, CAME), word(None, CLOSED), word(None, CLOSED, "dag-2")])
    assert [(one.came, one.absent, one.unknown) for one in found.courses] == [(1, 1, 0)]


def test_of_a_course_that_nobody_said_anything_of_there_is_no_number():
    taken_back = [word(0, AttendanceSaid.UNDO)]
    assert counted([row(0)], []) == counted([row(0)], taken_back) == AttendanceCounts()
