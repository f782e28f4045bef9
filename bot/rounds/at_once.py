"""Telling HR at once that something has begun to wait, from the books to mails, chats and HR's channel.

    look without a lock: is there anything new, and may it go     most rounds end here
    lock, look up what was begun, look again, into the outbox, into words, deliver

What is told and to whom is decided in `bot.hr_report.at_once`. The words are HR's report with nothing in it
but what waits, made when it goes. Where there is a desk to decide on, a card with the way to it goes to who
has a chat with the bot, in the place of the mail (`bot.rounds.steps.deliver_chat`), and to HR's channel
(`KURSUSBOT_BOT__HR_CHANNEL`): a post that may be there is not repeated.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.approvals.telling import still_waiting
from bot.cards.waiting import render_waiting
from bot.domain.changes import no_changes
from bot.domain.messages import POST_UNCLEAR, DeliveryState
from bot.domain.people import PeopleIndex
from bot.domain.reminders import NotSent
from bot.domain.reports import Pending, Report
from bot.domain.templates import MessageKind
from bot.hr_report.at_once import begun_to_wait, still_to_tell
from bot.hr_report.troubles import pending_changes
from bot.messages.report import render_at_once
from bot.opening.desk_home import desk_home
from bot.opening.versions import in_force, load_record
from bot.rounds.results import RoundResult
from bot.rounds.steps.deliver_chat import chat_delivery
from bot.rounds.steps.deliver_mail import deliver_messages, look_up_begun
from bot.rounds.steps.deliver_teams import OUTCOMES
from bot.rounds.steps.postman import postman_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.domain.approvals import Waiting
    from bot.domain.messages import Message
    from bot.messages.card_parts import JsonObject
    from bot.opening.work import BookWork, Work

NOTHING_TOLD = RoundResult()


async def tell_at_once(work: Work) -> RoundResult:
    """Tell each reader what has begun to wait, once, and finish what was begun.

    Raises RunLocked, SignInFailed, DatabaseFailed; what else Graph refuses is in the result.
    """
    if not (_new(work, now=work.now()) or _pending(work)):
        return NOTHING_TOLD
    async with work.locked() as still_mine:
        now, outbox = work.now(), work.stores.outbox
        started = [one for one in _pending(work) if one.state is DeliveryState.SENDING and one.email]
        await look_up_begun(started, mailbox=work.tenant.mailbox, outbox=outbox, now=now)
        outbox.add_messages(_new(work, now=now))
        return await _tell(work, _reports(work, now=now), now=now, still_mine=still_mine)


async def _tell(
    work: Work, reports: Mapping[str, Report], *, now: datetime, still_mine: Callable[[], None]
) -> RoundResult:
    """Bring what is to go, by a message's key, its own way."""
    plan, desk = work.written, desk_home(work.settings)
    written = {key: render_at_once(one, plan, plan.language, desk=desk) for key, one in reports.items()}
    cards = {key: _card(work, one) for key, one in reports.items()} if desk else {}
    ready = {key: (written[key].subject, card) for key, card in cards.items()}
    people = PeopleIndex(work.stores.books.people.load_people(plan.id))
    chats = chat_delivery(work, people=people, now=now, still_mine=still_mine, ready=ready)
    brought = await chats.deliver([one for one in _pending(work) if one.email])
    postman = postman_for(work, people=people, now=now, still_mine=still_mine)
    carried = await deliver_messages(brought.next_way, replace(postman, written=written))
    posted = [await _post(work, one, cards, now=now) for one in _pending(work) if not one.email]
    messages = (*brought.carried.messages, *carried.messages, *posted)
    uncertain = any(message.state is DeliveryState.SENDING for message in messages)
    stopped = carried.stopped or brought.carried.stopped
    return RoundResult(carried=replace(carried, messages=messages, stopped=stopped), left_over=uncertain)


async def _post(work: Work, message: Message, cards: dict[str, JsonObject], *, now: datetime) -> Message:
    """What became of a post in HR's channel, as it is written down."""
    outbox, channel = work.stores.outbox, work.settings.bot.hr_channel or ""
    done = replace(message, state=DeliveryState.SENDING, error=POST_UNCLEAR, ended_at=now)
    outbox.save_message(done)
    try:
        outcome = await work.tenant.channels.post(channel, cards[message.key])
    except KeyError:
        done = replace(done, state=DeliveryState.SKIPPED, error=NotSent.CHANNEL_NOT_SET_UP)
    else:
        state, error = OUTCOMES[outcome]
        is_open = state in {DeliveryState.SENT, DeliveryState.DUE}
        sent_at = now if state is DeliveryState.SENT else None
        done = replace(done, state=state, error=error, sent_at=sent_at, ended_at=None if is_open else now)
    outbox.save_message(done)
    return done


def _card(work: BookWork, report: Report) -> JsonObject:
    plan = work.written
    return render_waiting(
        report.pending or Pending(),
        organisation=plan.organisation,
        language=plan.language,
        desk=f"{desk_home(work.settings)}/changes?plan={plan.id}",
    )


def _waiting(work: BookWork) -> tuple[Waiting, ...]:
    return still_waiting(load_record(work.written, work.stores), approvers=work.settings.approvers)


def _new(work: BookWork, *, now: datetime) -> tuple[Message, ...]:
    plan, outbox, settings = work.written, work.stores.outbox, work.settings
    waiting = _waiting(work)
    before = outbox.load_messages(plan.id, kind=MessageKind.HR_REPORT) if waiting else ()
    in_channel = settings.bot.hr_channel is not None and bool(desk_home(settings))
    return begun_to_wait(plan, waiting, before, now=now, in_channel=in_channel)


def _pending(work: BookWork) -> list[Message]:
    """What is to go, or to be looked up: a card or a post that was begun is neither."""
    listed = (one for one in work.stores.outbox.load_pending(work.written.id) if one.is_at_once)
    return [one for one in listed if not one.is_in_chat and (one.email or one.state is DeliveryState.DUE)]


def _reports(work: BookWork, *, now: datetime) -> dict[str, Report]:
    """What the messages that are to go tell, by key.

    What waits for nobody any more is let go of, unless it was begun.
    """
    waiting, made = _waiting(work), {}
    for message in _pending(work):
        left = still_to_tell(message, waiting)
        if left or message.state is DeliveryState.SENDING:
            made[message.key] = _report(work, message, left or waiting, now=now)
        else:
            over = replace(message, state=DeliveryState.SKIPPED, error=NotSent.NOTHING_TO_TELL)
            work.stores.outbox.save_message(over)
    return made


def _report(work: BookWork, message: Message, waiting: tuple[Waiting, ...], *, now: datetime) -> Report:
    plan = work.written
    pending = pending_changes(
        plan,
        no_changes(plan.id, plan.revision),
        waiting,
        (),
        lambda _course: True,
        titles=in_force(plan, work.stores).titles | plan.titles,
        found=lambda _course, _reason, _language: (),
    )
    at = now.astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None)
    return Report(address=message.email, at=at, pending=pending)
