"""Rounds around change notifications: keeping the subscriptions alive, and reading what they hint at.

    renew_subscriptions    compare books, Microsoft and settings; renew, make anew, remove            by the clock, or when Graph asks
    notified_round         take the plan's hints, and do the round that the clock does                when one comes, and by the clock

Without a public address nothing is subscribed, and what there was is removed; the clock's rounds find the
same in minutes. What to do is decided in `bot.subscriptions`; who answers Graph is `bot.web.notifications`.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.domain.notifications import Hint, Intake, Resource, Subscription, digest
from bot.errors import (
    DONE,
    PARTLY_DONE,
    GraphConflict,
    GraphGone,
    GraphRefused,
    MailboxMissing,
    PermissionMissing,
    SyncStateLost,
)
from bot.log_lines import get_logger
from bot.rounds.answers import responses_round
from bot.subscriptions.upkeep import expiry_to_ask_for, half_life, plan_upkeep

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping
    from datetime import datetime

    from bot.domain.plan import CoursePlan
    from bot.errors import GraphError
    from bot.opening.tenant import Microsoft365
    from bot.opening.work import Work
    from bot.ports.service import NotificationBook
    from bot.rounds.results import Collected
    from config.settings import Settings

LOG = get_logger()
SECRET_BYTES = 32
REFUSALS = (GraphRefused, PermissionMissing, GraphGone, GraphConflict, MailboxMissing, SyncStateLost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What became of a plan's subscriptions. `resync`: some are new, so what changed before has to be read.

    `refused` is why a resource is not watched; without the inbox everything but mails that come back is.
    """

    renewed: int = 0
    created: int = 0
    removed: int = 0
    refused: Mapping[Resource, GraphError] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def resync(self) -> bool:
        """Whether everything is to be read anew."""
        return self.created > 0

    @property
    def exit_code(self) -> int:
        """As a command would end."""
        return PARTLY_DONE if Resource.EVENTS in self.refused else DONE


def notification_address(settings: Settings) -> str | None:
    """What Graph's calls begin with, None where it cannot call.

    It needs a public https address, only a sandbox takes loopback.
    """
    base_url = settings.web.base_url
    if base_url is None or (urlsplit(base_url).scheme != "https" and not settings.graph.is_loopback):
        return None
    return base_url.rstrip("/")


def resources_of(settings: Settings) -> tuple[Resource, ...]:
    """What is watched: the calendar, and the inbox where what comes back is read."""
    if notification_address(settings) is None:
        return ()
    return (Resource.EVENTS, Resource.INBOX) if settings.mailbox.keeps_drafts else (Resource.EVENTS,)


async def renew_subscriptions(work: Work) -> Watched:
    """Bring the plan's subscriptions in order; whatever is made anew leaves a hint to read everything.

    What Graph refuses is in the result, because the rounds by the clock do without; raises SignInFailed,
    GraphUnclear or GraphError when Graph is away, DatabaseFailed.
    """
    settings, plan, tenant = work.settings, work.plan, work.tenant
    book, now = work.stores.notifications, work.now()
    everybody = book.load_subscriptions()
    mine = tuple(one for one in everybody if one.plan == plan.id)
    address, wanted = notification_address(settings) or "", resources_of(settings)
    if not (mine or wanted):
        return Watched()
    try:
        paths = await tenant.subscriptions.fetch_paths(wanted) if wanted else {}
        listed = await tenant.subscriptions.fetch_listed(address) if wanted else {}
    except REFUSALS as error:
        return Watched(refused={resource: _noted(plan, resource, error) for resource in wanted})
    todo = plan_upkeep(
        mine, listed, wanted=paths, known={one.id for one in everybody}, address=address, now=now
    )
    for one in todo.remove:
        # What cannot be removed runs out within three days, and until then its secret is in no books.
        with suppress(*REFUSALS):
            await tenant.subscriptions.unsubscribe(one)
    book.forget_subscriptions(todo.forget)
    lost: list[Resource] = []
    refused: dict[Resource, GraphError] = {}
    for subscription in todo.renew:
        try:
            expires_at = await tenant.subscriptions.renew(subscription.id, expires_at=expiry_to_ask_for(now))
        except REFUSALS as error:
            refused[subscription.resource] = _noted(plan, subscription.resource, error)
            continue
        if expires_at is None:
            book.forget_subscriptions([subscription.id])
            lost.append(subscription.resource)
        else:
            book.save_subscription(_living(subscription, now=now, expires_at=expires_at))
    unrenewed = len(refused)
    missing = (*todo.create, *lost)
    for resource in missing:
        try:
            subscription = _to_share(
                everybody, plan, paths[resource], address, alive=listed, now=now
            ) or await _make(
                plan,
                book,
                tenant,
                resource,
                paths[resource],
                address,
                now=now,
                known={*(one.id for one in everybody), *listed},
            )
        except REFUSALS as error:
            refused[resource] = _noted(plan, resource, error)
        else:
            book.save_subscription(subscription, Hint(plan=plan.id, resource=resource, whole=True))
            LOG.info(
                "notifications.subscribed",
                plan=plan.id,
                resource=resource.value,
                expires_at=subscription.expires_at.isoformat(),
            )
    renewed = len(todo.renew) - len(lost) - unrenewed
    return Watched(
        renewed=renewed,
        created=len(missing) - len(refused) + unrenewed,
        removed=len(todo.remove),
        refused=refused,
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
        if any(one.whole for one in hints):
            stores.answers.forget_delta_link(plan.id, plan.organiser)
        collected = await responses_round(work)
        done = True
    finally:
        if hints and not done:
            stores.notifications.note(Intake(hints=hints), now=work.now())
    return collected


def _noted(plan: CoursePlan, resource: Resource, error: GraphError) -> GraphError:
    LOG.warning(
        "notifications.refused", plan=plan.id, resource=resource.value, error=error.code, status=error.status
    )
    return error


def _to_share(
    everybody: Iterable[Subscription],
    plan: CoursePlan,
    path: str,
    address: str,
    *,
    alive: Container[str],
    now: datetime,
) -> Subscription | None:
    """Another plan's of the same mailbox: Graph makes one for each mailbox and resource."""
    for one in everybody:
        if one.plan != plan.id and (one.path, one.address) == (path, address) and one.id in alive:
            return replace(one, plan=plan.id, created_at=now)
    return None


async def _make(
    plan: CoursePlan,
    book: NotificationBook,
    tenant: Microsoft365,
    resource: Resource,
    path: str,
    address: str,
    *,
    now: datetime,
    known: set[str],
) -> Subscription:
    """A new one, shared with another plan's where there is one.

    One of this address that is in no books is removed first.

    Raises GraphConflict where it calls another address: two installations would take it from each other for
    ever.
    """
    with suppress(GraphConflict):
        return await _subscribe(plan, tenant, resource, path, address, now=now, known=known)
    holders = await tenant.subscriptions.fetch_holders(path, address=address)
    shared = _to_share(book.load_subscriptions(), plan, path, address, alive=holders, now=now)
    if shared is not None:
        return shared
    for one in holders:
        LOG.warning("notifications.forgotten_one_removed", plan=plan.id, resource=resource.value, id=one)
        await tenant.subscriptions.unsubscribe(one)
    return await _subscribe(plan, tenant, resource, path, address, now=now, known=known)


async def _subscribe(
    plan: CoursePlan,
    tenant: Microsoft365,
    resource: Resource,
    path: str,
    address: str,
    *,
    now: datetime,
    known: set[str],
) -> Subscription:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made = await tenant.subscriptions.subscribe(
        path, address=address, secret=secret, expires_at=expiry_to_ask_for(now), known=known
    )
    fresh = Subscription(
        plan=plan.id,
        resource=resource,
        id=made.id,
        address=address,
        path=path,
        expires_at=made.expires_at,
        renew_at=made.expires_at,
        client_state=digest(secret),
        created_at=now,
    )
    return _living(fresh, now=now, expires_at=made.expires_at)


def _living(subscription: Subscription, *, now: datetime, expires_at: datetime) -> Subscription:
    return replace(subscription, expires_at=expires_at, renew_at=half_life(now, expires_at))
