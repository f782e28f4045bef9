"""Messages that wait to be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.enrolment import EnrolmentMode
from bot.domain.messages import Message
from bot.domain.reminders import ReminderItem, items_text
from bot.domain.templates import MessageKind
from bot.messages.examples import COURSE
from tests.builders.samples import make_plan

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
INVITED = replace(COURSE, enrolment=replace(COURSE.enrolment, mode=EnrolmentMode.INVITE))
PLAN = make_plan(INVITED)


def reminder(name: str, kind: MessageKind = MessageKind.PRACTICAL, **changes: object) -> Message:
    item = ReminderItem("regel", COURSE.id, "hold-1", "dag", "2026-03-10", "mail", kind.value)
    message = Message(
        plan=PLAN.id,
        key=f"{item.stem}{name}@kommune.example",
        kind=kind,
        course=COURSE.id,
        offering="hold-1",
        email=f"{name}@kommune.example",
        created_at=NOW,
        expires_at=NOW + timedelta(days=9),
        params={"items": items_text([item])},
    )
    return replace(message, **changes)
