"""The overview of a plan, as it is written, with what the books know; of all years or of some (pure).

    with years named   the overview has
    courses            that may be on in one of them; without any day: those paid from a pool of these years, or from none with a year
    pools              of one of them or of no year, those that such a course is paid from, and those that the decisions are about
    decisions          that such a course or such a pool depends on, and those that no course depends on

What a pool comes to is always reckoned from the whole plan.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.domain.decided import values_of
from bot.domain.money import money_of
from bot.overview.costs import course_costs
from bot.overview.courses import course_lines
from bot.overview.decisions import decision_lines
from bot.overview.lines import Overview

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from bot.domain.money import PoolMoney
    from bot.domain.plan import CoursePlan
    from bot.overview.lines import Counts, CourseLine, DecisionLine


def overview_of(plan: CoursePlan, counts: Counts, *, now: datetime, years: Collection[int] = ()) -> Overview:
    """Put it together; `now` UTC, no `years` for all of them."""
    lines = tuple(course_lines(plan, counts, values_of(plan)))
    pool_years = {pool.id: pool.year for pool in plan.funding}
    shown = [line for line in lines if not years or _is_of(line, years, pool_years)]
    money = money_of(plan)
    pools = [one for one in money if not years or _pays(one, years, shown)]
    decisions = tuple(decision_lines(plan, counts, now=now))
    if years:
        decisions = _decisions_of(decisions, shown, pools)
    named = _pools_named(decisions)
    # Of one day as they stand in the plan.
    ordered = tuple(sorted(shown, key=lambda line: line.begins or date.max))
    return Overview(
        plan=plan.id,
        organisation=plan.organisation,
        timezone=plan.timezone,
        as_of=now,
        years=tuple(sorted(set(years))),
        courses=ordered,
        pools=tuple(one for one in money if one in pools or one.pool.id in named),
        decisions=decisions,
        costs=course_costs(plan, ordered),
        titles=plan.titles,
        assumptions=plan.assumptions,
        holidays=plan.holidays,
        closing_days=plan.closing_days,
        school_holidays=plan.school_holidays,
    )


def _pays(money: PoolMoney, years: Collection[int], courses: Iterable[CourseLine]) -> bool:
    """Whether a pool is of one of the years or of none, or such a course is paid from it."""
    return money.pool.year in {None, *years} or any(
        part.pool == money.pool.id for line in courses for part in line.funding
    )


def _decisions_of(
    decisions: Iterable[DecisionLine], courses: Iterable[CourseLine], pools: Iterable[PoolMoney]
) -> tuple[DecisionLine, ...]:
    """Those that one of these courses or pools depends on, and those that no course depends on."""
    ids = {line.id for line in courses}
    named = {name for pool in pools for name in pool.open_assumptions}
    return tuple(
        decision
        for decision in decisions
        if not decision.courses or decision.assumption.id in named or not ids.isdisjoint(decision.courses)
    )


def _pools_named(decisions: Iterable[DecisionLine]) -> frozenset[str]:
    """The ids of the pools that an outcome of a decision takes from."""
    return frozenset(
        part.pool for decision in decisions for outcome in decision.outcomes for part in outcome.amounts
    )


def _is_of(line: CourseLine, years: Collection[int], pool_years: dict[str, int | None]) -> bool:
    spans = [(session.begins, session.ends) for session in line.sessions if session.begins and session.ends]
    if spans:
        return any(
            begins < date(year + 1, 1, 1) and ends > date(year, 1, 1)
            for begins, ends in spans
            for year in years
        )
    paid = {pool_years.get(part.pool) for part in line.funding} - {None}
    return not paid or not paid.isdisjoint(years)
