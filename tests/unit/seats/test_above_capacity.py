"""HR gives a seat beyond the capacity where it says so, and why."""

from __future__ import annotations

import pytest

from bot.domain.enrolment import ChooseVia, EnrolmentMode
from tests.builders.settling import ANE, BO, CAI, C, K, R, S, decide, make, standing, wish

FULL = make("main", "two", capacity=1)
KINDS = [
    (K.ENROL, standing(status=S.INVITED), C.ENROLLED),
    (K.MOVE, standing(offering="two"), C.MOVED),
    (K.PROMOTE, standing(status=S.WAITLISTED), C.PROMOTED),
]


@pytest.mark.parametrize(("kind", "mine", "cause"), KINDS)
def test_a_seat_above_the_capacity_is_given_with_a_reason_and_counted(kind, mine, cause):
    settled = decide(FULL, standings=[standing(BO), mine], requests=[wish(kind, above=True, reason="Afløser")])
    assert settled.refusals == ()
    assert settled.transitions[-1].after.cause is cause
    assert (settled.seats[0].registered, settled.seats[0].over) == (2, 1)


@pytest.mark.parametrize(("kind", "mine", "cause"), KINDS)
def test_it_is_refused_without_a_reason_and_as_full_where_nobody_asks_for_it(kind, mine, cause):
    for asked, why in ((wish(kind, above=True), R.REASON_MISSING), (wish(kind, reason="Afløser"), R.FULL)):
        settled = decide(FULL, standings=[standing(BO), mine], requests=[asked])
        assert [one.reason for one in settled.refusals] == [why]
        assert [one.after.email for one in settled.transitions if one.after.cause is cause] == []


@pytest.mark.parametrize(("kind", "mine"), [one[:2] for one in KINDS[:2]])
def test_a_free_seat_needs_no_reason(kind, mine):
    settled = decide(FULL, standings=[mine], requests=[wish(kind, above=True)])
    assert settled.refusals == ()


def test_who_waits_gets_the_seat_and_not_a_place_in_line_where_both_are_said():
    waits = standing(status=S.WAITLISTED)
    settled = decide(FULL, standings=[standing(BO), waits], requests=[wish(K.ENROL, above=True, queue=True, reason="Afløser")])
    assert [one.after.cause for one in settled.transitions] == [C.ENROLLED]


def test_a_seat_above_the_capacity_that_is_given_up_goes_to_nobody():
    """The line waits until there is a free one."""
    people = [standing(ANE), standing(BO), standing(CAI, S.WAITLISTED)]
    settled = decide(FULL, standings=people, requests=[wish(K.WITHDRAW)])
    assert [(one.after.email, one.after.cause) for one in settled.transitions] == [(ANE, C.WITHDRAWN)]


def test_an_exclusive_course_still_frees_the_other_date():
    exclusive = make("main", "two", capacity=1, mode=EnrolmentMode.CHOOSE, via=ChooseVia.LINK)
    settled = decide(exclusive, standings=[standing(BO), standing(offering="two")], requests=[wish(K.ENROL, above=True, reason="Afløser")])
    assert [(one.after.offering, one.after.cause) for one in settled.transitions] == [("two", C.FREED), ("main", C.ENROLLED)]
