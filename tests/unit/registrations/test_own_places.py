"""What somebody is told of their own answers on the page of all their courses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.enrolment import Enrolment
from bot.domain.registrations import RegistrationStatus as S
from bot.domain.seats import Cause
from bot.registrations.own_places import answer_by, own_places
from tests.builders.occasions import course, plan, row, session

COURSE = course(session("a"), session("b", day=19))
PLAN = plan(courses=(COURSE,))


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        ([], []),
        ([S.INVITED], []),
        ([S.REGISTERED], [S.REGISTERED]),
        ([S.DECLINED], [S.DECLINED]),
        ([S.WITHDRAWN, S.INVITED], [S.WITHDRAWN]),
        ([S.REGISTERED, S.DECLINED], [S.REGISTERED]),
        ([S.WAITLISTED, S.TENTATIVE], [S.WAITLISTED, S.TENTATIVE]),
    ],
)
def test_a_no_is_told_where_there_is_nothing_better_and_silence_is_no_answer(statuses, told):
    rows = [row(status=status) for status in statuses]
    assert [one.status for one in own_places(PLAN, COURSE, rows)] == told


@pytest.mark.parametrize(
    ("status", "cause", "word"),
    [
        (S.DECLINED, Cause.ANSWERED, "declined"),
        (S.DECLINED, Cause.DISAPPROVED, "refused"),
        (S.WITHDRAWN, Cause.DISAPPROVED, "refused"),
        (S.DECLINED, Cause.FULL, "no_seat"),
        (S.DECLINED, Cause.TOO_LATE, "no_seat"),
        (S.REGISTERED, Cause.FULL, "registered"),
    ],
)
def test_nobody_is_told_that_they_said_a_no_of_somebody_elses(status, cause, word):
    (place,) = own_places(PLAN, COURSE, [row(status=status, cause=cause.value)])
    assert place.word == word


def test_a_place_says_when_it_is_and_when_it_was_asked_for():
    """The first of the sessions that are theirs; another course's rows are none of it."""
    said_at = datetime(2025, 6, 1, 10, tzinfo=UTC)
    mine = row(said_at=said_at, answers=(("a", S.DECLINED), ("b", S.REGISTERED)), position=2)
    (place,) = own_places(PLAN, COURSE, [mine, row(course="other")])
    assert (place.when, place.answered, place.position) == (datetime(2025, 6, 19, 9), datetime(2025, 6, 1, 12), 2)
    (whole,) = own_places(PLAN, COURSE, [row()])
    assert (whole.when, whole.answered) == (datetime(2025, 6, 18, 9), None)


def test_a_date_that_left_the_plan_has_a_status_and_no_more():
    (place,) = own_places(PLAN, COURSE, [row(offering="gone")])
    assert (place.offering, place.when) == ("", None)


@pytest.mark.parametrize(
    ("deadline", "by"),
    [(None, None), (datetime(2025, 6, 10, 12), datetime(2025, 6, 10, 12)), (datetime(2025, 6, 1), None)],
)
def test_a_deadline_is_told_while_it_is_to_come(deadline, by):
    assert answer_by(course(enrolment=Enrolment(deadline=deadline)), datetime(2025, 6, 2)) == by
