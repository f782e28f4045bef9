"""Which messages the plan's rules ask for, when, and where each stands: a function of plan, books and now (pure).

Of approved courses only. A rule counts from its anchor, and asks for one message to a person

    anchor      for                                                       about
    start       each session that the person is on                        the session's date
    end         the last session that the person is on                    the session's date
    deadline    a course, once, however many dates there are to choose    the deadline's date
    invited     a course, once; counted from the person's own invitation  the first session's date

Whom it is for is `bot.reminders.recipients`', when `bot.reminders.moments`'. Where it stands, the first that fits:

    a message with its key is in the outbox     what became of that
    the calendar has another time than the      scheduled (calendar_behind): nobody is reminded of a date
    plan, or a write is under way               that they have not been told
    it has expired                              expired (too_late); who got there later than that has missed nothing
    its time has not come                       scheduled
    it is a channel's post                      skipped (channel_not_set_up)
    outside the sending hours                   due (outside_hours)
    otherwise                                   due
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.events import SessionKey
from bot.domain.plan import Channel, CourseStatus, ReminderAnchor
from bot.domain.registrations import is_stand_in
from bot.domain.reminders import NotSent, Reminder, ReminderItem, ReminderState
from bot.reminders.moments import instant_of, may_go, moment_of, sending_hours
from bot.reminders.recipients import LONG_AGO, Recipients

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering, ReminderRule
    from bot.domain.registrations import Registration
    from bot.reminders.moments import Moment, SendingHours
    from bot.reminders.recipients import Recipient

TOLD_OF_EXPIRED = timedelta(days=14)
"""How long an expired message is still told of: a plan that is years old does not list what it never sent."""
ONCE = frozenset({ReminderAnchor.DEADLINE, ReminderAnchor.INVITED})
NOT_ON_CALENDAR: Mapping[str, datetime] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCalendar:
    """A session's event by the books: its start (UTC), and who is on it since when, by canonical address, parts together."""

    start: datetime
    invited: Mapping[str, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Everything that reminders are computed from; instants UTC, addresses canonical.

    `rows` who is coming; `calendar` the events whose books are settled, by the session's key; `asked` (course, address) to
    when somebody was asked by message; `known` (stem, address) of every reminder in the outbox to its state and reason.
    What falls due later than `until` is left out.
    """

    plan: CoursePlan
    rows: Iterable[Registration]
    calendar: Mapping[SessionKey, OnCalendar]
    asked: Mapping[tuple[str, str], datetime]
    known: Mapping[tuple[str, str], tuple[ReminderState, str]]
    people: PeopleIndex
    now: datetime
    until: datetime


def reminders(occasion: Occasion) -> tuple[Reminder, ...]:
    """Every message that is due, scheduled until `occasion.until`, lately expired or in the outbox; by due time, then key."""
    plan = occasion.plan
    hours = sending_hours(plan)
    by_course: dict[str, list[Registration]] = {}
    for row in occasion.rows:
        if not is_stand_in(row.email) and row.email != plan.organiser:
            by_course.setdefault(row.course, []).append(row)
    asked: dict[str, dict[str, datetime]] = {}
    for (course_id, email), at in occasion.asked.items():
        asked.setdefault(course_id, {})[email] = at
    found: dict[tuple[str, str], Reminder] = {}
    for course in plan.courses:
        if course.status is CourseStatus.APPROVED:
            recipients = Recipients(plan, course, by_course.get(course.id, ()), asked.get(course.id, {}), occasion.people)
            for rule in rules_for(plan, course):
                for one in _of_rule(occasion, course, rule, recipients, hours):
                    found.setdefault((one.item.stem, one.email), one)
    return tuple(sorted(found.values(), key=lambda one: (one.due_at, one.item.stem, one.email)))


def rules_for(plan: CoursePlan, course: Course) -> tuple[ReminderRule, ...]:
    """The plan's rules, with the course's own added, or in place of those with the same id."""
    return tuple({rule.id: rule for rule in (*plan.reminders, *course.reminders)}.values())


def _of_rule(occasion: Occasion, course: Course, rule: ReminderRule, recipients: Recipients, hours: SendingHours) -> Iterator[Reminder]:
    told: set[str] = set()
    for offering in course.offerings:
        if rule.anchor not in ONCE:
            told = set()
        for session, is_first in _sessions(offering, rule):
            key = SessionKey(plan=occasion.plan.id, course=course.id, offering=offering.id, session=session.id)
            shared = _anchor(rule, course, session, hours)
            moment = moment_of(rule, shared, occasion.plan, hours) if shared else None
            # Of several sessions the last one counts for its people however far away it is.
            looks_back = rule.anchor is ReminderAnchor.END and len(offering.sessions) > 1
            if moment is not None and not looks_back and not _is_near(moment, occasion):
                continue
            on = occasion.calendar.get(key)
            for reader in recipients.of(rule, offering.id, session.id, on.invited if on else NOT_ON_CALENDAR, is_first=is_first):
                when = moment or _since_invited(rule, reader, occasion.plan, hours)
                if when is None or (rule.anchor is not ReminderAnchor.START and reader.email in told):
                    continue
                told.add(reader.email)
                if _is_near(when, occasion) and reader.since < when.expires_at:
                    yield _reminder(occasion, course, rule, key, session, reader, when, hours)


def _sessions(offering: Offering, rule: ReminderRule) -> list[tuple[CourseSession, bool]]:
    """The dated sessions by start, and whether each is the first; for the end the last one comes first."""
    dated = sorted((one for one in offering.sessions if one.start and one.end), key=lambda one: (one.start, one.id))
    listed = [(session, number == 0) for number, session in enumerate(dated)]
    return listed[::-1] if rule.anchor is ReminderAnchor.END else listed


def _anchor(rule: ReminderRule, course: Course, session: CourseSession, hours: SendingHours) -> datetime | None:
    """The instant that is everybody's; None where each has their own, or the course has none."""
    walls = {ReminderAnchor.START: session.start, ReminderAnchor.END: session.end, ReminderAnchor.DEADLINE: course.enrolment.deadline}
    wall = walls.get(rule.anchor)
    return instant_of(wall, hours.zone) if wall else None


def _since_invited(rule: ReminderRule, reader: Recipient, plan: CoursePlan, hours: SendingHours) -> Moment | None:
    if rule.anchor is not ReminderAnchor.INVITED or reader.since == LONG_AGO:
        return None
    return moment_of(rule, reader.since, plan, hours)


def _is_near(moment: Moment, occasion: Occasion) -> bool:
    return moment.due_at < occasion.until and moment.expires_at > occasion.now - TOLD_OF_EXPIRED


def _reminder(
    occasion: Occasion,
    course: Course,
    rule: ReminderRule,
    key: SessionKey,
    session: CourseSession,
    reader: Recipient,
    moment: Moment,
    hours: SendingHours,
) -> Reminder:
    wall = course.enrolment.deadline if rule.anchor is ReminderAnchor.DEADLINE else session.start
    channel = Channel.MAIL if reader.email else Channel.CHANNEL
    made = Reminder(
        item=ReminderItem(rule.id, course.id, key.offering, key.session, f"{wall:%Y-%m-%d}", channel.value, rule.template),
        session=key,
        email=reader.email,
        target=reader.target,
        due_at=moment.due_at,
        expires_at=moment.expires_at,
        urgent=rule.urgent,
        follows=not rule.before,
    )
    known = occasion.known.get((made.item.stem, made.email))
    state, reason = known or _standing(occasion, made, session, hours, by_calendar=reader.by_calendar)
    return replace(made, state=state, reason=reason)


def _standing(
    occasion: Occasion, made: Reminder, session: CourseSession, hours: SendingHours, *, by_calendar: bool
) -> tuple[ReminderState, str]:
    on, now = occasion.calendar.get(made.session), occasion.now
    assert session.start is not None  # noqa: S101 - only dated sessions are looked at
    if by_calendar and (on is None or on.start != instant_of(session.start, hours.zone)):
        return ReminderState.SCHEDULED, NotSent.CALENDAR_BEHIND
    if made.expires_at <= now:
        return ReminderState.EXPIRED, NotSent.TOO_LATE
    if made.due_at > now:
        return ReminderState.SCHEDULED, ""
    if not made.email:
        return ReminderState.SKIPPED, NotSent.CHANNEL_NOT_SET_UP
    if not may_go(made.due_at, made.expires_at, hours, urgent=made.urgent, now=now):
        return ReminderState.DUE, NotSent.OUTSIDE_HOURS
    return ReminderState.DUE, ""
