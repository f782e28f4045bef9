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
`bot.reminders.recipients`', when `bot.reminders.moments`', and which way it goes `bot.reminders.channels`'.
Where it stands, the first that fits:

    a message with its key is in the outbox     what became of that
    the calendar has another time than the      scheduled (calendar_behind): nobody is reminded of a date that they have
    plan, or a write is under way               not been told, nor thanked while a later session is on its way
    it has expired                              expired (too_late, or what barred the way); who got there later than that has
                                                missed nothing
    its time has not come                       scheduled
    it is a channel's post, and the settings    skipped (channel_not_set_up)
    have no webhook for the course's channel
    it is for the activity feed, which is not   skipped (teams_not_set_up), and told beforehand
    set up
    it is for the activity feed of somebody     skipped (not_in_teams)
    who is not in the directory
    outside the sending hours                   due (outside_hours)
    otherwise                                   due
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from bot.domain.events import SessionKey
from bot.domain.participation import asked_by_link
from bot.domain.plan import CourseStatus
from bot.domain.registrations import is_stand_in
from bot.domain.reminder_rules import MOST_FOLLOW_UPS, Channel, ReminderAnchor, ReminderTarget
from bot.domain.reminders import NotSent, Reminder, ReminderItem, ReminderState
from bot.domain.teams import NO_TEAMS, TeamsReach
from bot.domain.templates import ASKING, MessageKind
from bot.reminders.channels import ways_to
from bot.reminders.moments import instant_of, may_go, moment_of, sending_hours
from bot.reminders.recipients import LONG_AGO, AudienceRoom, Recipients, room_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.registrations import Registration
    from bot.domain.reminder_rules import ReminderRule
    from bot.reminders.moments import ReminderMoment, SendingHours
    from bot.reminders.recipients import Recipient

TOLD_OF_EXPIRED = timedelta(days=14)
"""How long an expired message is still told of: a plan that is years old does not list what it never sent."""
ONCE = frozenset({ReminderAnchor.DEADLINE, ReminderAnchor.INVITED})
NOT_ON_CALENDAR: Mapping[str, datetime] = {}
BY_MAIL: tuple[tuple[Channel, NotSent | None], ...] = ((Channel.MAIL, None),)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCalendar:
    """A session's event by the books.

    Its start (UTC), and who is on it since when, by canonical address, parts together.
    """

    start: datetime
    invited: Mapping[str, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Everything that reminders are computed from; instants UTC, addresses canonical.

    `rows` who is coming; `calendar` the events whose books are settled, by the session's key; `asked`
    (course, address) to when somebody was asked by message; `members` the audiences as last read; `known`
    (stem, address) of every reminder in the outbox to its state and reason; `reach` what of Teams is set up.
    What falls due later than `until` is left out.
    """

    plan: CoursePlan
    rows: Iterable[Registration]
    calendar: Mapping[SessionKey, OnCalendar]
    asked: Mapping[tuple[str, str], datetime]
    members: Mapping[str, frozenset[str]]
    known: Mapping[tuple[str, str], tuple[ReminderState, str]]
    people: PeopleIndex
    now: datetime
    until: datetime
    reach: TeamsReach = NO_TEAMS
    known_stems: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note which stems there are in the outbox: most of what is asked for is not there yet."""
        object.__setattr__(self, "known_stems", frozenset(stem for stem, _ in self.known))


def reminders(occasion: Occasion) -> tuple[Reminder, ...]:
    """Every message that is due, scheduled until `occasion.until`, lately expired or in the outbox.

    By due time, then key.
    """
    plan = occasion.plan
    hours = sending_hours(plan)
    by_course: dict[str, list[Registration]] = {}
    for row in occasion.rows:
        if not is_stand_in(row.email) and row.email != plan.organiser:
            by_course.setdefault(row.course, []).append(row)
    found: dict[tuple[str, str], Reminder] = {}
    for course in plan.courses:
        if course.status is CourseStatus.APPROVED:
            still = asked_by_link(course, occasion.asked, occasion.members)
            rows = by_course.get(course.id, ())
            room = room_of(course, rows, now=occasion.now, zone=hours.zone)
            recipients = Recipients(
                plan, course, rows, still, occasion.people, members=occasion.members, room=room
            )
            for rule in plan.rules_for(course):
                asked_for = frozenset(
                    channel for channel in Channel if is_asked_for(plan, course, rule, channel)
                )
                for key, one in (
                    _of_rule(occasion, course, rule, recipients, hours, asked_for) if asked_for else ()
                ):
                    found.setdefault(key, one)
    by_key = sorted(found.items(), key=itemgetter(0))
    return tuple(sorted((one for _, one in by_key), key=attrgetter("due_at")))


def is_asked_for(plan: CoursePlan, course: Course, rule: ReminderRule, channel: Channel) -> bool:
    """A second `follow_up` asks about the evaluation again, where there is one.

    After that there is silence.
    """
    turn = plan.turn_of(course, rule.id, channel)
    return turn == 0 or (turn < MOST_FOLLOW_UPS and bool(course.evaluation))


def _of_rule(
    occasion: Occasion,
    course: Course,
    rule: ReminderRule,
    recipients: Recipients,
    hours: SendingHours,
    asked_for: frozenset[Channel],
) -> list[tuple[tuple[str, str], Reminder]]:
    """What a rule asks for, by stem and address; of two with the same the first counts."""
    found: list[tuple[tuple[str, str], Reminder]] = []
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
            if moment is not None and not looks_back and not _is_near(moment, occasion):
                continue
            on = occasion.calendar.get(key)
            invited = on.invited if on else NOT_ON_CALENDAR
            items = {
                channel: _item(course, rule, session, key, channel, recipients.room) for channel in asked_for
            }
            rule_here = _RuleAtSession(occasion, course, rule, hours, key, items, is_behind=is_behind)
            readers = recipients.of(rule, offering.id, session.id, invited, is_first=is_first)
            found += rule_here.messages(readers, moment, over, told)
    return found


class _RuleAtSession:
    """What a rule asks for about one session, reader by reader.

    What is the same for many of them is worked out once.
    """

    def __init__(
        self,
        occasion: Occasion,
        course: Course,
        rule: ReminderRule,
        hours: SendingHours,
        key: SessionKey,
        items: Mapping[Channel, ReminderItem],
        *,
        is_behind: bool,
    ) -> None:
        """`items` are those of the ways by which the rule is asked for."""
        self._occasion, self._course, self._rule, self._hours, self._key = occasion, course, rule, hours, key
        self._items, self._is_behind = items, is_behind
        self._stems = {channel: item.stem for channel, item in items.items()}
        # By mail alone, and nobody has had it by Teams before: then it is the way to everybody.
        line = self._stems.get(Channel.TEAMS)
        self._only_mail = Channel.TEAMS not in rule.channels and line not in occasion.known_stems
        self._calls: dict[tuple[Channel, NotSent | None, ReminderTarget, bool, bool], _Call] = {}
        self._last: ReminderMoment | None = None
        self._last_is_near = False

    def messages(
        self,
        readers: Iterable[Recipient],
        moment: ReminderMoment | None,
        over: datetime | None,
        told: set[str],
    ) -> list[tuple[tuple[str, str], Reminder]]:
        """The messages to the readers, each with its stem and the address.

        `moment` is everybody's, None where each has their own.

        `told` are those who were told of the offering or course already, and grows.
        """
        occasion, rule, found = self._occasion, self._rule, []
        tells_once = rule.anchor is not ReminderAnchor.START
        for reader in readers:
            when = moment or _since_invited(rule, reader, occasion.plan, self._hours, over)
            if when is None or (tells_once and reader.email in told):
                continue
            told.add(reader.email)
            if reader.since < when.expires_at and self._is_near(when):
                for channel, barrier in self._ways(reader):
                    alike = (channel, barrier, reader.target, reader.by_calendar, reader.anew)
                    call = self._calls.get(alike) or self._call(channel, barrier, reader, when)
                    self._calls[alike] = call
                    found.append(
                        ((call.stem, reader.email), _reminder(occasion, rule, self._key, reader, call))
                    )
        return found

    def _is_near(self, when: ReminderMoment) -> bool:
        """Whether a moment is near, and what is the same for all at another moment is forgotten."""
        if when is not self._last:
            self._calls, self._last, self._last_is_near = {}, when, _is_near(when, self._occasion)
        return self._last_is_near

    def _call(
        self, channel: Channel, barrier: NotSent | None, reader: Recipient, when: ReminderMoment
    ) -> _Call:
        item = replace(
            self._items[channel],
            speaker=reader.target is ReminderTarget.SPEAKERS,
            moved=reader.target is ReminderTarget.UNCONFIRMED,
            anew=reader.anew,
        )
        is_behind = self._is_behind and reader.by_calendar
        return _call(
            self._occasion, self._rule, item, self._hours, moment=when, barrier=barrier, is_behind=is_behind
        )

    def _ways(self, reader: Recipient) -> Sequence[tuple[Channel, NotSent | None]]:
        """The ways to a reader, each with what bars it."""
        if (Channel.MAIL if reader.email else Channel.CHANNEL) not in self._items:
            return ()
        occasion = self._occasion
        if not reader.email:
            bar = None if self._course.teams_channel in occasion.reach.posts else NotSent.CHANNEL_NOT_SET_UP
            return ((Channel.CHANNEL, bar),)
        if self._only_mail:
            return BY_MAIL
        person = occasion.people.find(reader.email)
        in_directory = person is not None and person.directory_id is not None

        def known(channel: Channel) -> tuple[ReminderState, str] | None:
            return occasion.known.get((self._stems[channel], reader.email))

        bar = (
            NotSent.TEAMS_NOT_SET_UP
            if not occasion.reach.feed
            else None
            if in_directory
            else NotSent.NOT_IN_TEAMS
        )
        ways = ways_to(self._rule.channels, in_directory=in_directory, reach=occasion.reach, known=known)
        return [(channel, bar if channel is Channel.TEAMS else None) for channel in ways]


def _sessions(offering: Offering, rule: ReminderRule) -> list[tuple[CourseSession, bool]]:
    """The dated sessions by start, and whether each is the first; for the end the last one comes first."""
    dated = sorted(
        (one for one in offering.sessions if one.start and one.end), key=lambda one: (one.start, one.id)
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


def _since_invited(
    rule: ReminderRule, reader: Recipient, plan: CoursePlan, hours: SendingHours, over: datetime | None
) -> ReminderMoment | None:
    if rule.anchor is not ReminderAnchor.INVITED or reader.invited == LONG_AGO:
        return None
    return moment_of(rule, reader.invited, plan, hours, over=over)


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
    on = occasion.calendar.get(key)
    return on is not None and session.start is not None and on.start == instant_of(session.start, hours.zone)


def _is_near(moment: ReminderMoment, occasion: Occasion) -> bool:
    return moment.due_at < occasion.until and moment.expires_at > occasion.now - TOLD_OF_EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """What is the same for all who are told the same at the same moment."""

    item: ReminderItem
    stem: str
    moment: ReminderMoment
    standing: tuple[ReminderState, str]


def _call(
    occasion: Occasion,
    rule: ReminderRule,
    item: ReminderItem,
    hours: SendingHours,
    *,
    moment: ReminderMoment,
    barrier: NotSent | None,
    is_behind: bool,
) -> _Call:
    now = occasion.now
    state, reason = ReminderState.DUE, ""
    if is_behind:
        state, reason = ReminderState.SCHEDULED, NotSent.CALENDAR_BEHIND
    elif moment.expires_at <= now:
        state, reason = ReminderState.EXPIRED, barrier or NotSent.TOO_LATE
    elif moment.due_at > now:
        state = ReminderState.SCHEDULED
        reason = NotSent.TEAMS_NOT_SET_UP if barrier is NotSent.TEAMS_NOT_SET_UP else ""
    elif barrier is not None:
        state, reason = ReminderState.SKIPPED, barrier
    elif not may_go(moment.due_at, moment.expires_at, hours, urgent=rule.urgent, now=now):
        reason = NotSent.OUTSIDE_HOURS
    return _Call(item=item, stem=item.stem, moment=moment, standing=(state, reason))


def _item(
    course: Course,
    rule: ReminderRule,
    session: CourseSession,
    key: SessionKey,
    channel: Channel,
    room: AudienceRoom,
) -> ReminderItem:
    walls = {ReminderAnchor.DEADLINE: course.enrolment.deadline, ReminderAnchor.INVITED: None}
    wall = walls.get(rule.anchor, session.start)
    about = f"{wall:%Y-%m-%d}" if wall else ""
    return ReminderItem(
        rule=rule.id,
        course=course.id,
        offering=key.offering,
        session=key.session,
        about=about,
        channel=channel.value,
        template=rule.template,
        once=rule.anchor in ONCE,
        only_line=rule.template in ASKING and room is AudienceRoom.LINE,
    )


def _reminder(
    occasion: Occasion, rule: ReminderRule, key: SessionKey, reader: Recipient, call: _Call
) -> Reminder:
    state, reason = call.standing
    if call.stem in occasion.known_stems:
        state, reason = occasion.known.get((call.stem, reader.email), call.standing)
    return Reminder(
        item=call.item,
        session=key,
        email=reader.email,
        target=reader.target,
        due_at=call.moment.due_at,
        expires_at=call.moment.expires_at,
        urgent=rule.urgent,
        follows=not rule.before,
        state=state,
        reason=reason,
    )
