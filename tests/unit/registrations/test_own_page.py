"""A person's page shows the person's own part: the sessions that are theirs, and their other courses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.plan import CourseStatus
from bot.domain.registrations import RegistrationStatus
from bot.registrations.own_page import other_courses, own_sessions, takes_part
from tests.builders.registrations import ANE, DAG, DEL_1, PLAN, registration
from tests.unit.registrations.dated import DATED, START

S = RegistrationStatus
SENIOR = DATED.courses[2]
OFFERING = SENIOR.offerings[0]
PARTS = replace(
    SENIOR,
    offerings=(
        replace(
            OFFERING,
            sessions=(replace(OFFERING.sessions[0], optional_audience=("tr",)), replace(OFFERING.sessions[1], audience=("chefer",))),
        ),
    ),
)
MEMBERS = {"tr": frozenset({ANE.email}), "chefer": frozenset({"b@by.example"})}


def shown(row, course=SENIOR, email=ANE.email):
    views = own_sessions(course, course.offerings[0], email, row, MEMBERS)
    return [(one.start.day, one.said_no) for one in views]


@pytest.mark.parametrize(
    ("status", "answers", "seen"),
    [
        (S.REGISTERED, (), [(1, False), (3, False)]),
        (S.REGISTERED, (("del-1", S.REGISTERED),), [(1, False)]),
        (S.REGISTERED, (("del-1", S.REGISTERED), ("del-2", S.DECLINED)), [(1, False), (3, True)]),
        (S.INVITED, (("del-1", S.WITHDRAWN), ("del-2", S.INVITED)), [(1, True), (3, False)]),
        (S.DECLINED, (("del-1", S.DECLINED), ("del-2", S.DECLINED)), [(1, False), (3, False)]),
    ],
)
def test_the_page_shows_the_sessions_that_a_person_is_invited_to(status, answers, seen):
    """One that is for others is not there; a no to all of it needs no marks."""
    assert shown(registration(DEL_1, status=status, answers=answers)) == seen


def test_who_has_no_row_sees_what_a_seat_would_be_for():
    """Nor does a forwarded invitation make sessions one's own."""
    assert shown(None, PARTS) == [(1, False)]
    assert shown(None, PARTS, "b@by.example") == [(3, False)]
    assert shown(registration(DEL_1, status=S.DECLINED, invited=False, answers=(("del-2", S.REGISTERED),)), PARTS) == [(1, False)]


def test_who_said_no_to_every_session_of_a_seat_takes_no_part():
    no, yes = (("del-1", S.DECLINED), ("del-2", S.DECLINED)), (("del-1", S.DECLINED), ("del-2", S.INVITED))
    assert [takes_part(registration(DEL_1, answers=answers)) for answers in ((), no, yes)] == [True, False, True]
    assert not takes_part(registration(DEL_1, status=S.WAITLISTED))


def test_other_courses_are_those_in_which_the_person_has_a_part():
    """With their own first date; a cancelled one as that, one that is off or gone not at all."""
    rows = [
        registration(DAG),
        registration(DEL_1, status=S.TENTATIVE, answers=(("del-1", S.DECLINED), ("del-2", S.TENTATIVE))),
        registration(replace(DEL_1, offering="væk")),
    ]

    def told(course, status=CourseStatus.APPROVED):
        plan = replace(DATED, courses=tuple(replace(one, status=status) for one in DATED.courses))
        return [(one.title, one.when, one.status, one.cancelled) for one in other_courses(plan, rows, course)]

    assert told("lederdag") == [("Fastholdelse", START.replace(day=3), S.TENTATIVE, False)]
    assert told("senior") == [("Fælles lederdag", START.replace(day=2), S.REGISTERED, False)]
    assert told("senior", CourseStatus.CANCELLED)[0][3]
    lost = registration(DAG, status=S.WITHDRAWN, cause="offering_gone")
    off = replace(PLAN, courses=tuple(replace(one, status=CourseStatus.CANCELLED) for one in PLAN.courses))
    assert [one.cancelled for one in other_courses(off, [lost], "senior")] == [True], "also when it is out of the calendars"
    assert told("senior", CourseStatus.PROPOSED) == []
    assert list(other_courses(PLAN, [registration(DAG, status=S.DECLINED), registration(DAG, status=S.DECLINED, invited=False)], "")) == []
