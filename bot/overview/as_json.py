"""The overview as JSON, by the public contract.

Amounts are strings with two decimals; what is not known is null (pure).
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.domain.assumptions import condition_text
from bot.domain.task_answers import TaskState
from bot.overview.year import year_of, years_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from bot.domain.assumptions import Condition, Outcome
    from bot.domain.money import Amounts, Overspent, PoolMoney, PurposeMoney, Scenario
    from bot.overview.lines import (
        CourseCost,
        CourseLine,
        DecisionLine,
        FundingLine,
        OutcomeLine,
        Overview,
        SessionLine,
        TaskLine,
    )
    from bot.overview.year import Span

CENT = Decimal("0.01")
JsonObject = dict[str, Any]


def overview_json(overview: Overview) -> str:
    """The document, indented, ending with a line break."""
    return json.dumps(overview_object(overview), ensure_ascii=False, indent=2) + "\n"


def overview_object(overview: Overview) -> JsonObject:
    """The document as an object. `unknown` beside an amount is how many amounts are missing from it."""
    costs: defaultdict[str, list[CourseCost]] = defaultdict(list)
    for cost in overview.costs:
        costs[cost.course].append(cost)
    return {
        "plan": overview.plan,
        "as_of": _utc(overview.as_of),
        "courses": [_course(overview, course, costs[course.id]) for course in overview.courses],
        "years": [
            {"year": year, "spans": [_span(overview, one) for one in year_of(overview, year)]}
            for year in years_of(overview)
        ],
        "pools": [_pool(pool) for pool in overview.pools],
        "decisions": [_decision(overview, decision) for decision in overview.decisions],
    }


def _course(overview: Overview, course: CourseLine, costs: Iterable[CourseCost]) -> JsonObject:
    return {
        "course": course.id,
        "title": course.title,
        "theme": course.theme,
        "status": course.status.value,
        "when": _when(course.when),
        "audiences": list(course.audiences),
        "responsible": list(course.responsible),
        "tags": list(course.tags),
        "case": course.case or None,
        "sessions": [_session(overview, session) for session in course.sessions],
        "seats": {
            "capacity": course.seats.capacity,
            "invited": course.seats.invited,
            "registered": course.seats.registered,
            "tentative": course.seats.tentative,
            "waitlisted": course.seats.waitlisted + course.seats.awaiting,
            "declined": course.seats.declined,
            "unanswered": course.seats.unanswered,
            "attended": course.seats.attended,
        },
        "funding": [_funding(one) for one in course.funding],
        "costs": [_cost(cost) for cost in costs],
        "needs": [need.value for need in course.needs],
        "tasks": [_task(one) for one in overview.tasks if one.course == course.id],
    }


def _task(task: TaskLine) -> JsonObject:
    """What people say of a task of which anybody has said anything; null where they are too few."""
    counts = task.counts
    numbers = None if counts is None else {state.value: n for state, n in zip(TaskState, counts, strict=True)}
    return {"task": task.text, "answers": None if counts is None else sum(counts), "counts": numbers}


def _session(overview: Overview, session: SessionLine) -> JsonObject:
    return {
        "session": _key(overview, session),
        "title": session.title,
        "start": _wall(session.start, overview.timezone),
        "end": _wall(session.end, overview.timezone),
        "all_day": session.all_day,
        "period": session.period,
        "when": _when(session.when),
    }


def _span(overview: Overview, span: Span) -> JsonObject:
    """A month, or a longer period with what is planned for just that."""
    return {
        "period": span.period,
        "sessions": [_key(overview, meeting.session) for meeting in span.meetings],
        "deadlines": [{"day": answer.day.isoformat(), "course": answer.course.id} for answer in span.answers],
        "decisions": [
            {"before": decision.day.isoformat(), "decision": decision.assumption}
            for decision in span.decisions
        ],
        "days_off": [{"day": one.day.isoformat(), "name": one.name or None} for one in span.free],
        "school_holidays": [
            {"first": one.first.isoformat(), "last": one.last.isoformat()} for one in span.school
        ],
    }


def _key(overview: Overview, session: SessionLine) -> str:
    return "/".join((overview.plan, *session.place))


def _funding(line: FundingLine) -> JsonObject:
    return {
        "pool": line.pool,
        "purpose": line.purpose,
        "planned": None if line.amounts.unknown else _amount(line.amounts.planned),
        "spent": _amount(line.amounts.spent),
        "when": _when(line.when),
    }


def _cost(cost: CourseCost) -> JsonObject:
    return {
        "currency": cost.currency,
        "planned": _amount(cost.amounts.planned),
        "unknown": cost.amounts.unknown,
        "per_seat": _amount(cost.per_seat),
        "per_registered": _amount(cost.per_registered),
        "per_attended": _amount(cost.per_attended),
        "departments": [
            {
                "department": department.department or None,
                "registered": department.registered,
                "attended": department.attended,
                "amount": _amount(department.amount),
            }
            for department in cost.departments
        ],
    }


def _pool(money: PoolMoney) -> JsonObject:
    pool, dearest = money.pool, money.dearest
    return {
        "pool": pool.id,
        "name": pool.name,
        "year": pool.year,
        "currency": pool.currency,
        "amount": _amount(pool.amount),
        **_used(dearest.amounts, dearest.free),
        "purposes": [_purpose(purpose) for purpose in dearest.purposes if purpose.purpose is not None],
        "unreserved": _purpose(dearest.purposes[-1]),
        "scenarios": [_scenario(one) for one in money.scenarios] if money.open_assumptions else [],
        "combinations": money.combinations,
        "exact": money.is_exact,
        "overspent": [_overspent(one) for one in money.overspent],
    }


def _purpose(purpose: PurposeMoney) -> JsonObject:
    return {
        "purpose": purpose.purpose,
        "reserved": _amount(purpose.reserved),
        **_used(purpose.amounts, purpose.free),
    }


def _scenario(scenario: Scenario) -> JsonObject:
    return {
        "assumptions": dict(scenario.assumptions),
        **_used(scenario.amounts, scenario.free),
        "purposes": [_purpose(purpose) for purpose in scenario.purposes if purpose.purpose is not None],
    }


def _overspent(case: Overspent) -> JsonObject:
    return {
        "by": case.by.value,
        "purpose": case.purpose,
        "taken": _amount(case.taken),
        "limit": _amount(case.limit),
        "assumptions": dict(case.assumptions),
    }


def _used(amounts: Amounts, free: Decimal | None) -> JsonObject:
    return {
        "planned": _amount(amounts.planned),
        "committed": _amount(amounts.committed),
        "spent": _amount(amounts.spent),
        "free": _amount(free),
        "unknown": amounts.unknown,
    }


def _decision(overview: Overview, decision: DecisionLine) -> JsonObject:
    assumption = decision.assumption
    return {
        "id": assumption.id,
        "question": assumption.question,
        "value": _value(assumption.value),
        "decided_by": assumption.decided_by or None,
        "decided_on": _day(assumption.decided_on),
        "case": assumption.case or None,
        "note": assumption.note or None,
        "needed_by": _day(decision.needed_by),
        "courses": list(decision.courses),
        "changes": [
            {
                "before": _value(change.before),
                "value": _value(change.after.value),
                "decided_by": change.after.decided_by or None,
                "decided_on": _day(change.after.decided_on),
                "case": change.after.case or None,
                "noted_at": _utc(change.after.noted_at),
            }
            for change in decision.changes
        ],
        "outcomes": [_outcome(overview, outcome) for outcome in decision.outcomes],
    }


def _value(outcome: Outcome | None) -> Outcome:
    return "undecided" if outcome is None else outcome


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _outcome(overview: Overview, outcome: OutcomeLine) -> JsonObject:
    return {
        "value": outcome.value,
        "courses": list(outcome.courses),
        "sessions": [_session(overview, session) for session in outcome.sessions],
        "mails": outcome.mails,
        "unread_audiences": list(outcome.unread),
        "amounts": [
            {
                "pool": amount.pool,
                "amount": None
                if amount.amounts.unknown and not amount.amounts.planned
                else _amount(amount.amounts.planned),
                "unknown": amount.amounts.unknown,
            }
            for amount in outcome.amounts
        ],
    }


def _when(condition: Condition) -> str | None:
    return condition_text(condition) or None


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.quantize(CENT):f}"


def _wall(wall: datetime | None, timezone: str) -> str | None:
    return None if wall is None else wall.replace(tzinfo=ZoneInfo(timezone)).isoformat()


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
