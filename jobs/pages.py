"""The desks behind people's pages, one for each plan of the process, always of the plan in force.

What waits is on no page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING

from bot.desks.person import BookDesk
from bot.opening.versions import in_force, plan_of_books

if TYPE_CHECKING:
    from bot.opening.stores import Stores
    from bot.ports.desk import Desk
    from jobs.plans import Plans


class Desks(Mapping[str, "Desk"]):
    """By plan id; a new version of a plan has a new desk.

    A plan that cannot be read just now keeps its last desk. Where it could not be read since the start, its
    desk is what was approved. Where several files say that they are the plan, it is the one that was there
    first.
    """

    def __init__(self, plans: Plans, stores: Stores) -> None:
        self._plans, self._stores = plans, stores

    def __getitem__(self, plan_id: str) -> Desk:
        read = [
            (shelf.settings, shelf.plan) for shelf in self._plans.shelves.values() if shelf.plan is not None
        ]
        # Links in old mails say the id that the plan had then.
        found = [one for one in read if one[1].id == plan_id] or [
            one for one in read if one[1].was == plan_id
        ]
        today = plan_id
        if not found:
            today = self._stores.links.plan_called(plan_id) or plan_id
            found = [one for one in read if one[1].id == today]
        for settings, plan in found:
            return BookDesk(settings, in_force(plan, self._stores), self._stores)
        unread = [shelf for shelf in self._plans.shelves.values() if shelf.plan is None]
        approved = plan_of_books(today, self._stores) if unread else None
        if approved is None:
            raise KeyError(plan_id)
        # A plan's file is usually called by its id; where it is not, the settings of another are the
        # installation's.
        shelf = next((shelf for shelf in unread if PurePath(shelf.source.name).stem == today), unread[0])
        return BookDesk(shelf.settings, approved, self._stores)

    def __iter__(self) -> Iterator[str]:
        return iter(
            dict.fromkeys(shelf.plan.id for shelf in self._plans.shelves.values() if shelf.plan is not None)
        )

    def __len__(self) -> int:
        return sum(1 for _ in self)
