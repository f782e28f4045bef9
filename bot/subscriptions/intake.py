"""What a batch of notifications asks for. Pure.

| the item | then |
|---|---|
| a subscription that we do not have | nothing |
| a wrong secret | nothing |
| a change | a hint: that resource of that plan |
| a change in its library, or one that may have been missed | the plan's file may have been saved: no hint, a look |
| `missed` | a hint to read everything |
| `subscriptionRemoved` | forget the subscription (the upkeep makes it anew), and a hint to read everything |
| `reauthorizationRequired` | renew it now |
| an event that we do not know | nothing: Graph may add some |

The result is the same for any order and any number of repetitions: a hint to read everything wins over one
that something has changed, and what was removed is not renewed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.notifications import Hint, Intake, LifecycleEvent, Resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.domain.notifications import GraphNotice, Subscription


def take_in(notices: Iterable[GraphNotice], subscriptions: Iterable[Subscription]) -> Intake:
    """By the table above.

    Plans of one mailbox may share a subscription, and then each of them is hinted at.
    """
    by_id: dict[str, list[Subscription]] = {}
    for subscription in subscriptions:
        by_id.setdefault(subscription.id, []).append(subscription)
    whole: dict[tuple[str, Resource], bool] = {}
    forget: set[str] = set()
    renew: set[str] = set()
    forged = 0
    for notice in notices:
        sharing = [
            subscription
            for subscription in by_id.get(notice.subscription, ())
            if subscription.knows(notice.secret)
        ]
        forged += not sharing
        for subscription in sharing:
            match notice.event:
                case "":
                    whole.setdefault((subscription.plan, subscription.resource), False)
                case LifecycleEvent.MISSED:
                    whole[subscription.plan, subscription.resource] = True
                case LifecycleEvent.SUBSCRIPTION_REMOVED:
                    whole[subscription.plan, subscription.resource] = True
                    forget.add(subscription.id)
                case LifecycleEvent.REAUTHORIZATION_REQUIRED:
                    renew.add(subscription.id)
                case _:
                    pass
    return Intake(
        hints=_hints(whole),
        saved=frozenset(plan for plan, resource in whole if resource is Resource.LIBRARY),
        forget=frozenset(forget),
        renew=frozenset(renew - forget),
        upkeep=frozenset(subscription.plan for name in forget | renew for subscription in by_id[name]),
        forged=forged,
    )


def _hints(whole: Mapping[tuple[str, Resource], bool]) -> frozenset[Hint]:
    """What is to be read in mailboxes; of a library nothing is noted."""
    return frozenset(
        Hint(plan=plan, resource=resource, whole=all_of_it)
        for (plan, resource), all_of_it in whole.items()
        if resource is not Resource.LIBRARY
    )
