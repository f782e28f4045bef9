"""What a pool's money comes to: by purpose, under open decisions, and where it is overspent."""

from decimal import Decimal

import pytest

from bot.domain.assumptions import Assumption, Term
from bot.domain.funding import CourseFunding, Expense, ExpenseStatus, FundingPool
from bot.domain.money import NOTHING, Amounts, OverspentBy, course_share, dearest_of, expense_share, money_of, overspent, shares_of
from bot.domain.people import Language
from bot.domain.plan import Course, CoursePlan, CourseStatus
from bot.domain.scenarios import MOST_TOGETHER, extreme

YES, NO = (Term(assumption="midler", outcome=True),), (Term(assumption="midler", outcome=False),)
OPEN = Assumption(id="midler", value=None)


def kr(amount):
    return None if amount is None else Decimal(amount)


def course(status=CourseStatus.PROPOSED, amount="100", spent=None, purpose=None, when=(), of_course=(), pool="pulje", key="a"):
    part = CourseFunding(pool=pool, amount=kr(amount), spent=kr(spent), purpose=purpose, when=when)
    return Course(id=key, title=key, status=status, funding=(part,), when=of_course)


def plan_of(*courses, amount="1000", reserved=(), expenses=(), assumptions=(), currency="DKK"):
    shares = tuple((purpose, Decimal(share)) for purpose, share in reserved)
    pool = FundingPool(id="pulje", name="Pulje", amount=kr(amount), reserved=shares, expenses=tuple(expenses), currency=currency)
    return CoursePlan(
        id="p", revision="sha256:0", organisation="O", timezone="Europe/Copenhagen", language=Language.DA, organiser="o@x.example",
        contact="c@x.example", funding=(pool,), assumptions=tuple(assumptions), courses=courses,
    )  # fmt: skip


def amounts(planned="0", committed="0", spent="0", unknown=0):
    return Amounts(planned=Decimal(planned), committed=Decimal(committed), spent=Decimal(spent), unknown=unknown)


@pytest.mark.parametrize(
    ("status", "amount", "spent", "expected"),
    [
        ("proposed", "100", None, amounts("100")),
        ("listed", "100", "40", amounts("100", spent="40")),
        ("save_the_date", "100", None, amounts("100")),
        ("approved", "100", None, amounts("100", committed="100")),
        ("approved", "100", "40.50", amounts("100", committed="59.50", spent="40.50")),
        ("approved", "100", "120", amounts("120", spent="120")),
        ("approved", None, None, amounts(unknown=1)),
        ("proposed", None, "30", amounts("30", spent="30", unknown=1)),
        ("cancelled", "100", None, amounts()),
        ("cancelled", "100", "25", amounts("25", spent="25")),
        ("cancelled", None, "25", amounts("25", spent="25")),
    ],
)
def test_a_course_takes_what_it_will_cost_and_a_cancelled_one_what_it_has_cost(status, amount, spent, expected):
    (money,) = money_of(plan_of(course(CourseStatus(status), amount, spent)))
    assert money.dearest.amounts == expected
    assert money.dearest.free == 1000 - expected.planned


@pytest.mark.parametrize(
    ("status", "expected"),
    [("planned", amounts("80")), ("committed", amounts("80", committed="80")), ("spent", amounts("80", spent="80"))],
)
def test_an_expense_takes_its_amount_as_far_as_it_is(status, expected):
    expense = Expense(title="DOL", amount=Decimal(80), status=ExpenseStatus(status))
    (money,) = money_of(plan_of(expenses=[expense]))
    assert money.dearest.amounts == expected


def test_an_expense_without_an_amount_is_unknown_and_not_nothing():
    (money,) = money_of(plan_of(expenses=[Expense(title="Måling")]))
    assert money.dearest.amounts == amounts(unknown=1)


def test_a_draft_takes_nothing():
    assert list(shares_of(plan_of(course(CourseStatus.DRAFT)))) == []


def test_purposes_and_what_has_none_add_up_to_the_pool():
    plan = plan_of(
        course(amount="300", purpose="centralt"), course(amount="50", key="b"), course(amount="7", purpose="ukendt", key="c"),
        reserved=[("centralt", "400"), ("uddannelse", "250")], expenses=[Expense(title="DOL", amount=Decimal(200), purpose="uddannelse")],
    )  # fmt: skip
    (money,) = money_of(plan)
    found = [(one.purpose, one.reserved, one.amounts.planned, one.free) for one in money.dearest.purposes]
    assert found == [("centralt", 400, 300, 100), ("uddannelse", 250, 200, 50), (None, 350, 57, 293)]
    assert money.dearest.amounts.planned == 557
    assert overspent(plan, plan.funding[0]) == ()


def test_a_pool_whose_amount_is_not_known_has_no_free_money_and_limits_on_its_purposes_only():
    plan = plan_of(course(amount="300", purpose="centralt"), course(key="b"), amount=None, reserved=[("centralt", "250")])
    (money,) = money_of(plan)
    assert money.dearest.free is None
    assert [one.free for one in money.dearest.purposes] == [-50, None]
    assert [case.by for case in overspent(plan, plan.funding[0])] == [OverspentBy.PURPOSE]


def test_each_way_that_an_open_decision_may_go_is_a_scenario():
    plan = plan_of(course(when=NO), course(amount="30", key="b"), assumptions=[OPEN, Assumption(id="andet", value=None)])
    (money,) = money_of(plan)
    assert [(one.assumptions, one.amounts.planned, one.free) for one in money.scenarios] == [
        ((("midler", True),), 30, 970),
        ((("midler", False),), 130, 870),
    ]
    assert (money.dearest, money.combinations, money.is_exact) == (money.scenarios[1], 2, True)
    assert money.open_assumptions == ("midler",)


def test_the_condition_of_the_course_counts_as_well():
    plan = plan_of(course(when=NO, of_course=YES), course(amount="20", of_course=YES, key="b"), assumptions=[OPEN])
    (money,) = money_of(plan)
    assert [one.amounts.planned for one in money.scenarios] == [20, 0]


def test_what_was_decided_otherwise_is_not_there_but_for_what_it_has_cost():
    decided = Assumption(id="midler", value=True)
    spent = Expense(title="Forprojekt", amount=Decimal(5), status=ExpenseStatus.SPENT, when=NO)
    plan = plan_of(course(when=NO, spent="10"), expenses=[spent, Expense(title="Mere", amount=None, when=NO)], assumptions=[decided])
    (money,) = money_of(plan)
    assert money.dearest.amounts == amounts("15", spent="15")
    assert [one.assumptions for one in money.scenarios] == [()]


def test_a_condition_on_something_unknown_never_holds():
    unknown = (Term(assumption="findes-ikke", outcome=True),)
    (money,) = money_of(plan_of(course(when=unknown), course(when=(*unknown, *YES), key="b"), assumptions=[OPEN]))
    assert (money.dearest.amounts, money.combinations) == (NOTHING, 1)


def test_of_more_than_sixteen_combinations_the_cheapest_and_the_dearest_are_listed():
    assumptions = [Assumption(id=f"a{number}", value=None) for number in range(5)]
    when = [(Term(assumption=one.id, outcome=at % 2 == 0),) for at, one in enumerate(assumptions)]
    plan = plan_of(*(course(amount="10", when=one, key=f"k{at}") for at, one in enumerate(when)), assumptions=assumptions)
    (money,) = money_of(plan)
    assert money.combinations == 32
    assert [one.amounts.planned for one in money.scenarios] == [0, 50]
    assert money.dearest == money.scenarios[1]
    assert [value for _, value in money.dearest.assumptions] == [True, False, True, False, True]


def test_of_two_that_cost_the_same_the_one_with_more_unknown_is_the_dearer():
    plan = plan_of(course(when=YES), course(when=NO, key="b"), course(amount=None, when=NO, key="c"), assumptions=[OPEN])
    (money,) = money_of(plan)
    assert money.dearest.amounts == amounts("100", unknown=1)


def test_a_decision_with_its_own_options_has_a_scenario_for_each():
    form = Assumption(id="form", value=None, options=("en-dag", "flere-dage", "intet"))
    when = [(Term(assumption="form", outcome=option),) for option in form.options[:2]]
    plan = plan_of(course(when=when[0]), course(amount="250", when=when[1], key="b"), assumptions=[form])
    (money,) = money_of(plan)
    assert [one.amounts.planned for one in money.scenarios] == [100, 250, 0]


def cases(plan):
    return [(case.by.value, case.purpose, case.taken, case.limit) for case in overspent(plan, plan.funding[0])]


def test_a_purpose_that_takes_more_than_is_reserved_is_overspent_though_the_pool_is_not():
    plan = plan_of(course(amount="295", purpose="centralt"), amount="300", reserved=[("centralt", "150"), ("uddannelse", "100")])
    assert cases(plan) == [("purpose", "centralt", 295, 150)]


def test_what_has_no_purpose_may_not_take_what_is_reserved():
    plan = plan_of(course(amount="295"), amount="300", reserved=[("centralt", "150"), ("uddannelse", "100")])
    assert cases(plan) == [("unreserved", None, 295, 50)]


def test_more_than_the_pool_has_is_overspent_in_sum():
    plan = plan_of(course(amount="301"), amount="300")
    assert cases(plan) == [("unreserved", None, 301, 300), ("pool", None, 301, 300)]
    assert cases(plan_of(course(amount="300"), amount="300")) == []


def test_more_reserved_than_there_is_is_overspent():
    assert cases(plan_of(amount="300", reserved=[("a", "200"), ("b", "100.01")])) == [("reserved", None, Decimal("300.01"), 300)]


def test_a_purpose_is_overspent_where_its_own_dearest_scenario_is_not_the_pools():
    plan = plan_of(
        course(amount="900", when=YES, purpose="a"), course(amount="300", when=NO, purpose="b", key="b"),
        reserved=[("a", "900"), ("b", "100")], assumptions=[OPEN],
    )  # fmt: skip
    (case,) = overspent(plan, plan.funding[0])
    assert (case.purpose, case.taken, case.assumptions) == ("b", 300, (("midler", False),))


def test_some_shares_at_their_dearest_under_what_is_decided_or_asked():
    plan = plan_of(course(when=NO), course(amount="70", when=YES, key="b"), assumptions=[OPEN])
    shares = tuple(shares_of(plan))
    assert dearest_of(plan, shares).planned == 100
    assert dearest_of(plan, shares, {"midler": True}).planned == 70


def test_a_share_can_be_asked_for_by_itself():
    (one,) = plan_of(course(purpose="x")).courses
    assert course_share(one, one.funding[0]).purpose == "x"
    pool = FundingPool(id="p", name="P")
    assert expense_share(pool, Expense(title="x", amount=Decimal(1))).holding == amounts("1")


def test_decisions_that_all_hang_together_beyond_the_bound_are_guessed_and_it_is_said():
    names = [f"a{number:03}" for number in range(MOST_TOGETHER + 1)]
    condition = tuple(Term(assumption=name, outcome=True) for name in names)
    for most, expected in ((True, True), (False, False)):
        found = extreme([(condition, (Decimal(5), 0))], dict.fromkeys(names, (False, True)), most=most)
        assert not found.is_exact
        assert all(value for _, value in found.assignment) == expected
