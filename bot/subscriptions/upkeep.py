"""What to do about a plan's subscriptions. Pure.

| in the books | at Microsoft | then |
|---|---|---|
| – | – | create |
| – | there, for our address, and nobody's in the books | remove it, create: its secret is lost |
| ✓ | – | forget, create |
| ✓, for another address or another mailbox | any | remove, forget, create |
| ✓ | ✓, half of its life is over, or Graph asked for it | renew |
| ✓ | ✓ | nothing |
| ✓, not wanted any more | any | remove, forget |

Whatever is created is followed by reading everything, because nobody told what changed before. What is ours
at Microsoft is told by the address that it calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.notifications import Resource, Subscription

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.domain.notifications import ListedSubscription

LONGEST_LIFE = timedelta(minutes=4230)
# Microsoft's clock may be behind ours, and a life beyond the limit is refused.
SPARE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """The steps in the order in which they are taken.

    Ids at Microsoft, ids in the books, subscriptions, resources.
    """

    remove: tuple[str, ...] = ()
    forget: tuple[str, ...] = ()
    renew: tuple[Subscription, ...] = ()
    create: tuple[Resource, ...] = ()


def plan_upkeep(
    mine: Iterable[Subscription],
    listed: Mapping[str, ListedSubscription],
    *,
    wanted: Mapping[Resource, str],
    known: Collection[str],
    address: str,
    now: datetime,
) -> Upkeep:
    """By the table above.

    `mine` are the plan's in the books, `listed` by id those at Microsoft that call our address, `wanted` the
    paths to watch, `known` the ids of every plan in the books; `now` UTC.
    """
    remove: list[str] = []
    forget: list[str] = []
    renew: list[Subscription] = []
    watched: set[Resource] = set()
    for subscription in mine:
        if subscription.resource not in wanted or (subscription.address, subscription.path) != (
            address,
            wanted[subscription.resource],
        ):
            remove.append(subscription.id)
            forget.append(subscription.id)
        elif subscription.id not in listed:
            forget.append(subscription.id)
        else:
            watched.add(subscription.resource)
            if subscription.renew_at <= now:
                renew.append(subscription)
    missing = {resource: path for resource, path in wanted.items() if resource not in watched}
    strays = (
        subscription.id
        for subscription in listed.values()
        if subscription.id not in known and subscription.path in missing.values()
    )
    return Upkeep(remove=(*remove, *strays), forget=tuple(forget), renew=tuple(renew), create=tuple(missing))


def expiry_to_ask_for(now: datetime) -> datetime:
    """The longest life that Outlook gives, less a little."""
    return now + LONGEST_LIFE - SPARE


def half_life(now: datetime, expires_at: datetime) -> datetime:
    """When to renew what was given now until then."""
    return now + (expires_at - now) / 2
