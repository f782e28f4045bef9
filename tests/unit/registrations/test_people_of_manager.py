"""What a manager is told of their people's courses, and what they are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.attendance import Presence
from bot.domain.manager_pages import PlaceWord as W
from bot.domain.people import Language, Person
from bot.domain.plan import CourseStatus, Offering
from bot.domain.seats import Cause
from bot.registrations.attendance import CourseAttendance
from bot.registrations.people_of_manager import people_of_manager
from tests.builders.occasions import ANE, BO, course, plan, row, session
from tests.builders.occasions import S as Status

BEFORE, AFTER = datetime(2025, 6, 1, 9), datetime(2025, 6, 19, 9)
ANNE, BOE = Person(email=ANE, name="Ane Ås", department="Skole"), Person(email=BO)
CAME = {"k": CourseAttendance(people={("main", ANE): Presence.ATTENDED, ("main", BO): Presence.NO_SHOW})}


def told(*rows, now=BEFORE, made=None, attendance=None, people=(ANNE,)):
    return people_of_manager(made or plan(), people, rows, attendance or {}, Language.DA, now=now)


def words(*rows, **facts):
    """Of Ane: what is coming, and what was."""
    (found,) = told(*rows, **facts)
    return [one.word for one in found.coming], [one.word for one in found.past]


@pytest.mark.parametrize("status", Status)
def test_of_a_course_ahead_the_manager_is_told_where_the_person_stands(status):
    assert words(row(status=status)) == ([W(status.value)], [])
    assert words(row(status=status), now=datetime(2025, 6, 18, 10)) == ([W(status.value)], []), "under way"


@pytest.mark.parametrize(
    ("cause", "word"),
    [(Cause.DISAPPROVED, W.REFUSED), (Cause.FULL, W.NO_SEAT), (Cause.TOO_LATE, W.NO_SEAT), (Cause.OFFERING_GONE, W.DECLINED)],
)
def test_a_no_that_was_not_theirs_is_told_as_what_it_was(cause, word):
    assert words(row(status=Status.DECLINED, cause=cause.value)) == ([word], [])


@pytest.mark.parametrize(
    ("status", "attendance", "past"),
    [
        (Status.REGISTERED, CAME, [W.ATTENDED]),
        (Status.DECLINED, CAME, [W.ATTENDED]),
        (Status.REGISTERED, {}, [W.WAS_SIGNED_UP]),
        (Status.REGISTERED, {"k": CourseAttendance(people={("main", ANE): Presence.NO_SHOW})}, [W.WAS_SIGNED_UP]),
        (Status.TENTATIVE, {}, [W.WAS_SIGNED_UP]),
        (Status.DECLINED, {}, []),
        (Status.INVITED, {}, []),
        (Status.WAITLISTED, {}, []),
    ],
)
def test_who_came_is_told_a_year_back_and_never_who_was_missed(status, attendance, past):
    assert words(row(status=status), now=AFTER, attendance=attendance) == ([], past)
    assert words(row(status=status), now=AFTER + timedelta(days=366), attendance=attendance) == ([], [])


def test_a_course_that_is_not_on_is_told_of_only_where_it_was_cancelled_before_its_date():
    cancelled = plan(courses=(course(status=CourseStatus.CANCELLED),))
    assert words(row(), made=cancelled) == ([W.CANCELLED], [])
    assert words(row(status=Status.WITHDRAWN, cause=Cause.OFFERING_GONE.value), made=cancelled) == ([W.CANCELLED], [])
    assert words(row(status=Status.DECLINED), made=cancelled) == ([], [])
    assert words(row(), made=cancelled, now=AFTER) == ([], [])
    assert words(row(), made=plan(courses=(course(status=CourseStatus.PROPOSED),))) == ([], [])
    assert words(row(invited=False), row(course="borte"), row(offering="borte")) == ([], [])


def test_people_stand_by_name_and_courses_by_date():
    late, none = session(day=20), replace(session(), start=None, end=None)
    first = course(id="a", title="Sent", offerings=(Offering(id="x", title="Hold 1", sessions=(late,)), Offering(id="y", sessions=(none,))))
    made = plan(courses=(first, course(title="Tidligt")))
    bo, ane = told(row(course="a", offering="y"), row(course="a", offering="x"), row(), made=made, people=(ANNE, BOE))[::-1]
    assert (ane.name, ane.department, bo.name, bo.coming, bo.past) == ("Ane Ås", "Skole", BO, (), ())
    assert [one.what for one in ane.coming] == ["Tidligt", "Sent – Hold 1", "Sent – y"]
    ((when, _),) = ane.coming[0].dates
    assert "18. juni 2025" in when.replace("\xa0", " ")
    queue = told(row(status=Status.WAITLISTED, position=3))[0].coming[0]
    assert queue.position == 3
