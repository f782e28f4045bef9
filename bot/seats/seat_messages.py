"""Which messages follow from lines of the seat log, and from a course that is open for choosing (pure).

Of several lines for one person and offering in one settlement only where they end counts:

    ended as                        because               message
    any                             cause without one     none: Outlook's own mail says it, or nothing is new
    as a first in line with a seat  was in line before    seat_offered
    as a first in line with a seat  accepted just now     none: they said yes and have a seat, and were never told of a line
    took it by link, or by HR's hand        is on the event       confirmed: no invitation follows, they have it already
    a manager said yes, with a seat         is on the event       approved; who is not gets Outlook's invitation
    anything else                   any                   the message of the cause (`bot.domain.seats.RULES`)

A key is unique for the plan, so that a message is sent once whatever is repeated. Says nothing of how they
read (`bot.messages`) or how they are sent (`bot.rounds.steps.deliver_mail`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.enrolment import EnrolmentMode
from bot.domain.messages import Message
from bot.domain.participation import people_in
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import RULES, Cause
from bot.domain.templates import MessageKind
from bot.domain.times import instant
from bot.seats.enrolment_rules import begins_of, rules_of
from bot.working_days import working_days_from

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.registrations import Registration
    from bot.domain.seats import OfferingSeats, StandingKey, Transition
    from bot.seats.enrolment_rules import CourseRules

INSTANT = "%Y%m%dT%H%M%S.%fZ"
TAKEN = frozenset({Cause.CHOSEN, Cause.ENROLLED})
"""A seat that was taken without an answer in Outlook."""
BETWEEN_COLLEAGUES = frozenset({MessageKind.HANDED_OVER, MessageKind.TAKEN_OVER})
ANSWERS = frozenset({MessageKind.APPROVED, MessageKind.DISAPPROVED})
"""What a manager's yes or no is told with; by the plan's rule it is told otherwise (`OVERDUE`)."""
OVERDUE = "overdue"
ASKING = frozenset({MessageKind.ANNOUNCEMENT, MessageKind.CHOOSE})
WARNED_BEFORE_WORKING_DAYS = 3
"""How long before the deadline HR is told that too few have enrolled.

Time to ask around (the plan format, 2026-11).
"""


def seat_messages(
    plan: CoursePlan,
    transitions: Iterable[Transition],
    rows: Iterable[Registration],
    people: PeopleIndex,
    *,
    on_event: Collection[StandingKey] = (),
    now: datetime,
) -> tuple[Message, ...]:
    """The messages of a settlement, by the table above.

    `rows` are the registrations after it (for the place in line).

    `on_event` is who is on an event of the offering by the books.
    """
    begins = begins_of(plan)
    positions = {(row.course, row.offering, row.email): row.position for row in rows}
    transitions = tuple(transitions)
    colleagues = _colleagues(transitions)
    groups: dict[StandingKey, list[Transition]] = {}
    for transition in transitions:
        if not transition.noted:
            groups.setdefault(_key(transition), []).append(transition)
    messages: list[Message] = []
    for key, lines in groups.items():
        after = lines[-1].after
        kind = _kind_of(lines, is_on_event=key in on_event)
        if kind is None:
            continue
        params: dict[str, str] = {}
        if kind is MessageKind.PLACED_IN_LINE:
            params["position"] = str(positions.get(key) or 1)
        if kind in ANSWERS and after.source is AnswerSource.RULE:
            params["when"] = OVERDUE
        if kind in BETWEEN_COLLEAGUES:
            person = people.find(colleagues[key])
            params["colleague"] = (person.name if person else "") or colleagues[key]
        messages.append(
            Message(
                plan=plan.id,
                key="/".join((kind.value, *key, after.since.strftime(INSTANT))),
                kind=kind,
                course=after.course,
                offering=after.offering,
                email=after.email,
                created_at=now,
                expires_at=begins.get((after.course, after.offering)),
                params=params,
            )
        )
    return tuple(messages)


def _kind_of(lines: Sequence[Transition], *, is_on_event: bool) -> MessageKind | None:
    """The message for one person and offering, by the table above."""
    after = lines[-1].after
    if after.cause is Cause.SEAT_OFFERED and lines[0].before is not RegistrationStatus.WAITLISTED:
        return None
    if after.cause in TAKEN and after.has_seat and is_on_event:
        return MessageKind.CONFIRMED
    if after.cause is Cause.APPROVED and after.has_seat and is_on_event:
        return MessageKind.APPROVED
    return RULES[after.cause].message


def announcements(
    plan: CoursePlan,
    members: Mapping[str, frozenset[str]],
    standing: Collection[tuple[str, str]],
    announced: Collection[tuple[str, str]],
    *,
    now: datetime,
) -> tuple[Message, ...]:
    """One message with the link to everybody who may sign up or choose by link and has not been asked yet.

    `members` are the audiences known just now; `standing` (course, address) with any line in the log, who
    need not be asked; `announced` those asked before. From `opens` until the deadline (without one: the
    start); joiners too.
    """
    messages: list[Message] = []
    for course in plan.courses:
        rules = rules_of(plan, course)
        if not (rules.decides and rules.by_link and rules.is_open_for_signing_up(now)):
            continue
        chooses = course.enrolment.mode is EnrolmentMode.CHOOSE
        kind = MessageKind.CHOOSE if chooses else MessageKind.ANNOUNCEMENT
        messages += [
            Message(
                plan=plan.id,
                key=f"{kind.value}/{course.id}/{email}",
                kind=kind,
                course=course.id,
                offering="",
                email=email,
                created_at=now,
                expires_at=rules.sign_up_until,
            )
            for email in sorted(_audience(rules, members))
            if (course.id, email) not in standing and (course.id, email) not in announced
        ]
    return tuple(messages)


def _audience(rules: CourseRules, members: Mapping[str, frozenset[str]]) -> frozenset[str]:
    names = frozenset[str]().union(*(offering.audiences for offering in rules.offerings.values()))
    return people_in(names, members)


def minimum_warnings(
    plan: CoursePlan, seats: Iterable[OfferingSeats], *, now: datetime
) -> tuple[Message, ...]:
    """What HR is told about offerings with fewer registered than their minimum.

    Three working days before the deadline, and at it.

    Nothing after the start: then there is nothing to cancel.
    """
    messages: list[Message] = []
    for offering in seats:
        course = plan.known_course(offering.course)
        minimum, deadline = course.enrolment.minimum, course.enrolment.deadline
        rules = rules_of(plan, course).offerings[offering.offering]
        if minimum is None or deadline is None or rules.has_begun(now):
            continue
        stage = _stage(plan, deadline, now)
        if stage is not None and offering.registered < minimum:
            messages += _warnings(plan, course, offering, stage, now=now, expires=rules.begins)
    return tuple(messages)


def _stage(plan: CoursePlan, deadline: datetime, now: datetime) -> str | None:
    """`deadline` or `before`: how near the deadline is; None: it is far."""
    if now >= instant(deadline, plan.timezone):
        return "deadline"
    return "before" if now >= warned_from(plan, deadline) else None


def warned_from(plan: CoursePlan, deadline: datetime) -> datetime:
    """When HR is first told that too few have enrolled (UTC), by the deadline's wall time."""
    day = working_days_from(deadline.date(), -WARNED_BEFORE_WORKING_DAYS, plan.holidays, plan.closing_days)
    return instant(deadline.combine(day, deadline.time()), plan.timezone)


def still_worth_sending(messages: Iterable[Message], now: datetime) -> tuple[Message, ...]:
    """Those that have not expired before they were written down."""
    return tuple(message for message in messages if message.expires_at is None or message.expires_at > now)


def canonical_announced(messages: Iterable[Message], people: PeopleIndex) -> dict[tuple[str, str], datetime]:
    """(Course, address) to when the person was first asked to sign up or choose."""
    asked: dict[tuple[str, str], datetime] = {}
    for message in messages:
        if message.kind in ASKING and not message.is_reminder:
            who = (message.course, people.canonical(message.email))
            asked[who] = min(message.created_at, asked.get(who, message.created_at))
    return asked


def _key(transition: Transition) -> StandingKey:
    after = transition.after
    return after.course, after.offering, after.email


def _colleagues(transitions: Iterable[Transition]) -> dict[StandingKey, str]:
    """With whom somebody last changed a seat.

    A handover is two lines of one offering, the giver's and then the taker's.
    """
    colleagues: dict[StandingKey, str] = {}
    givers: dict[tuple[str, str], StandingKey] = {}
    for transition in transitions:
        key = _key(transition)
        if transition.after.cause is Cause.HANDED_OVER:
            givers[key[:2]] = key
        elif transition.after.cause is Cause.TAKEN_OVER:
            giver = givers[key[:2]]
            colleagues[giver], colleagues[key] = key[2], giver[2]
    return colleagues


def _warnings(
    plan: CoursePlan,
    course: Course,
    seats: OfferingSeats,
    stage: str,
    *,
    now: datetime,
    expires: datetime | None,
) -> Iterator[Message]:
    """One for each who looks after the course.

    The first one's key has no address: another in that place is not told again.
    """
    enrolment = course.enrolment
    key = f"{MessageKind.MINIMUM.value}/{course.id}/{seats.offering}/{stage}/{enrolment.deadline:%Y%m%dT%H%M}"
    for order, email in enumerate(plan.looks_after(course)):
        yield Message(
            plan=plan.id,
            key=f"{key}/{email}" if order else key,
            kind=MessageKind.MINIMUM,
            course=course.id,
            offering=seats.offering,
            email=email,
            created_at=now,
            expires_at=expires,
            params={
                "registered": str(seats.registered),
                "minimum": str(enrolment.minimum),
                "when": stage,
                "command": f"kursusbot preview --if-cancelled {course.id}",
            },
        )
