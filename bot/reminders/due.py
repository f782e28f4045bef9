"""Which messages the plan's rules ask for, when, and where each stands.

A function of plan, books and now (pure).

Of approved courses only; of several rules with `follow_up` for the same readers the first two, and the second
only where there is an evaluation. A channel's readers are not the persons that are told one by one. A rule
counts from its anchor, and asks for one message to a person

    anchor      for                                                       about
    start       each session that the person is on                        the session's date
    end         the last session that the person is on                    the session's date
    deadline    a course, once, however many dates there are to choose    the deadline's date
    invited     a course, once; counted from the person's own invitation  –

Of what lies ahead nobody is told after it has begun, nor asked to answer after the deadline, however long a
rule that counts from the invitation or the deadline lets it wait. Whom it is for is
`bot.reminders.recipients`', when `bot.reminders.moments`', which way it goes `bot.reminders.channels`', and
where each message stands `bot.reminders.at_session`'s.
"""

from __future__ import annotations

from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from bot.domain.events import SessionKey
from bot.domain.participation import asked_by_link
from bot.domain.plan import CourseStatus
from bot.domain.registrations import is_stand_in
from bot.domain.reminder_rules import MOST_FOLLOW_UPS, TO_PERSONS, Channel, ReminderAnchor
from bot.domain.reminders import ReminderItem, ReminderTopic
from bot.domain.templates import ASKING, MessageKind
from bot.reminders.at_session import RuleAtSession
from bot.reminders.moments import instant_of, moment_of, sending_hours
from bot.reminders.recipients import AudienceRoom, Recipients, room_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.registrations import Registration
    from bot.domain.reminder_rules import ReminderRule
    from bot.domain.reminders import Reminder
    from bot.reminders.moments import SendingHours
    from bot.reminders.occasion import Occasion

ONCE = frozenset({ReminderAnchor.DEADLINE, ReminderAnchor.INVITED})
NOT_ON_CALENDAR: Mapping[str, datetime] = {}


def reminders(occasion: Occasion) -> tuple[Reminder, ...]:
    """Every message that is due, scheduled until `occasion.until`, lately expired or in the outbox.

    By due time, then key.
    """
    hours = sending_hours(occasion.plan)
    by_course: dict[str, list[Registration]] = {}
    for row in occasion.rows:
        if not is_stand_in(row.email) and row.email != occasion.plan.organiser:
            by_course.setdefault(row.course, []).append(row)
    asked_for = [
        asked
        for course in occasion.plan.courses
        if course.status is CourseStatus.APPROVED
        for asked in _of_course(occasion, course, by_course.get(course.id, ()), hours)
    ]
    by_key: dict[tuple[str, str], Reminder] = {}
    for key, reminder in asked_for:
        by_key.setdefault(key, reminder)
    in_order = sorted(by_key.items(), key=itemgetter(0))
    return tuple(sorted((reminder for _, reminder in in_order), key=attrgetter("due_at")))


def _of_course(
    occasion: Occasion, course: Course, rows: Sequence[Registration], hours: SendingHours
) -> Iterator[tuple[tuple[str, str], Reminder]]:
    """What the rules of a course ask for, by stem and address, in the order of the rules."""
    plan = occasion.plan
    asked = asked_by_link(course, occasion.asked, occasion.members)
    room = room_of(course, rows, now=occasion.now, zone=hours.zone)
    came = occasion.came_to(course.id)
    recipients = Recipients(
        plan, course, rows, asked, occasion.people, members=occasion.members, room=room, came=came
    )
    for rule in plan.rules_for(course):
        channels = frozenset(channel for channel in Channel if is_asked_for(plan, course, rule, channel))
        if channels:
            yield from _of_rule(occasion, course, rule, recipients, hours, channels)


def is_asked_for(plan: CoursePlan, course: Course, rule: ReminderRule, channel: Channel) -> bool:
    """A second `follow_up` asks about the evaluation again, where there is one.

    After that there is silence.
    """
    turn = plan.turn_of(course, rule.id, channel)
    has_form = course.evaluation_form is not None and channel in TO_PERSONS
    return turn == 0 or (turn < MOST_FOLLOW_UPS and (bool(course.evaluation) or has_form))


def _of_rule(
    occasion: Occasion,
    course: Course,
    rule: ReminderRule,
    recipients: Recipients,
    hours: SendingHours,
    channels: frozenset[Channel],
) -> list[tuple[tuple[str, str], Reminder]]:
    """What a rule asks for, by stem and address; of two with the same the first counts."""
    messages: list[tuple[tuple[str, str], Reminder]] = []
    told: set[str] = set()
    for offering in course.offerings:
        if rule.anchor not in ONCE:
            told = set()
        is_behind = False
        for session, is_first in _sessions(offering, rule):
            is_behind = is_behind and rule.anchor is ReminderAnchor.END
            key = SessionKey(
                plan=occasion.plan.id, course=course.id, offering=offering.id, session=session.id
            )
            shared, over = _anchor(rule, course, session, hours), _over(rule, course, session, hours)
            moment = moment_of(rule, shared, occasion.plan, hours, over=over) if shared else None
            is_behind = is_behind or not _agrees(occasion, key, session, hours)
            # Of several sessions the last one counts for its people however far away it is.
            looks_back = rule.anchor is ReminderAnchor.END and len(offering.sessions) > 1
            topic = _topic(course, rule, session, key)
            # What HR sends early is looked at however far away its own time is.
            is_far = moment is not None and not occasion.is_near(moment) and topic not in occasion.topics
            if is_far and not looks_back:
                continue
            event = occasion.calendar.get(key)
            invited = event.invited if event else NOT_ON_CALENDAR
            items = {channel: _item(rule, topic, key, channel, recipients.room) for channel in channels}
            rule_here = RuleAtSession(occasion, course, rule, hours, key, items, is_behind=is_behind)
            readers = recipients.of(rule, offering.id, session.id, invited, is_first=is_first)
            messages += rule_here.messages(readers, moment, over, told)
    return messages


def _sessions(offering: Offering, rule: ReminderRule) -> list[tuple[CourseSession, bool]]:
    """The dated sessions by start, and whether each is the first; for the end the last one comes first."""
    dated = sorted(
        (session for session in offering.sessions if session.start and session.end),
        key=lambda session: (session.start, session.id),
    )
    listed = [(session, number == 0) for number, session in enumerate(dated)]
    return listed[::-1] if rule.anchor is ReminderAnchor.END else listed


def _anchor(
    rule: ReminderRule, course: Course, session: CourseSession, hours: SendingHours
) -> datetime | None:
    """The instant that is everybody's; None where each has their own, or the course has none."""
    walls = {
        ReminderAnchor.START: session.start,
        ReminderAnchor.END: session.end,
        ReminderAnchor.DEADLINE: course.enrolment.deadline,
    }
    wall = walls.get(rule.anchor)
    return instant_of(wall, hours.zone) if wall else None


def _over(rule: ReminderRule, course: Course, session: CourseSession, hours: SendingHours) -> datetime | None:
    """When there is nothing left to come to or to answer.

    None where the rule itself counts from the session.
    """
    if rule.anchor not in ONCE or rule.template == MessageKind.FOLLOW_UP:
        return None
    answers = rule.anchor is ReminderAnchor.INVITED and rule.template in ASKING
    wall = (course.enrolment.deadline if answers else None) or session.start
    return instant_of(wall, hours.zone) if wall else None


def _agrees(occasion: Occasion, key: SessionKey, session: CourseSession, hours: SendingHours) -> bool:
    event = occasion.calendar.get(key)
    if event is None or session.start is None:
        return False
    return event.start == instant_of(session.start, hours.zone)


def _topic(course: Course, rule: ReminderRule, session: CourseSession, key: SessionKey) -> ReminderTopic:
    """What a rule asks for about the session, with the date that it is about."""
    walls = {ReminderAnchor.DEADLINE: course.enrolment.deadline, ReminderAnchor.INVITED: None}
    wall = walls.get(rule.anchor, session.start)
    once = rule.anchor in ONCE
    return ReminderTopic(
        rule=rule.id,
        course=course.id,
        offering="" if once else key.offering,
        session="" if once else key.session,
        about=f"{wall:%Y-%m-%d}" if wall else "",
    )


def _item(
    rule: ReminderRule, topic: ReminderTopic, key: SessionKey, channel: Channel, room: AudienceRoom
) -> ReminderItem:
    return ReminderItem(
        rule=rule.id,
        course=topic.course,
        offering=key.offering,
        session=key.session,
        about=topic.about,
        channel=channel.value,
        template=rule.template,
        once=rule.anchor in ONCE,
        only_line=rule.template in ASKING and room is AudienceRoom.LINE,
    )
