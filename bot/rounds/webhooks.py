"""One round of telling other programs what changed: in order for each course, at least once, for a day.

A call is leased before it is made, and goes from the books when it was taken: a process that dies between
leaves it to the next, which makes it again under the same id. What is tried again waits by the real clock.
A program that does not answer is left alone until the next round.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.clock import SystemClock
from bot.log_lines import get_logger
from bot.webhooks.calling import NO_ANSWER, call
from bot.webhooks.rules import Taken, again_at, body_of, signed_headers, taken_by, target_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.webhook_kinds import WebhookKind
    from bot.domain.webhooks import GivenUp
    from bot.opening.stores import Stores
    from bot.opening.work import BookWork, Work
    from config.settings import Settings
    from config.webhook_settings import WebhookTarget

LOG = get_logger("bot.webhooks")
LEASE = timedelta(seconds=60)
MOST_IN_A_ROUND = timedelta(seconds=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How many calls were taken, put off, and given up."""

    taken: int = 0
    put_off: int = 0
    given_up: int = 0

    def __add__(self, other: Told) -> Told:
        """Both together."""
        return Told(
            taken=self.taken + other.taken,
            put_off=self.put_off + other.put_off,
            given_up=self.given_up + other.given_up,
        )


async def webhooks_round(work: Work) -> Told:
    """Tell what is news, and try again what is due; raises DatabaseFailed."""
    now, targets = SystemClock().now(), targets_of(work.settings)
    body = partial(_body, home=work.settings.web.base_url, now=now)
    work.stores.webhooks.spread(work.written.id, [*targets], body, now=now)
    told = await asyncio.gather(
        *(_tell(work, name, target, until=now + MOST_IN_A_ROUND) for name, target in targets.items())
    )
    return sum(told, Told())


def targets_of(settings: Settings) -> dict[str, WebhookTarget]:
    """Who is told, by what the books call them."""
    return {target_of(one.url.get_secret_value()): one for one in settings.webhooks.targets or ()}


def given_up(settings: Settings, stores: Stores, plan: str) -> tuple[GivenUp, ...]:
    """What no program took, each with the machine that it is on; raises DatabaseFailed."""
    targets = targets_of(settings)
    if not targets:
        return ()
    return tuple(
        replace(one, receiver=urlsplit(targets[one.target].url.get_secret_value()).hostname or "")
        for one in stores.webhooks.troubles(plan).given_up
        if one.target in targets
    )


def try_again(work: BookWork, target: str) -> int:
    """Tell it anew of what was given up; how many calls the next round makes. Raises DatabaseFailed."""
    now = SystemClock().now()
    body = partial(_body, home=work.settings.web.base_url, now=now)
    return work.stores.webhooks.try_again(work.written.id, target, body, now=now)


async def _tell(work: Work, name: str, target: WebhookTarget, *, until: datetime) -> Told:
    told, clock, book = Told(), SystemClock(), work.stores.webhooks
    url, secret = target.url.get_secret_value(), target.secret.get_secret_value()
    while (now := clock.now()) < until:
        one = book.take(work.written.id, name, now=now, until=now + LEASE)
        if one is None:
            break
        status = await call(url, signed_headers(secret, one.event, one.body, now), one.body)
        taken, now = taken_by(status), clock.now()
        if taken is Taken.YES:
            book.end(one)
            told += Told(taken=1)
            continue
        again = again_at(one.tries + 1, now) if taken is Taken.LATER else None
        book.put_off(one, again_at=again, now=now)
        told += Told(put_off=1) if again else Told(given_up=1)
        LOG.warning(
            "webhook.not_taken", target=name, id=one.event, status=status, tries=one.tries + 1,
            given_up=again is None,
        )  # fmt: skip
        if status == NO_ANSWER:
            break
    return told


def _body(kind: WebhookKind, facts: dict[str, object], *, home: str | None, now: datetime) -> str:
    """With where to ask for more."""
    where = f"{(home or '').rstrip('/')}/api/v1/plans/{facts['plan']}"
    more = "changes" if kind.value.startswith("approval") else f"courses/{facts['course']}"
    return body_of(kind.value, now, facts | ({"url": f"{where}/{more}"} if home else {}))
