"""Telling those who were asked by link what a sync does to what they were asked about (pure).

That is, once it has happened.

They are on no event, so Outlook tells them nothing, and the link in their mail leads to what is no longer
true.

    the person                                              is told
    has a seat or a place in line in the course             nothing here: Outlook or `bot.seats.waiting_list_messages` tells them
    has said no, or given a seat up                         nothing
    has left the audience                                   nothing
    was to be asked, and the mail has not gone              nothing: it will say how it is now
    anybody else who was asked                              one message for the course:

    the news                                                the message
    a new time or place, and there is time to sign up       changed, with the dates as they are now
    a new time or place, and it is too late to sign up      none
    the only offering goes, or all do                       cancelled (or on hold, or a new date comes), with the dates as they were
    some offerings go and others stay                       changed, with the dates that there are

A message waits for the ledger, as in `bot.seats.waiting_list_messages`.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.changes import NewsKind
from bot.domain.messages import ASKED, AWAITS, DeliveryState, Message
from bot.domain.participation import asked_by_link
from bot.domain.plan import CourseStatus
from bot.domain.registrations import RegistrationStatus
from bot.domain.templates import MessageKind
from bot.seats.enrolment_rules import rules_of
from bot.seats.seat_messages import ASKING
from bot.seats.waiting_list_messages import BAD_NEWS_KEEPS, digest_of, is_told_news

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.changes import OfferingNews
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.seats import Standing

SAYS_WHAT_THERE_IS = ASKING | {MessageKind.OFFERING_GONE}
UNANSWERED = frozenset({None, RegistrationStatus.INVITED, RegistrationStatus.TENTATIVE})
INVITING = frozenset({CourseStatus.APPROVED, CourseStatus.SAVE_THE_DATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class _CourseNews:
    """What the people who were asked about a course are told, and until when it is worth telling (UTC)."""

    kind: MessageKind
    params: dict[str, str]
    expires_at: datetime


def news_for_those_asked(
    plan: CoursePlan,
    asked: Mapping[tuple[str, str], datetime],
    members: Mapping[str, frozenset[str]],
    standings: Iterable[Standing],
    news: Iterable[OfferingNews],
    outbox: Sequence[Message],
    *,
    now: datetime,
) -> tuple[Message, ...]:
    """The messages by the table above.

    `asked` maps (course, address) to when, `members` are the audiences as last read, `now` UTC.
    """
    answered = {
        (standing.course, standing.email) for standing in standings if standing.status not in UNANSWERED
    }
    times_told = Counter(
        (message.course, message.email)
        for message in outbox
        if ASKED in message.params and is_told_news(message)
    )
    untold = {(message.course, message.email) for message in outbox if _will_say_what_there_is(message)}
    everybody = frozenset[str]().union(*members.values())
    by_course: dict[str, list[OfferingNews]] = {}
    for item in news:
        by_course.setdefault(item.course, []).append(item)
    messages: list[Message] = []
    for course_id, items in sorted(by_course.items()):
        course = plan.course(course_id)
        told = _course_news(plan, course, items, now=now)
        if told is None:
            continue
        people = {
            email
            for email in _were_asked(course_id, course, asked, members) & everybody
            if (course_id, email) not in answered | untold
        }
        for email in sorted(people):
            about = digest_of([told.params, times_told[course_id, email]])
            message = Message(
                plan=plan.id,
                key=f"{told.kind.value}/{course_id}//{email}/{about}",
                kind=told.kind,
                course=course_id,
                offering="",
                email=email,
                created_at=now,
                expires_at=told.expires_at,
                params=told.params,
            )
            messages.append(message)
    return tuple(messages)


def _will_say_what_there_is(message: Message) -> bool:
    """Whether a mail is still to be written, and will say how it is now."""
    return message.kind in SAYS_WHAT_THERE_IS and message.state is DeliveryState.DUE


def _were_asked(
    course_id: str,
    course: Course | None,
    asked: Mapping[tuple[str, str], datetime],
    members: Mapping[str, frozenset[str]],
) -> set[str]:
    """Those who were asked about a course and belong to it; of one that is gone, all who were asked."""
    if course is not None:
        return {*asked_by_link(course, asked, members)}
    return {email for (asked_about, email) in asked if asked_about == course_id}


def _course_news(
    plan: CoursePlan, course: Course | None, items: Sequence[OfferingNews], *, now: datetime
) -> _CourseNews | None:
    """The message about these offerings of a course, by the second table; None: there is none."""
    params = {
        "urgent": "yes",
        ASKED: "yes",
        AWAITS: json.dumps([awaited for item in items for awaited in item.awaits]),
    }
    if course is None or course.status not in INVITING or not course.is_dated:
        params |= _called_off(course, items)
        return _CourseNews(kind=MessageKind.CANCELLED, params=params, expires_at=now + BAD_NEWS_KEEPS)
    until = rules_of(plan, course).sign_up_until
    if until is None or until <= now:
        return None
    return _CourseNews(kind=MessageKind.CHANGED, params=params, expires_at=until)


def _called_off(course: Course | None, items: Sequence[OfferingNews]) -> dict[str, str]:
    first = items[0]
    kind = NewsKind.CANCELLED if first.kind is NewsKind.CHANGED else first.kind
    reason = next((item.reason for item in items if item.reason), "")
    return {
        "when": kind.value,
        "title": course.title if course is not None else first.title,
        "dates": json.dumps([dates for item in items for dates in item.old]),
        **({"reason": reason} if reason else {}),
    }
