"""Rounds around change notifications: keeping the subscriptions alive, and reading what they hint at.

    renew_subscriptions    compare books, Microsoft and settings; renew, make anew, remove            by the clock, or when Graph asks
    notified_round         take the plan's hints, and do the round that the clock does                when one comes, and by the clock

Without a public address nothing is subscribed, and what there was is removed; the clock's rounds find the
same in minutes. Where the plan lies in SharePoint its library is watched as well; where Microsoft 365 does
not allow that, the file is looked at, as it is anyhow. What to do is decided in `bot.subscriptions`; who
answers Graph is `bot.web.graph_calls`.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.domain.errors import (
    GraphConflict,
    GraphGone,
    GraphRefused,
    MailboxMissing,
    PermissionMissing,
    SyncStateLost,
)
from bot.domain.notifications import MAILBOX, Hint, Intake, Resource, Subscription, digest
from bot.domain.plan_places import place_named
from bot.log_lines import get_logger
from bot.rounds.answers import responses_round
from bot.rounds.results import RoundResult
from bot.subscriptions.upkeep import expiry_to_ask_for, half_life, plan_upkeep
from config.plan_settings import is_fetched, source_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.errors import GraphError
    from bot.domain.plan import CoursePlan
    from bot.opening.work import Work
    from bot.ports.service import NotificationBook, Subscriptions
    from bot.rounds.results import Collected
    from config.settings import Settings

LOG = get_logger()
SECRET_BYTES = 32
REFUSALS = (GraphRefused, PermissionMissing, GraphGone, GraphConflict, MailboxMissing, SyncStateLost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched(RoundResult):
    """What became of a plan's subscriptions. `resync`: some of its mailbox are new.

    So what changed there before has to be read. `unwatched` is why a resource is not; without the inbox
    everything but mails that come back is.
    """

    renewed: int = 0
    created: int = 0
    removed: int = 0
    unwatched: Mapping[Resource, GraphError] = field(default_factory=lambda: MappingProxyType({}))
    resync: bool = False


def notification_address(settings: Settings) -> str | None:
    """What Graph's calls begin with, None where it cannot call.

    It needs a public https address, only a sandbox takes loopback.
    """
    base_url = settings.web.base_url
    if base_url is None or (urlsplit(base_url).scheme != "https" and not settings.graph.is_loopback):
        return None
    return base_url.rstrip("/")


def resources_of(settings: Settings, *, library: str = "") -> tuple[Resource, ...]:
    """What is watched: the calendar, the inbox where what comes back is read, and the plan's library.

    `library` is the id of its drive, "" where there is none.
    """
    if notification_address(settings) is None:
        return ()
    inbox = (Resource.INBOX,) if settings.mailbox.keeps_drafts else ()
    return (Resource.EVENTS, *inbox, *((Resource.LIBRARY,) if library else ()))


def library_of(work: Work) -> str:
    """The id of the drive that the plan lies in; "" where it lies elsewhere, or nobody knows yet.

    By what this process has seen, else by the books: a file that cannot be looked at just now is watched on.
    """
    source = work.settings.plan or ""
    named = place_named(source)
    if named is not None or not is_fetched(source):
        return named.drive if named is not None else ""
    if work.saved is not None:
        return work.saved.drive
    kept = work.stores.plan_files.load_file(source_of(source).name)
    return kept.drive if kept is not None else ""


async def renew_subscriptions(work: Work) -> Watched:
    """Bring the plan's subscriptions in order; whatever is made anew leaves a hint to read everything.

    What Graph refuses is in the result, because the rounds by the clock do without; raises SignInFailed,
    GraphUnclear or GraphError when Graph is away, DatabaseFailed.
    """
    settings, plan, tenant = work.settings, work.plan, work.tenant
    book, now = work.stores.notifications, work.now()
    everybody = book.load_subscriptions()
    mine = tuple(subscription for subscription in everybody if subscription.plan == plan.id)
    library = library_of(work)
    address, wanted = notification_address(settings) or "", resources_of(settings, library=library)
    if not (mine or wanted):
        return Watched()
    try:
        paths = await tenant.subscriptions.fetch_paths(wanted, library=library) if wanted else {}
        listed = await tenant.subscriptions.fetch_listed(address) if wanted else {}
    except REFUSALS as error:
        return _watched({resource: _noted(plan, resource, error) for resource in wanted})
    upkeep = _Upkeep(
        plan=plan,
        book=book,
        port=tenant.subscriptions,
        address=address,
        paths=paths,
        everybody=everybody,
        listed=frozenset(listed),
        now=now,
    )
    todo = plan_upkeep(mine, listed, wanted=paths, known=upkeep.known, address=address, now=now)
    await upkeep.remove(todo.remove)
    book.forget_subscriptions(todo.forget)
    lost = [subscription.resource for subscription in todo.renew if not await upkeep.renew(subscription)]
    renewed = len(todo.renew) - len(lost) - len(upkeep.refused)
    missing = (*todo.create, *lost)
    for resource in missing:
        await upkeep.make(resource)
    created = [resource for resource in missing if resource not in upkeep.refused]
    return _watched(upkeep.refused, renewed=renewed, created=created, removed=len(todo.remove))


def _watched(
    unwatched: Mapping[Resource, GraphError],
    *,
    renewed: int = 0,
    created: Sequence[Resource] = (),
    removed: int = 0,
) -> Watched:
    """Without the inbox only what comes back is missed, which the rounds by the clock find."""
    return Watched(
        renewed=renewed,
        created=len(created),
        removed=removed,
        resync=not MAILBOX.isdisjoint(created),
        unwatched=unwatched,
        left_over=Resource.EVENTS in unwatched,
    )


async def notified_round(work: Work) -> Collected:
    """The round of answers, which also reads what came back.

    Raises as `responses_round`, and keeps the hints then.

    Where something may have been missed the link to the changes is dropped first, so that everything is read.
    """
    plan, stores = work.plan, work.stores
    hints = stores.notifications.take_hints(plan.id)
    done = False
    try:
        if any(hint.whole for hint in hints):
            stores.answers.forget_delta_link(plan.id, plan.organiser)
        collected = await responses_round(work)
        done = True
    finally:
        if hints and not done:
            stores.notifications.note(Intake(hints=hints), now=work.now())
    return collected


def _noted(plan: CoursePlan, resource: Resource, error: GraphError) -> GraphError:
    # To be told of saves takes more rights than a plan is worth, and nothing hangs on it.
    tell = LOG.info if resource is Resource.LIBRARY else LOG.warning
    tell(
        "notifications.refused", plan=plan.id, resource=resource.value, error=error.code, status=error.status
    )
    return error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Upkeep:
    """One look at a plan's subscriptions: what the books and Graph know, and what Graph `refused` on the way.

    `listed` are the ids of those that Graph has at this address.
    """

    plan: CoursePlan
    book: NotificationBook
    port: Subscriptions
    address: str
    paths: Mapping[Resource, str]
    everybody: Sequence[Subscription]
    listed: frozenset[str]
    now: datetime
    refused: dict[Resource, GraphError] = field(default_factory=dict)

    @property
    def known(self) -> set[str]:
        """The ids of those in the books, whosever they are."""
        return {subscription.id for subscription in self.everybody}

    async def remove(self, ids: Iterable[str]) -> None:
        """What cannot be removed runs out within three days, and until then its secret is in no books."""
        for subscription_id in ids:
            with suppress(*REFUSALS):
                await self.port.unsubscribe(subscription_id)

    async def renew(self, subscription: Subscription) -> bool:
        """Whether it is there still; what Graph refuses is left as it is."""
        try:
            expires_at = await self.port.renew(subscription.id, expires_at=expiry_to_ask_for(self.now))
        except REFUSALS as error:
            self.refused[subscription.resource] = _noted(self.plan, subscription.resource, error)
            return True
        if expires_at is None:
            self.book.forget_subscriptions([subscription.id])
            return False
        self.book.save_subscription(_living(subscription, now=self.now, expires_at=expires_at))
        return True

    async def make(self, resource: Resource) -> None:
        """One of our own, or another plan's; with a hint to read everything, where that is in a mailbox."""
        try:
            subscription = self._shared(
                self.everybody, self.paths[resource], self.listed
            ) or await self._subscribe_alone(resource)
        except REFUSALS as error:
            self.refused[resource] = _noted(self.plan, resource, error)
            return
        hint = Hint(plan=self.plan.id, resource=resource, whole=True) if resource in MAILBOX else None
        self.book.save_subscription(subscription, hint)
        LOG.info(
            "notifications.subscribed",
            plan=self.plan.id,
            resource=resource.value,
            expires_at=subscription.expires_at.isoformat(),
        )

    def _shared(
        self, everybody: Iterable[Subscription], path: str, alive: Container[str]
    ) -> Subscription | None:
        """Another plan's of the same mailbox: Graph makes one for each mailbox and resource."""
        for subscription in everybody:
            same = (subscription.path, subscription.address) == (path, self.address)
            if same and subscription.plan != self.plan.id and subscription.id in alive:
                return replace(subscription, plan=self.plan.id, created_at=self.now)
        return None

    async def _subscribe_alone(self, resource: Resource) -> Subscription:
        """A new one, shared with another plan's that was made meanwhile.

        One of this address that is in no books is removed first.

        Raises GraphConflict where it calls another address: two installations would take it from each other
        for ever.
        """
        path = self.paths[resource]
        with suppress(GraphConflict):
            return await self._subscribe(resource, path)
        holders = await self.port.fetch_holders(path, address=self.address)
        shared = self._shared(self.book.load_subscriptions(), path, holders)
        if shared is not None:
            return shared
        for holder in holders:
            LOG.warning(
                "notifications.forgotten_one_removed",
                plan=self.plan.id,
                resource=resource.value,
                id=holder,
            )
            await self.port.unsubscribe(holder)
        return await self._subscribe(resource, path)

    async def _subscribe(self, resource: Resource, path: str) -> Subscription:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        made = await self.port.subscribe(
            path,
            address=self.address,
            secret=secret,
            expires_at=expiry_to_ask_for(self.now),
            known=self.known | self.listed,
        )
        fresh = Subscription(
            plan=self.plan.id,
            resource=resource,
            id=made.id,
            address=self.address,
            path=path,
            expires_at=made.expires_at,
            renew_at=made.expires_at,
            client_state=digest(secret),
            created_at=self.now,
        )
        return _living(fresh, now=self.now, expires_at=made.expires_at)


def _living(subscription: Subscription, *, now: datetime, expires_at: datetime) -> Subscription:
    return replace(subscription, expires_at=expires_at, renew_at=half_life(now, expires_at))
