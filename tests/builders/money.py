"""Plans that spend money, drawn by chance, and every world of what is undecided."""

from decimal import Decimal
from itertools import product

from hypothesis import strategies as st

from bot.domain.assumptions import Assumption, Term
from bot.domain.decided import values_of
from bot.domain.funding import CourseFunding, Expense, ExpenseStatus, FundingPool
from bot.domain.people import Language
from bot.domain.plan import Course, CoursePlan, CourseStatus

NAMES = ("a", "b", "c", "d", "e")
OPTIONS = {"a": (True, False), "b": (True, False), "c": ("en", "to", "tre"), "d": (True, False), "e": (True, False)}
PURPOSES = ("centralt", "uddannelse")
amounts = st.integers(0, 10**9).map(lambda ears: Decimal(ears) / 100)
some_amounts = st.none() | amounts
# Made once: Hypothesis looks through each strategy that it has not seen, which takes longer than to draw from it.
outcomes = {name: st.builds(Term, assumption=st.just(name), outcome=st.sampled_from(OPTIONS[name])) for name in NAMES}
terms = st.sampled_from(NAMES).flatmap(outcomes.__getitem__)
conditions = st.lists(terms, max_size=3).map(tuple)
purposes = st.none() | st.sampled_from(PURPOSES)
fundings = st.builds(
    CourseFunding, pool=st.sampled_from(("p", "q")), amount=some_amounts, purpose=purposes, spent=some_amounts, when=conditions
)
expenses = st.builds(
    Expense, title=st.just("x"), amount=some_amounts, purpose=purposes, status=st.sampled_from(ExpenseStatus), when=conditions
)
statuses, currencies = st.sampled_from(CourseStatus), st.sampled_from(("DKK", "EUR", "JPY", "KWD"))
some_fundings, some_expenses = st.lists(fundings, max_size=3), st.lists(expenses, max_size=3)
values = {name: st.none() | st.sampled_from(OPTIONS[name]) for name in NAMES}


@st.composite
def plans(draw):
    courses = tuple(
        Course(
            id=f"c{at}", title="C", status=draw(statuses), when=draw(conditions),
            funding=tuple(draw(some_fundings)),
        )
        for at in range(draw(st.integers(0, 4)))
    )  # fmt: skip
    pools = tuple(
        FundingPool(
            id=name, name=name, amount=draw(some_amounts), currency=draw(currencies),
            reserved=tuple((purpose, draw(amounts)) for purpose in PURPOSES), expenses=tuple(draw(some_expenses)),
        )
        for name in ("p", "q")
    )  # fmt: skip
    decisions = tuple(Assumption(id=name, value=draw(values[name]), options=OPTIONS[name]) for name in NAMES)
    return CoursePlan(
        id="p", revision="sha256:0", organisation="O", timezone="Europe/Copenhagen", language=Language.DA, organiser="o@x.example",
        contact="c@x.example", funding=pools, assumptions=decisions, courses=courses,
    )  # fmt: skip


def used(plan, values, pool, purpose=...):
    """The rule once more, in the plainest words: what is planned, spent, unknown."""
    planned, gone, unknown = Decimal(0), Decimal(0), 0
    for course in plan.courses:
        for part in course.funding if course.status is not CourseStatus.DRAFT else ():
            if part.pool == pool and purpose in {..., part.purpose}:
                spent = part.spent or Decimal(0)
                gone += spent
                holds = all(values[term.assumption] == term.outcome for term in (*course.when, *part.when))
                if holds and course.status is not CourseStatus.CANCELLED:
                    planned += max(part.amount or Decimal(0), spent)
                    unknown += part.amount is None
                else:
                    planned += spent
    (owner,) = (one for one in plan.funding if one.id == pool)
    for expense in owner.expenses:
        is_spent = expense.status is ExpenseStatus.SPENT
        if purpose in {..., expense.purpose} and (is_spent or all(values[term.assumption] == term.outcome for term in expense.when)):
            planned += expense.amount or Decimal(0)
            gone += (expense.amount or Decimal(0)) * is_spent
            unknown += expense.amount is None
    return planned, gone, unknown


def every_world(plan):
    known = values_of(plan)
    choices = [(known[name],) if known[name] is not None else OPTIONS[name] for name in NAMES]
    return [dict(zip(NAMES, outcomes, strict=True)) for outcomes in product(*choices)]
