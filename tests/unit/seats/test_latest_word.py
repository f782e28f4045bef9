"""What stands in `bot.seats.settle` and `bot.seats.requests` against answers read late, old invitations and overtaking."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.enrolment import ChooseVia, EnrolmentMode, LateAnswer, Unanswered
from bot.domain.plan import CourseStatus
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import Cause, RefusalReason, RequestKind
from tests.builders.settling import AFTER, ANE, BO, CAI, DEADLINE, NOW, claim, decide, make, moves, standing, wish

S, C, R, K = RegistrationStatus, Cause, RefusalReason, RequestKind
LINE = {"capacity": 1, "waiting_list": True}
CHOICE = {"mode": EnrolmentMode.CHOOSE}
OVER = datetime(2025, 6, 3, 20, tzinfo=UTC)


def by_hr(email=ANE, status=S.REGISTERED, offering="main", cause=C.ENROLLED, minutes=60, **more):
    return standing(email, status, offering, cause, minutes, **({"source": AnswerSource.HR, "answered_at": None} | more))


def waiting(email=BO, offering="main", minutes=60, **more):
    return standing(email, S.WAITLISTED, offering, C.QUEUED, minutes, **more)


@pytest.mark.parametrize(
    ("before", "answer"),
    [
        (by_hr(), S.DECLINED),
        (by_hr(), S.TENTATIVE),
        (by_hr(status=S.DECLINED, cause=C.GAVE_UP, source=AnswerSource.WEB), S.REGISTERED),
        (by_hr(cause=C.CHOSEN, source=AnswerSource.WEB), S.DECLINED),
        (by_hr(cause=C.PROMOTED), S.WITHDRAWN),
    ],
)
def test_an_answer_read_late_does_not_undo_what_was_wished_since(before, answer):
    """The time of the answer counts, not of the reading: given an hour and a half ago, decided one hour ago."""
    early, later = claim(status=answer, minutes=90), claim(status=answer, minutes=30)
    assert [(one.noted, one.after.status) for one in decide(make(), [early], [before]).transitions] == [(True, before.status)]
    assert [one.noted for one in decide(make(), [later], [before]).transitions] == [False]


@pytest.mark.parametrize("other", [by_hr(offering="h2", cause=C.MOVED), standing(offering="h2", cause=C.CHOSEN, source=AnswerSource.WEB)])
def test_an_accept_read_late_does_not_take_a_later_choice_back(other):
    """The latest answer wins; what a rule gave is no answer."""
    plan = make("h1", "h2", **CHOICE)
    freed = standing(status=None, offering="h1", cause=C.FREED, source=AnswerSource.RULE, answered_at=None)
    assert [one.noted for one in decide(plan, [claim(offering="h1", minutes=90)], [freed, other]).transitions] == [True]
    assert moves(decide(plan, [claim(offering="h1", minutes=30)], [freed, other]))[-1] == ("ane", "h1", S.REGISTERED, C.ANSWERED)
    offered = replace(other, cause=C.SEAT_OFFERED, source=AnswerSource.RULE)
    assert moves(decide(plan, [claim(offering="h1", minutes=90)], [freed, offered]))[-1] == ("ane", "h1", S.REGISTERED, C.ANSWERED)
    nowhere = [freed, standing(offering="h2", status=S.WITHDRAWN)]
    assert moves(decide(plan, [claim(offering="h1", minutes=90)], nowhere)) == [("ane", "h1", S.REGISTERED, C.ANSWERED)]


def test_who_was_moved_by_hr_stays_moved_although_the_dates_do_not_exclude_each_other():
    plan = make("h1", "h2", "h3")
    freed = standing(status=None, offering="h1", cause=C.FREED, source=AnswerSource.RULE, answered_at=None)
    moved = by_hr(offering="h2", cause=C.MOVED)
    assert [one.noted for one in decide(plan, [claim(offering="h1", minutes=90)], [freed, moved]).transitions] == [True]
    declined = standing(status=S.DECLINED, offering="h1", minutes=99)
    assert moves(decide(plan, [claim(offering="h1", minutes=90)], [declined, moved])) == [("ane", "h1", S.REGISTERED, C.ANSWERED)]


@pytest.mark.parametrize(
    ("status", "answer"), [(S.WITHDRAWN, S.DECLINED), (S.WITHDRAWN, S.WITHDRAWN), (S.DECLINED, S.DECLINED), (S.TENTATIVE, S.TENTATIVE)]
)
def test_the_same_answer_again_changes_nothing(status, answer):
    """Who gave a seat up has given it up, however often they decline."""
    found = decide(make(), [claim(status=answer)], [standing(status=status)])
    assert [(one.noted, one.after.status, one.after.since) for one in found.transitions] == [(True, status, NOW - timedelta(minutes=60))]


@pytest.mark.parametrize(("cause", "noted"), [(C.CHOSEN, True), (C.ENROLLED, True), (C.SEAT_OFFERED, True), (C.ANSWERED, False)])
def test_declining_one_session_of_several_gives_up_only_a_seat_taken_by_an_answer(cause, noted):
    """Who chose by link, or was enrolled, has the seat for the sessions that are left."""
    found = decide(make(), [claim(status=S.INVITED, answered_at=NOW)], [standing(cause=cause)])
    assert [one.noted for one in found.transitions] == [noted]


def test_nobody_overtakes_the_line_with_a_seat_that_falls_free_in_the_same_round():
    """Ane declines, then Cai accepts: the seat is Bo's, who has waited."""
    said = [claim(ANE, S.WITHDRAWN, minutes=20), claim(CAI, minutes=10)]
    found = decide(make(**LINE), said, [standing(ANE), waiting(BO)])
    assert moves(found) == [
        ("ane", "main", S.WITHDRAWN, C.ANSWERED),
        ("bo", "main", S.REGISTERED, C.SEAT_OFFERED),
        ("cai", "main", S.WAITLISTED, C.QUEUED),
    ]


def test_a_seat_that_hr_added_goes_to_the_line_before_anybody_who_comes_then():
    found = decide(make(capacity=2, waiting_list=True), [claim(CAI)], [standing(ANE), waiting(BO)])
    assert moves(found) == [("bo", "main", S.REGISTERED, C.SEAT_OFFERED), ("cai", "main", S.WAITLISTED, C.QUEUED)]
    by_link = decide(make(capacity=2, waiting_list=True), (), [standing(ANE), waiting(BO)], requests=[wish(K.CHOOSE, CAI)])
    assert moves(by_link)[-1] == ("cai", "main", S.WAITLISTED, C.QUEUED)


def test_nobody_silent_is_assigned_before_those_who_waited_in_time():
    """The line first where it still moves; where it stands still, the seat is for HR to promote. A late comer has no such right."""
    rules = {"deadline": DEADLINE, "unanswered": Unanswered.ASSIGN, **CHOICE, **LINE}
    silent, line = claim(CAI, S.INVITED), waiting(BO)
    still = decide(make(**rules), [silent], [line], now=AFTER)
    assert (moves(still), [one.unplaced for one in still.seats]) == ([], [(CAI,)])
    moving = make(**rules, waiting_list_until=datetime(2025, 5, 30, 12))
    assert moves(decide(moving, [silent], [line], now=AFTER)) == [("bo", "main", S.REGISTERED, C.SEAT_OFFERED)]
    assert moves(decide(make(**rules), [silent], [waiting(BO, late=True)], now=AFTER)) == [("cai", "main", S.REGISTERED, C.ASSIGNED)]


def test_who_waits_may_take_a_free_seat_by_link_when_the_line_stands_still():
    plan = make(deadline=DEADLINE, **LINE)
    choose = replace(wish(K.CHOOSE, BO), at=AFTER)
    assert moves(decide(plan, (), [waiting()], now=AFTER, requests=[choose])) == [("bo", "main", S.REGISTERED, C.CHOSEN)]
    full = decide(plan, (), [waiting(), standing(ANE)], now=AFTER, requests=[choose])
    behind = decide(make(deadline=DEADLINE, late=LateAnswer.WAITLIST, **LINE), (), [waiting()], now=AFTER, requests=[choose])
    assert [one.reason for found in (full, behind) for one in found.refusals] == [R.NOTHING_TO_DO, R.NOTHING_TO_DO]


@pytest.mark.parametrize("cause", [C.WITHDRAWN, C.LEFT])
def test_who_was_withdrawn_by_hr_or_left_comes_back_by_hr_alone(cause):
    kept_away = standing(status=S.WITHDRAWN, cause=cause, source=AnswerSource.HR)
    plan = make(handover=True)
    by_link = replace(wish(K.CHOOSE), source=AnswerSource.WEB)
    given = replace(wish(K.HAND_OVER, BO, to=ANE), source=AnswerSource.WEB)
    found = decide(plan, (), [kept_away, standing(BO)], before=frozenset(), members=frozenset({ANE, BO}), requests=[by_link, given])
    assert [one.reason for one in found.refusals] == [R.NOT_INVITED, R.NOT_INVITED]
    for request in (wish(K.ENROL), wish(K.MOVE), wish(K.CHOOSE), wish(K.HAND_OVER, BO, to=ANE)):
        hers = decide(plan, (), [kept_away, standing(BO)], requests=[request]).transitions
        assert [one.after.status for one in hers if one.after.email == ANE][-1] is S.REGISTERED


def test_leaving_and_coming_back_does_not_undo_what_hr_decided():
    out = standing(status=S.WITHDRAWN, cause=C.WITHDRAWN)
    assert decide(make(), (), [out], members=frozenset()).transitions == ()
    assert decide(make(), (), [out], before=frozenset()).transitions == ()


def test_who_leaves_while_a_course_is_only_reserved_has_left_when_it_is_approved_again():
    """The audience of then is forgotten by then."""
    found = decide(make(status=CourseStatus.SAVE_THE_DATE, **LINE), (), [standing(), waiting()], members=frozenset({BO}))
    assert moves(found) == [("ane", "main", S.WITHDRAWN, C.LEFT)]


def test_who_answered_one_session_of_several_and_left_has_no_row_and_may_come_back():
    half = claim(status=S.INVITED, answered_at=NOW - timedelta(minutes=5))
    left = decide(make(), [half, claim(BO, S.INVITED, answered_at=NOW)], members=frozenset({BO}))
    assert moves(left) == [("ane", "main", None, C.LEFT)]
    gone = left.transitions[0].after
    assert decide(make(), [replace(half, status=S.DECLINED)], [gone], members=frozenset()).transitions == ()
    assert moves(decide(make(), [half], [gone], before=frozenset())) == [("ane", "main", S.INVITED, C.RETURNED)]


def test_a_date_that_is_over_is_history_and_another_date_does_not_take_it_away():
    plan = make("h1", "h2", **CHOICE)
    found = decide(plan, [claim(offering="h2", since=OVER, answered_at=OVER)], [standing(offering="h1")], now=OVER)
    assert moves(found) == [("ane", "h2", None, C.FREED), ("ane", "h2", S.REGISTERED, C.ANSWERED)]


def test_a_date_that_is_new_does_not_invite_those_who_have_chosen():
    """By link nobody is invited anyway; where dates do not exclude each other, everybody is."""
    seat = standing(offering="h1")
    assert moves(decide(make("h1", "h2", **CHOICE), (), [seat])) == [("ane", "h2", None, C.FREED)]
    assert decide(make("h1", "h2", **CHOICE), (), [seat], members=frozenset({BO}), before=frozenset()).transitions == ()
    assert decide(make("h1", "h2", via=ChooseVia.LINK, **CHOICE), (), [seat]).transitions == ()
    assert decide(make("h1", "h2"), (), [seat]).transitions == ()
    assert moves(decide(make("h1", "h2", **CHOICE), [claim(offering="h1")])) == [
        ("ane", "h2", None, C.FREED),
        ("ane", "h1", S.REGISTERED, C.ANSWERED),
    ]


def test_who_came_back_in_time_is_assigned_by_link_too():
    plan = make("h1", "h2", via=ChooseVia.LINK, deadline=DEADLINE, unanswered=Unanswered.ASSIGN, **CHOICE)
    asked = {("k", ANE): NOW}
    back = [standing(status=None, offering=name, cause=C.RETURNED, source=AnswerSource.RULE) for name in ("h1", "h2")]
    assert moves(decide(plan, (), back, now=AFTER, announced=asked))[-1] == ("ane", "h1", S.REGISTERED, C.ASSIGNED)
    too_late = [replace(one, since=AFTER) for one in back]
    assert decide(plan, (), too_late, now=AFTER, announced=asked).transitions == ()
