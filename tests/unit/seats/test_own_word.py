"""What people said themselves stays theirs, whoever moved them since; and a no after a seat is giving it up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.enrolment import EnrolmentMode, LateAnswer
from bot.domain.registrations import AnswerSource
from bot.domain.seats import own_word
from bot.registrations.standing_rows import registration_rows
from tests.builders.settling import AFTER, ANE, BO, DEADLINE, NOBODY, NOW, C, K, S, claim, decide, make, moves, standing, wish

LINE = {"capacity": 1, "waiting_list": True}
EARLIER, LATER = NOW - timedelta(minutes=90), NOW - timedelta(minutes=5)


@pytest.mark.parametrize(
    ("status", "cause", "source", "word"),
    [
        (S.REGISTERED, C.ANSWERED, AnswerSource.OUTLOOK, S.REGISTERED),
        (S.WAITLISTED, C.QUEUED, AnswerSource.WEB, S.REGISTERED),
        (S.DECLINED, C.FULL, AnswerSource.OUTLOOK, S.REGISTERED),
        (S.DECLINED, C.TOO_LATE, AnswerSource.OUTLOOK, S.REGISTERED),
        (S.DECLINED, C.GAVE_UP, AnswerSource.WEB, S.DECLINED),
        (S.WITHDRAWN, C.HANDED_OVER, AnswerSource.WEB, S.WITHDRAWN),
        (S.REGISTERED, C.TAKEN_OVER, AnswerSource.WEB, None),
        (S.REGISTERED, C.ENROLLED, AnswerSource.HR, None),
        (S.REGISTERED, C.SEAT_OFFERED, AnswerSource.RULE, None),
        (S.INVITED, C.ANSWERED, AnswerSource.OUTLOOK, None),
        (None, C.FREED, AnswerSource.RULE, None),
    ],
)
def test_a_yes_is_a_yes_whatever_came_of_it_and_nobody_else_speaks_for_a_person(status, cause, source, word):
    assert own_word(status, cause, source) is word


def test_who_said_yes_and_was_moved_up_by_a_rule_has_still_said_yes():
    queued = decide(make(**LINE), [claim()], [standing(BO)]).transitions[-1].after
    (given,) = [one.after for one in decide(make(capacity=2, waiting_list=True), (), [standing(BO), queued]).transitions]
    assert (given.cause, given.source, given.said, given.said_at) == (C.SEAT_OFFERED, AnswerSource.RULE, S.REGISTERED, queued.said_at)
    (row,) = registration_rows((), [given], (), in_books=(), people=NOBODY)
    assert (row.said, row.said_at) == (S.REGISTERED, queued.said_at)


def test_who_was_enrolled_by_hr_has_said_nothing_until_they_do():
    (enrolled,) = [one.after for one in decide(make(), (), (), requests=[wish(K.ENROL)]).transitions]
    assert (enrolled.said, enrolled.said_at) == (None, None)
    (noted,) = decide(make(), [claim(since=NOW, answered_at=NOW)], [enrolled]).transitions
    assert (noted.noted, noted.after.said, noted.after.said_at) == (True, S.REGISTERED, NOW)


def test_an_older_word_that_is_read_late_does_not_replace_a_newer_one():
    newer = standing(cause=C.CHOSEN, source=AnswerSource.WEB, said=S.REGISTERED, said_at=LATER, answered_at=None, since=LATER)
    (noted,) = decide(make(), [claim(status=S.DECLINED, minutes=30)], [newer]).transitions
    assert (noted.noted, noted.after.said, noted.after.said_at) == (True, S.REGISTERED, LATER)


def test_what_was_answered_where_no_seats_are_given_is_said_too():
    said, half = claim(status=S.TENTATIVE), claim(BO, S.INVITED, answered_at=NOW)
    by_rule = claim("cai@by.example", S.WITHDRAWN, source=AnswerSource.RULE)
    rows = registration_rows([said, half, by_rule], (), (), in_books=(), people=NOBODY)
    assert [(row.said, row.said_at) for row in rows] == [(S.TENTATIVE, said.answered_at), (None, None), (None, None)]


class TestANoAfterASeat:
    @pytest.mark.parametrize("cause", [C.ANSWERED, C.CHOSEN, C.ENROLLED, C.ASSIGNED, C.SEAT_OFFERED])
    @pytest.mark.parametrize("between", [False, True])
    def test_is_giving_it_up_however_it_was_had_and_whatever_was_said_in_between(self, cause, between):
        stood = standing(cause=cause)
        if between:
            (maybe,) = decide(make(), [claim(status=S.TENTATIVE, minutes=30)], [stood]).transitions
            stood = maybe.after
            assert stood.status is S.TENTATIVE
        assert moves(decide(make(), [claim(status=S.DECLINED)], [stood]))[-1][2] is S.WITHDRAWN
        assert moves(decide(make(), (), [stood], requests=[wish(K.GIVE_UP)]))[-1][2] is S.WITHDRAWN

    @pytest.mark.parametrize(
        ("plan", "taken", "status"),
        [
            (make(), 0, S.WITHDRAWN),
            (make(capacity=1), 1, S.DECLINED),
            (make(deadline=DEADLINE, late=LateAnswer.REFUSE), 0, S.DECLINED),
            (make(deadline=DEADLINE), 0, S.WITHDRAWN),
        ],
    )
    def test_is_the_same_where_yes_and_no_are_read_together(self, plan, taken, status):
        """What would have become of the yes decides."""
        no = claim(status=S.WITHDRAWN, since=AFTER, answered_at=AFTER, accepted_at=AFTER)
        found = decide(plan, [no], [standing(BO)] * taken, now=AFTER + timedelta(hours=1))
        assert moves(found) == [("ane", "main", status, C.ANSWERED)]

    def test_after_yes_and_maybe_that_were_read_together_too(self):
        maybe = claim(status=S.TENTATIVE, minutes=30, accepted_at=NOW - timedelta(minutes=40))
        (first,) = decide(make(), [maybe], ()).transitions
        assert moves(decide(make(), [claim(status=S.DECLINED)], [first.after])) == [("ane", "main", S.WITHDRAWN, C.ANSWERED)]

    def test_counts_no_yes_that_was_considered_before(self):
        """Who said yes to a full date, and no to it later, never had a seat."""
        turned_away = standing(status=S.DECLINED, cause=C.FULL, had_seat=False)
        maybe = claim(status=S.TENTATIVE, accepted_at=turned_away.answered_at)
        (after,) = decide(make(), [maybe], [replace(turned_away, status=S.INVITED, cause=C.RETURNED)]).transitions
        assert not after.after.had_seat


class TestNotConfirmedSinceItWasMoved:
    @pytest.mark.parametrize(
        ("stood", "moved_at", "unconfirmed"),
        [
            (standing(said=S.REGISTERED, said_at=EARLIER), None, False),
            (standing(said=S.REGISTERED, said_at=EARLIER), NOW, True),
            (standing(status=S.TENTATIVE), NOW, True),
            (standing(said=S.REGISTERED, said_at=LATER), NOW - timedelta(minutes=30), False),
            (standing(cause=C.ENROLLED, source=AnswerSource.HR, minutes=10), NOW - timedelta(minutes=30), False),
            (standing(cause=C.ENROLLED, source=AnswerSource.HR), NOW, True),
            (standing(status=S.WAITLISTED), NOW, False),
            (standing(status=S.WITHDRAWN), NOW, False),
        ],
    )
    def test_is_a_seat_whose_last_word_is_older_than_the_move(self, stood, moved_at, unconfirmed):
        moved = {} if moved_at is None else {("k", "main", ANE): moved_at}
        (row,) = registration_rows((), [stood], (), in_books=(), people=NOBODY, moved=moved)
        assert row.unconfirmed is unconfirmed


def test_a_choice_by_link_is_a_word_and_frees_the_others_without_one():
    found = decide(
        make("h1", "h2", mode=EnrolmentMode.CHOOSE), (), (), requests=[replace(wish(K.CHOOSE, offering="h1"), source=AnswerSource.WEB)]
    )
    assert [(one.after.offering, one.after.said) for one in found.transitions] == [("h2", None), ("h1", S.REGISTERED)]
