"""Sending what is in the outbox, each message exactly once (async shell).

    the outbox says                     then
    due, and it has expired             expired, with nothing sent
    due                                 sending → draft → the draft's id → send → sent
    sending, it was sent after all      sent
    sending, not sent, and has expired  expired; a draft stays in the mailbox, unsent
    sending, the draft is there         send → sent
    sending, no id and no draft         as due
    sending, an id and no such draft    left as it is, and looked for again the next time

`sending` is written before the first request, so that whatever a crash leaves is looked up before anything is repeated.
A draft that was there and is gone has most likely been sent, and its copy takes a while to show: another one is never made.

    Graph says                          this message               the others
    400, 413: a bad address or content  failed                     go on
    404: no such draft                  as a draft that is gone    go on
    anything else                       pending, with the error    wait for the next round

Facts: graph-facts sections 6 and 13, 2026-11-22. The words are `bot.messages.notice`'s, the requests `bot.graph.mail`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog

from bot.domain.messages import DeliveryState, MessageKind
from bot.domain.reminders import items_of
from bot.errors import GraphError, GraphGone, GraphRefused
from bot.messages.notice import render_notice
from bot.messages.reminder import render_reminder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex, Person
    from bot.domain.plan import CoursePlan
    from bot.messages.notice import Notice
    from bot.ports import Mailbox, Outbox

log = structlog.get_logger("bot.delivery")

# The same request gets the same answer, whoever else is written to: no reason to keep the others waiting.
ABOUT_THIS_MESSAGE = frozenset({400, 413})


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of the messages that were looked at, in their order; `stopped` ended the sending before its end.

    A message that `stopped` hit is not among them: it is still pending.
    """

    messages: tuple[Message, ...] = ()
    stopped: GraphError | None = None


NOTHING_DELIVERED = Delivery()
GONE = "graph_gone"
"""The error of a draft that has left the mailbox: it has most likely been sent, and is only looked for."""


@dataclass(slots=True, kw_only=True)
class _Errand:
    """One message on its way: `message` is what the outbox says of it."""

    message: Message
    outbox: Outbox

    def note(self, **changes: Any) -> None:
        changed = replace(self.message, **changes)
        if changed != self.message:
            self.outbox.save_message(changed)
            self.message = changed


async def deliver_messages(
    pending: Sequence[Message],
    *,
    plan: CoursePlan,
    people: PeopleIndex,
    mailbox: Mailbox,
    outbox: Outbox,
    now: datetime,
    link_for: Callable[[str, str], str | None],
    still_mine: Callable[[], None],
) -> Delivery:
    """Send the messages in their order. `link_for(address, course)` is the person's own page, None where there is none; `now` UTC.

    Each is in its reader's language, else the plan's; one about a course that has left the plan expires.
    Raises RunLocked when the run lock is lost, DatabaseFailed.
    """
    done: list[Message] = []
    for message in pending:
        still_mine()
        errand = _Errand(message=message, outbox=outbox)
        try:
            await _deliver(errand, plan=plan, people=people, mailbox=mailbox, now=now, link_for=link_for)
        except GraphError as error:
            if not (isinstance(error, GraphRefused) and error.status in ABOUT_THIS_MESSAGE):
                errand.note(error=error.code)
                log.warning("delivery.stopped", kind=message.kind.value, error=str(error))
                return Delivery(messages=tuple(done), stopped=error)
            errand.note(state=DeliveryState.FAILED, error=error.code)
            log.warning("delivery.refused", kind=message.kind.value, error=str(error))
        done.append(errand.message)
        log.info(
            "delivery.done",
            kind=message.kind.value,
            course=message.course,
            state=errand.message.state.value,
            error=errand.message.error or None,
        )
    return Delivery(messages=tuple(done))


async def look_up_begun(begun: Iterable[Message], *, mailbox: Mailbox, outbox: Outbox, now: datetime) -> tuple[Message, ...]:
    """What became of messages that an earlier run began, written down: sent, not begun after all (due), or still as they are.

    Still as it is means that there is a draft which can be sent, or that nobody can say yet. Raises GraphError, DatabaseFailed.
    """
    found: list[Message] = []
    for message in begun:
        errand = _Errand(message=message, outbox=outbox)
        draft_id, sent = await _look_up(message, mailbox)
        if sent:
            errand.note(state=DeliveryState.SENT, draft_id=draft_id, sent_at=now, error="")
        elif draft_id is not None:
            errand.note(draft_id=draft_id)
        elif message.draft_id is None:
            errand.note(state=DeliveryState.DUE)
        found.append(errand.message)
    return tuple(found)


async def _deliver(
    errand: _Errand,
    *,
    plan: CoursePlan,
    people: PeopleIndex,
    mailbox: Mailbox,
    now: datetime,
    link_for: Callable[[str, str], str | None],
) -> None:
    message = errand.message
    about = {one.course for one in items_of(message)} or {message.course}
    draft_id, sent = await _look_up(message, mailbox) if message.state is DeliveryState.SENDING else (None, False)
    if sent:
        errand.note(state=DeliveryState.SENT, draft_id=draft_id, sent_at=now, error="")
        return
    if not about <= {one.id for one in plan.courses} or (message.expires_at is not None and message.expires_at <= now):
        errand.note(state=DeliveryState.EXPIRED)
        return
    if draft_id is None and message.draft_id is not None:
        errand.note(error=GONE)
        return
    if draft_id is None:
        person = people.find(message.email)
        notice = _render(message, plan, person, partial(link_for, message.email), now)
        errand.note(state=DeliveryState.SENDING)
        draft_id = await mailbox.create_draft(
            message.key,
            to=message.email,
            name=person.name if person else "",
            reply_to=plan.contact,
            subject=notice.subject,
            html=notice.html,
        )
    errand.note(state=DeliveryState.SENDING, draft_id=draft_id)
    try:
        await mailbox.send_draft(draft_id)
    except GraphGone as error:
        errand.note(error=error.code)
    else:
        errand.note(state=DeliveryState.SENT, sent_at=now, error="")


async def _look_up(message: Message, mailbox: Mailbox) -> tuple[str | None, bool]:
    """The draft that an earlier run made, None without one, and whether it was sent."""
    sent = await mailbox.is_sent(message.draft_id) if message.draft_id is not None else None
    if sent is not None:
        return message.draft_id, sent
    return await mailbox.find_draft(message.key) or (None, False)


def _render(message: Message, plan: CoursePlan, person: Person | None, link_for: Callable[[str], str | None], now: datetime) -> Notice:
    name, language = person.name if person else "", (person.language if person else None) or plan.language
    if message.is_reminder and message.kind is not MessageKind.ANNOUNCEMENT:
        today = now.astimezone(ZoneInfo(plan.timezone)).date()
        return render_reminder(plan, items_of(message), reader_name=name, language=language, link_for=link_for, today=today)
    course = next(one for one in plan.courses if one.id == message.course)
    offering = next((one for one in course.offerings if one.id == message.offering), None)
    return render_notice(plan, course, offering, message, reader_name=name, language=language, link=link_for(course.id))
