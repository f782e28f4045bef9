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
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.domain.changes import NewsKind
from bot.domain.messages import AWAITS, DeliveryState, Message
from bot.domain.participation import asked_by_link
from bot.domain.plan import CourseStatus
from bot.domain.registrations import RegistrationStatus
from bot.domain.templates import MessageKind
from bot.seats.enrolment_rules import rules_of
from bot.seats.seat_messages import ASKING
from bot.seats.waiting_list_messages import BAD_NEWS_KEEPS, NEWS, UNDER_WAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.changes import OfferingNews
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.seats import Standing

ASKED = "asked"
"""The parameter of a message to somebody who was asked and has not answered."""
SAYS_WHAT_THERE_IS = ASKING | {MessageKind.OFFERING_GONE}
UNANSWERED = frozenset({None, RegistrationStatus.INVITED, RegistrationStatus.TENTATIVE})
INVITING = frozenset({CourseStatus.APPROVED, CourseStatus.SAVE_THE_DATE})


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
    answered = {(one.course, one.email) for one in standings if one.status not in UNANSWERED}
    told = Counter(
        (one.course, one.email)
        for one in outbox
        if ASKED in one.params and one.kind in NEWS and one.state not in UNDER_WAY
    )
    # Their mail is still to be written, and will say how it is now.
    unasked = {
        (one.course, one.email)
        for one in outbox
        if one.kind in SAYS_WHAT_THERE_IS and one.state is DeliveryState.DUE
    }
    everybody = frozenset[str]().union(*members.values())
    by_course: dict[str, list[OfferingNews]] = {}
    for one in news:
        by_course.setdefault(one.course, []).append(one)
    found: list[Message] = []
    for course_id, group in sorted(by_course.items()):
        course = plan.course(course_id)
        said = _said(plan, course, group, now=now)
        if said is None:
            continue
        kind, params, expires_at = said
        belong = (
            asked_by_link(course, asked, members).keys()
            if course is not None
            else {who for of, who in asked if of == course_id}
        )
        for email in sorted(belong & everybody):
            if (course_id, email) in answered | unasked:
                continue
            about = sha256(json.dumps([params, told[course_id, email]], sort_keys=True).encode()).hexdigest()[
                :16
            ]
            found.append(
                Message(
                    plan=plan.id,
                    key=f"{kind.value}/{course_id}//{email}/{about}",
                    kind=kind,
                    course=course_id,
                    offering="",
                    email=email,
                    created_at=now,
                    expires_at=expires_at,
                    params=params,
                )
            )
    return tuple(found)


def _said(
    plan: CoursePlan, course: Course | None, group: Sequence[OfferingNews], *, now: datetime
) -> tuple[MessageKind, dict[str, str], datetime | None] | None:
    """The message about these offerings of a course: kind, parameters and end; None: nothing to say."""
    params = {
        "urgent": "yes",
        ASKED: "yes",
        AWAITS: json.dumps([awaited for one in group for awaited in one.awaits]),
    }
    stays = course is not None and course.status in INVITING and course.is_dated
    if stays and course is not None:
        rules = rules_of(plan, course)
        begins = [
            one.begins for one in rules.offerings.values() if one.begins is not None and one.begins > now
        ]
        until = rules.deadline or max(begins, default=None)
        return (MessageKind.CHANGED, params, until) if until is not None and now < until else None
    first = group[0]
    params["when"] = (NewsKind.CANCELLED if first.kind is NewsKind.CHANGED else first.kind).value
    params["title"] = course.title if course is not None else first.title
    params["dates"] = json.dumps([old for one in group for old in one.old])
    if reason := next((one.reason for one in group if one.reason), ""):
        params["reason"] = reason
    return MessageKind.CANCELLED, params, now + BAD_NEWS_KEEPS
