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
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.templates import MessageKind
from bot.seats.enrolment_rules import begins_of

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
    by_offering = {(item.course, item.offering): item for item in news if not item.place_only}
    times_told = Counter(
        (message.course, message.offering, message.email) for message in outbox if is_told_news(message)
    )
    begins = begins_of(plan)
    waiting = (standing for standing in standings if _is_off_the_event(standing))
    messages: list[Message] = []
    for standing in waiting:
        offering, email = (standing.course, standing.offering), standing.email
        item = by_offering.get(offering)
        if item is None:
            continue
        is_moved = item.kind is NewsKind.CHANGED
        kind = MessageKind.CHANGED if is_moved else MessageKind.CANCELLED
        about = digest_of([item.kind, item.awaits, times_told[*offering, email]])
        params = {"urgent": "yes", AWAITS: json.dumps(item.awaits)}
        messages.append(
            Message(
                plan=plan.id,
                key=f"{kind.value}/{standing.course}/{standing.offering}/{email}/{about}",
                kind=kind,
                course=standing.course,
                offering=standing.offering,
                email=email,
                created_at=now,
                expires_at=begins.get(offering) if is_moved else now + BAD_NEWS_KEEPS,
                params=params if is_moved else params | _called_off(item),
            )
        )
    return tuple(messages)


def _is_off_the_event(standing: Standing) -> bool:
    """Whether somebody waits whom Outlook tells nothing: in line, or for a yes to a sign-up by link."""
    if standing.status is RegistrationStatus.AWAITING:
        return standing.source is not AnswerSource.OUTLOOK
    return standing.status is RegistrationStatus.WAITLISTED


def _called_off(news: OfferingNews) -> dict[str, str]:
    params = {"when": news.kind.value, "title": news.title, "dates": json.dumps(news.old)}
    return params | ({"reason": news.reason} if news.reason else {})


def is_told_news(message: Message) -> bool:
    """Whether it told somebody such news, or was to and came to nothing."""
    return message.kind in NEWS and message.state not in UNDER_WAY


def digest_of(facts: list[object]) -> str:
    """What a message is about, for its key: the same facts, the same message."""
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def what_has_happened(
    messages: Iterable[Message], load_entries: Callable[[], Mapping[SessionKey, LedgerEntry]]
) -> tuple[Message, ...]:
    """Those that the books agree with by now; any message that is no such news is among them.

    `load_entries` gives the ledger's, and is called only where there is news.
    """
    waiting = tuple(messages)
    if not any(AWAITS in message.params for message in waiting):
        return waiting
    books = {str(key): entry for key, entry in load_entries().items()}
    return tuple(
        message
        for message in waiting
        if all(_has_come(books, *awaited) for awaited in json.loads(message.params.get(AWAITS, "[]")))
    )


def _has_come(books: Mapping[str, LedgerEntry], key: str, start: str, place: str = "") -> bool:
    entry = books.get(key)
    if not start or entry is None:
        return not start and entry is None
    stands = not place or entry.desired_fields.get(EventField.LOCATION.value) == place
    return entry.state is LedgerState.APPLIED and entry.start == datetime.fromisoformat(start) and stands
