"""The plan as it is decided: the tables of `bot.domain.assumptions` and `bot.domain.decided`."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.assumptions import ALWAYS, Assumption, OutcomeStanding, Term, can_both_hold, condition_text, standing
from bot.domain.decided import as_decided, values_of
from bot.domain.funding import CourseFunding
from bot.domain.people import Language
from bot.domain.plan import Course, CoursePlan, CourseSession, CourseStatus, Offering

YES, NO, ONE_DAY = (
    Term(assumption="midler", outcome=True), Term(assumption="midler", outcome=False), Term(assumption="form", outcome="en-dag"),
)  # fmt: skip
Status = CourseStatus


@pytest.mark.parametrize(
    ("condition", "decided", "stands"),
    [
        ((), {}, OutcomeStanding.HOLDS),
        ((YES,), {"midler": True}, OutcomeStanding.HOLDS),
        ((YES,), {"midler": False}, OutcomeStanding.FAILS),
        ((NO,), {"midler": False}, OutcomeStanding.HOLDS),
        ((YES,), {"midler": None}, OutcomeStanding.OPEN),
        ((YES,), {}, OutcomeStanding.OPEN),
        ((YES, ONE_DAY), {"midler": True, "form": "en-dag"}, OutcomeStanding.HOLDS),
        ((YES, ONE_DAY), {"midler": True, "form": None}, OutcomeStanding.OPEN),
        ((YES, ONE_DAY), {"midler": None, "form": "flere-dage"}, OutcomeStanding.FAILS),
        ((YES, ONE_DAY), {"midler": False, "form": None}, OutcomeStanding.FAILS),
    ],
)
def test_a_condition_holds_fails_or_is_open_by_the_table(condition, decided, stands):
    """One term that came out otherwise settles it, whatever else is open."""
    assert standing(condition, decided) is stands


@pytest.mark.parametrize(
    ("condition", "other", "together"),
    [
        ((), (YES,), True),
        ((YES,), (YES,), True),
        ((YES,), (NO,), False),
        ((YES,), (ONE_DAY,), True),
        ((ONE_DAY, YES), (NO, ONE_DAY), False),
    ],
)
def test_two_conditions_can_both_hold_unless_they_want_two_outcomes_of_one_assumption(condition, other, together):
    """Whichever is asked first."""
    assert can_both_hold(condition, other) is can_both_hold(other, condition) is together


def test_a_condition_is_written_as_the_format_has_it():
    """Joined by `and`."""
    assert [condition_text(one) for one in (ALWAYS, (YES,), (NO, ONE_DAY))] == ["", "midler", "not midler and form = en-dag"]


def made(*courses, midler=None):
    return CoursePlan(
        id="demo", revision="", organisation="D", timezone="Europe/Copenhagen", language=Language.DA, organiser="a@b.example",
        contact="a@b.example", assumptions=(Assumption(id="midler", value=midler),), courses=courses,
    )  # fmt: skip


def made_course(status=Status.APPROVED, **changes):
    return Course(id="k", title="K", status=status, **changes)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("midler", [True, False, None])
def test_a_course_is_there_is_open_or_is_not_there(status, midler):
    """Undecided, what would be sent is as if it were proposed; anything else is what it is."""
    plan = as_decided(made(made_course(status, when=(YES,)), midler=midler))
    open_status = Status.PROPOSED if status in {Status.APPROVED, Status.SAVE_THE_DATE} else status
    expected = {True: [status], False: [], None: [open_status]}[midler]
    assert [course.status for course in plan.courses] == expected
    assert all(course.when == ALWAYS for course in plan.courses)


def test_offerings_and_sessions_are_there_only_where_their_condition_holds():
    """An offering that has lost all its sessions is nothing to choose; one that never had any stays."""
    sessions = (CourseSession(id="a", when=(YES,)), CourseSession(id="b", when=(NO,)), CourseSession(id="c"))
    offerings = (
        Offering(id="alt", sessions=sessions),
        Offering(id="ja", when=(YES,), sessions=sessions[2:]),
        Offering(id="nej", when=(NO,), sessions=sessions[2:]),
        Offering(id="kun-ja", sessions=sessions[:1]),
        Offering(id="tom"),
    )
    course = made_course(offerings=offerings)

    def there(*, midler):
        (found,) = as_decided(made(course, midler=midler)).courses
        return {offering.id: "".join(session.id for session in offering.sessions) for offering in found.offerings}

    assert there(midler=True) == {"alt": "ac", "ja": "c", "kun-ja": "a", "tom": ""}
    assert there(midler=False) == {"alt": "bc", "nej": "c", "tom": ""}
    assert there(midler=None) == {"alt": "c", "tom": ""}


def test_money_under_an_open_decision_stays_with_its_condition():
    """And goes where it came out otherwise."""
    funding = (CourseFunding(pool="p", amount=Decimal(1), when=(YES,)), CourseFunding(pool="p", amount=Decimal(2), when=(NO,)))

    def taken(midler):
        (found,) = as_decided(made(made_course(funding=funding), midler=midler)).courses
        return [part.amount for part in found.funding]

    assert [taken(midler) for midler in (True, False, None)] == [[1], [2], [1, 2]]


def test_other_values_than_the_plans_own_may_be_tried():
    """What each scenario of the overview comes to."""
    plan = made(made_course(when=(YES,)))
    assert values_of(plan) == {"midler": None}
    assert as_decided(plan, {"midler": False}).courses == ()
    assert as_decided(plan, {"midler": True}).courses == (made_course(),)
