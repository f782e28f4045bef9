"""What only shows when the whole plan is known: clashes, holidays, past dates, deadlines, money and sizes.

    code                    what                                                                       of courses that are
    deadline.after_start    opens, deadline or waiting_list_until after the first dated session        any
    session.past            sessions have ended before `now`: once, at the first of the file           any but draft and cancelled
    session.on_holiday      any of its days is a public holiday or closing day                         the same, not ended
    session.on_weekend      any of its days is a Saturday or Sunday                                    the same, not ended
    session.overlap         one audience name is expected in two places at once (once a session)       the same, not ended
    room.twice              a room has two sessions at once                                            the same, not ended
    speaker.twice           a speaker with an address is at two sessions at once                       the same, not ended
    audience.busy_week      an audience has more courses in a week than the settings allow             the same, not ended
    event.over_500          listed people alone are more than one event can hold                       the same
    reminder.never          two rules with follow_up before it tell the same readers                   the same, all that have it
    pool.overspent          more is taken than there is, or more is reserved                            `bot.domain.money`

What a decision has come out against (`when`) does not count; what can never be together does not clash. Money
under undecided assumptions counts as in the worst case. Offerings of one course are alternatives and do not
clash with each other for people, unless the mode is `invite`, where everybody is invited to all of them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.assumptions import OutcomeStanding, Term, standing
from bot.domain.decided import values_of
from bot.domain.money import OverspentBy, overspent
from bot.domain.plan import CourseStatus
from bot.domain.reminder_rules import MOST_FOLLOW_UPS
from bot.domain.templates import MessageKind
from bot.plan.busy_weeks import note_busy_weeks
from bot.plan.clashes import note_clashes
from bot.working_days import holiday_name, is_weekend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from bot.domain.assumptions import Condition
    from bot.domain.plan import CoursePlan
    from bot.plan.findings import Findings
    from bot.plan.nodes import Spot
    from bot.plan.read_course import PlacedCourse, PlacedSession
    from bot.plan.read_money import PlacedPool
    from bot.plan.read_reminder import PlacedRule
    from bot.plan.read_root import PlacedPlan

COUNTED = frozenset(
    {CourseStatus.LISTED, CourseStatus.PROPOSED, CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED}
)
OVERSPENT = {
    OverspentBy.RESERVED: ("reserved", "reserved"),
    OverspentBy.PURPOSE: ("purpose", "purpose_if"),
    OverspentBy.UNRESERVED: ("unreserved", "unreserved_if"),
    OverspentBy.POOL: ("pool", "pool_if"),
}
"""The reason that is told: of what is certain, and of what holds under open assumptions only."""
MOST_ON_EVENT = 500  # Exchange Online's limit on attendees of one event
# A session over many days is looked at for this long only; a course of a year would say the same 52 times.
DAYS_LOOKED_AT = 31


def check_plan(
    placed: PlacedPlan, *, now: datetime, findings: Findings, courses_a_week: int, doubts: bool = True
) -> None:
    """Note everything in the table above. Uses what could be read; parts with errors are passed over.

    Without `doubts` the calendar of holidays is not looked into where nothing else is wrong: nobody will read
    it.
    """
    counted = tuple(_still_there(placed))
    for course in placed.courses:
        _check_deadlines(course, findings)
    wall = (
        now.astimezone(ZoneInfo(placed.plan.timezone)).replace(tzinfo=None) if placed.plan.timezone else None
    )
    if wall is not None:
        _check_past(counted, wall, findings)
    names = {audience.id: audience.name for audience in placed.plan.audiences}
    note_clashes(counted, values_of(placed.plan), findings, since=wall, audiences=names)
    note_busy_weeks(counted, placed.plan, findings, since=wall, most=courses_a_week)
    sent = tuple(course for course in counted if course.course.status is not CourseStatus.LISTED)
    _check_sizes(sent, placed.plan, findings)
    for owned in (placed.reminders, *(course.reminders for course in sent)):
        _check_rules(owned, sent, placed.plan, findings)
    for pool in placed.pools:
        _check_pool(pool, placed.plan, findings)
    if doubts or findings.has_errors:
        _check_calendar(counted, wall, placed.plan, findings)


def _still_there(placed: PlacedPlan) -> Iterator[PlacedCourse]:
    """The courses that count, without what a decision has come out against."""
    decided = values_of(placed.plan)

    def stays(when: Condition) -> bool:
        return standing(when, decided) is not OutcomeStanding.FAILS

    for course in placed.courses:
        if course.course.status in COUNTED and stays(course.course.when):
            offerings = []
            for offering in course.offerings:
                sessions = tuple(session for session in offering.sessions if stays(session.session.when))
                # An offering without any of its sessions is nothing that somebody could choose.
                if stays(offering.offering.when) and (sessions or not offering.sessions):
                    offerings.append(replace(offering, sessions=sessions))
            yield replace(course, offerings=tuple(offerings))


def _dated(course: PlacedCourse) -> Iterator[tuple[PlacedSession, datetime, datetime]]:
    """The course's sessions that have a date, with start and end."""
    for offering in course.offerings:
        for placed in offering.sessions:
            if placed.session.start is not None and placed.session.end is not None:
                yield placed, placed.session.start, placed.session.end


def _check_deadlines(placed: PlacedCourse, findings: Findings) -> None:
    first = min((start for _, start, _ in _dated(placed)), default=None)
    enrolment = placed.course.enrolment
    if first is None:
        return
    for wall, spot in (
        (enrolment.opens, placed.opens),
        (enrolment.deadline, placed.deadline),
        (enrolment.waiting_list_until, placed.waiting_list_until),
    ):
        if wall is not None and wall > first:
            findings.error("deadline.after_start", spot, deadline=wall, start=first)


def _check_calendar(
    courses: Iterable[PlacedCourse], wall: datetime | None, plan: CoursePlan, findings: Findings
) -> None:
    """What is not over by the plan's wall clock, against the days on which no course should be held."""
    for course in courses:
        for session, start, end in _dated(course):
            if wall is None or end > wall:
                _check_days(session.start, tuple(_days(start, end)), plan, findings)


def _check_days(spot: Spot, days: tuple[date, ...], plan: CoursePlan, findings: Findings) -> None:
    names = ((day, holiday_name(day, plan.holidays, plan.closing_days)) for day in days)
    day, name = next(((day, name) for day, name in names if name is not None), (None, ""))
    if day is not None:
        findings.warn(
            "session.on_holiday", spot, reason="public" if name else "closing", day=day, holiday=name
        )
    holiday = next((one for one in plan.school_holidays if any(day in one for day in days)), None)
    if holiday is not None:
        findings.warn("session.in_school_holiday", spot, first=holiday.first, last=holiday.last)
    weekend = next((day for day in days if is_weekend(day)), None)
    if weekend is not None:
        findings.warn("session.on_weekend", spot, day=weekend)


def _days(start: datetime, end: datetime) -> Iterator[date]:
    """The days from start to end, the first 31 of them."""
    last = (end - timedelta(microseconds=1)).date()
    for number in range(min((last - start.date()).days + 1, DAYS_LOOKED_AT)):
        yield start.date() + timedelta(days=number)


def _check_past(counted: tuple[PlacedCourse, ...], now: datetime, findings: Findings) -> None:
    held = [
        (placed.start, start) for course in counted for placed, start, end in _dated(course) if end <= now
    ]
    if held:
        spot, start = min(held, key=lambda one: one[0].order)
        reason = "one" if len(held) == 1 else "other"
        findings.warn("session.past", spot, reason=reason, count=len(held), day=start.date())


def _check_sizes(counted: tuple[PlacedCourse, ...], plan: CoursePlan, findings: Findings) -> None:
    listed = {
        audience.id: frozenset(person.email for person in audience.people) for audience in plan.audiences
    }
    if sum(map(len, listed.values())) <= MOST_ON_EVENT:
        return
    known: dict[tuple[str, ...], int] = {}
    for course in counted:
        for placed, _, _ in _dated(course):
            names = course.course.audiences_of(placed.session)
            if names not in known:
                known[names] = len(frozenset[str]().union(*(listed.get(name, frozenset()) for name in names)))
            if known[names] > MOST_ON_EVENT:
                findings.warn("event.over_500", placed.start, count=known[names], limit=MOST_ON_EVENT)


def _check_rules(
    owned: tuple[PlacedRule, ...], counted: tuple[PlacedCourse, ...], plan: CoursePlan, findings: Findings
) -> None:
    for placed in owned:
        rule = placed.rule
        if rule.template != MessageKind.FOLLOW_UP:
            continue
        having = [
            one.course
            for one in counted
            if any(rule is of_course for of_course in plan.rules_for(one.course))
        ]
        turns = [plan.turn_of(course, rule.id, channel) for course in having for channel in rule.channels]
        if turns and min(turns) >= MOST_FOLLOW_UPS:
            findings.warn("reminder.never", placed.template, rule=rule.id)


def _check_pool(placed: PlacedPool, plan: CoursePlan, findings: Findings) -> None:
    for case in overspent(plan, placed.pool):
        spots = {
            OverspentBy.RESERVED: placed.reserved,
            OverspentBy.PURPOSE: placed.purposes.get(case.purpose or "", placed.reserved),
        }
        when = tuple(Term(assumption=name, outcome=outcome) for name, outcome in case.assumptions)
        findings.warn(
            "pool.overspent", spots.get(case.by, placed.amount), reason=OVERSPENT[case.by][bool(when)],
            purpose=case.purpose or "",
            taken=case.taken, amount=case.limit, currency=placed.pool.currency, when=when,
        )  # fmt: skip
