"""Telling whoever saved the plan in SharePoint what is wrong with it, from the last look to the mail.

    look without a lock: is anything to be told     most rounds end here
    lock, look up what was begun, look again, into the outbox, into words, deliver

What is told and to whom is decided in `bot.hr_report.mistakes`. The words name sheet and cell, and are made
when it goes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.messages import DeliveryState
from bot.domain.people import PeopleIndex
from bot.domain.reminders import NotSent
from bot.domain.templates import MessageKind
from bot.hr_report.mistakes import mistake_to_tell, reader_of, still_stands
from bot.i18n.catalogue import desk_text, text
from bot.messages.report import render_mistakes
from bot.opening.desk_home import desk_home
from bot.plan.report import place_text, problem_text
from bot.rounds.results import RoundResult
from bot.rounds.steps.deliver_mail import deliver_messages, look_up_begun
from bot.rounds.steps.postman import postman_for

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.messages import Message
    from bot.domain.plan_files import BadSave
    from bot.messages.notice import Rendered
    from bot.opening.work import Work

NOTHING_TOLD = RoundResult()


async def tell_mistakes(work: Work) -> RoundResult:
    """Tell each mistake once, and finish what was begun.

    Raises RunLocked, SignInFailed, DatabaseFailed; what else Graph refuses is in the result.
    """
    if not (_new(work, now=work.now()) or _pending(work)):
        return NOTHING_TOLD
    async with work.locked() as still_mine:
        now, outbox = work.now(), work.stores.outbox
        started = [one for one in _pending(work) if one.state is DeliveryState.SENDING]
        await look_up_begun(started, mailbox=work.tenant.mailbox, outbox=outbox, now=now)
        outbox.add_messages(_new(work, now=now))
        written = _put_into_words(work)
        people = PeopleIndex(work.stores.books.people.load_people(work.written.id))
        postman = postman_for(work, people=people, now=now, still_mine=still_mine)
        due = [one for one in _pending(work) if one.key in written]
        carried = await deliver_messages(due, replace(postman, written=written))
        uncertain = any(message.state is DeliveryState.SENDING for message in carried.messages)
        return RoundResult(carried=carried, left_over=uncertain)


def _new(work: Work, *, now: datetime) -> tuple[Message, ...]:
    plan, bad = work.written, work.bad_save
    if bad is None:
        return ()
    before = work.stores.outbox.load_messages(plan.id, kind=MessageKind.HR_REPORT)
    message = mistake_to_tell(plan, bad, before, now=now)
    return () if message is None else (message,)


def _pending(work: Work) -> list[Message]:
    return [one for one in work.stores.outbox.load_pending(work.written.id) if one.is_mistake]


def _put_into_words(work: Work) -> dict[str, Rendered]:
    """The messages that are to go, by key.

    What is mended is let go of, unless it was begun; it waits where nobody has seen the file yet.
    """
    bad, written = work.bad_save, {}
    for message in _pending(work):
        if bad is not None and (still_stands(message, bad) or message.state is DeliveryState.SENDING):
            written[message.key] = _words(work, bad, message.email)
        elif work.origin is not None or bad is not None:
            over = replace(message, state=DeliveryState.SKIPPED, error=NotSent.NOTHING_TO_TELL)
            work.stores.outbox.save_message(over)
    return written


def _words(work: Work, bad: BadSave, email: str) -> Rendered:
    plan, language = work.written, work.written.language
    rows = [(place_text(language, one), problem_text(language, one)) for one in bad.problems]
    at = bad.file.saved_at
    return render_mistakes(
        rows or [(text(language, "report.mistake.whole"), desk_text(language, bad.error))],
        plan,
        language,
        file=bad.file.name,
        saved_by=None if email == bad.file.saved_by_email == reader_of(plan, bad) else bad.file.saved_by,
        saved_at=at.astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None) if at is not None else None,
        desk=desk_home(work.settings),
    )
