"""Telling those in line what a sync does to what they wait for, once it has happened (pure).

Who waits is on no event, so Outlook tells them nothing. The message is written down with the decision, so
that no crash loses it, and goes when the ledger says that it happened: a move that Outlook refused, or that
HR took back, is told to nobody. The same news is told again when it happens again: a key counts what the
person was told of the offering before.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.domain.changes import NewsKind
from bot.domain.events import EventField, LedgerState
from bot.domain.messages import AWAITS, DeliveryState, Message
from bot.domain.registrations import RegistrationStatus
from bot.domain.templates import MessageKind
from bot.seats.enrolment_rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bot.domain.changes import OfferingNews
    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.plan import CoursePlan
    from bot.domain.seats import Standing

NEWS = frozenset({MessageKind.CHANGED, MessageKind.CANCELLED})
UNDER_WAY = frozenset({DeliveryState.DUE, DeliveryState.SENDING})
BAD_NEWS_KEEPS = timedelta(days=14)
"""How long it is worth telling that something is off; after a move until the new beginning."""


def news_for_those_in_line(
    plan: CoursePlan,
    standings: Iterable[Standing],
    news: Iterable[OfferingNews],
    outbox: Sequence[Message],
    *,
    now: datetime,
) -> tuple[Message, ...]:
    """The messages to those in line of these offerings.

    `outbox` are the plan's messages so far, `now` UTC.
    """
    by_offering = {(one.course, one.offering): one for one in news if not one.place_only}
    told = Counter(
        (one.course, one.offering, one.email)
        for one in outbox
        if one.kind in NEWS and one.state not in UNDER_WAY
    )
    begins = {
        (course.id, offering): rules.begins
        for course in plan.courses
        for offering, rules in rules_of(plan, course).offerings.items()
    }
    found: list[Message] = []
    for one in standings:
        where = one.course, one.offering
        if one.status is not RegistrationStatus.WAITLISTED or where not in by_offering:
            continue
        of = by_offering[where]
        kind = MessageKind.CHANGED if of.kind is NewsKind.CHANGED else MessageKind.CANCELLED
        about = sha256(json.dumps([of.kind, of.awaits, told[*where, one.email]]).encode()).hexdigest()[:16]
        params = {"urgent": "yes", AWAITS: json.dumps(of.awaits)}
        if kind is MessageKind.CANCELLED:
            params |= {"when": of.kind.value, "title": of.title, "dates": json.dumps(of.old)}
            params |= {"reason": of.reason} if of.reason else {}
        found.append(
            Message(
                plan=plan.id,
                key=f"{kind.value}/{one.course}/{one.offering}/{one.email}/{about}",
                kind=kind,
                course=one.course,
                offering=one.offering,
                email=one.email,
                created_at=now,
                expires_at=begins.get(where) if kind is MessageKind.CHANGED else now + BAD_NEWS_KEEPS,
                params=params,
            )
        )
    return tuple(found)


def what_has_happened(
    messages: Iterable[Message], load_entries: Callable[[], Mapping[SessionKey, LedgerEntry]]
) -> tuple[Message, ...]:
    """Those that the books agree with by now; any message that is no such news is among them.

    `load_entries` gives the ledger's, and is called only where there is news.
    """
    waiting = tuple(messages)
    if not any(AWAITS in one.params for one in waiting):
        return waiting
    books = {str(key): entry for key, entry in load_entries().items()}
    return tuple(
        one
        for one in waiting
        if all(_has_come(books, *awaited) for awaited in json.loads(one.params.get(AWAITS, "[]")))
    )


def _has_come(books: Mapping[str, LedgerEntry], key: str, start: str, place: str = "") -> bool:
    entry = books.get(key)
    if not start or entry is None:
        return not start and entry is None
    stands = not place or entry.desired_fields.get(EventField.LOCATION.value) == place
    return entry.state is LedgerState.APPLIED and entry.start == datetime.fromisoformat(start) and stands
