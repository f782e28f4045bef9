"""When a rule's message falls due, and when it is worth nothing any more (pure).

    unit                    the moment is
    (a day of its own)      `at` on that day, and never before the anchor
    hours, minutes          that much elapsed time before or after the anchor
    days, weeks             `at` on the day that lies so many days (times 7) from the anchor's day
    working_days            `at` on the day that lies so many working days from the anchor's day (`bot.working_days`)

    expires                 said by the rule      that long after the moment
                            silent, `before`      at the anchor
                            silent, `after`       14 days after the moment

A wall time that the clocks leave out is the next one there is; of two, it is the first. Outside the sending
hours:

    the rule counts     goes instead
    before              at the nearest allowed moment that is before it expires (counted in days: two hours before the anchor,
                        for nobody is helped by a reminder that comes with the course); of two equally near, the earlier
    after               at the next allowed moment, as nothing is told of before it happened; where that is too late, at its own
    (urgent)            at its own moment

Source: the plan format of 2026-11.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.reminder_rules import ReminderUnit
from bot.working_days import holiday_name, is_weekend, working_days_from

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.domain.plan import CoursePlan
    from bot.domain.reminder_rules import ReminderRule
    from bot.domain.sending import SendingRules

FOLLOW_UPS_LAST = timedelta(days=14)
GRACE = timedelta(hours=1)
"""What fell due within the sending hours may still go this long after.

A round at 18.03 sends what was due at 18.00.
"""
NOTICE = timedelta(hours=2)
"""What a reminder that is counted in days leaves at least, where it has to move."""
ELAPSED = {ReminderUnit.HOURS: timedelta(hours=1), ReminderUnit.MINUTES: timedelta(minutes=1)}


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall time.

    Of one that the clocks leave out, the next there is; of two, the first.
    """
    early, late = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early.astimezone(zone).replace(tzinfo=None) == wall:
        return early
    # Left out: the clocks change between the two readings, on a whole minute.
    offset = late.astimezone(zone).utcoffset()
    while late - early > timedelta(minutes=1):
        middle = early + timedelta(minutes=int((late - early) / timedelta(minutes=2)))
        early, late = (early, middle) if middle.astimezone(zone).utcoffset() == offset else (middle, late)
    return late


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingHours:
    """When messages of a plan may be sent.

    Its `sending` hours on working days (with `weekends` on Saturdays and Sundays too).
    """

    rules: SendingRules
    zone: ZoneInfo
    is_closed: Callable[[date], bool]

    def allows(self, at: datetime) -> bool:
        """Whether an instant lies within them, both ends included."""
        wall = at.astimezone(self.zone)
        return (
            not self.is_closed(wall.date())
            and self.rules.from_time <= wall.time().replace(tzinfo=None) <= self.rules.to_time
        )

    def next_after(self, at: datetime) -> datetime:
        """The first allowed moment from an instant on, UTC."""
        return at if self.allows(at) else self._begin(at, 1)

    def last_before(self, at: datetime) -> datetime:
        """The last allowed moment up to an instant, UTC."""
        return at if self.allows(at) else self._begin(at, -1)

    def _begin(self, at: datetime, step: int) -> datetime:
        day = at.astimezone(self.zone).date()
        clock = self.rules.from_time if step > 0 else self.rules.to_time
        while True:
            edge = instant_of(datetime.combine(day, clock), self.zone)
            if not self.is_closed(day) and (edge >= at if step > 0 else edge <= at):
                return edge
            day += timedelta(days=step)


def sending_hours(plan: CoursePlan) -> SendingHours:
    """The sending hours of a plan."""
    is_closed = cache(partial(_is_closed, plan=plan))
    return SendingHours(rules=plan.sending, zone=ZoneInfo(plan.timezone), is_closed=is_closed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderMoment:
    """When a message is due (moved into the sending hours) and when it expires, UTC."""

    due_at: datetime
    expires_at: datetime


def moment_of(
    rule: ReminderRule,
    anchor: datetime,
    plan: CoursePlan,
    hours: SendingHours,
    *,
    over: datetime | None = None,
) -> ReminderMoment:
    """The moment of a rule counted from an instant (UTC), by the tables above.

    It expires at `over` (UTC) at the latest.
    """
    sign = -1 if rule.before else 1
    due = _counted(rule, anchor, sign, plan, hours.zone)
    silent = anchor if rule.before else due + FOLLOW_UPS_LAST
    expires = silent if rule.expires is None else due + rule.expires
    if over is not None:
        expires = min(expires, over)
    latest = expires if rule.unit in ELAPSED else min(expires, anchor - NOTICE)
    return ReminderMoment(
        due_at=due if rule.urgent else _moved(due, expires, latest, hours, before=rule.before),
        expires_at=expires,
    )


def may_go(
    due_at: datetime, expires_at: datetime, hours: SendingHours, *, urgent: bool, now: datetime
) -> bool:
    """Whether a message that is due may be sent at `now`.

    Within the hours, just after them, or never again.
    """
    just_after = now - due_at <= GRACE
    return urgent or hours.allows(now) or just_after or hours.next_after(now) >= expires_at


def _counted(rule: ReminderRule, anchor: datetime, sign: int, plan: CoursePlan, zone: ZoneInfo) -> datetime:
    at = rule.at or plan.sending.from_time
    if rule.on is not None:
        return max(instant_of(datetime.combine(rule.on, at), zone), anchor)
    if rule.unit in ELAPSED:
        return anchor + sign * rule.amount * ELAPSED[rule.unit]
    day = anchor.astimezone(zone).date()
    if rule.unit is ReminderUnit.WORKING_DAYS:
        day = working_days_from(day, sign * rule.amount, plan.holidays, plan.closing_days)
    else:
        day += timedelta(days=sign * rule.amount * (7 if rule.unit is ReminderUnit.WEEKS else 1))
    return instant_of(datetime.combine(day, at), zone)


def _moved(
    due: datetime, expires: datetime, latest: datetime, hours: SendingHours, *, before: bool
) -> datetime:
    later = hours.next_after(due)
    if not before:
        return later if later < expires else due
    earlier = hours.last_before(due)
    if later > latest or due - earlier <= later - due:
        return earlier
    return later


def _is_closed(day: date, *, plan: CoursePlan) -> bool:
    return (is_weekend(day) and not plan.sending.weekends) or holiday_name(
        day, plan.holidays, plan.closing_days
    ) is not None
