"""The limits that protect leaders from a broken plan or a forgetful directory (pure).

    limit           refuses when                                                          default
    cancel_share    cancelled because gone from the plan > share of managed future events 20 %, from 3 on
    remove_share    places removed because the audience shrank > share of all places      20 %, from 10 on
    mails           mails caused in one run > limit                                       2,000
    all_gone        every managed course is gone from the plan while future events exist  always

What HR says in words (`status: cancelled`) and places freed by rule or answer do not count. Only an
approved checksum passes a limit. Source: the public contract of 2026-11.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.changes import SafetyFacts

FEWEST_CANCELLATIONS = 3
FEWEST_REMOVALS = 10


class Limit(StrEnum):
    """Which limit was passed; texts are `preview.limit.<value>` of the catalogue."""

    CANCEL_SHARE = "cancel_share"
    REMOVE_SHARE = "remove_share"
    MAILS = "mails"
    ALL_GONE = "all_gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyLimits:
    """The settings: shares of 1, and mails in one run."""

    max_cancel_share: float = 0.2
    max_remove_share: float = 0.2
    max_mails: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A limit that the change set passes.

    `number` of `of` where `allowed` were (counts; `of` 0 where it has no meaning).
    """

    limit: Limit
    number: int
    of: int
    allowed: int


def passed_limits(facts: SafetyFacts, limits: SafetyLimits) -> tuple[Passed, ...]:
    """The limits that the change set passes, in the table's order; empty when it may be applied."""
    found: list[Passed] = []
    allowed = _share(facts.managed_future_events, limits.max_cancel_share)
    if facts.cancelled_gone >= FEWEST_CANCELLATIONS and facts.cancelled_gone > allowed:
        found.append(
            Passed(
                limit=Limit.CANCEL_SHARE,
                number=facts.cancelled_gone,
                of=facts.managed_future_events,
                allowed=allowed,
            )
        )
    allowed = _share(facts.places, limits.max_remove_share)
    if facts.places_removed >= FEWEST_REMOVALS and facts.places_removed > allowed:
        found.append(
            Passed(limit=Limit.REMOVE_SHARE, number=facts.places_removed, of=facts.places, allowed=allowed)
        )
    if facts.mails > limits.max_mails:
        found.append(Passed(limit=Limit.MAILS, number=facts.mails, of=0, allowed=limits.max_mails))
    if facts.all_courses_gone:
        found.append(
            Passed(
                limit=Limit.ALL_GONE,
                number=facts.managed_future_events,
                of=facts.managed_future_events,
                allowed=0,
            )
        )
    return tuple(found)


def _share(whole: int, share: float) -> int:
    # 29 % of 100 is 28.999… in floating point, and 29.
    return int(round(whole * share, 6))
