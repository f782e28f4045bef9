"""A round of reminders, from the books to the mails: what `reminders` shows and `send` and `run` do.

    reminders   load the books, compute what the rules ask for                                         writes nothing
    send        lock, load, compute, read the answers given since, compute again, read what came back, bundle, hold against the
                limit of mails, put into the outbox, bring lines to Teams, compute again for those whom Teams does not
                reach, mail, together with what waits to tell of seats: what comes first goes first; then post in channels;
                then mail the copies of what has gone, to those who answer for somebody and want them

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

from bot.delivery.parcels import in_order
from bot.domain.errors import SafetyRefused
from bot.domain.messages import NO_RECEIPT, DeliveryState
from bot.domain.reminder_rules import Channel
from bot.domain.reminders import NOT_BY_TEAMS, NotSent, ReminderState, channel_of, items_of
from bot.domain.templates import MessageKind
from bot.opening.person_links import link_maker
from bot.reminders.bundles import WAITS, bundle, known_reminders, promised_copies
from bot.reminders.due import reminders
from bot.reminders.occasion import Occasion
from bot.rounds.results import RoundResult
from bot.rounds.steps.broadcast_mail import whose_hour_has_come
from bot.rounds.steps.carried import NOTHING_CARRIED, Carried
from bot.rounds.steps.deliver_chat import chat_delivery
from bot.rounds.steps.deliver_mail import (
    GONE,
    deliver_messages,
    look_up_begun,
)
from bot.rounds.steps.deliver_teams import TeamsDelivery, known_to_have_app
from bot.rounds.steps.look_at_outlook import look_at_outlook
from bot.rounds.steps.note_returned import note_returned
from bot.rounds.steps.postman import postman_for
from bot.rounds.steps.reminder_occasion import occasion_of
from bot.rounds.steps.resting_reminders import look_for_reminders, note_reminders
from bot.rounds.steps.still_true import still_true
from bot.rounds.steps.told_again import may_be_told_again
from bot.seats.waiting_list_messages import what_has_happened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from typing import Self

    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex
    from bot.domain.reminders import Reminder
    from bot.opening.stores import Stores
    from bot.opening.work import BookWork, Work
    from bot.rounds.steps.decide_seats import SeatState

UNFINISHED = frozenset({DeliveryState.SENDING, DeliveryState.DUE})
"""What may be left of a message that a round was about, though nothing failed."""
AHEAD = timedelta(days=14)
"""How far `reminders` looks where it is not told."""
UNTIL_TONIGHT = timedelta(days=1)
"""A digest takes what falls due later the same day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded(RoundResult):
    """What a round was about, with what became of each, and the messages that were sent for it.

    `refused`: the limit was passed.
    """

    reminders: tuple[Reminder, ...]
    people: PeopleIndex

    def then(self, more: RoundResult) -> Self:
        """With the reminders of a later round, as they are by then."""
        both = RoundResult.then(self, more)  # the class that `slots` makes is not the one of `super()`
        later = more.reminders if isinstance(more, Reminded) else ()
        seen = {(one.item.stem, one.email): one for one in (*self.reminders, *later)}
        return replace(both, reminders=tuple(seen.values()))


def coming_reminders(
    work: BookWork, *, until: datetime | None = None, state: SeatState | None = None
) -> tuple[tuple[Reminder, ...], PeopleIndex]:
    """What is unsent and falls due before `until`, and the people it is for.

    `until` is UTC; None: 14 days from now. `state` are books that were loaded already, of some courses
    perhaps. Raises DatabaseFailed.
    """
    now = work.now()
    occasion, _ = occasion_of(work, now=now, until=now + AHEAD if until is None else until, state=state)
    listed = (reminder for reminder in reminders(occasion) if reminder.state is not ReminderState.SENT)
    return tuple(listed), occasion.people


async def reminders_round(work: Work) -> Reminded:
    """Send what is due.

    Raises RunLocked, SignInFailed, GraphError when the calendar cannot be read, DatabaseFailed.
    """
    async with work.locked() as still_mine:
        now = work.now()
        look, people = await look_for_reminders(work, now=now)
        if look.is_at_rest:
            return Reminded(reminders=(), people=people)
        begun = await _look_up_what_was_begun(work, now)
        due = await _compute_what_is_due(work, begun, now)
        made = _put_into_outbox(due)
        if isinstance(made, SafetyRefused):
            return _held(due, NOTHING_CARRIED, made)
        lines = await _bring_to_teams(due, Channel.TEAMS, still_mine)
        if any(line.error in NOT_BY_TEAMS for line in lines.messages):
            due = due.again()
            more = _put_into_outbox(due)
            if isinstance(more, SafetyRefused):
                return _held(due, lines, more)
            made = (*made, *more)
        carried = await _send(due, lines, still_mine)
        copies, carried = await _send_copies(due, carried, still_mine)
        made = (*made, *copies)
        is_as_it_was = not (made or begun or due.waits or due.returned) and carried == NOTHING_CARRIED
        after = due if is_as_it_was else due.again()
        looked_at = _looked_at(after.found, (*begun, *made), now)
        note_reminders(work, look, due.state, due.found, (*looked_at, *made, *begun), carried, now=now)
        return Reminded(
            reminders=_with_reasons(looked_at, carried, made),
            people=due.occasion.people,
            carried=carried,
            left_over=any(message.state in UNFINISHED for message in carried.messages),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """What is due in a round: what it was computed from, and what of what was begun is still true.

    `work` is by the plan as it stands in people's calendars, `returned` how many mails were noted to have
    come back.
    """

    work: Work
    state: SeatState
    occasion: Occasion
    outbox: Sequence[Message]
    found: Sequence[Reminder]
    still_true: frozenset[str] = frozenset()
    returned: int = 0

    @property
    def waits(self) -> bool:
        """Whether the outbox had reminders that were due and not begun; they are this round's to replace."""
        return any(one.is_reminder and one.state is DeliveryState.DUE for one in self.outbox)

    def again(self) -> _Due:
        """Computed anew in the same round: nothing but the outbox has changed since."""
        outbox = self.work.stores.outbox.load_messages(self.work.plan.id)
        people = self.occasion.people
        occasion = replace(
            self.occasion,
            known=known_reminders(outbox, people),
            promised=promised_copies(outbox, people),
        )
        return replace(self, outbox=outbox, found=reminders(occasion))

    def pending(self, way: Channel, *, copies: bool = False) -> tuple[Message, ...]:
        """What is to go this way now, what comes first first; papers go by themselves, and so do `copies`."""
        plan, stores = self.work.plan, self.work.stores
        listed = (
            message
            for message in stores.outbox.load_pending(plan.id)
            if not message.is_paper and not message.is_in_chat and channel_of(message) is way
            if (message.kind is MessageKind.COPY) is copies and WAITS not in message.params
            if not message.is_reminder or message.state is DeliveryState.DUE or message.key in self.still_true
        )
        happened = what_has_happened(listed, partial(stores.books.ledger.load_entries, plan.id))
        now = self.occasion.now
        happened = may_be_told_again(happened, plan.id, stores, now=now)
        return in_order(whose_hour_has_come(happened, plan.id, stores, now=now), now)


async def _look_up_what_was_begun(work: Work, now: datetime) -> tuple[Message, ...]:
    """The mails and lines that an earlier round began and may not have finished, by what is known now."""
    outbox = work.stores.outbox
    started = [
        message
        for message in outbox.load_pending(work.plan.id)
        if message.is_reminder and message.state is DeliveryState.SENDING
    ]
    mails = [message for message in started if channel_of(message) is Channel.MAIL]
    looked_up = await look_up_begun(mails, mailbox=work.tenant.mailbox, outbox=outbox, now=now)
    return (*looked_up, *_lines_in_time(started, work.stores, now))


async def _compute_what_is_due(work: Work, begun: Sequence[Message], now: datetime) -> _Due:
    """Computed from the books; where something is due, from what was answered and returned since."""
    until = now + UNTIL_TONIGHT

    def computed() -> tuple[Occasion, SeatState, Sequence[Reminder]]:
        occasion, state = occasion_of(work, now=now, until=until)
        return occasion, state, reminders(occasion)

    occasion, state, found = computed()
    if begun or any(one.state is ReminderState.DUE and not one.reason for one in found):
        await look_at_outlook(work, people=occasion.people, entries=state.entries, now=now)
        occasion, state, found = computed()
    returned = await note_returned(
        work.plan,
        returned=work.tenant.returned,
        outbox=work.stores.outbox,
        bounces=work.stores.bounces,
        entries=state.entries.values(),
        people=occasion.people,
        now=now,
    )
    can_be_stopped = [
        message
        for message in begun
        if message.state is DeliveryState.SENDING and message.error not in {GONE, NO_RECEIPT}
    ]
    true = still_true(occasion, can_be_stopped)
    work.stores.outbox.save_message(*true.changed)
    return _Due(
        work=work.by(state.plan),
        state=state,
        occasion=occasion,
        outbox=state.messages,
        found=found,
        still_true=true.may_go,
        returned=returned,
    )


def _put_into_outbox(due: _Due) -> tuple[Message, ...] | SafetyRefused:
    """Bundle what is due and put it into the outbox, unless it is more mails than a run may send."""
    plan, allowed = due.work.plan, due.work.settings.safety.max_mails
    made = bundle(plan, due.found, due.outbox, due.occasion.people, now=due.occasion.now)
    drafts = [message for message in due.outbox if message.key in due.still_true]
    fresh = [message for message in made if message.state is DeliveryState.DUE]
    mails = sum(channel_of(message) is Channel.MAIL for message in (*drafts, *fresh))
    if mails > allowed:
        return SafetyRefused("reminders_held", mails=mails, allowed=allowed)
    if made or due.waits:
        due.work.stores.outbox.replace_reminders(plan.id, made)
    return made


async def _send(due: _Due, lines: Carried, still_mine: Callable[[], None]) -> Carried:
    """Mail, together with what waits to tell of seats, then post; all that was sent with the `lines`."""
    occasion = due.occasion
    postman = postman_for(due.work, people=occasion.people, now=occasion.now, still_mine=still_mine)
    delivery = chat_delivery(due.work, people=occasion.people, now=occasion.now, still_mine=still_mine)
    news = await delivery.deliver(due.pending(Channel.MAIL))
    mailed = await deliver_messages(news.next_way, postman)
    # Last, so that nobody waits for a channel that is out of reach.
    posted = await _bring_to_teams(due, Channel.CHANNEL, still_mine)
    return replace(
        mailed,
        messages=(*lines.messages, *news.carried.messages, *mailed.messages, *posted.messages),
        stopped=mailed.stopped or news.carried.stopped or lines.stopped,
        broken=(*lines.broken, *mailed.broken, *posted.broken),
    )


async def _send_copies(
    due: _Due, carried: Carried, still_mine: Callable[[], None]
) -> tuple[tuple[Message, ...], Carried]:
    """The copies of what has gone by now; what was made for it, and all that was carried out.

    Where the round could not send everything, they are sent in the next one.
    """
    if not due.occasion.copies_for or carried.stopped or carried.wait:
        return (), carried
    due = due.again()
    made = _put_into_outbox(due)
    if isinstance(made, SafetyRefused):
        return (), carried
    postman = postman_for(due.work, people=due.occasion.people, now=due.occasion.now, still_mine=still_mine)
    mailed = await deliver_messages(due.pending(Channel.MAIL, copies=True), postman)
    broken = (*carried.broken, *mailed.broken)
    return made, replace(carried.then(mailed), broken=broken)


async def _bring_to_teams(due: _Due, way: Channel, still_mine: Callable[[], None]) -> Carried:
    """Lines that are due, or were begun and are still true; or posts that are due."""
    work, people, now = due.work, due.occasion.people, due.occasion.now
    delivery = TeamsDelivery(
        plan=work.plan,
        people=people,
        feed=work.tenant.feed,
        channels=work.tenant.channels,
        outbox=work.stores.outbox,
        app_id=work.settings.teams.app_id or "",
        now=now,
        link_for=link_maker(work.settings, work.plan, work.stores, people=people, now=now),
        still_mine=still_mine,
    )
    with_app = known_to_have_app(due.outbox, people, now=now)
    if way is not Channel.TEAMS:
        return await delivery.deliver(due.pending(way), with_app=with_app)
    cards = await chat_delivery(work, people=people, now=now, still_mine=still_mine).deliver(due.pending(way))
    lines = await delivery.deliver(cards.next_way, with_app=with_app)
    stopped = lines.stopped or cards.carried.stopped
    return replace(lines, messages=(*cards.carried.messages, *lines.messages), stopped=stopped)


def _held(due: _Due, carried: Carried, refused: SafetyRefused) -> Reminded:
    """More mails than a run may send: what was carried out before it was known, and nothing else."""
    looked_at = _looked_at(due.found, carried.messages, due.occasion.now)
    return Reminded(reminders=looked_at, people=due.occasion.people, carried=carried, refused=refused)


def _with_reasons(
    seen: Iterable[Reminder], carried: Carried, made: Iterable[Message]
) -> tuple[Reminder, ...]:
    """What is still due after everything went, with the reason.

    Of mails the mailbox has no room for all that was `made`, or Graph failed (which is told apart), or the
    week has no room for more; a post could not be made now.
    """
    why: str = NotSent(carried.wait.full) if carried.wait else "" if carried.stopped else NotSent.WEEK_IS_FULL
    reasons = {(item.stem, message.email): why for message in made for item in items_of(message)}
    for message in carried.messages:
        if message.state is DeliveryState.DUE:
            reasons |= {(item.stem, message.email): message.error for item in items_of(message)}
    return tuple(
        replace(one, reason=reasons.get((one.item.stem, one.email), NotSent.WEEK_IS_FULL))
        if one.state is ReminderState.DUE and not one.reason
        else one
        for one in seen
    )


def _lines_in_time(started: Iterable[Message], stores: Stores, now: datetime) -> tuple[Message, ...]:
    """The lines that may be sent again.

    Of one that has expired nobody will know whether it arrived, which is written down.
    """
    lines = [
        message for message in started if channel_of(message) is Channel.TEAMS and not message.is_in_chat
    ]
    over = [line for line in lines if line.expires_at is not None and line.expires_at <= now]
    stores.outbox.save_message(
        *(replace(one, state=DeliveryState.EXPIRED, error=NotSent.MAYBE_SENT, ended_at=now) for one in over)
    )
    return tuple(line for line in lines if line not in over)


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
