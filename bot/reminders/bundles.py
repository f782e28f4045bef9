"""Which mails the due messages become: one a day for each person, and not too many in a week (pure).

    a message is        then
    urgent              a mail of its own, outside the count of the week
    due                 with the others of that person that are due, or fall due later the same day, one mail (`digest`);
                        what tells of something that has happened is never taken before its time
    an announcement     a mail of its own: it has its own words and link
    one too many        left as it is while there is time: the person had `max_per_week` mails in the last seven days; skipped
                        (week_is_full) when it would expire before the week has room again
    expired             written down as expired, so that the accounts are whole

A mail that is in the outbox and was not begun is made anew each time, from what is true by then.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.messages import REMINDER_PREFIX, DeliveryState, Message, MessageKind
from bot.domain.plan import MessageTemplate
from bot.domain.reminders import NotSent, Reminder, ReminderState, items_of, items_text
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


def known_reminders(messages: Iterable[Message], people: PeopleIndex) -> dict[tuple[str, str], tuple[ReminderState, str]]:
    """What became of each reminder in the outbox: its stem and today's address to its state, and the reason where it was not sent."""
    return {
        (item.stem, people.canonical(message.email)): (STATE_OF[message.state], message.error)
        for message in messages
        if message.is_reminder and message.state in STATE_OF
        for item in items_of(message)
    }


def bundle(
    plan: CoursePlan, found: Sequence[Reminder], outbox: Sequence[Message], people: PeopleIndex, *, now: datetime
) -> tuple[Message, ...]:
    """The messages to put into the outbox at `now` (UTC), by the table above, in the order in which they should go.

    `found` as `bot.reminders.due` gives them, `outbox` the plan's messages so far.
    """
    zone = ZoneInfo(plan.timezone)
    tomorrow = instant_of(datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time()), zone)
    ready: defaultdict[str, list[Reminder]] = defaultdict(list)
    later: defaultdict[str, list[Reminder]] = defaultdict(list)
    made: list[Message] = []
    known = known_reminders(outbox, people)
    for one in found:
        if (one.item.stem, one.email) in known:
            continue
        if one.state is ReminderState.EXPIRED and one.email:
            made.append(_message(plan, [one], now, state=DeliveryState.EXPIRED, error=NotSent.TOO_LATE))
        elif one.reason or not one.email:
            continue
        elif one.state is ReminderState.DUE:
            ready[one.email].append(one)
        elif one.state is ReminderState.SCHEDULED and one.due_at < tomorrow and not (one.urgent or one.follows or _stands_alone(one)):
            later[one.email].append(one)
    had = _mails_of_the_week(outbox, people, now)
    for email, due in ready.items():
        made += [_message(plan, [one], now) for one in due if one.urgent]
        calm = [one for one in due if not one.urgent]
        alone = [[one] for one in calm if _stands_alone(one) or not plan.sending.digest]
        together = [one for one in calm if [one] not in alone]
        mails = sorted([*alone, [*together, *later[email]]] if together else alone, key=_soonest)
        room = max(plan.sending.max_per_week - len(had[email]), 0)
        made += [_message(plan, mail, now) for mail in mails[:room]]
        free_at = min(had[email], default=now) + WEEK
        for mail in mails[room:]:
            made += [
                _message(plan, [one], now, state=DeliveryState.SKIPPED, error=NotSent.WEEK_IS_FULL)
                for one in mail
                if one.state is ReminderState.DUE and one.expires_at <= free_at
            ]
    return tuple(made)


def _stands_alone(one: Reminder) -> bool:
    return one.item.template == MessageTemplate.ANNOUNCEMENT


def _mails_of_the_week(outbox: Iterable[Message], people: PeopleIndex, now: datetime) -> defaultdict[str, list[datetime]]:
    """When each person was sent mails that count, in the last seven days."""
    had: defaultdict[str, list[datetime]] = defaultdict(list)
    for message in outbox:
        if message.is_reminder and "urgent" not in message.params and message.sent_at is not None and message.sent_at > now - WEEK:
            had[people.canonical(message.email)].append(message.sent_at)
    return had


def _soonest(mail: Sequence[Reminder]) -> datetime:
    return min(one.expires_at for one in mail)


def _message(
    plan: CoursePlan, said: Sequence[Reminder], now: datetime, *, state: DeliveryState = DeliveryState.DUE, error: str = ""
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
