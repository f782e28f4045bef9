"""The table of `bot.seats.settle`, and the refusals of `bot.seats.requests`, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.enrolment import ChooseVia, EnrolmentMode, LateAnswer, Unanswered
from bot.domain.plan import CourseStatus
from bot.domain.registrations import AnswerSource
from bot.domain.seats import RULES
from bot.seats.settle import Audiences, settle
from tests.builders.settling import AFTER, ANE, BO, CAI, DEADLINE, EVERYBODY, NOW, C, K, R, S, claim, decide, make, moves, standing, wish


@pytest.mark.parametrize(
    ("enrolment", "taken", "now", "status", "cause"),
    [
        ({}, 0, NOW, S.REGISTERED, C.ANSWERED),
        ({"capacity": 1, "waiting_list": True}, 1, NOW, S.WAITLISTED, C.QUEUED),
        ({"capacity": 1}, 1, NOW, S.DECLINED, C.FULL),
        ({"capacity": 2}, 1, NOW, S.REGISTERED, C.ANSWERED),
    ],
)
def test_an_accept_takes_a_seat_a_place_in_line_or_nothing(enrolment, taken, now, status, cause):
    seated = [standing(BO)] * taken
    assert moves(decide(make(**enrolment), [claim()], seated, now=now)) == [("ane", "main", status, cause)]


@pytest.mark.parametrize(
    ("enrolment", "taken", "status", "cause"),
    [
        ({"late": LateAnswer.ACCEPT}, 0, S.REGISTERED, C.ANSWERED),
        ({"late": LateAnswer.ACCEPT, "capacity": 1, "waiting_list": True}, 1, S.DECLINED, C.FULL),
        ({"late": LateAnswer.WAITLIST, "capacity": 9, "waiting_list": True}, 0, S.WAITLISTED, C.QUEUED),
        ({"late": LateAnswer.REFUSE}, 0, S.DECLINED, C.TOO_LATE),
    ],
)
def test_a_late_accept_does_what_the_plan_says_and_is_flagged(enrolment, taken, status, cause):
    late = claim(since=AFTER, answered_at=AFTER)
    found = decide(make(deadline=DEADLINE, **enrolment), [late], [standing(BO)] * taken, now=AFTER)
    assert (moves(found), found.transitions[0].after.late) == ([("ane", "main", status, cause)], True)


@pytest.mark.parametrize(
    ("before", "answer", "status", "cause"),
    [
        (S.REGISTERED, S.TENTATIVE, S.TENTATIVE, C.ANSWERED),
        (S.REGISTERED, S.WITHDRAWN, S.WITHDRAWN, C.ANSWERED),
        (S.REGISTERED, S.INVITED, S.INVITED, C.ANSWERED),
        (S.TENTATIVE, S.DECLINED, S.DECLINED, C.ANSWERED),
        (S.INVITED, S.WITHDRAWN, S.DECLINED, C.ANSWERED),
    ],
)
def test_another_answer_moves(before, answer, status, cause):
    now_said = claim(status=answer, answered_at=NOW - timedelta(minutes=1), accepted_at=NOW - timedelta(minutes=90))
    assert moves(decide(make(), [now_said], [standing(status=before)])) == [("ane", "main", status, cause)]


def test_declining_in_line_gives_the_place_up_without_bringing_the_invitation_back():
    waiting = standing(status=S.WAITLISTED, cause=C.QUEUED)
    assert moves(decide(make(capacity=1, waiting_list=True), [claim(status=S.DECLINED)], [standing(BO), waiting])) == [
        ("ane", "main", S.DECLINED, C.GAVE_UP)
    ]


def test_who_accepted_and_declined_before_anything_was_read_gave_a_seat_up():
    assert moves(decide(make(), [claim(status=S.WITHDRAWN)])) == [("ane", "main", S.WITHDRAWN, C.ANSWERED)]
    assert moves(decide(make(), [claim(status=S.DECLINED)])) == [("ane", "main", S.DECLINED, C.ANSWERED)]
    by_rule = claim(status=S.WITHDRAWN, source=AnswerSource.RULE)
    assert moves(decide(make(), [by_rule], members=frozenset({BO}))) == [("ane", "main", S.WITHDRAWN, C.LEFT)]


@pytest.mark.parametrize(
    ("before", "answer"),
    [
        (standing(), S.REGISTERED),
        (standing(status=S.WAITLISTED, cause=C.QUEUED), S.REGISTERED),
        (standing(status=None, cause=C.FREED), S.TENTATIVE),
        (standing(status=None, cause=C.FREED), S.DECLINED),
        (standing(status=S.WITHDRAWN, cause=C.WITHDRAWN), S.REGISTERED),
        (standing(status=S.DECLINED), S.INVITED),
    ],
)
def test_an_answer_that_says_nothing_new_is_noted_once(before, answer):
    plan = make(capacity=1, waiting_list=True)
    said = claim(status=answer, answered_at=NOW - timedelta(minutes=1))
    others = [] if before.has_seat else [standing(BO)]
    others += [standing(offering="its-other-date")] if before.cause is C.FREED else []
    found = decide(plan, [said], [before, *others])
    assert [(one.noted, one.after.status, one.after.cause) for one in found.transitions] == [(True, before.status, before.cause)]
    assert decide(plan, [said], [found.transitions[0].after, *others]).transitions == ()


def test_a_seat_goes_with_the_session_that_took_it_where_all_that_is_left_got_a_no():
    """Yes to the second day, no to the first; the second is dropped, and nobody comes to a day that they said no to."""
    only_the_no = claim(status=S.DECLINED, minutes=90)
    found = decide(make(capacity=1, waiting_list=True), [only_the_no], [standing(), standing(BO, S.WAITLISTED, cause=C.QUEUED)])
    assert moves(found) == [("ane", "main", S.WITHDRAWN, C.ANSWERED), ("bo", "main", S.REGISTERED, C.SEAT_OFFERED)]
    after = {one.after.email: one.after for one in found.transitions}
    assert decide(make(capacity=1, waiting_list=True), [only_the_no], after.values()).transitions == ()


def test_unless_that_seat_was_given_up_for_another_just_now():
    """The place in line on the other date became a seat a moment before the no is considered."""
    dates = make("h1", "h2", mode=EnrolmentMode.CHOOSE, capacity=1, waiting_list=True)
    stands = standing(offering="h1", minutes=40), standing(BO, offering="h2", minutes=120)
    waits = standing(status=S.WAITLISTED, offering="h2", cause=C.QUEUED, minutes=100)
    said = claim(BO, S.WITHDRAWN, "h2", minutes=55), claim(status=S.DECLINED, offering="h1", minutes=50)
    assert moves(decide(dates, said, [*stands, waits]))[1:] == [
        ("bo", "h2", S.WITHDRAWN, C.ANSWERED),
        ("ane", "h1", None, C.FREED),
        ("ane", "h2", S.REGISTERED, C.SEAT_OFFERED),
    ]


@pytest.mark.parametrize("stands", [standing(cause=C.ENROLLED, source=AnswerSource.HR), standing(cause=C.CHOSEN, source=AnswerSource.WEB)])
def test_a_seat_that_was_taken_by_no_answer_stays_with_the_offering(stands):
    assert decide(make(), [claim(status=S.DECLINED, minutes=90)], [stands]).transitions == ()


def test_nobody_is_considered_who_was_not_invited_or_has_said_nothing_or_is_over():
    assert decide(make(), [claim(invited=False), claim(BO, S.INVITED), claim(CAI, S.INVITED, answered_at=NOW)]).transitions == ()
    assert decide(make(), [claim(offering="borte")]).transitions == ()
    assert decide(make(), [claim()], now=datetime(2025, 7, 1, tzinfo=UTC)).transitions == ()
    assert decide(make(status=CourseStatus.SAVE_THE_DATE), [claim()]).transitions == ()


def test_a_seat_on_one_date_frees_the_others_and_the_latest_answer_counts():
    plan = make("h1", "h2", mode=EnrolmentMode.CHOOSE)
    said = [claim(offering="h1", minutes=10), claim(offering="h2", minutes=5)]
    assert moves(decide(plan, said)) == [
        ("ane", "h2", None, C.FREED),
        ("ane", "h1", S.REGISTERED, C.ANSWERED),
        ("ane", "h1", None, C.FREED),
        ("ane", "h2", S.REGISTERED, C.ANSWERED),
    ]
    assert decide(make("h1", "h2"), said).transitions[-1].after.offering == "h2"


def test_the_line_moves_in_order_and_what_is_given_up_elsewhere_moves_on():
    """Bo waits for h1 with a seat on h2; Cai waits for h2: one seat that falls free moves both."""
    plan = make("h1", "h2", mode=EnrolmentMode.CHOOSE, capacity=1, waiting_list=True)
    lines = [
        standing(ANE, offering="h1", status=S.WITHDRAWN),
        standing(BO, offering="h1", status=S.WAITLISTED, cause=C.QUEUED, minutes=30),
        standing(BO, offering="h2"),
        standing(CAI, offering="h2", status=S.WAITLISTED, cause=C.QUEUED),
        standing(CAI, offering="h1", status=S.DECLINED),
    ]
    assert moves(decide(plan, (), lines)) == [
        ("bo", "h2", None, C.FREED),
        ("bo", "h1", S.REGISTERED, C.SEAT_OFFERED),
        ("cai", "h2", S.REGISTERED, C.SEAT_OFFERED),
    ]


def test_the_line_stands_still_after_the_deadline_and_in_the_last_hours():
    waiting = [standing(status=S.WAITLISTED, cause=C.QUEUED)]
    plan = make(capacity=1, waiting_list=True, deadline=DEADLINE)
    assert decide(plan, (), waiting, now=AFTER).transitions == ()
    longer = make(capacity=1, waiting_list=True, deadline=DEADLINE, waiting_list_until=datetime(2025, 6, 2, 9))
    assert len(decide(longer, (), waiting, now=AFTER).transitions) == 1
    last_evening = datetime(2025, 6, 2, 8, tzinfo=UTC)
    assert decide(make(capacity=1, waiting_list=True), (), waiting, now=last_evening).transitions == ()
    assert len(decide(make(capacity=1, waiting_list=True), (), waiting, now=last_evening, quiet_hours=2).transitions) == 1


def test_leaving_the_audience_frees_the_seat_and_coming_back_is_an_invitation():
    left = decide(make(), (), [standing(), standing(BO, S.TENTATIVE), standing(CAI, S.WITHDRAWN)], members=frozenset())
    assert moves(left) == [("ane", "main", S.WITHDRAWN, C.LEFT), ("bo", "main", None, C.LEFT), ("cai", "main", S.WITHDRAWN, C.LEFT)]
    gone = [one.after for one in left.transitions]
    assert decide(make(), (), gone, members=frozenset(), before=frozenset()).transitions == ()
    assert moves(decide(make(), (), gone[:1], before=frozenset())) == [("ane", "main", S.INVITED, C.RETURNED)]
    signup = make(mode=EnrolmentMode.SIGNUP)
    assert moves(decide(signup, (), gone[:1], before=frozenset())) == [("ane", "main", None, C.RETURNED)]


def test_an_answer_of_somebody_whom_the_audience_does_not_know_waits_for_a_sync():
    """Left, and still on the event because the calendar could not be written; or invited a moment ago by a sync that was cut off."""
    nobody, answered = {"alle": frozenset()}, [claim()]
    unread = Audiences(today=nobody, before=nobody, has_read=False)
    assert settle(make(), answered, (), unread, now=NOW).transitions == ()
    assert moves(decide(make(), answered, members=frozenset(), before=frozenset())) == [("ane", "main", None, C.LEFT)]
    assert moves(decide(make(), answered, before=frozenset())) == [("ane", "main", S.REGISTERED, C.ANSWERED)]
    enrolled = [standing(cause=C.ENROLLED)]
    assert moves(decide(make(), [claim(status=S.TENTATIVE)], enrolled, members=frozenset(), before=frozenset())) == [
        ("ane", "main", S.TENTATIVE, C.ANSWERED)
    ]


def test_an_unknown_audience_moves_nobody_and_an_erased_person_frees_the_seat():
    unknown = settle(make(), (), [standing()], Audiences(today={}, before={"alle": EVERYBODY}), now=NOW)
    assert unknown.transitions == ()
    gone = settle(make(), (), [standing("erased-1")], Audiences(today={}, before={}), now=NOW)
    assert [(one.after.status, one.after.cause) for one in gone.transitions] == [(S.WITHDRAWN, C.LEFT)]
    begun = datetime(2025, 6, 3, 8, tzinfo=UTC)
    assert decide(make(), (), [standing()], members=frozenset(), now=begun).transitions == ()


def test_after_the_deadline_the_silent_are_released_or_spread_over_the_free_seats():
    silent = [claim(who, S.INVITED, offering) for who in (ANE, BO, CAI) for offering in ("h1", "h2")]
    rules = {"mode": EnrolmentMode.CHOOSE, "deadline": DEADLINE}
    released = decide(make("h1", "h2", unanswered=Unanswered.RELEASE, **rules), silent, now=AFTER)
    assert {one.after.cause for one in released.transitions} == {C.UNANSWERED}
    assert len(released.transitions) == 6
    assert decide(make("h1", "h2", **rules), silent, now=AFTER).transitions == ()
    seats = decide(make("h1", "h2", unanswered=Unanswered.ASSIGN, capacity=1, **rules), silent, now=AFTER)
    assert [move for move in moves(seats) if move[2]] == [("ane", "h1", S.REGISTERED, C.ASSIGNED), ("bo", "h2", S.REGISTERED, C.ASSIGNED)]
    assert [one.unplaced for one in seats.seats] == [(CAI,), ()]
    unlimited = decide(make("h1", "h2", unanswered=Unanswered.ASSIGN, **rules), silent, now=AFTER)
    assert [offering for _, offering, status, _ in moves(unlimited) if status] == ["h1", "h2", "h1"]


def test_only_who_was_asked_in_time_is_assigned_and_only_the_required():
    rules = {"mode": EnrolmentMode.CHOOSE, "deadline": DEADLINE, "unanswered": Unanswered.ASSIGN}
    joined_later = claim(ANE, S.INVITED, "h1", since=AFTER)
    assert decide(make("h1", "h2", **rules), [joined_later], now=AFTER).transitions == ()
    plan = make("h1", "h2", **rules)
    (course,) = plan.courses
    optional = replace(plan, courses=(replace(course, audience=(), optional_audience=("alle",)),))
    assert decide(optional, [claim(ANE, S.INVITED, "h1")], now=AFTER).transitions == ()
    by_link = make("h1", "h2", via=ChooseVia.LINK, **rules)
    asked = {("k", ANE): NOW, ("k", BO): AFTER, ("k", CAI): NOW}
    found = decide(by_link, (), [standing(CAI, S.DECLINED, "h1"), standing(CAI, S.DECLINED, "h2")], now=AFTER, announced=asked)
    assert moves(found) == [("ane", "h1", S.REGISTERED, C.ASSIGNED)]
    back = standing(ANE, S.INVITED, "h1", C.RETURNED)
    assert moves(decide(plan, [claim(ANE, S.INVITED, "h1")], [back], now=AFTER))[-1] == ("ane", "h1", S.REGISTERED, C.ASSIGNED)
    released_by_link = make("h1", "h2", via=ChooseVia.LINK, mode=EnrolmentMode.CHOOSE, deadline=DEADLINE, unanswered=Unanswered.RELEASE)
    assert decide(released_by_link, (), (), now=AFTER, announced=asked).transitions == ()


@pytest.mark.parametrize(
    ("enrolment", "request_", "standings", "reason"),
    [
        ({}, wish(K.ENROL, offering="h9"), (), R.UNKNOWN_OFFERING),
        ({"status": CourseStatus.PROPOSED}, wish(K.ENROL), (), R.NOT_APPROVED),
        ({}, replace(wish(K.ENROL), at=datetime(2025, 6, 3, 8, tzinfo=UTC)), (), R.BEGUN),
        ({}, wish(K.CHOOSE, "ude@by.example"), (), R.NOT_INVITED),
        ({}, wish(K.CHOOSE), (standing(),), R.NOTHING_TO_DO),
        ({"opens": datetime(2025, 5, 5, 9)}, wish(K.CHOOSE), (), R.NOT_OPEN),
        ({"deadline": DEADLINE, "late": LateAnswer.REFUSE}, replace(wish(K.CHOOSE), at=AFTER), (), R.CLOSED),
        ({"capacity": 1}, wish(K.CHOOSE), (standing(BO),), R.FULL),
        ({}, wish(K.GIVE_UP), (standing(status=S.DECLINED),), R.NOTHING_TO_DO),
        ({}, wish(K.WITHDRAW, "ude@by.example"), (), R.NOT_THERE),
        ({}, wish(K.WITHDRAW), (), R.NOT_THERE),
        ({}, wish(K.WITHDRAW), (standing(status=None, cause=C.UNANSWERED),), R.NOT_THERE),
        ({}, wish(K.WITHDRAW), (standing(status=S.DECLINED),), R.NOTHING_TO_DO),
        ({}, wish(K.HAND_OVER, to=BO), (standing(),), R.NO_HANDOVER),
        ({"handover": True}, wish(K.HAND_OVER, to=BO), (), R.NO_SEAT),
        ({"handover": True}, wish(K.HAND_OVER, to="ude@by.example"), (standing(),), R.NOT_INVITED),
        ({"handover": True}, wish(K.HAND_OVER, to=BO), (standing(), standing(BO)), R.HAS_SEAT),
        ({}, wish(K.ENROL), (standing(),), R.NOTHING_TO_DO),
        ({"capacity": 1}, wish(K.ENROL), (standing(BO),), R.FULL),
        ({}, wish(K.MOVE), (standing(),), R.NOTHING_TO_DO),
        ({}, wish(K.MOVE), (), R.NOWHERE),
        ({}, wish(K.GIVE_UP, "ude@by.example"), (), R.NOTHING_TO_DO),
        ({"capacity": 1}, wish(K.MOVE), (standing(BO), standing(status=S.DECLINED)), R.FULL),
        ({}, wish(K.PROMOTE), (), R.NOT_WAITING),
        ({"capacity": 1, "waiting_list": True}, wish(K.PROMOTE), (standing(BO), standing(status=S.WAITLISTED, cause=C.QUEUED)), R.FULL),
    ],
)
def test_a_wish_that_leads_to_nothing_says_why(enrolment, request_, standings, reason):
    found = decide(make(**enrolment), (), standings, requests=[request_])
    assert [one.reason for one in found.refusals] == [reason]
    assert [move for move in moves(found) if move[3] in {C.CHOSEN, C.ENROLLED, C.MOVED, C.PROMOTED, C.TAKEN_OVER}] == []


FULL_WITH_LINE = {"capacity": 1, "waiting_list": True}


@pytest.mark.parametrize(
    ("enrolment", "request_", "standings", "expected"),
    [
        ({}, wish(K.CHOOSE), (), [("ane", S.REGISTERED, C.CHOSEN)]),
        (FULL_WITH_LINE, wish(K.CHOOSE), (standing(BO),), [("ane", S.WAITLISTED, C.QUEUED)]),
        ({}, wish(K.GIVE_UP), (standing(),), [("ane", S.WITHDRAWN, C.GAVE_UP)]),
        ({}, wish(K.GIVE_UP), (), [("ane", S.DECLINED, C.GAVE_UP)]),
        ({"handover": True, **FULL_WITH_LINE}, wish(K.HAND_OVER, to=BO), (standing(),),
         [("ane", S.WITHDRAWN, C.HANDED_OVER), ("bo", S.REGISTERED, C.TAKEN_OVER)]),
        ({}, wish(K.ENROL, "ude@by.example"), (), [("ude", S.REGISTERED, C.ENROLLED)]),
        (FULL_WITH_LINE, wish(K.ENROL, queue=True), (standing(BO),), [("ane", S.WAITLISTED, C.QUEUED)]),
        ({}, wish(K.WITHDRAW), (standing(),), [("ane", S.WITHDRAWN, C.WITHDRAWN)]),
        ({}, wish(K.MOVE), (standing(status=S.TENTATIVE),), [("ane", S.REGISTERED, C.MOVED)]),
        ({"deadline": datetime(2025, 4, 1, 9), **FULL_WITH_LINE}, wish(K.PROMOTE, ""), (standing(status=S.WAITLISTED, cause=C.QUEUED),),
         [("ane", S.REGISTERED, C.PROMOTED)]),
    ],
)  # fmt: skip
def test_a_wish_is_granted_at_once(enrolment, request_, standings, expected):
    found = decide(make(**enrolment), (), standings, requests=[request_])
    assert found.refusals == ()
    assert [(who, status, cause) for who, _, status, cause in moves(found)] == expected


@pytest.mark.parametrize(("by", "logged"), [("hr.hansen", ["hr.hansen", "hr.hansen"]), ("", ["", ANE])])
def test_the_log_says_who_handed_a_seat_over(by, logged):
    """HR where HR did it; otherwise the giver, whose line needs no name."""
    found = decide(make(handover=True), (), (standing(),), requests=[wish(K.HAND_OVER, to=BO, by=by)])
    assert [one.after.by for one in found.transitions] == logged


def test_the_line_is_not_joined_twice_and_a_cancelled_course_gives_out_no_seats():
    waiting = (standing(BO), standing(status=S.WAITLISTED, cause=C.QUEUED))
    found = decide(make(**FULL_WITH_LINE), (), waiting, requests=[wish(K.ENROL, queue=True)])
    assert [one.reason for one in found.refusals] == [R.NOTHING_TO_DO]
    assert decide(make(status=CourseStatus.CANCELLED)).seats == ()


def test_more_registered_than_seats_are_reported_and_nobody_is_thrown_out():
    found = decide(make(capacity=1), (), [standing(), standing(BO)])
    assert (found.transitions, [one.over for one in found.seats]) == ((), [1])
    assert [one.over for one in decide(make(), (), [standing()]).seats] == [0]


def test_hr_turns_away_who_came_with_a_forwarded_invitation_and_nobody_is_told_that_they_are_withdrawn():
    """Their Outlook gets the cancellation; they had no seat to lose."""
    guest = claim("gaest@firma.example", invited=False)
    settlement = decide(make(capacity=1), [guest], requests=[wish(K.WITHDRAW, guest.email)])
    assert moves(settlement) == [("gaest", "main", None, C.TURNED_AWAY)]
    (moved,) = settlement.transitions
    assert moved.is_seen
    assert RULES[C.TURNED_AWAY].message is None
    # Once more, or for somebody who is nowhere: nothing to do.
    after = [moved.after]
    assert [one.reason for one in decide(make(), [guest], after, now=NOW, requests=[wish(K.WITHDRAW, guest.email)]).refusals]


def test_who_was_turned_away_is_invited_when_they_join_the_audience_and_not_before():
    away = standing("gaest@firma.example", None, cause=C.TURNED_AWAY)
    assert moves(decide(make(), [], [away])) == []
    joined = EVERYBODY | {away.email}
    assert moves(decide(make(), [], [away], members=joined)) == [("gaest", "main", S.INVITED, C.RETURNED)]
    assert moves(decide(make(), [], [away], members=joined, before=joined)) == []


def test_who_has_said_something_by_the_deadline_is_not_among_the_silent_and_keeps_to_it():
    """No date is assigned to them beside it, and their seat counts where the others are spread."""
    rules = {"mode": EnrolmentMode.CHOOSE, "deadline": DEADLINE, "unanswered": Unanswered.ASSIGN}
    claims = [claim(who, S.INVITED, offering) for who in (ANE, BO) for offering in ("h1", "h2")]
    seated = standing(ANE, S.REGISTERED, "h1")
    found = moves(decide(make("h1", "h2", **rules), claims, [seated], now=AFTER))
    assert [(who, offering, cause) for who, offering, status, cause in found if status] == [("bo", "h2", C.ASSIGNED)]
