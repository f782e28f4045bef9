"""No øre is lost between departments, and what a seat costs is never more than rounding away from what all of them cost."""

from dataclasses import replace
from decimal import Decimal
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from bot.overview.compose import overview_of
from bot.overview.costs import by_department, shared_out
from bot.overview.lines import CENT, DepartmentSeats, Seats
from tests.builders.money import plans
from tests.builders.overviews import NOTHING_KNOWN, NOW

amounts = st.integers(0, 10**11).map(lambda ears: Decimal(ears) / 100)
parts = st.lists(st.integers(0, 400), min_size=1, max_size=12).filter(any)


@given(amount=amounts, parts=parts)
def test_an_amount_that_is_shared_out_is_all_there_to_the_oere(amount, parts):
    """Each share is within an øre of its part, and who has none gets none."""
    shares = shared_out(amount, parts)
    assert sum(shares) == amount
    assert all(abs(share * sum(parts) - amount * part) < CENT * sum(parts) for share, part in zip(shares, parts, strict=True))
    assert all(share == 0 for share, part in zip(shares, parts, strict=True) if part == 0)


ALL_PLANS, SOME_NAMES = plans(), st.lists(st.sampled_from(("", "Skole", "Kultur", "Ældre")), unique=True)
NUMBERS, SOME_SEATS = st.integers(0, 9), st.none() | st.integers(0, 50)


@cache
def some_of(most):
    return st.none() | st.integers(0, most)


@st.composite
def counted_plans(draw):
    plan = draw(ALL_PLANS)
    names = draw(SOME_NAMES)
    seats = {}
    for course in plan.courses:
        departments = tuple(DepartmentSeats(name=name, registered=draw(NUMBERS)) for name in names)
        registered = sum(one.registered for one in departments)
        attended = draw(some_of(registered))
        seats[course.id] = Seats(capacity=draw(SOME_SEATS), registered=registered, attended=attended, departments=departments)
    return plan, replace(NOTHING_KNOWN, seats=seats)


def departments_and_courses_come_to_the_same_in_every_currency(counted):
    costs = overview_of(*counted, now=NOW).costs
    for currency in {cost.currency for cost in costs}:
        found, nobody = by_department(costs, currency)
        assert sum((one.amount for one in found), nobody) == sum(cost.amounts.planned for cost in costs if cost.currency == currency)


def what_each_costs_times_how_many_there_are_is_what_all_cost(counted):
    """To half an øre each; and where nobody is, or nobody knows, nothing is said."""
    for cost in overview_of(*counted, now=NOW).costs:
        of_each = (
            (cost.per_seat, cost.seats.capacity),
            (cost.per_registered, cost.seats.registered),
            (cost.per_attended, cost.seats.attended),
        )
        for each, people in of_each:
            assert (each is None) is (not people)
            if each is not None and people:
                assert abs(each * people - cost.amounts.planned) <= people * CENT / 2


@given(counted=counted_plans())
def test_whatever_a_plan_costs(counted):
    """Each of these of what is drawn once, which takes longer than to look at it; whoever fails is named by where it does."""
    departments_and_courses_come_to_the_same_in_every_currency(counted)
    what_each_costs_times_how_many_there_are_is_what_all_cost(counted)
