"""Which messages the due reminders become.

One a day for each person and way, and not too many mails in a week (pure).

    a reminder is       then
    urgent              a message of its own, outside the count of the week
    due                 with the others of that person that go the same way and are due, or fall due later the same day, one
                        message (`digest`); what tells of something that has happened is never taken before its time
    an announcement     a message of its own: it has its own words and link
    a channel's post    a post of its own: its readers are others each time
    one mail too many   left as it is while there is time: the person had `max_per_week` mails in the last seven days; skipped
                        (week_is_full) when it would expire before the week has room again
    expired, or of no   written down as such, so that the accounts are whole
    way to the person

`max_per_week` counts mails: a line in the activity feed neither counts nor waits, for it fills nobody's
inbox. What goes by mail because Teams does not reach the person is a mail like any other. A message that is
in the outbox and was not begun is made anew each time, from what is true by then.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.messages import REMINDER_PREFIX, DeliveryState, Message
from bot.domain.reminder_rules import Channel
from bot.domain.reminders import (
    NOT_BY_TEAMS,
    NotSent,
    Reminder,
    ReminderState,
    channel_of,
    items_of,
    items_text,
)
from bot.domain.templates import MessageKind
from bot.reminders.moments import instant_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan

WEEK = timedelta(days=7)
STATE_OF = {
    DeliveryState.SENDING: ReminderState.UNCERTAIN,
    DeliveryState.SENT: ReminderState.SENT,
    DeliveryState.FAILED: ReminderState.FAILED,
    DeliveryState.EXPIRED: ReminderState.EXPIRED,
    DeliveryState.SKIPPED: ReminderState.SKIPPED,
}
"""A mail that is only due says nothing yet: it is made anew."""


def known_reminders(
    messages: Iterable[Message], people: PeopleIndex
) -> dict[tuple[str, str], tuple[ReminderState, str]]:
    """What became of each reminder in the outbox.

    Its stem and today's address to its state, and the reason where it was not sent.
    """
    return {
        (item.stem, people.canonical(message.email)): (STATE_OF[message.state], message.error)
        for message in messages
        if message.is_reminder and message.state in STATE_OF
        for item in items_of(message)
    }


def bundle(
    plan: CoursePlan,
    found: Sequence[Reminder],
    outbox: Sequence[Message],
    people: PeopleIndex,
    *,
    now: datetime,
) -> tuple[Message, ...]:
    """The messages to put into the outbox at `now` (UTC), by the table above.

    `found` as `bot.reminders.due` gives them, `outbox` the plan's messages so far.
    """
    zone = ZoneInfo(plan.timezone)
    tomorrow = instant_of(datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time()), zone)
    ready: defaultdict[tuple[str, str], list[Reminder]] = defaultdict(list)
    later: defaultdict[tuple[str, str], list[Reminder]] = defaultdict(list)
    made: list[Message] = []
    known = known_reminders(outbox, people)
    for one in found:
        way = one.email, one.item.channel
        if (one.item.stem, one.email) in known:
            continue
        if one.reason == NotSent.TOO_LATE:
            made.append(_message(plan, [one], now, state=DeliveryState.EXPIRED, error=NotSent.TOO_LATE))
        elif one.reason in NOT_BY_TEAMS and one.state is not ReminderState.SCHEDULED:
            made.append(_message(plan, [one], now, state=DeliveryState.SKIPPED, error=one.reason))
        elif one.reason:
            continue
        elif one.state is ReminderState.DUE:
            ready[way].append(one)
        elif (
            one.state is ReminderState.SCHEDULED
            and one.due_at < tomorrow
            and not (one.urgent or one.follows or _stands_alone(one))
        ):
            later[way].append(one)
    had = _mails_of_the_week(outbox, people, now)
    for (email, channel), due in ready.items():
        made += [_message(plan, [one], now) for one in due if one.urgent]
        calm = [one for one in due if not one.urgent]
        alone = [[one] for one in calm if _stands_alone(one) or not plan.sending.digest]
        together = [one for one in calm if [one] not in alone]
        messages = sorted([*alone, [*together, *later[email, channel]]] if together else alone, key=_soonest)
        room = (
            max(plan.sending.max_per_week - len(had[email]), 0) if channel == Channel.MAIL else len(messages)
        )
        made += [_message(plan, one, now) for one in messages[:room]]
        free_at = min(had[email], default=now) + WEEK
        for mail in messages[room:]:
            made += [
                _message(plan, [one], now, state=DeliveryState.SKIPPED, error=NotSent.WEEK_IS_FULL)
                for one in mail
                if one.state is ReminderState.DUE and one.expires_at <= free_at
            ]
    return tuple(made)


def _stands_alone(one: Reminder) -> bool:
    return one.item.template == MessageKind.ANNOUNCEMENT or one.item.channel == Channel.CHANNEL


def _mails_of_the_week(
    outbox: Iterable[Message], people: PeopleIndex, now: datetime
) -> defaultdict[str, list[datetime]]:
    """When each person was sent mails that count, in the last seven days."""
    had: defaultdict[str, list[datetime]] = defaultdict(list)
    for message in outbox:
        counts = (
            message.is_reminder and "urgent" not in message.params and channel_of(message) is Channel.MAIL
        )
        if counts and message.sent_at is not None and message.sent_at > now - WEEK:
            had[people.canonical(message.email)].append(message.sent_at)
    return had


def _soonest(mail: Sequence[Reminder]) -> datetime:
    return min(one.expires_at for one in mail)


def _message(
    plan: CoursePlan,
    said: Sequence[Reminder],
    now: datetime,
    *,
    state: DeliveryState = DeliveryState.DUE,
    error: str = "",
) -> Message:
    first = said[0]
    items = sorted((one.item for one in said), key=lambda item: (item.about, item.stem))
    digest = sha256("\n".join(item.stem for item in items).encode()).hexdigest()[:24]
    alone = len(items) == 1
    return Message(
        plan=plan.id,
        key=f"{items[0].stem}{first.email}" if alone else f"{REMINDER_PREFIX}digest/{digest}/{first.email}",
        kind=MessageKind(items[0].template) if alone else MessageKind.DIGEST,
        course=items[0].course if alone else "",
        offering=items[0].offering if alone else "",
        email=first.email,
        created_at=now,
        expires_at=max(one.expires_at for one in said),
        params={"items": items_text(items)} | ({"urgent": "yes"} if first.urgent else {}),
        state=state,
        error=error,
    )
