"""A round of reminders, from the books to the mails: what `reminders` shows and `send` and `run` do.

    reminders   load the books, compute what the rules ask for                                         writes nothing
    send        lock, load, compute, read the answers given since, compute again, read what came back, bundle, hold against the
                limit of mails, put into the outbox, deliver, together with what waits to tell of seats: what comes first goes first

One round sends as much as the mailbox has room for, and says when there is room for more.

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
from bot.delivery.parcels import in_order
from bot.delivery.returned import note_returned
from bot.delivery.send import GONE, NOTHING_DELIVERED, deliver_messages, look_up_begun
from bot.domain.events import LedgerState
from bot.domain.messages import NO_RECEIPT, DeliveryState
from bot.domain.postage import Full
from bot.domain.reminders import NotSent, ReminderState, items_of
from bot.errors import SafetyRefused
from bot.registrations.collect import collect_answers, invited_since
from bot.reminders.bundles import bundle, known_reminders
from bot.reminders.due import Occasion, OnCalendar, reminders
from bot.runtime import LOCK_WAIT_SECONDS, clock_of, postman_for
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
STILL_ASKED_FOR = frozenset({ReminderState.DUE, ReminderState.SCHEDULED})
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
        if self.delivery.wait is not None and self.delivery.wait.full is Full.DAY:
            return PARTLY_DONE
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
        started = [one for one in stores.outbox.load_pending(plan.id) if one.is_reminder and one.state is DeliveryState.SENDING]
        begun = await look_up_begun(started, mailbox=tenant.mailbox, outbox=stores.outbox, now=now)
        occasion, outbox = _occasion(settings, plan, stores, now=now, until=until)
        found = reminders(occasion)
        if begun or any(one.state is ReminderState.DUE and not one.reason for one in found):
            entries = stores.books.ledger.load_entries(plan.id)
            await collect_answers(tenant.calendar, answer_log=stores.answers, people=occasion.people, entries=entries, plan=plan, now=now)
            occasion, outbox = _occasion(settings, plan, stores, now=now, until=until)
            found = reminders(occasion)
        await note_returned(
            plan.id,
            returned=tenant.returned,
            outbox=stores.outbox,
            bounces=stores.bounces,
            entries=stores.books.ledger.load_entries(plan.id).values(),
            now=now,
        )
        still_true = _still_true(occasion, begun, stores)
        made = bundle(plan, found, outbox, occasion.people, now=now)
        mails = len(still_true) + sum(one.state is DeliveryState.DUE for one in made)
        if mails > settings.safety.max_mails:
            held = SafetyRefused("reminders_held", mails=mails, allowed=settings.safety.max_mails)
            return Reminded(reminders=_looked_at(found, (), now), people=occasion.people, held=held)
        stores.outbox.replace_reminders(plan.id, made)
        postman = postman_for(settings, plan, stores, tenant, people=occasion.people, now=now, still_mine=still_mine)
        delivery = await deliver_messages(in_order(_may_go(stores.outbox.load_pending(plan.id), still_true), now), postman)
        # Nothing but the outbox has changed since.
        known = known_reminders(stores.outbox.load_messages(plan.id), occasion.people)
        seen = _looked_at(reminders(replace(occasion, known=known)), (*begun, *made), now)
        if delivery.stopped is None:
            # What is still due after everything went is what the week has no room for.
            # Or, where the mailbox had no room for all that was made, what waits for it.
            waits = {(item.stem, one.email) for one in made for item in items_of(one)} if delivery.wait else set()
            full = NotSent(delivery.wait.full) if delivery.wait else NotSent.WEEK_IS_FULL
            seen = tuple(
                replace(one, reason=full if (one.item.stem, one.email) in waits else NotSent.WEEK_IS_FULL)
                if one.state is ReminderState.DUE and not one.reason
                else one
                for one in seen
            )
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
    occasion = Occasion(
        plan=plan,
        rows=settled(state, settings, now=now).registrations,
        calendar=on_calendar(state.entries, state.people),
        asked=state.announced,
        members=state.members,
        known=known_reminders(state.messages, state.people),
        people=state.people,
        now=now,
        until=until,
    )
    return occasion, state.messages


def _still_true(occasion: Occasion, begun: Iterable[Message], stores: Stores) -> frozenset[str]:
    """The keys of mails whose draft waits in the mailbox and may go now: every word of them is still asked for.

    What is no longer true is written down as skipped; what only has to wait, as others do, is left as it is. A draft to several
    of whom one is to be left out is not sent: the others are due again, and it stays in the mailbox.
    """
    drafts = [one for one in begun if one.state is DeliveryState.SENDING and one.error not in {GONE, NO_RECEIPT}]
    keys = {one.key: [(item.stem, occasion.people.canonical(one.email)) for item in items_of(one)] for one in drafts}
    fresh = {key: state for key, state in occasion.known.items() if key not in {key for said in keys.values() for key in said}}
    today = {(one.item.stem, one.email): one for one in reminders(replace(occasion, known=fresh))} if drafts else {}
    may_go: set[str] = set()
    broken: set[str] = set()
    for message in drafts:
        said = [one for key in keys[message.key] if (one := today.get(key)) is not None and one.state in STILL_ASKED_FOR]
        if len(said) < len(keys[message.key]):
            stores.outbox.save_message(replace(message, state=DeliveryState.SKIPPED, error=NotSent.NO_LONGER_TRUE))
            broken.add(message.together)
        elif any(one.state is ReminderState.DUE and not one.reason for one in said):
            may_go.add(message.key)
    again = [one for one in drafts if one.together and one.together in broken and one.key in may_go]
    stores.outbox.save_message(*(replace(one, state=DeliveryState.DUE, draft_id=None, together="") for one in again))
    return frozenset(may_go) - {one.key for one in again}


def _may_go(pending: Iterable[Message], begun: frozenset[str]) -> tuple[Message, ...]:
    """What waits to tell of seats, the reminders that are due, and the drafts of `begun`; reports have a round of their own."""
    others = (one for one in pending if not one.is_report)
    return tuple(one for one in others if not one.is_reminder or one.state is DeliveryState.DUE or one.key in begun)


def _looked_at(found: Iterable[Reminder], handled: Iterable[Message], now: datetime) -> tuple[Reminder, ...]:
    """Those of this round: what its mails said, what is due and has to wait, and posts that a channel cannot get."""
    said = {(item.stem, message.email) for message in handled for item in items_of(message)}
    return tuple(
        one
        for one in found
        if (one.item.stem, one.email) in said or (one.due_at <= now and (one.state is ReminderState.DUE or not one.email))
    )
