"""Telling people that their date goes, once it is out of the calendars (pure).

    whose date goes         and                         message
    seat, or place in line  may choose another date     offering_gone, with the way to the open dates
    place in line           nothing is open to them     cancelled: nothing else tells them, they are on no event
    seat                    nothing is open to them     none: Outlook's own cancellation says it

It is written down with the decision and goes when the ledger says that it happened, as in
`bot.seats.waiting_list_messages`.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.changes import NewsKind
from bot.domain.messages import AWAITS, Message
from bot.domain.plan import CourseStatus
from bot.domain.templates import MessageKind
from bot.i18n.called_off import called_off_because
from bot.seats.enrolment_rules import rules_of
from bot.seats.plan_changes import INVITING
from bot.seats.waiting_list_messages import BAD_NEWS_KEEPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.seats import Dropped


def gone_messages(
    plan: CoursePlan, dropped: Iterable[Dropped], entries: Mapping[SessionKey, LedgerEntry], *, now: datetime
) -> tuple[Message, ...]:
    """The messages of a settlement to those whose date goes; `entries` are the plan's ledger, `now` UTC."""
    messages: list[Message] = []
    for loss in dropped:
        if not (loss.chooses or loss.waited):
            continue
        course = plan.course(loss.course)
        ahead = [
            entry
            for key, entry in sorted(entries.items(), key=lambda pair: str(pair[0]))
            if (key.course, key.offering) == (loss.course, loss.offering) and entry.end > now
        ]
        kind = MessageKind.OFFERING_GONE if loss.chooses else MessageKind.CANCELLED
        keeps_until = now + BAD_NEWS_KEEPS
        if loss.chooses and course is not None:
            keeps_until = rules_of(plan, course).last_begin or keeps_until
        messages.append(
            Message(
                plan=plan.id,
                key=f"{kind.value}/{loss.course}/{loss.offering}/{loss.email}/{now:%Y%m%dT%H%M%S.%fZ}",
                kind=kind,
                course=loss.course,
                offering=loss.offering,
                email=loss.email,
                created_at=now,
                expires_at=keeps_until,
                params=_params(plan, course, loss, ahead),
            )
        )
    return tuple(messages)


def _params(
    plan: CoursePlan, course: Course | None, loss: Dropped, ahead: Sequence[LedgerEntry]
) -> dict[str, str]:
    dates = [_wall_times(entry, ZoneInfo(plan.timezone)) for entry in ahead if entry.key.part == 1]
    language = plan.for_course(loss.course).language
    reason = called_off_because(plan, loss.course, loss.offering, language=language)
    return {
        "urgent": "yes",
        AWAITS: json.dumps([(str(entry.key), "") for entry in ahead]),
        "when": _news_kind(course, loss.offering).value,
        "title": ahead[0].subject if ahead else "",
        "dates": json.dumps(dates),
        **({"reason": reason} if reason else {}),
    }


def _wall_times(entry: LedgerEntry, zone: ZoneInfo) -> tuple[str, str, bool]:
    """Start and end as people know them; a time from midnight to midnight is of whole days."""
    start, end = (instant.astimezone(zone).replace(tzinfo=None) for instant in (entry.start, entry.end))
    all_day = not any((start.hour, start.minute, end.hour, end.minute)) and end - start >= timedelta(hours=23)
    return start.isoformat(), end.isoformat(), all_day


def _news_kind(course: Course | None, offering: str) -> NewsKind:
    if course is not None and course.status is CourseStatus.PROPOSED:
        return NewsKind.ON_HOLD
    if course is not None and course.status is CourseStatus.LISTED:
        return NewsKind.OTHERS
    still_there = course is not None and course.status in INVITING and course.offering(offering) is not None
    return NewsKind.NEW_DATE if still_there else NewsKind.CANCELLED
