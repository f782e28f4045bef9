"""Telling HR at once that something has begun to wait, from the books to the mails.

    look without a lock: is there anything new, and may it go     most rounds end here
    lock, look up what was begun, look again, into the outbox, into words, deliver

What is told and to whom is decided in `bot.hr_report.at_once`. The words are HR's report with nothing in it
but what waits, made when it goes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.approvals.telling import still_waiting
from bot.domain.changes import no_changes
from bot.domain.messages import DeliveryState
from bot.domain.people import PeopleIndex
from bot.domain.reminders import NotSent
from bot.domain.reports import Report
from bot.domain.templates import MessageKind
from bot.hr_report.at_once import begun_to_wait, still_to_tell
from bot.hr_report.troubles import pending_changes
from bot.messages.report import render_at_once
from bot.opening.desk_home import desk_home
from bot.opening.versions import in_force, load_record
from bot.rounds.results import RoundResult
from bot.rounds.steps.deliver_mail import deliver_messages, look_up_begun, postman_for

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.approvals import Waiting
    from bot.domain.messages import Message
    from bot.messages.notice import Rendered
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
        started = [one for one in _pending(work) if one.state is DeliveryState.SENDING]
        await look_up_begun(started, mailbox=work.tenant.mailbox, outbox=outbox, now=now)
        outbox.add_messages(_new(work, now=now))
        written = _put_into_words(work, now=now)
        people = PeopleIndex(work.stores.books.people.load_people(work.written.id))
        postman = postman_for(work, people=people, now=now, still_mine=still_mine)
        carried = await deliver_messages(_pending(work), replace(postman, written=written))
        uncertain = any(message.state is DeliveryState.SENDING for message in carried.messages)
        return RoundResult(carried=carried, left_over=uncertain)


def _waiting(work: BookWork) -> tuple[Waiting, ...]:
    return still_waiting(load_record(work.written, work.stores), approvers=work.settings.approvers)


def _new(work: BookWork, *, now: datetime) -> tuple[Message, ...]:
    plan, outbox = work.written, work.stores.outbox
    waiting = _waiting(work)
    before = outbox.load_messages(plan.id, kind=MessageKind.HR_REPORT) if waiting else ()
    return begun_to_wait(plan, waiting, before, now=now)


def _pending(work: BookWork) -> list[Message]:
    return [one for one in work.stores.outbox.load_pending(work.written.id) if one.is_at_once]


def _put_into_words(work: BookWork, *, now: datetime) -> dict[str, Rendered]:
    """The messages that are to go, by key.

    What waits for nobody any more is let go of, unless it was begun.
    """
    plan, waiting, written = work.written, _waiting(work), {}
    for message in _pending(work):
        left = still_to_tell(message, waiting)
        if left or message.state is DeliveryState.SENDING:
            report = _report(work, message, left or waiting, now=now)
            written[message.key] = render_at_once(report, plan, plan.language, desk=desk_home(work.settings))
        else:
            over = replace(message, state=DeliveryState.SKIPPED, error=NotSent.NOTHING_TO_TELL)
            work.stores.outbox.save_message(over)
    return written


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
