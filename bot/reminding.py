"""A round of reminders, from the books to the mails: what `reminders` shows and `send` and `run` do.

    reminders   load the books, compute what the rules ask for                                         writes nothing
    send        lock, load, compute, read the answers given since, compute again, bundle, hold against the limit of mails, put
                into the outbox, deliver

Nobody is asked for an answer that they gave this morning: where something is due, the calendar is asked first. What those
answers lead to is decided elsewhere (`bot.rounds`); here it counts as if it were. What is due and not begun is made anew in
each round, so that nobody is reminded of what is no longer true. What was begun is looked up and finished first
(`bot.delivery.send`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.decisions import load_state, settled
from bot.delivery.send import NOTHING_DELIVERED, deliver_messages
from bot.domain.events import LedgerState
from bot.domain.messages import DeliveryState
from bot.domain.reminders import ReminderState, items_of
from bot.errors import SafetyRefused
from bot.registrations.collect import collect_answers, invited_since
from bot.reminders.bundles import bundle, known_reminders
from bot.reminders.due import Occasion, OnCalendar, reminders
from bot.runtime import LOCK_WAIT_SECONDS, clock_of, link_maker
from bot.store.locks import run_lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.delivery.send import Delivery
    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.domain.reminders import Reminder
    from bot.runtime import Stores, Tenant
    from config.settings import Settings

GRAPH_FAILED, PARTLY_DONE = 4, 6
AHEAD = timedelta(days=14)
"""How far `reminders` looks where it is not told."""
UNTIL_TONIGHT = timedelta(days=1)
"""A digest takes what falls due later the same day."""
GONE_FROM_CALENDAR = frozenset({LedgerState.VANISHED, LedgerState.CANCELLING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What a round was about, with what became of each, and the mails that were sent for it; `held`: the limit was passed."""

    reminders: tuple[Reminder, ...]
    people: PeopleIndex
    delivery: Delivery = NOTHING_DELIVERED
    held: SafetyRefused | None = None

    @property
    def exit_code(self) -> int:
        """The contract's exit code: 0, 3 (held), 4 (Graph's failure, and nothing was sent) or 6."""
        if self.held is not None:
            return self.held.exit_code
        states = {message.state for message in self.delivery.messages}
        if self.delivery.stopped is not None:
            return PARTLY_DONE if DeliveryState.SENT in states else GRAPH_FAILED
        return PARTLY_DONE if states & {DeliveryState.FAILED, DeliveryState.SENDING} else 0


def coming_reminders(
    settings: Settings, plan: CoursePlan, stores: Stores, *, until: datetime | None = None
) -> tuple[tuple[Reminder, ...], PeopleIndex]:
    """What is not yet sent and falls due before `until` (UTC; None: 14 days from now), and the people it is for; raises DatabaseFailed."""
    now = clock_of(settings).now()
    occasion, _ = _occasion(settings, plan, stores, now=now, until=now + AHEAD if until is None else until)
    listed = (one for one in reminders(occasion) if one.state is not ReminderState.SENT)
    return tuple(listed), occasion.people


async def reminders_round(settings: Settings, plan: CoursePlan, stores: Stores, tenant: Tenant) -> Reminded:
    """Send what is due; raises RunLocked, SignInFailed, GraphError when the calendar cannot be read, DatabaseFailed."""
    async with run_lock(stores.database, plan.id, LOCK_WAIT_SECONDS) as still_mine:
        now = clock_of(settings).now()
        until = now + UNTIL_TONIGHT
        occasion, outbox = _occasion(settings, plan, stores, now=now, until=until)
        found = reminders(occasion)
        if any(one.state is ReminderState.DUE and not one.reason for one in found):
            entries = stores.books.ledger.load_entries(plan.id)
            await collect_answers(tenant.calendar, answer_log=stores.answers, people=occasion.people, entries=entries, plan=plan, now=now)
            occasion, outbox = _occasion(settings, plan, stores, now=now, until=until)
            found = reminders(occasion)
        made = bundle(plan, found, outbox, occasion.people, now=now)
        begun = tuple(one for one in outbox if one.is_reminder and one.state is DeliveryState.SENDING)
        mails = sum(one.state is DeliveryState.DUE for one in (*begun, *made))
        if mails > settings.safety.max_mails:
            held = SafetyRefused("reminders_held", mails=mails, allowed=settings.safety.max_mails)
            return Reminded(reminders=_looked_at(found, (), now), people=occasion.people, held=held)
        stores.outbox.replace_reminders(plan.id, made)
        delivery = await deliver_messages(
            _first_things_first(one for one in stores.outbox.load_pending(plan.id) if one.is_reminder),
            plan=plan,
            people=occasion.people,
            mailbox=tenant.mailbox,
            outbox=stores.outbox,
            now=now,
            link_for=link_maker(settings, plan, now=now),
            still_mine=still_mine,
        )
        after, _ = _occasion(settings, plan, stores, now=now, until=until)
        seen = _looked_at(reminders(after), (*begun, *made), now)
        return Reminded(reminders=seen, people=occasion.people, delivery=delivery)


def on_calendar(entries: Mapping[SessionKey, LedgerEntry], people: PeopleIndex) -> dict[SessionKey, OnCalendar]:
    """The events whose books are settled, by the session's key, parts together."""
    found: dict[SessionKey, OnCalendar] = {}
    for key, since in invited_since(entries).items():
        entry, first = entries[key], replace(key, part=1)
        if entry.state not in GONE_FROM_CALENDAR:
            others = found[first].invited if first in found else {}
            found[first] = OnCalendar(start=entry.start, invited={**others, **{people.canonical(email): at for email, at in since.items()}})
    return found


def _occasion(
    settings: Settings, plan: CoursePlan, stores: Stores, *, now: datetime, until: datetime
) -> tuple[Occasion, tuple[Message, ...]]:
    state = load_state(plan, stores)
    outbox = stores.outbox.load_messages(plan.id)
    occasion = Occasion(
        plan=plan,
        rows=settled(state, settings, now=now).registrations,
        calendar=on_calendar(state.entries, state.people),
        asked=state.announced,
        known=known_reminders(outbox, state.people),
        people=state.people,
        now=now,
        until=until,
    )
    return occasion, outbox


def _first_things_first(pending: Iterable[Message]) -> tuple[Message, ...]:
    return tuple(sorted(pending, key=lambda one: ("urgent" not in one.params, one.expires_at or one.created_at, one.key)))


def _looked_at(found: Iterable[Reminder], handled: Iterable[Message], now: datetime) -> tuple[Reminder, ...]:
    """Those of this round: what its mails said, what is due and has to wait, and posts that a channel cannot get."""
    said = {(item.stem, message.email) for message in handled for item in items_of(message)}
    return tuple(
        one
        for one in found
        if (one.item.stem, one.email) in said or (one.due_at <= now and (one.state is ReminderState.DUE or not one.email))
    )
