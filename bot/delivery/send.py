"""Sending what is in the outbox, each message exactly once (async shell).

    the outbox says                 then
    due, and it has expired         expired, with nothing sent
    due                             sending → draft → the draft's id → send → sent
    sending, a draft's id           was it sent? then sent; else send it
    sending, no id                  is there a draft with our key? then as above; else draft it

`sending` is written before the first request, so that whatever a crash leaves is looked up before anything is repeated.
A recipient that Graph refuses is failed, and the others go on. Without the sign-in, the permission or an answer from
Graph nothing is lost: what is left stays in the outbox for the next round.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from bot.domain.messages import DeliveryState
from bot.errors import GraphError, GraphGone, GraphRefused, GraphUnclear, PermissionMissing, SignInFailed
from bot.messages.notice import render_notice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan, Offering
    from bot.ports import Mailbox, Outbox

log = structlog.get_logger("bot.delivery")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of the messages that were looked at, in their order; `stopped` ended the sending before its end."""

    messages: tuple[Message, ...] = ()
    stopped: GraphError | None = None


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

    Raises RunLocked when the run lock is lost.
    """
    done: list[Message] = []
    courses = {course.id: course for course in plan.courses}
    for message in pending:
        still_mine()
        if message.state is DeliveryState.DUE and _is_expired(message, courses, now):
            done.append(_kept(outbox, replace(message, state=DeliveryState.EXPIRED)))
            continue
        try:
            sent = await _deliver(message, plan, courses[message.course], people, mailbox, outbox, link_for)
        except (SignInFailed, PermissionMissing, GraphUnclear) as error:
            log.warning("delivery.stopped", kind=message.kind.value, error=str(error))
            return Delivery(messages=tuple(done), stopped=error)
        except GraphRefused as error:
            done.append(_kept(outbox, replace(message, state=DeliveryState.FAILED, error=error.code)))
            log.warning("delivery.failed", kind=message.kind.value, error=str(error))
        else:
            done.append(_kept(outbox, replace(sent, state=DeliveryState.SENT, sent_at=now, error="")))
            log.info("delivery.sent", kind=message.kind.value, course=message.course)
    return Delivery(messages=tuple(done))


async def _deliver(
    message: Message,
    plan: CoursePlan,
    course: Course,
    people: PeopleIndex,
    mailbox: Mailbox,
    outbox: Outbox,
    link_for: Callable[[str, str], str | None],
) -> Message:
    sent: bool | None = False
    draft_id = message.draft_id
    if message.state is DeliveryState.SENDING:
        # Somebody was at it before: what is there is not made again.
        if draft_id is not None:
            sent = await mailbox.is_sent(draft_id)
            draft_id = draft_id if sent is not None else None
        if draft_id is None and (found := await mailbox.find_draft(message.key)) is not None:
            draft_id, sent = found
    if draft_id is None:
        message = _kept(outbox, replace(message, state=DeliveryState.SENDING, draft_id=None))
        person = people.find(message.email)
        notice = render_notice(
            plan,
            course,
            _offering(course, message.offering),
            message,
            reader_name=person.name if person else "",
            language=(person.language if person else None) or plan.language,
            link=link_for(message.email, message.course),
        )
        draft_id = await mailbox.create_draft(
            message.key,
            to=message.email,
            name=person.name if person else "",
            reply_to=plan.contact,
            subject=notice.subject,
            html=notice.html,
        )
    message = _kept(outbox, replace(message, state=DeliveryState.SENDING, draft_id=draft_id))
    if not sent:
        try:
            await mailbox.send_draft(draft_id)
        except GraphGone:
            # A person deleted the draft under our hands: it is made anew the next time.
            _kept(outbox, replace(message, state=DeliveryState.DUE, draft_id=None))
            raise GraphUnclear("graph_unreachable", status=404, call="send") from None
    return message


def _kept(outbox: Outbox, message: Message) -> Message:
    outbox.save_message(message)
    return message


def _is_expired(message: Message, courses: dict[str, Course], now: datetime) -> bool:
    return message.course not in courses or (message.expires_at is not None and message.expires_at <= now)


def _offering(course: Course, offering: str) -> Offering | None:
    return next((one for one in course.offerings if one.id == offering), None)
