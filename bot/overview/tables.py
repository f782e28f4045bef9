"""The overview as lists to sort and add up, one a sheet.

Courses, the year, pools, what they pay, scenarios, decisions, seats, tasks afterwards (pure).

Amounts are numbers and days are dates. What is not known is an empty cell, and `unknown` counts the amounts
that are missing from a sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from bot.domain.assumptions import still_open
from bot.domain.evaluation_results import FEWEST
from bot.domain.money import expense_share
from bot.domain.task_answers import TaskState
from bot.messages.characters import one_line
from bot.overview.words import Words
from bot.overview.year import year_of, years_of
from bot.overview.year_paper import meeting_status, meeting_title, span_heading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.domain.money import Amounts
    from bot.domain.people import Language
    from bot.overview.lines import CourseLine, DecisionLine, OutcomeLine, Overview
    from bot.overview.year import Span

Value: TypeAlias = str | int | Decimal | date | None
Rows: TypeAlias = "list[tuple[Value, ...]]"

COURSE_COLUMNS = (
    "course", "id", "theme", "status", "audience", "when", "begins", "capacity", "invited", "registered",
    "tentative", "waitlisted",
    "declined", "unanswered", "decide", "responsible", "tags", "case",
)  # fmt: skip
YEAR_COLUMNS = ("year", "month", "begins", "ends", "kind", "entry", "status")
POOL_COLUMNS = (
    "pool",
    "year",
    "purpose",
    "reserved",
    "planned",
    "committed",
    "spent",
    "free",
    "unknown",
    "currency",
)
PAID_COLUMNS = ("pool", "what", "purpose", "status", "planned", "spent", "currency", "condition")
COST_COLUMNS = (
    "course", "cost", "capacity", "registered", "attended", "per_seat", "per_registered", "per_attended",
    "unknown", "currency",
)  # fmt: skip
DEPARTMENT_COLUMNS = ("course", "department", "registered", "attended", "cost", "currency")
SCENARIO_COLUMNS = ("pool", "scenario", "planned", "free", "unknown", "currency")
DECISION_COLUMNS = (
    "question",
    "outcome_value",
    "is_decided",
    "courses",
    "when",
    "mails",
    "amounts",
    "decided_by",
    "decided_on",
    "case",
)

TASK_COLUMNS = ("course", "task", "answered", *(f"task_state.{state.value}" for state in TaskState))


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewSheet:
    """One list: what it is called, its headings, and its rows, each as long as the headings."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def sheets(overview: Overview, language: Language) -> Iterator[OverviewSheet]:
    """The lists in the order of the sheets; one without rows is left out, but for the courses."""
    words = Words(language, overview.questions)
    given = (
        ("courses", COURSE_COLUMNS, [_course(course, words) for course in overview.courses]),
        ("year", YEAR_COLUMNS, _years(overview, words)),
        ("purposes", POOL_COLUMNS, _pools(overview, words)),
        ("paid", PAID_COLUMNS, _paid(overview, words)),
        ("scenarios", SCENARIO_COLUMNS, _scenarios(overview, words)),
        ("decisions", DECISION_COLUMNS, _decisions(overview, words)),
        ("costs", COST_COLUMNS, _costs(overview)),
        ("departments", DEPARTMENT_COLUMNS, _departments(overview, words)),
        ("tasks", TASK_COLUMNS, _tasks(overview, words)),
    )
    for name, columns, rows in given:
        if rows or name == "courses":
            headings = tuple(words(column if "." in column else f"column.{column}") for column in columns)
            yield OverviewSheet(title=words(f"sheet.{name}"), headings=headings, rows=tuple(rows))


def _course(course: CourseLine, words: Words) -> tuple[Value, ...]:
    seats = course.seats
    return (
        one_line(course.title),
        course.id,
        one_line(course.theme),
        "; ".join(words.status(course)),
        _lines(course.audiences),
        "\n".join(words.times(course.sessions)),
        course.begins,
        seats.capacity,
        seats.invited,
        seats.registered,
        seats.tentative,
        seats.waitlisted,
        seats.declined,
        seats.unanswered,
        "\n".join(words.needs(course)),
        _lines(course.responsible),
        _lines(course.tags),
        one_line(course.case),
    )


def _tasks(overview: Overview, words: Words) -> list[tuple[Value, ...]]:
    """What courses were used for, in numbers; of who are too few, only that."""
    few = words("task_few", fewest=FEWEST)
    return [
        (
            one_line(overview.titles[one.course]),
            one_line(one.text),
            *((few, *(None for _ in TaskState)) if one.counts is None else (sum(one.counts), *one.counts)),
        )
        for one in overview.tasks
    ]


def _lines(texts: Sequence[str]) -> str:
    return "\n".join(map(one_line, texts))


def _years(overview: Overview, words: Words) -> Rows:
    return [
        (year, *row)
        for year in years_of(overview)
        for span in year_of(overview, year)
        for row in _span(span, words)
    ]


def _span(span: Span, words: Words) -> Iterator[tuple[Value, ...]]:
    """What begins, is due and is free in it; a decision stands on the day before which it is needed."""
    heading = span_heading(span, words)
    for meeting in span.meetings:
        session = meeting.session
        days = (
            (session.begins, session.ends - timedelta(days=1))
            if session.start and session.begins and session.ends
            else (None, None)
        )
        yield (heading, *days, words("kind.meeting"), meeting_title(meeting), meeting_status(meeting, words))
    for answers in span.answers:
        yield (heading, answers.day, answers.day, words("kind.answers"), one_line(answers.course.title), "")
    for decision in span.decisions:
        yield (
            heading,
            decision.day,
            decision.day,
            words("kind.decision"),
            words.question(decision.assumption),
            words("open"),
        )
    for free in span.free:
        yield (
            heading,
            free.day,
            free.day,
            words("kind.free"),
            one_line(free.name) or words("year.closed"),
            "",
        )
    for school in span.school:
        yield (heading, school.first, school.last, words("kind.school"), words("year.school"), "")


def _pools(overview: Overview, words: Words) -> Rows:
    rows: Rows = []
    for money in overview.pools:
        pool, dearest = money.pool, money.dearest
        given = [
            (words.purpose(one.purpose), one.reserved, one.amounts, one.free)
            for one in dearest.purposes
            if pool.reserved
        ]
        for purpose, reserved, amounts, free in (
            *given,
            (words("in_all"), pool.amount, dearest.amounts, dearest.free),
        ):
            used = (_sum(amounts), amounts.committed, amounts.spent, free, amounts.unknown)
            rows.append((one_line(pool.name or pool.id), pool.year, purpose, reserved, *used, pool.currency))
    return rows


def _sum(amounts: Amounts) -> Decimal | None:
    """What is planned, nothing where all of it is missing."""
    return None if amounts.unknown and not amounts.planned else amounts.planned


def _paid(overview: Overview, words: Words) -> Rows:
    rows: Rows = []
    for money in overview.pools:
        pool = money.pool
        name = one_line(pool.name or pool.id)
        for course in overview.courses:
            for line in (line for line in course.funding if line.pool == pool.id):
                said = (
                    one_line(course.title),
                    words.purpose(line.purpose),
                    words(f"status.{course.status.value}"),
                )
                condition = words.condition((*course.waits_for, *line.waits_for))
                rows.append((name, *said, _sum(line.amounts), line.amounts.spent, pool.currency, condition))
        for expense in pool.expenses:
            amounts = expense_share(pool, expense).holding
            said = (
                one_line(expense.title),
                words.purpose(expense.purpose),
                words(f"expense.{expense.status.value}"),
            )
            condition = words.condition(still_open(expense.when, overview.values))
            rows.append((name, *said, _sum(amounts), amounts.spent, pool.currency, condition))
    return rows


def _scenarios(overview: Overview, words: Words) -> Rows:
    return [
        (
            one_line(money.pool.name or money.pool.id),
            "\n".join(words.scenario(scenario.assumptions)),
            _sum(scenario.amounts),
            scenario.free,
            scenario.amounts.unknown,
            money.pool.currency,
        )
        for money in overview.pools
        if money.open_assumptions
        for scenario in money.scenarios
    ]


def _costs(overview: Overview) -> Rows:
    return [
        (
            one_line(overview.titles[cost.course]),
            cost.amounts.planned,
            cost.seats.capacity,
            cost.seats.registered,
            cost.seats.attended,
            cost.per_seat,
            cost.per_registered,
            cost.per_attended,
            cost.amounts.unknown,
            cost.currency,
        )
        for cost in overview.costs
    ]


def _departments(overview: Overview, words: Words) -> Rows:
    rows: Rows = []
    for cost in overview.costs:
        course = one_line(overview.titles[cost.course])
        for department in cost.departments:
            name = one_line(department.department) or words("department_unknown")
            rows.append(
                (course, name, department.registered, department.attended, department.amount, cost.currency)
            )
    return rows


def _decisions(overview: Overview, words: Words) -> Rows:
    return [
        _outcome(overview, decision, outcome, words)
        for decision in overview.decisions
        for outcome in decision.outcomes
    ]


def _outcome(
    overview: Overview, decision: DecisionLine, outcome: OutcomeLine, words: Words
) -> tuple[Value, ...]:
    assumption = decision.assumption
    pools = {money.pool.id: money.pool for money in overview.pools}
    amounts = [
        words(
            "paid_from",
            pool=one_line(pools[amount.pool].name or amount.pool),
            amount=words.planned(amount.amounts, pools[amount.pool].currency).text,
        )
        for amount in outcome.amounts
    ]
    return (
        words.question(assumption.id),
        words.outcome(outcome.value),
        words("yes") if assumption.value is not None and assumption.value == outcome.value else "",
        _lines([overview.titles[course] for course in outcome.courses]),
        "\n".join(words.times(outcome.sessions)),
        outcome.mails,
        "\n".join(amounts),
        one_line(assumption.decided_by),
        assumption.decided_on,
        one_line(assumption.case),
    )
