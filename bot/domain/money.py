"""What each pool's money comes to, by purpose, under what is undecided (pure; decimals only).

What a pool pays is taken apart into shares. `planned` is all that will be used; `committed` and `spent` are
parts of it:

    a share                                        planned                        committed               spent
    of a draft                                     is none                        –                       –
    of a course that is cancelled                  what was spent                 nothing                 what was spent
    whose condition has come to something else     what was spent                 nothing                 what was spent
    of an approved course                          the larger of amount, spent    what is not spent yet   what was spent
    of any other course                            the larger of amount, spent    nothing                 what was spent
    an expense that is planned                     the amount                     nothing                 nothing
    an expense that is committed                   the amount                     the amount              nothing
    an expense that is spent                       the amount                     nothing                 the amount

What has been spent has left the pool whatever is decided afterwards. An amount that is not known is counted
(`unknown`) and never 0: where there is one, `planned` is what it will be at least, and `free` what it will be
at most. A condition on something that is no assumption of the plan never holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from math import prod
from operator import add
from typing import TYPE_CHECKING

from bot.domain.assumptions import ALWAYS, Outcome, OutcomeStanding, standing, still_open
from bot.domain.decided import values_of
from bot.domain.funding import ExpenseStatus
from bot.domain.plan import CourseStatus
from bot.domain.scenarios import Assignment, combinations, extreme

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.domain.assumptions import Condition
    from bot.domain.funding import CourseFunding, Expense, FundingPool
    from bot.domain.plan import Course, CoursePlan

MOST_LISTED = 16
"""So many combinations are listed; of more, the cheapest and the dearest."""
NONE = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What is used.

    `committed` and `spent` are parts of `planned`; `unknown` is how many amounts are missing from it.
    """

    planned: Decimal = NONE
    committed: Decimal = NONE
    spent: Decimal = NONE
    unknown: int = 0

    def __add__(self, other: Amounts) -> Amounts:
        """Both together."""
        return Amounts(
            planned=self.planned + other.planned,
            committed=self.committed + other.committed,
            spent=self.spent + other.spent,
            unknown=self.unknown + other.unknown,
        )


NOTHING = Amounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one course or expense takes from a pool.

    `holding` where its condition holds, `failing` where it does not.

    `course` is the course's id, None of an expense.
    """

    pool: str
    purpose: str | None
    condition: Condition
    holding: Amounts
    failing: Amounts = NOTHING
    course: str | None = None

    def amounts(self, values: Mapping[str, Outcome | None]) -> Amounts:
        """What it takes when the assumptions have come to this; an open condition counts as not holding."""
        return self.holding if standing(self.condition, values) is OutcomeStanding.HOLDS else self.failing


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeMoney:
    """One purpose of a pool.

    `purpose` None is what has none, and its `reserved` what the pool has not set aside. None: not known.
    """

    purpose: str | None
    reserved: Decimal | None
    amounts: Amounts

    @property
    def free(self) -> Decimal | None:
        """What is left of it, below 0 where it is overspent."""
        return None if self.reserved is None else self.reserved - self.amounts.planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A pool's money if the open assumptions that concern it come to this."""

    assumptions: Assignment
    amount: Decimal | None
    amounts: Amounts
    purposes: tuple[PurposeMoney, ...]

    @property
    def free(self) -> Decimal | None:
        """What is left of the pool, below 0 where it is overspent; None where its amount is not known."""
        return None if self.amount is None else self.amount - self.amounts.planned


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolMoney:
    """A pool's money.

    `scenarios` are all of its `combinations`, or of more than 16 the cheapest and the dearest.

    Without an open assumption that concerns the pool there is one. `is_exact` is False where there were so
    many combinations that the two are only likely to be the ones (`bot.domain.scenarios`).
    """

    pool: FundingPool
    scenarios: tuple[Scenario, ...]
    dearest: Scenario
    combinations: int
    is_exact: bool
    overspent: tuple[Overspent, ...]

    @property
    def open_assumptions(self) -> tuple[str, ...]:
        """What has to be decided before the pool's money is known, in the order of the plan."""
        return tuple(name for name, _ in self.dearest.assumptions)


class OverspentBy(StrEnum):
    """What is more than there is."""

    RESERVED = "reserved"
    PURPOSE = "purpose"
    UNRESERVED = "unreserved"
    POOL = "pool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overspent:
    """More is taken than the limit.

    By `purpose` where it is one purpose, and at worst where `assumptions` come to this.
    """

    by: OverspentBy
    taken: Decimal
    limit: Decimal
    purpose: str | None = None
    assumptions: Assignment = ()


def money_of(plan: CoursePlan) -> tuple[PoolMoney, ...]:
    """Each pool's money, in the order of the plan; `plan` as it is written."""
    shares = tuple(shares_of(plan))
    return tuple(
        _money(plan, pool, [share for share in shares if share.pool == pool.id]) for pool in plan.funding
    )


def overspent(plan: CoursePlan, pool: FundingPool) -> tuple[Overspent, ...]:
    """Where more is taken from the pool than there is, under whatever is still undecided.

    what                          taken                            limit
    reserved                      all that is reserved             the amount
    purpose, each of them         planned for it                   what is reserved for it
    unreserved                    planned without a purpose        the amount less all that is reserved
    pool                          planned in all                   the amount

    Where the amount is not known only purposes have a limit. `plan` as it is written.
    """
    return _overspent(plan, pool, [share for share in shares_of(plan) if share.pool == pool.id])


def courses_taking(plan: CoursePlan, pool: FundingPool, case: Overspent) -> frozenset[str]:
    """The ids of the courses that something is taken for, where it is more than there is.

    Nobody takes what is only set aside.
    """
    if case.by is OverspentBy.RESERVED:
        return frozenset()
    values = {**values_of(plan), **dict(case.assumptions)}
    of_pool = (share for share in shares_of(plan) if share.pool == pool.id)
    shares = (share for share in of_pool if case.by is OverspentBy.POOL or share.purpose == case.purpose)
    return frozenset(
        share.course for share in shares if share.course is not None and share.amounts(values).planned
    )


def _overspent(plan: CoursePlan, pool: FundingPool, shares: Sequence[Share]) -> tuple[Overspent, ...]:
    reserved = sum((share for _, share in pool.reserved), NONE)
    found = [
        _most_taken(
            plan, OverspentBy.PURPOSE, limit, [share for share in shares if share.purpose == purpose], purpose
        )
        for purpose, limit in pool.reserved
    ]
    if pool.amount is not None:
        found.insert(0, Overspent(by=OverspentBy.RESERVED, taken=reserved, limit=pool.amount))
        left = max(pool.amount - reserved, NONE)
        found.append(
            _most_taken(
                plan, OverspentBy.UNRESERVED, left, [share for share in shares if share.purpose is None]
            )
        )
        found.append(_most_taken(plan, OverspentBy.POOL, pool.amount, shares))
    return tuple(case for case in found if case.taken > case.limit)


def shares_of(plan: CoursePlan) -> Iterator[Share]:
    """All that is taken from the plan's pools, by the table above: courses in their order, then expenses."""
    purposes = {pool.id: frozenset(purpose for purpose, _ in pool.reserved) for pool in plan.funding}
    for course in plan.courses:
        if course.status is not CourseStatus.DRAFT:
            for funding in course.funding:
                yield _with_known_purpose(course_share(course, funding), purposes)
    for pool in plan.funding:
        for expense in pool.expenses:
            yield _with_known_purpose(expense_share(pool, expense), purposes)


def course_share(course: Course, funding: CourseFunding) -> Share:
    """What a course takes by one line of its funding; a draft's is what it would take."""
    spent = NONE if funding.spent is None else funding.spent
    gone = Amounts(planned=spent, spent=spent)
    if course.status is CourseStatus.CANCELLED:
        return Share(
            pool=funding.pool, purpose=funding.purpose, condition=ALWAYS, holding=gone, course=course.id
        )
    planned = spent if funding.amount is None else max(funding.amount, spent)
    committed = planned - spent if course.status is CourseStatus.APPROVED else NONE
    holding = Amounts(planned=planned, committed=committed, spent=spent, unknown=int(funding.amount is None))
    condition = (*course.when, *funding.when)
    return Share(
        pool=funding.pool,
        purpose=funding.purpose,
        condition=condition,
        holding=holding,
        failing=gone,
        course=course.id,
    )


def expense_share(pool: FundingPool, expense: Expense) -> Share:
    """What an expense takes from its pool."""
    amount, unknown = (NONE, 1) if expense.amount is None else (expense.amount, 0)
    committed = amount if expense.status is ExpenseStatus.COMMITTED else NONE
    spent = amount if expense.status is ExpenseStatus.SPENT else NONE
    holding = Amounts(planned=amount, committed=committed, spent=spent, unknown=unknown)
    failing = holding if expense.status is ExpenseStatus.SPENT else NOTHING
    return Share(
        pool=pool.id, purpose=expense.purpose, condition=expense.when, holding=holding, failing=failing
    )


def dearest_of(
    plan: CoursePlan, shares: Sequence[Share], values: Mapping[str, Outcome | None] | None = None
) -> Amounts:
    """What some shares come to at most, under what the plan has decided or under other `values`."""
    decided = values_of(plan) if values is None else values
    assignment, _ = _extreme_of(plan, shares, decided, most=True)
    return _sum(shares, {**decided, **dict(assignment)})


def _with_known_purpose(share: Share, purposes: Mapping[str, frozenset[str]]) -> Share:
    """A purpose that the pool reserves nothing for is none."""
    known = share.purpose is None or share.purpose in purposes.get(share.pool, frozenset())
    return share if known else replace(share, purpose=None)


def _money(plan: CoursePlan, pool: FundingPool, shares: Sequence[Share]) -> PoolMoney:
    decided = values_of(plan)
    options = _open_options(plan, shares, decided)
    count = prod(map(len, options.values()))
    most, is_exact = _extreme_of(plan, shares, decided, most=True)
    if count <= MOST_LISTED:
        listed = tuple(combinations(options))
    else:
        least, least_exact = _extreme_of(plan, shares, decided, most=False)
        listed, is_exact = (least, most), is_exact and least_exact
    return PoolMoney(
        pool=pool,
        scenarios=tuple(_scenario(pool, shares, decided, assignment) for assignment in listed),
        dearest=_scenario(pool, shares, decided, most),
        combinations=count,
        is_exact=is_exact,
        overspent=_overspent(plan, pool, shares),
    )


def _scenario(
    pool: FundingPool, shares: Sequence[Share], decided: Mapping[str, Outcome | None], assignment: Assignment
) -> Scenario:
    values = {**decided, **dict(assignment)}
    set_aside = sum((share for _, share in pool.reserved), NONE)
    rest = None if pool.amount is None else pool.amount - set_aside
    limits: tuple[tuple[str | None, Decimal | None], ...] = (*pool.reserved, (None, rest))
    return Scenario(
        assumptions=assignment,
        amount=pool.amount,
        amounts=_sum(shares, values),
        purposes=tuple(
            PurposeMoney(
                purpose=purpose,
                reserved=limit,
                amounts=_sum((s for s in shares if s.purpose == purpose), values),
            )
            for purpose, limit in limits
        ),
    )


def _most_taken(
    plan: CoursePlan, by: OverspentBy, limit: Decimal, shares: Sequence[Share], purpose: str | None = None
) -> Overspent:
    decided = values_of(plan)
    assignment, _ = _extreme_of(plan, shares, decided, most=True)
    taken = _sum(shares, {**decided, **dict(assignment)}).planned
    return Overspent(by=by, taken=taken, limit=limit, purpose=purpose, assumptions=assignment)


def _extreme_of(
    plan: CoursePlan, shares: Sequence[Share], decided: Mapping[str, Outcome | None], *, most: bool
) -> tuple[Assignment, bool]:
    options = _open_options(plan, shares, decided)
    stakes = (
        (
            still_open(share.condition, decided),
            (share.holding.planned - share.failing.planned, share.holding.unknown - share.failing.unknown),
        )
        for share in _open(plan, shares, decided)
    )
    found = extreme(stakes, options, most=most)
    return found.assignment, found.is_exact


def _open(
    plan: CoursePlan, shares: Iterable[Share], decided: Mapping[str, Outcome | None]
) -> Iterator[Share]:
    """The shares that an open assumption of the plan decides about."""
    known = {assumption.id for assumption in plan.assumptions}
    for share in shares:
        if standing(share.condition, decided) is OutcomeStanding.OPEN and all(
            term.assumption in known for term in share.condition
        ):
            yield share


def _open_options(
    plan: CoursePlan, shares: Sequence[Share], decided: Mapping[str, Outcome | None]
) -> dict[str, tuple[Outcome, ...]]:
    """The open assumptions that concern the shares, with what they may come to, in the order of the plan."""
    named = {
        term.assumption
        for share in _open(plan, shares, decided)
        for term in still_open(share.condition, decided)
    }
    return {assumption.id: assumption.options for assumption in plan.assumptions if assumption.id in named}


def _sum(shares: Iterable[Share], values: Mapping[str, Outcome | None]) -> Amounts:
    return reduce(add, (share.amounts(values) for share in shares), NOTHING)
