"""Money never gets lost: sums over purposes and assumptions, whatever is undecided; the search against every combination."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import scenarios as search
from bot.domain.assumptions import ALWAYS, OutcomeStanding, Term, standing
from bot.domain.decided import as_decided, values_of
from bot.domain.funding import ExpenseStatus
from bot.domain.money import MOST_LISTED, money_of, overspent
from bot.domain.scenarios import combinations, extreme
from tests.builders.money import NAMES, OPTIONS, amounts, every_world, plans, used


def no_oere_is_lost_in_any_scenario(plan):
    for money in money_of(plan):
        for scenario in money.scenarios:
            values = {**dict.fromkeys(NAMES), **values_of(plan), **dict(scenario.assumptions)}
            filled = {name: OPTIONS[name][0] if value is None else value for name, value in values.items()}
            total = scenario.amounts
            assert (total.planned, total.spent, total.unknown) == used(plan, filled, money.pool.id)
            assert sum(one.amounts.planned for one in scenario.purposes) == total.planned
            assert sum(one.amounts.spent for one in scenario.purposes) == total.spent
            assert total.committed + total.spent <= total.planned
            for one in scenario.purposes:
                assert one.amounts.planned == used(plan, filled, money.pool.id, one.purpose)[0]
            if money.pool.amount is not None:
                assert scenario.free + total.planned == money.pool.amount
                assert sum(one.free for one in scenario.purposes) == scenario.free
            else:
                assert scenario.free is None


def the_dearest_scenario_is_the_dearest_of_every_combination(plan):
    for money in money_of(plan):
        worlds = [used(plan, world, money.pool.id) for world in every_world(plan)]
        planned = [planned for planned, _, _ in worlds]
        assert money.dearest.amounts.planned == max(planned)
        assert money.is_exact
        listed = {one.amounts.planned for one in money.scenarios}
        assert {min(planned), max(planned)} <= listed
        if money.combinations <= MOST_LISTED:
            assert listed == set(planned)
            assert len(money.scenarios) == money.combinations
        else:
            assert len(money.scenarios) == 2


def overspent_is_what_is_more_than_there_is_in_some_combination(plan):
    worlds = every_world(plan)
    for pool in plan.funding:
        found = {(case.by.value, case.purpose): case.taken for case in overspent(plan, pool)}
        reserved = sum(share for _, share in pool.reserved)
        limits = {("purpose", purpose): (limit, purpose) for purpose, limit in pool.reserved}
        if pool.amount is not None:
            limits |= {("unreserved", None): (max(pool.amount - reserved, 0), None), ("pool", None): (pool.amount, ...)}
        taken = {key: max(used(plan, world, pool.id, purpose)[0] for world in worlds) for key, (_, purpose) in limits.items()}
        expected = {key: most for key, most in taken.items() if most > limits[key][0]}
        if pool.amount is not None and reserved > pool.amount:
            expected["reserved", None] = reserved
        assert found == expected


def deciding_comes_to_the_same_as_editing_the_plan_by_hand(plan, data):
    """But for what has been spent of what was decided against: whoever edits by hand would leave that standing."""
    plan = replace(plan, courses=tuple(replace(one, funding=tuple(replace(p, spent=None) for p in one.funding)) for one in plan.courses))
    pools = tuple(replace(pool, expenses=tuple(replace(e, status=ExpenseStatus.PLANNED) for e in pool.expenses)) for pool in plan.funding)
    world = data.draw(st.sampled_from(every_world(plan)))
    decided = replace(plan, funding=pools, assumptions=tuple(replace(one, value=world[one.id]) for one in plan.assumptions))
    by_hand = replace(
        as_decided(decided),
        assumptions=(),
        funding=tuple(
            replace(
                pool, expenses=tuple(replace(e, when=ALWAYS) for e in pool.expenses if standing(e.when, world) is OutcomeStanding.HOLDS)
            )
            for pool in pools
        ),
    )
    by_hand = replace(
        by_hand,
        courses=tuple(replace(one, funding=tuple(replace(part, when=ALWAYS) for part in one.funding)) for one in by_hand.courses),
    )
    assert [money.dearest for money in money_of(decided)] == [money.dearest for money in money_of(by_hand)]


many = [f"a{at:02}" for at in range(9)]
many_terms = st.builds(Term, assumption=st.sampled_from(many), outcome=st.booleans())
stakes = st.lists(st.tuples(st.lists(many_terms, max_size=4).map(tuple), st.tuples(amounts, st.integers(0, 2))), max_size=9)


def taken_under(stakes, assignment):
    values = dict(assignment)
    held = [stake for condition, stake in stakes if all(values[term.assumption] == term.outcome for term in condition)]
    return sum(amount for amount, _ in held), sum(unknown for _, unknown in held)


@pytest.mark.parametrize("most", [True, False])
@given(stakes=stakes)
def test_the_search_finds_what_going_through_everything_finds(most, stakes):
    options = dict.fromkeys(many, (True, False))
    found = extreme(stakes, options, most=most)
    pick = max if most else min
    assert taken_under(stakes, found.assignment) == pick(taken_under(stakes, one) for one in combinations(options))
    assert found.is_exact


@pytest.mark.parametrize("most", [True, False])
@given(stakes=stakes)
def test_a_search_that_has_to_guess_says_so_and_names_a_scenario_all_the_same(most, stakes):
    options = dict.fromkeys(many, (True, False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "MOST_SITUATIONS", 0)
        found = extreme(stakes, options, most=most)
    assert [name for name, _ in found.assignment] == many
    assert found.is_exact == all(not condition for condition, _ in stakes)


def test_a_long_chain_of_decisions_is_exact():
    names = [f"a{at:03}" for at in range(search.MOST_TOGETHER)]
    chain = [
        ((Term(assumption=one, outcome=True), Term(assumption=other, outcome=at % 3 > 0)), (Decimal(at + 1), 0))
        for at, (one, other) in enumerate(pairwise(names))
    ]
    found = extreme(chain, dict.fromkeys(names, (True, False)), most=True)
    assert found.is_exact
    best = {True: Decimal(0), False: Decimal(0)}
    for at in range(len(names) - 1):
        best = {then: max(best[now] + (at + 1) * (now and then == (at % 3 > 0)) for now in (True, False)) for then in (True, False)}
    assert taken_under(chain, found.assignment)[0] == max(best.values())


@given(plans(), st.data())
def test_whatever_money_is_in_a_plan(plan, data):
    """Each of these of what is drawn once, which takes longer than to look at it; whoever fails is named by where it does."""
    no_oere_is_lost_in_any_scenario(plan)
    the_dearest_scenario_is_the_dearest_of_every_combination(plan)
    overspent_is_what_is_more_than_there_is_in_some_combination(plan)
    deciding_comes_to_the_same_as_editing_the_plan_by_hand(plan, data)
