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
    from collections.abc import Collection
    from datetime import datetime

    from bot.domain.plan import CoursePlan
    from bot.overview.lines import Counts, CourseLine


def overview_of(plan: CoursePlan, counts: Counts, *, now: datetime, years: Collection[int] = ()) -> Overview:
    """Put it together; `now` UTC, no `years` for all of them."""
    pool_years = {pool.id: pool.year for pool in plan.funding}
    lines = tuple(course_lines(plan, counts, values_of(plan)))
    shown = [line for line in lines if not years or _is_of(line, years, pool_years)]
    order = {line.id: at for at, line in enumerate(lines)}
    ids = {line.id for line in shown}
    paid_from = {part.pool for line in shown for part in line.funding}
    money = money_of(plan)
    pools = {
        one.pool.id
        for one in money
        if not years or one.pool.year in {None, *years} or one.pool.id in paid_from
    }
    named = {name for one in money if one.pool.id in pools for name in one.open_assumptions}
    decisions = tuple(
        one
        for one in decision_lines(plan, counts, now=now)
        if not years or not one.courses or one.assumption.id in named or not ids.isdisjoint(one.courses)
    )
    pools |= {
        part.pool for decision in decisions for outcome in decision.outcomes for part in outcome.amounts
    }
    ordered = tuple(sorted(shown, key=lambda line: (line.begins or date.max, order[line.id])))
    return Overview(
        plan=plan.id,
        organisation=plan.organisation,
        timezone=plan.timezone,
        as_of=now,
        years=tuple(sorted(set(years))),
        courses=ordered,
        pools=tuple(one for one in money if one.pool.id in pools),
        decisions=decisions,
        costs=course_costs(plan, ordered),
        titles=plan.titles,
        assumptions=plan.assumptions,
        holidays=plan.holidays,
        closing_days=plan.closing_days,
        school_holidays=plan.school_holidays,
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
