"""The calls to other programs, as data. Which kinds of news there are stands in `bot.domain.webhook_kinds`.

What is told names nobody: the plan, the course, numbers, and where to ask for more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.webhook_kinds import WebhookKind


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookCall:
    """One thing to tell one program: `body` is the JSON as it is sent, the same each time.

    `target` is the digest of the address, `tries` how often it was tried, `event` its id for the reader.
    """

    number: int
    event: str
    plan: str
    course: str
    kind: WebhookKind
    target: str
    body: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """How many calls to one program were given up, and when the first of them was made (UTC).

    `target` is the digest of its address, `receiver` the machine that it is on, "" where nobody said.
    """

    target: str
    count: int
    since: datetime
    receiver: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTroubles:
    """What was not taken: what was given up, and how many wait after a failure, since when (UTC)."""

    given_up: tuple[GivenUp, ...]
    waiting: int
    since: datetime | None
