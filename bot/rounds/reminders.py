"""A round of reminders, from the books to the mails: what `reminders` shows and `send` and `run` do.

    reminders   load the books, compute what the rules ask for                                         writes nothing
    send        lock, load, compute, read the answers given since, compute again, read what came back, bundle, hold against the
                limit of mails, put into the outbox, bring lines to Teams, compute again for those whom Teams does not
                reach, mail, together with what waits to tell of seats: what comes first goes first; then post in channels

One round sends as much as the mailbox has room for, and says when there is room for more.

Nobody is asked for an answer that they gave this morning: where something is due, the calendar is asked
first. What those answers lead to is decided elsewhere (`bot.rounds.answers`); here it counts as if it were.
What is due and not begun is made anew in each round, so that nobody is reminded of what is no longer true. A
mail that was begun is looked up and finished first (`bot.rounds.steps.deliver_mail`), a line in somebody's
activity feed is sent again in the place of the first, and a post is never repeated
(`bot.rounds.steps.deliver_teams`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.delivery.parcels import in_order, together_key
from bot.domain.events import LedgerState
from bot.domain.invited import invited_since
from bot.domain.messages import NO_RECEIPT, DeliveryState
from bot.domain.postage import Full
from bot.domain.reminder_rules import Channel
from bot.domain.reminders import NOT_BY_TEAMS, NotSent, ReminderState, channel_of, items_of
from bot.errors import GRAPH_FAILED, PARTLY_DONE, SafetyRefused
from bot.opening.clock import clock_of
from bot.opening.person_links import link_maker
from bot.opening.tenant import teams_reach
from bot.reminders.bundles import bundle, known_reminders
from bot.reminders.due import reminders
from bot.reminders.occasion import Occasion, OnCalendar
from bot.rounds.steps.decide_seats import load_state, settled
from bot.rounds.steps.deliver_mail import (
    GONE,
    NOTHING_DELIVERED,
    deliver_messages,
    look_up_begun,
    postman_for,
)
from bot.rounds.steps.deliver_teams import TeamsDelivery, known_to_have_app
from bot.rounds.steps.look_at_outlook import look_at_outlook
from bot.rounds.steps.note_returned import note_returned
from bot.rounds.steps.resting_reminders import look_for_reminders, note_reminders
from bot.seats.waiting_list_messages import what_has_happened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.domain.reminders import Reminder
    from bot.opening.stores import Stores
    from bot.opening.work import Work
    from bot.rounds.steps.decide_seats import SeatState
    from bot.rounds.steps.deliver_mail import Delivery
    from config.settings import Settings

STILL_ASKED_FOR = frozenset({ReminderState.DUE, ReminderState.SCHEDULED})
AHEAD = timedelta(days=14)
"""How far `reminders` looks where it is not told."""
UNTIL_TONIGHT = timedelta(days=1)
"""A digest takes what falls due later the same day."""
GONE_FROM_CALENDAR = frozenset({LedgerState.VANISHED, LedgerState.CANCELLING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What a round was about, with what became of each, and the messages that were sent for it.

    `held`: the limit was passed.
    """

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
        unsent = states & {DeliveryState.FAILED, DeliveryState.SENDING, DeliveryState.DUE}
        return PARTLY_DONE if unsent or self.delivery.broken else 0


def coming_reminders(
    settings: Settings, plan: CoursePlan, stores: Stores, *, until: datetime | None = None
) -> tuple[tuple[Reminder, ...], PeopleIndex]:
    """What is unsent and falls due before `until`, and the people it is for.

    `until` is UTC; None: 14 days from now. Raises DatabaseFailed.
    """
    now = clock_of(settings).now()
    occasion, _ = _occasion(settings, plan, stores, now=now, until=now + AHEAD if until is None else until)
    listed = (one for one in reminders(occasion) if one.state is not ReminderState.SENT)
    return tuple(listed), occasion.people


async def reminders_round(work: Work) -> Reminded:
    """Send what is due.

    Raises RunLocked, SignInFailed, GraphError when the calendar cannot be read, DatabaseFailed.
    """
    settings, plan, stores, tenant = work.settings, work.plan, work.stores, work.tenant
    async with work.locked() as still_mine:
        now = work.now()
        look, people = await look_for_reminders(work, now=now)
        if look.is_at_rest:
            return Reminded(reminders=(), people=people)
        until = now + UNTIL_TONIGHT
        begun = await _begun(work, now)
        occasion, state = _occasion(settings, plan, stores, now=now, until=until)
        found = reminders(occasion)
        if begun or any(one.state is ReminderState.DUE and not one.reason for one in found):
            await look_at_outlook(work, people=occasion.people, entries=state.entries, now=now)
            occasion, state = _occasion(settings, plan, stores, now=now, until=until)
            found = reminders(occasion)
        await note_returned(
            plan,
            returned=tenant.returned,
            outbox=stores.outbox,
            bounces=stores.bounces,
            entries=state.entries.values(),
            people=occasion.people,
            now=now,
        )
        still_true = _still_true(occasion, begun, stores)
        round_ = _Round(work.by(state.plan), occasion, still_true, still_mine)
        outbox = state.messages
        made = round_.plan_messages(found, outbox)
        delivery = NOTHING_DELIVERED
        if round_.held is None:
            delivery = await round_.bring_to_teams(outbox, Channel.TEAMS)
        if any(one.error in NOT_BY_TEAMS for one in delivery.messages):
            outbox = stores.outbox.load_messages(plan.id)
            found = reminders(replace(occasion, known=known_reminders(outbox, occasion.people)))
            made = (*made, *round_.plan_messages(found, outbox))
        if round_.held is not None:
            return Reminded(
                reminders=_looked_at(found, delivery.messages, now),
                people=occasion.people,
                delivery=delivery,
                held=round_.held,
            )
        mailed = await round_.mail()
        # Last, so that nobody waits for a channel that is out of reach.
        posted = await round_.bring_to_teams(outbox, Channel.CHANNEL)
        messages = (*delivery.messages, *mailed.messages, *posted.messages)
        broken = (*delivery.broken, *mailed.broken, *posted.broken)
        delivery = replace(
            mailed, messages=messages, stopped=mailed.stopped or delivery.stopped, broken=broken
        )
        # Nothing but the outbox has changed since.
        known = known_reminders(stores.outbox.load_messages(plan.id), occasion.people)
        seen = _looked_at(reminders(replace(occasion, known=known)), (*begun, *made), now)
        note_reminders(work, look, state, found, (*seen, *made, *begun), delivery, now=now)
        return Reminded(
            reminders=_with_reasons(seen, delivery, made), people=occasion.people, delivery=delivery
        )


@dataclass(slots=True)
class _Round:
    """One round's way from what is due to what was sent; `held` once the limit of mails was passed."""

    work: Work
    occasion: Occasion
    still_true: frozenset[str]
    still_mine: Callable[[], None]
    held: SafetyRefused | None = None

    def plan_messages(self, found: Sequence[Reminder], outbox: Sequence[Message]) -> tuple[Message, ...]:
        """Bundle what is due and put it into the outbox, unless it is more mails than a run may send."""
        made = bundle(self.work.plan, found, outbox, self.occasion.people, now=self.occasion.now)
        drafts = sum(one.key in self.still_true and channel_of(one) is Channel.MAIL for one in outbox)
        mails = drafts + sum(
            one.state is DeliveryState.DUE and channel_of(one) is Channel.MAIL for one in made
        )
        allowed = self.work.settings.safety.max_mails
        if mails > allowed:
            self.held = SafetyRefused("reminders_held", mails=mails, allowed=allowed)
            return ()
        self.work.stores.outbox.replace_reminders(self.work.plan.id, made)
        return made

    async def bring_to_teams(self, outbox: Iterable[Message], way: Channel) -> Delivery:
        """Lines that are due, or were begun and are still true; or posts that are due."""
        settings, plan, stores = self.work.settings, self.work.plan, self.work.stores
        delivery = TeamsDelivery(
            plan=plan,
            people=self.occasion.people,
            feed=self.work.tenant.feed,
            channels=self.work.tenant.channels,
            outbox=stores.outbox,
            app_id=settings.teams.app_id or "",
            now=self.occasion.now,
            link_for=link_maker(settings, plan, stores, people=self.occasion.people, now=self.occasion.now),
            still_mine=self.still_mine,
        )
        with_app = known_to_have_app(outbox, self.occasion.people, now=self.occasion.now)
        return await delivery.deliver(self._pending(way), with_app=with_app)

    async def mail(self) -> Delivery:
        """What waits to tell of seats, reminders by mail that are due, and drafts that are still true.

        Papers go by themselves.
        """
        postman = postman_for(
            self.work,
            people=self.occasion.people,
            now=self.occasion.now,
            still_mine=self.still_mine,
        )
        return await deliver_messages(self._pending(Channel.MAIL), postman)

    def _pending(self, way: Channel) -> tuple[Message, ...]:
        plan, stores = self.work.plan, self.work.stores
        listed = (
            one
            for one in stores.outbox.load_pending(plan.id)
            if not one.is_paper and channel_of(one) is way
            if not one.is_reminder or one.state is DeliveryState.DUE or one.key in self.still_true
        )
        happened = what_has_happened(listed, partial(stores.books.ledger.load_entries, plan.id))
        return in_order(happened, self.occasion.now)


def _with_reasons(
    seen: Iterable[Reminder], delivery: Delivery, made: Iterable[Message]
) -> tuple[Reminder, ...]:
    """What is still due after everything went, with the reason.

    Of mails the mailbox has no room for all that was `made`, or Graph failed (which is told apart), or the
    week has no room for more; a post could not be made now.
    """
    why: str = (
        NotSent(delivery.wait.full) if delivery.wait else "" if delivery.stopped else NotSent.WEEK_IS_FULL
    )
    reasons = {(item.stem, one.email): why for one in made for item in items_of(one)}
    for message in delivery.messages:
        if message.state is DeliveryState.DUE:
            reasons |= {(item.stem, message.email): message.error for item in items_of(message)}
    return tuple(
        replace(one, reason=reasons.get((one.item.stem, one.email), NotSent.WEEK_IS_FULL))
        if one.state is ReminderState.DUE and not one.reason
        else one
        for one in seen
    )


def on_calendar(
    entries: Mapping[SessionKey, LedgerEntry], people: PeopleIndex
) -> dict[SessionKey, OnCalendar]:
    """The events whose books are settled, by the session's key, parts together."""
    found: dict[SessionKey, OnCalendar] = {}
    for key, since in invited_since(entries).items():
        entry, first = entries[key], key.first
        if entry.state not in GONE_FROM_CALENDAR:
            others = found[first].invited if first in found else {}
            found[first] = OnCalendar(
                start=entry.start,
                invited={**others, **{people.canonical(email): at for email, at in since.items()}},
            )
    return found


def _occasion(
    settings: Settings, plan: CoursePlan, stores: Stores, *, now: datetime, until: datetime
) -> tuple[Occasion, SeatState]:
    """What reminders are computed from, and the books that it was made of."""
    state = load_state(plan, stores)
    occasion = Occasion(
        plan=state.plan,
        rows=settled(state, settings, now=now).registrations,
        calendar=on_calendar(state.entries, state.people),
        asked=state.announced,
        members=state.members,
        known=known_reminders(state.messages, state.people),
        people=state.people,
        now=now,
        until=until,
        reach=teams_reach(settings),
    )
    return occasion, state


def _still_true(occasion: Occasion, begun: Iterable[Message], stores: Stores) -> frozenset[str]:
    """The keys of what was begun and may go now, drafts in the mailbox and lines for Teams.

    Every word is still asked for.

    A draft that is no longer true is written down as skipped. A line may have arrived, so it stays uncertain;
    what only has to wait, as others do, is left as it is. A draft to several of whom one is to be left out is
    not sent: the others are due again, and it stays in the mailbox.
    """
    waiting = [
        one for one in begun if one.state is DeliveryState.SENDING and one.error not in {GONE, NO_RECEIPT}
    ]
    keys = {
        one.key: [(item.stem, occasion.people.canonical(one.email)) for item in items_of(one)]
        for one in waiting
    }
    fresh = {
        key: state
        for key, state in occasion.known.items()
        if key not in {key for said in keys.values() for key in said}
    }
    today = (
        {(one.item.stem, one.email): one for one in reminders(replace(occasion, known=fresh))}
        if waiting
        else {}
    )
    may_go: set[str] = set()
    # Who has been erased since is still on the draft.
    groups = {
        one.together: [other for other in waiting if other.together == one.together]
        for one in waiting
        if one.together
    }
    broken = {together for together, group in groups.items() if together_key(group) != together}
    for message in waiting:
        said = [
            one
            for key in keys[message.key]
            if (one := today.get(key)) is not None and one.state in STILL_ASKED_FOR
        ]
        if len(said) < len(keys[message.key]):
            if channel_of(message) is Channel.MAIL:
                stores.outbox.save_message(
                    replace(message, state=DeliveryState.SKIPPED, error=NotSent.NO_LONGER_TRUE)
                )
            broken.add(message.together)
        elif any(one.state is ReminderState.DUE and not one.reason for one in said):
            may_go.add(message.key)
    again = [one for one in waiting if one.together and one.together in broken and one.key in may_go]
    stores.outbox.save_message(
        *(replace(one, state=DeliveryState.DUE, draft_id=None, together="") for one in again)
    )
    return frozenset(may_go) - {one.key for one in again}


async def _begun(work: Work, now: datetime) -> tuple[Message, ...]:
    """What an earlier round began: mails as they were found, and lines that may be sent again."""
    pending = work.stores.outbox.load_pending(work.plan.id)
    started = [one for one in pending if one.is_reminder and one.state is DeliveryState.SENDING]
    mails = [one for one in started if channel_of(one) is Channel.MAIL]
    looked_up = await look_up_begun(mails, mailbox=work.tenant.mailbox, outbox=work.stores.outbox, now=now)
    return (*looked_up, *_lines_in_time(started, work.stores, now))


def _lines_in_time(started: Iterable[Message], stores: Stores, now: datetime) -> tuple[Message, ...]:
    """The lines that may be sent again.

    Of one that has expired nobody will know whether it arrived, which is written down.
    """
    lines = [one for one in started if channel_of(one) is Channel.TEAMS]
    over = [one for one in lines if one.expires_at is not None and one.expires_at <= now]
    stores.outbox.save_message(
        *(replace(one, state=DeliveryState.EXPIRED, error=NotSent.MAYBE_SENT, ended_at=now) for one in over)
    )
    return tuple(one for one in lines if one not in over)


def _looked_at(found: Iterable[Reminder], handled: Iterable[Message], now: datetime) -> tuple[Reminder, ...]:
    """Those of this round.

    What its mails said, what is due and has to wait, and posts that a channel cannot get.
    """
    said = {(item.stem, message.email) for message in handled for item in items_of(message)}
    return tuple(
        one
        for one in found
        if (one.item.stem, one.email) in said
        or (
            one.due_at <= now
            and (one.state is ReminderState.DUE or (not one.email and one.state is ReminderState.SKIPPED))
        )
    )
