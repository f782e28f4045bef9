"""Whom to ask about the sign-ups that wait for a yes, when, and when that time is up (pure).

Who is asked about one person's wish; the first line that fits:

| the person's manager, by the directory | who is asked |
|---|---|
| there are no pages for anybody to answer on | HR |
| could not be read | nobody yet (`unread`): again after an hour |
| somebody else with an open account, an address, and no guest | the manager |
| nobody, themselves, or nobody who can be asked; or the directory does not know the person | the plan's deputy |
| the same, and the plan names no deputy, or the deputy is the person | HR |

What becomes of an ask:

| the wish | then |
|---|---|
| waits no more, or its date has begun | the ask goes |
| is new, within the sending hours, and its approver got no such mail in three hours | asked: one mail, of all that waits |
| is new, else | waits for that moment |
| half of the working days are over | one reminder, of all that waits |
| the time is up, `overdue: hr` | HR's: nobody is told no, and who was asked may still answer |
| the time is up, `overdue: yes` or `no` | decided so by rule (`by_rule`) |
| is open, and the directory was asked a day ago | looked up again: another manager is asked anew, with the whole time |

The time is counted in working days from the mail; where nobody could be asked, from the first try.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.manager_approval import ApprovalAsk, AskedOf, Overdue
from bot.domain.messages import Message
from bot.domain.registrations import AnswerSource, RegistrationStatus, is_stand_in
from bot.domain.seats import RequestKind, SeatRequest
from bot.domain.templates import MessageKind
from bot.seats.enrolment_rules import begins_of
from bot.working_days import working_days_from

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.domain.manager_approval import ApprovalRule
    from bot.domain.people import PeopleIndex, Person
    from bot.domain.plan import CoursePlan
    from bot.domain.seats import Standing

TOGETHER = timedelta(hours=3)
"""How long after a mail to an approver the next one about new wishes may go."""
LOOKED_AGAIN = timedelta(days=1)
UNREAD_AGAIN = timedelta(hours=1)
INSTANT = "%Y%m%dT%H%M%SZ"
REMINDER = "reminder"
"""The parameter of a mail that reminds, for `when`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingWish:
    """A sign-up that waits, since when (UTC), and by which rule of the plan."""

    course: str
    offering: str
    email: str
    since: datetime
    rule: ApprovalRule

    @property
    def place(self) -> tuple[str, str, str]:
        """Course, offering, address."""
        return self.course, self.offering, self.email


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What there is to keep and to send; `changed`: something is otherwise than it was kept."""

    asks: tuple[ApprovalAsk, ...]
    messages: tuple[Message, ...]
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagersRead:
    """What the directory said: by address the manager, None for nobody to ask; of `unread` nothing."""

    managers: Mapping[str, Person | None]
    unread: frozenset[str] = frozenset()


def open_wishes(plan: CoursePlan, standings: Iterable[Standing], *, now: datetime) -> tuple[WaitingWish, ...]:
    """The sign-ups that wait at `now` (UTC) for a date that has not begun; the oldest first.

    `standings` of any courses, addresses canonical. Who was erased waits for nobody.
    """
    begins, rules = begins_of(plan), {course.id: course.approval for course in plan.courses}
    found = []
    for one in standings:
        rule, place = rules.get(one.course), (one.course, one.offering)
        if one.status is not RegistrationStatus.AWAITING or rule is None or is_stand_in(one.email):
            continue
        start = begins.get(place)
        if place in begins and (start is None or start > now):
            found.append(
                WaitingWish(
                    course=one.course, offering=one.offering, email=one.email, since=one.since, rule=rule
                )
            )
    return tuple(sorted(found, key=lambda wish: (wish.since, *wish.place)))


def by_rule(
    wishes: Iterable[WaitingWish], asks: Iterable[ApprovalAsk], *, now: datetime
) -> tuple[SeatRequest, ...]:
    """What the plan's own rule decides at `now` (UTC) of wishes whose time is up."""
    open_now = {wish.place: wish for wish in wishes}
    return tuple(
        SeatRequest(
            kind=RequestKind.APPROVE if wish.rule.overdue is Overdue.YES else RequestKind.DISAPPROVE,
            course=wish.course,
            offering=wish.offering,
            email=wish.email,
            at=now,
            source=AnswerSource.RULE,
        )
        for ask in asks
        if (wish := open_now.get(ask.place)) is not None
        and wish.since == ask.wished_at
        and wish.rule.overdue is not Overdue.HR
        and ask.who in {AskedOf.MANAGER, AskedOf.DEPUTY}
        and ask.due_at <= now
    )


def to_look_up(
    wishes: Iterable[WaitingWish], asks: Iterable[ApprovalAsk], *, now: datetime
) -> frozenset[str]:
    """Whose managers are to be read at `now` (UTC)."""
    known = {(ask.place, ask.wished_at): ask for ask in asks}

    def is_due(wish: WaitingWish) -> bool:
        ask = known.get((wish.place, wish.since))
        if ask is None:
            return True
        again = UNREAD_AGAIN if ask.who is AskedOf.UNREAD else LOOKED_AGAIN
        return not ask.overdue and ask.looked_at + again <= now

    return frozenset(wish.email for wish in wishes if is_due(wish))


def asking(
    plan: CoursePlan,
    wishes: Iterable[WaitingWish],
    asks: Iterable[ApprovalAsk],
    read: ManagersRead,
    people: PeopleIndex,
    *,
    now: datetime,
    in_hours: bool,
    has_pages: bool,
) -> Asking:
    """Who is asked about each wish now, and the mails, by the tables above.

    `in_hours`: `now` (UTC) is within the plan's sending hours.
    """
    before = {ask.place: ask for ask in asks}
    current = [
        _ask_of(plan, wish, before.get(wish.place), read, people, now=now, has_pages=has_pages)
        for wish in wishes
    ]
    by_approver: defaultdict[str, list[ApprovalAsk]] = defaultdict(list)
    for ask in current:
        by_approver[ask.approver].append(ask)
    rules = {wish.place: wish.rule for wish in wishes}
    kept, messages = [*by_approver.pop("", [])], []
    for approver, theirs in sorted(by_approver.items()):
        told, message = _told(plan, approver, theirs, rules, now=now) if in_hours else (theirs, None)
        kept += told
        if message is not None:
            messages.append(message)
    order = sorted(kept, key=lambda ask: (ask.wished_at, *ask.place))
    changed = {one.place: one for one in order} != before
    return Asking(asks=tuple(order), messages=tuple(messages), changed=changed)


def _ask_of(
    plan: CoursePlan,
    wish: WaitingWish,
    before: ApprovalAsk | None,
    read: ManagersRead,
    people: PeopleIndex,
    *,
    now: datetime,
    has_pages: bool,
) -> ApprovalAsk:
    """Who is asked about one wish, as far as that is known by now."""
    known = _known(wish, before, now)
    is_read = wish.email in read.managers.keys() | read.unread
    if known is not None and (known.overdue or not is_read):
        return known
    who, approver, name = _whom(wish, read, people, has_pages=has_pages)
    if known is not None and (who is AskedOf.UNREAD or (who, approver) == (known.who, known.approver)):
        return replace(known, looked_at=now)
    due = _after(plan, now, wish.rule.working_days)
    if known is not None and known.who is AskedOf.UNREAD and who is AskedOf.HR:
        due = known.due_at
    return ApprovalAsk(
        course=wish.course,
        offering=wish.offering,
        email=wish.email,
        wished_at=wish.since,
        who=who,
        approver=approver,
        name=name,
        due_at=due,
        looked_at=now,
    )


def _known(wish: WaitingWish, before: ApprovalAsk | None, now: datetime) -> ApprovalAsk | None:
    """The ask about this very wish so far, HR's where its time is up; None where there is none."""
    if before is None or before.wished_at != wish.since:
        return None
    if before.is_hrs or before.due_at > now:
        return before
    return replace(before, overdue=wish.rule.overdue is Overdue.HR or before.who is AskedOf.UNREAD)


def _whom(
    wish: WaitingWish, read: ManagersRead, people: PeopleIndex, *, has_pages: bool
) -> tuple[AskedOf, str, str]:
    """By the first table: who, their address and their name."""
    if not has_pages:
        return AskedOf.HR, "", ""
    if wish.email in read.unread:
        return AskedOf.UNREAD, "", ""
    manager = read.managers.get(wish.email)
    if manager is not None and people.canonical(manager.email) != wish.email:
        return AskedOf.MANAGER, people.canonical(manager.email), manager.name
    deputy = people.canonical(wish.rule.deputy) if wish.rule.deputy else ""
    if deputy and deputy != wish.email:
        person = people.find(deputy)
        return AskedOf.DEPUTY, deputy, person.name if person else ""
    return AskedOf.HR, "", ""


def _told(
    plan: CoursePlan,
    approver: str,
    asks: list[ApprovalAsk],
    rules: Mapping[tuple[str, str, str], ApprovalRule],
    *,
    now: datetime,
) -> tuple[list[ApprovalAsk], Message | None]:
    """The asks of one approver as they are after the mail that is due now, None where none is."""
    fresh = _fresh(asks, now)
    old = {ask.place for ask in asks if _is_to_be_reminded(plan, ask, rules[ask.place], now)}
    if not fresh | old:
        return asks, None
    told = [_as_told(plan, ask, fresh, old, rules[ask.place], now) for ask in asks]
    message = Message(
        plan=plan.id,
        key=f"{MessageKind.APPROVAL_REQUEST}//{approver}/{now.strftime(INSTANT)}",
        kind=MessageKind.APPROVAL_REQUEST,
        course="",
        offering="",
        email=approver,
        created_at=now,
        expires_at=max(ask.due_at for ask in told if ask.place in fresh | old),
        params={} if fresh else {"when": REMINDER},
    )
    return told, message


def _fresh(asks: Iterable[ApprovalAsk], now: datetime) -> set[tuple[str, str, str]]:
    """What the approver has not been told of, where there was no mail to them just now."""
    last = max((at for ask in asks for at in (ask.asked_at, ask.reminded_at) if at), default=None)
    if last is not None and now < last + TOGETHER:
        return set()
    return {ask.place for ask in asks if ask.asked_at is None and not ask.overdue}


def _is_to_be_reminded(plan: CoursePlan, ask: ApprovalAsk, rule: ApprovalRule, now: datetime) -> bool:
    if ask.asked_at is None or ask.reminded_at is not None or ask.overdue or ask.due_at <= now:
        return False
    return _after(plan, ask.asked_at, max(rule.working_days // 2, 1)) <= now


def _as_told(
    plan: CoursePlan,
    ask: ApprovalAsk,
    fresh: Collection[tuple[str, str, str]],
    old: Collection[tuple[str, str, str]],
    rule: ApprovalRule,
    now: datetime,
) -> ApprovalAsk:
    if ask.place in fresh:
        return replace(ask, asked_at=now, due_at=_after(plan, now, rule.working_days))
    return replace(ask, reminded_at=now) if ask.place in old else ask


def _after(plan: CoursePlan, moment: datetime, days: int) -> datetime:
    """The same hour so many working days later, by the plan's clocks; in and out UTC."""
    zone = ZoneInfo(plan.timezone)
    wall = moment.astimezone(zone)
    day = working_days_from(wall.date(), days, plan.holidays, plan.closing_days)
    return datetime.combine(day, wall.timetz().replace(tzinfo=None), zone).astimezone(moment.tzinfo)
