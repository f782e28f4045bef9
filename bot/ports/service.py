"""What the service needs beside the rounds.

Subscriptions to changes, hints that something changed, and the latest runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from bot.domain.job_runs import JobRun
    from bot.domain.notifications import Hint, Intake, ListedSubscription, Resource, Subscription
    from bot.domain.service_state import KeptExamination


class Subscriptions(Protocol):
    """What Graph calls us for, in the plan's organiser mailbox and in the library that the plan lies in.

    `address` is the public base URL that it calls.
    """

    async def fetch_paths(
        self, resources: Iterable[Resource], *, library: str = ""
    ) -> Mapping[Resource, str]:
        """Each one's path in Graph, no leading slash.

        A mailbox with its object id, in lower case; `library` is the id of the drive, as it is written.
        """

    async def fetch_listed(self, address: str) -> Mapping[str, ListedSubscription]:
        """Every subscription that calls this address, by id, of this mailbox or another."""

    async def subscribe(
        self, path: str, *, address: str, secret: str, expires_at: datetime, known: Collection[str]
    ) -> ListedSubscription:
        """Make one, while the address is answering; an unclear outcome is looked up among those not `known`.

        Raises GraphRefused where the address did not answer as it should, PermissionMissing, GraphConflict
        where there is one already.
        """

    async def fetch_holders(self, path: str, *, address: str) -> tuple[str, ...]:
        """The ids of all that watch this path for our app and call this address.

        Raises GraphConflict (`subscription_elsewhere`) where one calls another address: it is somebody
        else's.
        """

    async def renew(self, subscription_id: str, *, expires_at: datetime) -> datetime | None:
        """Let it live until then and say until when it does.

        None when there is no such subscription any more.
        """

    async def unsubscribe(self, subscription_id: str) -> None:
        """Remove it; one that is gone is done."""


class NotificationBook(Protocol):
    """The subscriptions of every plan, and the hints that came of them."""

    def load_subscriptions(self) -> tuple[Subscription, ...]:
        """Those of every plan; plans of one mailbox may share one."""

    def save_subscription(self, subscription: Subscription, hint: Hint | None = None) -> None:
        """Insert, or replace what the plan had for the resource; `hint` is noted in the same transaction."""

    def forget_subscriptions(self, ids: Iterable[str]) -> None:
        """Drop them, in one transaction; unknown ones are no error."""

    def note(self, intake: Intake, *, now: datetime) -> frozenset[str]:
        """Write down what came in, in one transaction.

        Returns the plans to be woken: with no such hint yet, or an old one.
        """

    def take_hints(self, plan: str) -> frozenset[Hint]:
        """The plan's hints, which are gone afterwards: what comes from now on is new."""


class JobRunBook(Protocol):
    """What became of the service's jobs (`bot.store.job_runs`)."""

    def save_run(self, run: JobRun) -> None:
        """Write a run down; only the latest of its plan and job are kept, and the last good one."""

    def load_latest(
        self, count: int, *, plan: str | None = None
    ) -> dict[tuple[str, str], tuple[JobRun, ...]]:
        """By plan and job the latest `count` runs, the newest first; of one plan or of all."""

    def load_last_good(self) -> dict[tuple[str, str], datetime]:
        """By plan and job since when no round went well, UTC."""

    def load_under_way(self) -> dict[tuple[str, str], datetime]:
        """By plan and job since when one of several processes is at it (UTC); {} where there is one only."""


class ExaminationBook(Protocol):
    """What `doctor` found of each plan last, for every process. Raises DatabaseFailed; instants UTC."""

    def begin(self, plan: str, *, now: datetime, until: datetime) -> bool:
        """One of this plan begins, over `until` then at the latest; False while one of any plan goes on."""

    def keep(self, plan: str, found: KeptExamination) -> None:
        """It is over, and this was found."""

    def load(self, plan: str, *, now: datetime) -> KeptExamination | None:
        """The last one, with whether one goes on; None where there never was one."""
