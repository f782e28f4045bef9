"""What a sign-up that waits for a manager may come to, row by row of the table in the source."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.enrolment import EnrolmentMode, LateAnswer, Unanswered
from bot.domain.manager_approval import ApprovalRule
from bot.domain.plan import CourseStatus
from bot.domain.registrations import AnswerSource
from bot.domain.seats import Place
from tests.builders.settling import AFTER, ANE, BO, CAI, DEADLINE, NOW, C, K, R, S, claim, decide, make, moves, standing, wish


def asking(*offerings, **enrolment):
    plan = make(*offerings, **enrolment)
    return replace(plan, courses=(replace(plan.courses[0], approval=ApprovalRule()),))


def waiting(email=ANE, offering="main", minutes=60, **more):
    return standing(email, S.AWAITING, offering, C.AWAITS_MANAGER, minutes, said=S.REGISTERED, **more)


def own(kind, email=ANE, offering="main", at=NOW, **more):
    return replace(wish(kind, email, offering, **more), source=AnswerSource.WEB, at=at)


def test_an_acceptance_in_outlook_waits_and_stays_where_it_is():
    settled = decide(asking(), [claim()])
    assert moves(settled) == [("ane", "main", S.AWAITING, C.AWAITS_MANAGER)]
    (line,) = settled.transitions
    assert (line.after.place, line.after.said, line.after.has_seat) == (Place.STAYS, S.REGISTERED, False)
    assert settled.seats[0].awaiting == 1


def test_a_sign_up_by_link_waits_too_and_a_second_press_is_nothing_new():
    assert moves(decide(asking(), requests=[own(K.CHOOSE)])) == [("ane", "main", S.AWAITING, C.AWAITS_MANAGER)]
    assert [one.reason for one in decide(asking(), standings=[waiting()], requests=[own(K.CHOOSE)]).refusals] == [R.NOTHING_TO_DO]


def test_nobody_is_asked_about_a_course_without_seat_or_line():
    full = asking(capacity=1, waiting_list=False)
    assert moves(decide(full, [claim(BO)], [standing()])) == [("bo", "main", S.DECLINED, C.FULL)]
    assert [one.reason for one in decide(full, standings=[waiting()], requests=[own(K.CHOOSE, BO)]).refusals] == [R.FULL]


def test_what_comes_too_late_does_not_wait():
    late = asking(deadline=DEADLINE, late=LateAnswer.REFUSE)
    assert moves(decide(late, [claim(answered_at=AFTER, since=AFTER)], now=AFTER)) == [("ane", "main", S.DECLINED, C.TOO_LATE)]


def test_who_was_late_gets_a_place_in_line_after_the_yes():
    plan = asking(deadline=DEADLINE, capacity=5, waiting_list=True, late=LateAnswer.WAITLIST)
    settled = decide(plan, standings=[waiting(late=True, since=AFTER)], requests=[own(K.APPROVE, at=AFTER)], now=AFTER)
    assert moves(settled) == [("ane", "main", S.WAITLISTED, C.APPROVED_IN_LINE)]
    assert settled.transitions[0].after.since == AFTER


def test_the_last_wish_of_somebody_who_chooses_counts():
    plan = asking("a", "b", mode=EnrolmentMode.CHOOSE)
    settled = decide(plan, [claim(offering="b", minutes=5)], [waiting(offering="a")])
    assert moves(settled) == [("ane", "a", None, C.FREED), ("ane", "b", S.AWAITING, C.AWAITS_MANAGER)]


def test_a_yes_frees_the_other_dates_and_is_nobodys_own_word():
    plan = asking("a", "b", mode=EnrolmentMode.CHOOSE)
    settled = decide(plan, standings=[waiting(offering="a", minutes=70)], requests=[own(K.APPROVE, offering="a")])
    assert moves(settled)[-1] == ("ane", "a", S.REGISTERED, C.APPROVED)
    assert settled.transitions[-1].after.said is S.REGISTERED


@pytest.mark.parametrize(("had_seat", "status"), [(False, S.DECLINED), (True, S.WITHDRAWN)])
def test_a_no_takes_off_whoever_waits(had_seat, status):
    settled = decide(asking(), standings=[waiting(had_seat=had_seat)], requests=[own(K.DISAPPROVE)])
    assert moves(settled) == [("ane", "main", status, C.DISAPPROVED)]
    assert settled.transitions[0].after.place is Place.OFF


def test_an_answer_to_what_does_not_wait_changes_nothing():
    for standings in ([], [standing()], [standing(status=S.DECLINED)]):
        assert [one.reason for one in decide(asking(), standings=standings, requests=[own(K.APPROVE)]).refusals] == [R.NOT_AWAITED]


def test_a_yes_to_a_course_that_has_filled_up_without_a_line_is_told_as_full():
    plan = asking(capacity=1, waiting_list=False)
    assert moves(decide(plan, standings=[standing(BO), waiting()], requests=[own(K.APPROVE)])) == [("ane", "main", S.DECLINED, C.FULL)]


@pytest.mark.parametrize(
    ("status", "then", "cause"),
    [(S.TENTATIVE, S.TENTATIVE, C.ANSWERED), (S.DECLINED, S.DECLINED, C.ANSWERED), (S.INVITED, S.INVITED, C.ANSWERED)],
)
def test_who_answers_otherwise_in_outlook_waits_no_more(status, then, cause):
    assert moves(decide(asking(), [claim(status=status, answered_at=NOW)], [waiting()])) == [("ane", "main", then, cause)]


def test_who_accepts_again_or_signed_up_by_link_goes_on_waiting():
    assert all(one.noted for one in decide(asking(), [claim()], [waiting()]).transitions)
    by_link = waiting(source=AnswerSource.WEB)
    assert all(one.noted for one in decide(asking(), [claim(status=S.INVITED)], [by_link]).transitions)


def test_a_no_read_together_with_a_yes_gives_up_no_seat():
    settled = decide(asking(), [claim(status=S.DECLINED, accepted_at=NOW - timedelta(minutes=20))])
    assert moves(settled) == [("ane", "main", S.DECLINED, C.ANSWERED)]


def test_hrs_word_passes_by_the_managers():
    for kind, cause in ((K.PROMOTE, C.PROMOTED), (K.ENROL, C.ENROLLED)):
        assert moves(decide(asking(capacity=1), standings=[waiting()], requests=[wish(kind)])) == [("ane", "main", S.REGISTERED, cause)]
    assert moves(decide(asking(), standings=[waiting()], requests=[wish(K.WITHDRAW)])) == [("ane", "main", S.DECLINED, C.WITHDRAWN)]
    nobody = decide(asking(), standings=[waiting()], requests=[wish(K.PROMOTE, email="")])
    assert [one.reason for one in nobody.refusals] == [R.NOT_WAITING]


def test_a_seat_is_handed_over_by_hr_alone():
    plan = asking(handover=True)
    assert [one.reason for one in decide(plan, standings=[standing()], requests=[own(K.HAND_OVER, to=BO)]).refusals] == [R.NO_HANDOVER]
    assert moves(decide(plan, standings=[standing()], requests=[wish(K.HAND_OVER, to=BO)]))[-1] == (
        "bo",
        "main",
        S.REGISTERED,
        C.TAKEN_OVER,
    )


def test_who_is_in_line_already_needs_no_second_yes():
    in_line = standing(status=S.WAITLISTED, cause=C.APPROVED_IN_LINE)
    plan = asking(capacity=1, waiting_list=True, deadline=DEADLINE)
    assert moves(decide(plan, standings=[in_line], requests=[own(K.CHOOSE, at=AFTER)], now=AFTER)) == [
        ("ane", "main", S.REGISTERED, C.CHOSEN)
    ]


def test_a_seat_that_a_wish_lets_go_of_is_passed_on_after_the_deadline_too_but_not_in_the_last_hours():
    plan = asking(capacity=1, waiting_list=True, deadline=DEADLINE)
    in_line = standing(BO, S.WAITLISTED, cause=C.APPROVED_IN_LINE, minutes=50)
    said = own(K.DISAPPROVE, at=AFTER)
    assert moves(decide(plan, standings=[waiting(), in_line], requests=[said], now=AFTER))[-1] == (
        "bo",
        "main",
        S.REGISTERED,
        C.SEAT_OFFERED,
    )
    soon = NOW.replace(month=6, day=3, hour=1)
    lasting = decide(plan, standings=[waiting(), in_line], requests=[own(K.DISAPPROVE, at=soon)], now=soon)
    assert moves(lasting) == [("ane", "main", S.DECLINED, C.DISAPPROVED)]


def test_the_rule_assigns_no_seat_that_somebody_waits_for():
    plan = asking("a", "b", mode=EnrolmentMode.CHOOSE, deadline=DEADLINE, capacity=1, unanswered=Unanswered.ASSIGN)
    claims = [claim(email, S.INVITED, offering, since=NOW - timedelta(days=1)) for email in (BO, CAI) for offering in ("a", "b")]
    settled = decide(plan, claims, [waiting(offering="a")], now=AFTER)
    seated = [(who, where) for who, where, status, _ in moves(settled) if status is S.REGISTERED]
    assert seated == [("bo", "b")]


def test_a_date_that_goes_ends_the_wish_and_a_course_without_approval_releases_it():
    cancelled = asking(status=CourseStatus.CANCELLED)
    settled = decide(cancelled, standings=[waiting()])
    assert moves(settled) == [("ane", "main", None, C.OFFERING_GONE)]
    assert [one.waited for one in settled.dropped] == [False]  # Outlook takes it out of the calendar, and says so
    by_link = decide(cancelled, standings=[waiting(source=AnswerSource.WEB)])
    assert [one.waited for one in by_link.dropped] == [True]
    assert moves(decide(make(), standings=[waiting()])) == [("ane", "main", S.REGISTERED, C.APPROVED)]
    begun = NOW.replace(month=6, day=3, hour=8)
    assert moves(decide(make(), standings=[waiting()], now=begun)) == []


def test_who_leaves_the_audience_waits_no_more():
    assert moves(decide(asking(), standings=[waiting()], members=frozenset({BO}))) == [("ane", "main", None, C.LEFT)]
