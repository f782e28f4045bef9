"""Who gave a chosen seat up in time counts as not having answered, by the table of `bot.seats.reopening`."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.enrolment import ChooseVia, EnrolmentMode
from bot.domain.plan import CourseStatus
from bot.domain.registrations import AnswerSource
from bot.seats.reopening import reopened_dates
from tests.builders.settling import ANE, DEADLINE, EVERYBODY, NOW, C, S, claim, make, standing

CHOICE = {"mode": EnrolmentMode.CHOOSE, "deadline": DEADLINE}
MEMBERS = {"alle": EVERYBODY}
GAVE_UP = standing(status=S.WITHDRAWN, offering="h1")
FREED = standing(status=None, offering="h2", cause=C.FREED, source=AnswerSource.RULE, answered_at=None)
AFTER = {"since": datetime(2025, 5, 20, 12, tzinfo=NOW.tzinfo)}


def found(*standings, claims=(), members=MEMBERS, offerings=("h1", "h2"), **course):
    return bool(reopened_dates(make(*offerings, **{**CHOICE, **course}), claims, standings, members))


@pytest.mark.parametrize("cause", [C.ANSWERED, C.GAVE_UP])
def test_who_gives_a_chosen_seat_up_in_time_has_not_answered(cause):
    gave_up = standing(status=S.WITHDRAWN, offering="h1", cause=cause)
    assert reopened_dates(make("h1", "h2", **CHOICE), (), (gave_up, FREED), MEMBERS) == {("k", "h1", ANE)}
    assert found(gave_up, via=ChooseVia.LINK), "by link no other date has a line"


@pytest.mark.parametrize("cause", [C.WITHDRAWN, C.HANDED_OVER, C.LEFT])
def test_hr_has_decided_and_who_hands_a_seat_over_has_settled_it(cause):
    assert not found(standing(status=S.WITHDRAWN, offering="h1", cause=cause), FREED)


def test_after_the_deadline_a_seat_given_up_is_a_no():
    assert not found(standing(status=S.WITHDRAWN, offering="h1", **AFTER), FREED)
    assert found(standing(status=S.WITHDRAWN, offering="h1", **AFTER), FREED, deadline=None)


@pytest.mark.parametrize("status", [S.REGISTERED, S.TENTATIVE, S.WAITLISTED])
def test_who_stands_elsewhere_has_answered(status):
    assert not found(GAVE_UP, standing(status=status, offering="h2"))
    assert not found(GAVE_UP, FREED, offerings=("h1", "h2", "h3"), claims=(claim(status=status, offering="h3"),))


@pytest.mark.parametrize(
    "other",
    [
        standing(status=S.DECLINED, offering="h2"),
        standing(status=None, offering="h2", cause=C.LEFT),
        standing(status=None, offering="h2", cause=C.WITHDRAWN),
    ],
)
def test_who_has_said_no_to_the_others_or_is_kept_from_them_has_nothing_left(other):
    assert not found(GAVE_UP, other)


def test_only_what_they_may_take_and_what_had_not_begun_is_left():
    assert not found(GAVE_UP, FREED, members={"alle": frozenset()})
    begun = standing(status=S.WITHDRAWN, offering="h1", since=datetime(2025, 6, 20, tzinfo=NOW.tzinfo))
    assert not found(begun, FREED, deadline=None)
    assert found(GAVE_UP, claims=(claim(status=S.INVITED, offering="h2"),)), "an invitation that was never answered"


@pytest.mark.parametrize("course", [{"mode": EnrolmentMode.INVITE}, {"mode": EnrolmentMode.SIGNUP}, {"status": CourseStatus.SAVE_THE_DATE}])
def test_only_where_people_choose_between_dates(course):
    assert not found(GAVE_UP, FREED, **course)


def test_nobody_who_was_erased_and_no_other_course():
    gone = standing("erased-k-h1-0", S.WITHDRAWN, "h1", minutes=30)
    assert not found(gone)
    assert reopened_dates(make("h1", "h2", **CHOICE), (), (standing(offering="h1"),), MEMBERS) == frozenset()
    assert NOW - timedelta(minutes=60) == GAVE_UP.since
