"""Which messages the due reminders become.

One a day for each person and way, and not too many mails in a week (pure).

    a reminder is       then
    urgent              a message of its own, outside the count of the week
    sent by HR's hand   a message of its own, as HR was shown it, however full the week is; it counts in it
    due                 with the others of that person that go the same way and are due, or fall due later the same day, one
                        message (`digest`); what tells of something that has happened is never taken before its time
    an announcement     a message of its own: it has its own words and link
    a channel's post    a post of its own: its readers are others each time
    one mail too many   left as it is while there is time: the person had `max_per_week` mails in the last seven days; skipped
                        (week_is_full) when it would expire before the week has room again
    a copy              with the other copies that the reader gets now, of one leader or several, one mail outside the count of the
                        week, once each leader has got their own; until then it is promised: written down, and not sent
    expired, of no way  written down as such, so that the accounts are whole
    to the person, or
    skipped by HR and
    its time has come

`max_per_week` counts mails: a line in the activity feed neither counts nor waits, for it fills nobody's
inbox. What goes by mail because Teams does not reach the person is a mail like any other. A message that is
in the outbox and was not begun is made anew each time, from what is true by then.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
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
    words_of,
)
from bot.domain.templates import MessageKind
from bot.reminders.moments import instant_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan

WEEK = timedelta(days=7)
WAITS = "waits"
"""A parameter of a copy that is promised and may not go yet."""
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
        word: (STATE_OF[message.state], message.error)
        for message in messages
        if message.is_reminder and message.state in STATE_OF
        for word in words_of(message, people)
    }


def promised_copies(messages: Iterable[Message], people: PeopleIndex) -> frozenset[tuple[str, str]]:
    """The stem and today's address of copies in the outbox of which nobody can say that they went."""
    return frozenset(
        word
        for message in messages
        if message.kind is MessageKind.COPY and message.state in {DeliveryState.DUE, DeliveryState.SENDING}
        for word in words_of(message, people)
    )


def asked_by_mail(messages: Iterable[Message], people: PeopleIndex) -> frozenset[tuple[str, str]]:
    """(course, today's address) of whoever was asked to answer a course's questions, or may have been."""
    return frozenset(
        (item.course, people.canonical(message.email))
        for message in messages
        if message.is_reminder and message.state in {DeliveryState.SENT, DeliveryState.SENDING}
        for item in items_of(message)
        if item.questions and not item.leader
    )


def bundle(
    plan: CoursePlan,
    reminders: Iterable[Reminder],
    outbox: Sequence[Message],
    people: PeopleIndex,
    *,
    now: datetime,
) -> tuple[Message, ...]:
    """The messages to put into the outbox at `now` (UTC), by the table above.

    `reminders` as `bot.reminders.due` gives them, `outbox` the plan's messages so far.
    """
    zone = ZoneInfo(plan.timezone)
    tomorrow = instant_of(datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time()), zone)
    known = known_reminders(outbox, people)
    new = [reminder for reminder in reminders if (reminder.item.stem, reminder.email) not in known]
    open_ones = [reminder for reminder in new if not (reminder.reason or reminder.is_copy)]
    due = _by_way(reminder for reminder in open_ones if reminder.state is ReminderState.DUE)
    later = _by_way(reminder for reminder in open_ones if _may_come_along(reminder, tomorrow))
    had = _mails_of_the_week(outbox, people, now)
    messages = [*_written_down(plan, new, now)]
    for (email, channel), reminders_due in due.items():
        bundles = _bundles(plan, reminders_due, later.get((email, channel), []))
        had_mails = had[email] if channel == Channel.MAIL else None
        messages += [
            _message(plan, [reminder], now) for reminder in reminders_due if _does_not_wait(reminder)
        ]
        messages += _within_the_week(plan, bundles, had_mails, now)
    return (*messages, *_copies(plan, new, now))


def _written_down(plan: CoursePlan, new: Iterable[Reminder], now: datetime) -> Iterator[Message]:
    """What never goes, so that the accounts are whole."""
    for reminder in new:
        state = _end_of(reminder, now)
        if state is not None:
            yield _message(plan, [reminder], now, state=state, error=reminder.reason)


def _copies(plan: CoursePlan, new: Iterable[Reminder], now: datetime) -> Iterator[Message]:
    """The copies that are due: what goes now as one mail to each reader, what has to wait each by itself."""
    now_to: dict[str, list[Reminder]] = {}
    for copy in new:
        if not copy.is_copy or copy.state is not ReminderState.DUE:
            continue
        if copy.reason:
            promise = _message(plan, [copy], now)
            yield replace(promise, params={**promise.params, WAITS: "yes"})
        else:
            now_to.setdefault(copy.email, []).append(copy)
    yield from (_message(plan, together, now) for together in now_to.values())


def message_alone(plan: CoursePlan, reminder: Reminder, now: datetime) -> Message:
    """What a reminder goes as by itself, made at `now` (UTC)."""
    return _message(plan, [reminder], now)


def _within_the_week(
    plan: CoursePlan, bundles: Sequence[Sequence[Reminder]], had: Sequence[datetime] | None, now: datetime
) -> Iterator[Message]:
    """The messages to one person that the week has room for, and what can wait no longer for room.

    `had` are the mails of the last seven days; None: they go where nothing is counted.
    """
    room = len(bundles) if had is None else max(plan.sending.max_per_week - len(had), 0)
    yield from (_message(plan, together, now) for together in bundles[:room])
    free_at = min(had or (), default=now) + WEEK
    for reminder in (reminder for together in bundles[room:] for reminder in together):
        if reminder.state is ReminderState.DUE and reminder.expires_at <= free_at:
            yield _message(plan, [reminder], now, state=DeliveryState.SKIPPED, error=NotSent.WEEK_IS_FULL)


def _end_of(reminder: Reminder, now: datetime) -> DeliveryState | None:
    """As what a reminder is written down that never goes: expired, skipped, or of no way to the person."""
    if reminder.reason == NotSent.SKIPPED_BY_HAND:
        # Until its time it can be undone.
        return DeliveryState.SKIPPED if reminder.due_at <= now else None
    if reminder.reason == NotSent.TOO_LATE:
        return DeliveryState.EXPIRED
    barred = reminder.reason in NOT_BY_TEAMS and reminder.state is not ReminderState.SCHEDULED
    return DeliveryState.SKIPPED if barred else None


def _may_come_along(reminder: Reminder, tomorrow: datetime) -> bool:
    """Whether it falls due later today, and may be told of with what is due now."""
    if reminder.state is not ReminderState.SCHEDULED or reminder.due_at >= tomorrow:
        return False
    return not (_does_not_wait(reminder) or reminder.follows or _stands_alone(reminder))


def _does_not_wait(reminder: Reminder) -> bool:
    return reminder.urgent or reminder.is_sent_by_hand


def _by_way(reminders: Iterable[Reminder]) -> dict[tuple[str, str], list[Reminder]]:
    """Address and channel to the reminders that go that way."""
    by_way: dict[tuple[str, str], list[Reminder]] = {}
    for reminder in reminders:
        by_way.setdefault((reminder.email, reminder.item.channel), []).append(reminder)
    return by_way


def _bundles(plan: CoursePlan, due: Iterable[Reminder], later: Iterable[Reminder]) -> list[list[Reminder]]:
    """Those of one person and way that become one message each; what expires first comes first."""
    alone: list[list[Reminder]] = []
    together: list[Reminder] = []
    for reminder in due:
        if _does_not_wait(reminder):
            continue
        if _stands_alone(reminder) or not plan.sending.digest:
            alone.append([reminder])
        else:
            together.append(reminder)
    return sorted([*alone, [*together, *later]] if together else alone, key=_soonest)


def _stands_alone(reminder: Reminder) -> bool:
    return reminder.item.template == MessageKind.ANNOUNCEMENT or reminder.item.channel == Channel.CHANNEL


def _mails_of_the_week(
    outbox: Iterable[Message], people: PeopleIndex, now: datetime
) -> defaultdict[str, list[datetime]]:
    """When each person was sent mails that count, in the last seven days."""
    had: defaultdict[str, list[datetime]] = defaultdict(list)
    for message in outbox:
        counts = (
            message.is_reminder
            and message.kind is not MessageKind.COPY
            and "urgent" not in message.params
            and channel_of(message) is Channel.MAIL
        )
        if counts and message.sent_at is not None and message.sent_at > now - WEEK:
            had[people.canonical(message.email)].append(message.sent_at)
    return had


def _soonest(together: Iterable[Reminder]) -> datetime:
    return min(reminder.expires_at for reminder in together)


def _message(
    plan: CoursePlan,
    together: Sequence[Reminder],
    now: datetime,
    *,
    state: DeliveryState = DeliveryState.DUE,
    error: str = "",
) -> Message:
    first = together[0]
    items = sorted((reminder.item for reminder in together), key=lambda item: (item.about, item.stem))
    digest = sha256("\n".join(item.stem for item in items).encode()).hexdigest()[:24]
    alone = len(items) == 1 and not first.is_copy
    several = MessageKind.COPY if first.is_copy else MessageKind.DIGEST
    return Message(
        plan=plan.id,
        key=f"{items[0].stem}{first.email}"
        if alone
        else f"{REMINDER_PREFIX}{several.value}/{digest}/{first.email}",
        kind=MessageKind(items[0].template) if alone else several,
        course=items[0].course if alone else "",
        offering=items[0].offering if alone else "",
        email=first.email,
        created_at=now,
        expires_at=max(reminder.expires_at for reminder in together),
        params={"items": items_text(items)}
        | ({"urgent": "yes"} if any(reminder.urgent for reminder in together) else {}),
        state=state,
        error=error,
    )
