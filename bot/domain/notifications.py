"""What Microsoft Graph tells of changes in a mailbox, and in the library that a plan lies in.

Subscriptions, what stands in a notification, and the hints that are kept of it.

A notification is never believed to say what has changed, only that something has: the round that follows
reads Outlook as every round does. So a hint is one for a plan and a resource, however many notifications
came. Of a library it is told that some file in it has changed; whether it was the plan's is found by looking
at that, and nothing is kept of it. Facts: graph-facts sections 4 and 11, 2026-11-22.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Resource(StrEnum):
    """What is watched: of the organiser's mailbox, and the library in SharePoint that the plan lies in."""

    EVENTS = "events"
    INBOX = "inbox"
    LIBRARY = "library"


MAILBOX = frozenset({Resource.EVENTS, Resource.INBOX})


class LifecycleEvent(StrEnum):
    """What Graph tells of a subscription itself."""

    REAUTHORIZATION_REQUIRED = "reauthorizationRequired"
    SUBSCRIPTION_REMOVED = "subscriptionRemoved"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One of ours.

    `address` is the public base URL that Graph calls, `path` what it watches, `renew_at` half of its life;
    UTC.

    `client_state` is the digest of the secret that Graph repeats in every notification: nothing needs the
    secret itself again, so who reads the database or a backup of it can forge nothing.
    """

    plan: str
    resource: Resource
    id: str
    address: str
    path: str
    expires_at: datetime
    renew_at: datetime
    client_state: str = field(repr=False)
    created_at: datetime

    def knows(self, secret: str) -> bool:
        """Whether the secret is this subscription's, in the same time whatever is wrong with it."""
        return hmac.compare_digest(digest(secret), self.client_state)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSubscription:
    """A subscription as Graph has it.

    `path` is what it watches, in lower case and without a leading slash.
    """

    id: str
    path: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphNotice:
    """One item of a notification, as far as it is of use; `event` is empty for a change."""

    subscription: str
    secret: str = field(repr=False)
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Something has changed in what this plan watches.

    `whole`: something may have been missed, so everything is read anew.
    """

    plan: str
    resource: Resource
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a batch of notifications comes to.

    `forget` and `renew` are ids of subscriptions, `upkeep` the plans whose those are; `saved` the plans whose
    file may have been saved.

    `forged` counts items that were not Graph's, or of a subscription long gone.
    """

    hints: frozenset[Hint] = frozenset()
    forget: frozenset[str] = frozenset()
    renew: frozenset[str] = frozenset()
    upkeep: frozenset[str] = frozenset()
    saved: frozenset[str] = frozenset()
    forged: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write down."""
        return not (self.hints or self.forget or self.renew)


def digest(secret: str) -> str:
    """What is kept of a subscription's secret.

    A plain hash is enough, because the secret is 256 bits of chance.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
