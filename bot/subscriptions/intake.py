"""What a batch of notifications asks for. Pure.

| the item | then |
|---|---|
| a subscription that we do not have | nothing |
| a wrong secret | nothing |
| a change | a hint: that resource of that plan |
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
    from collections.abc import Iterable

    from bot.domain.notifications import GraphNotice, Subscription


def take_in(notices: Iterable[GraphNotice], subscriptions: Iterable[Subscription]) -> Intake:
    """By the table above.

    Plans of one mailbox may share a subscription, and then each of them is hinted at.
    """
    of: dict[str, list[Subscription]] = {}
    for one in subscriptions:
        of.setdefault(one.id, []).append(one)
    whole: dict[tuple[str, Resource], bool] = {}
    forget: set[str] = set()
    renew: set[str] = set()
    forged = 0
    for notice in notices:
        sharing = [one for one in of.get(notice.subscription, ()) if one.knows(notice.secret)]
        forged += not sharing
        for found in sharing:
            match notice.event:
                case "":
                    whole.setdefault((found.plan, found.resource), False)
                case LifecycleEvent.MISSED:
                    whole[found.plan, found.resource] = True
                case LifecycleEvent.SUBSCRIPTION_REMOVED:
                    whole[found.plan, found.resource] = True
                    forget.add(found.id)
                case LifecycleEvent.REAUTHORIZATION_REQUIRED:
                    renew.add(found.id)
                case _:
                    pass
    return Intake(
        hints=frozenset(
            Hint(plan=plan, resource=resource, whole=all_of_it)
            for (plan, resource), all_of_it in whole.items()
        ),
        forget=frozenset(forget),
        renew=frozenset(renew - forget),
        upkeep=frozenset(found.plan for one in forget | renew for found in of[one]),
        forged=forged,
    )
