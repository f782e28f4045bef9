"""The desks behind people's pages, one for each plan of the process, always of the plan as it was read last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bot.desk import BookDesk

if TYPE_CHECKING:
    from bot.ports import Desk
    from bot.runtime import Stores
    from jobs.plans import Plans


class Desks(Mapping[str, "Desk"]):
    """By plan id. A plan that cannot be read just now keeps its last desk; a new version of it has a new one."""

    def __init__(self, plans: Plans, stores: Stores) -> None:
        self._plans, self._stores = plans, stores

    def __getitem__(self, plan_id: str) -> Desk:
        shelf = self._plans.shelves[plan_id]
        if shelf.plan is None:
            raise KeyError(plan_id)
        return BookDesk(shelf.settings, shelf.plan, self._stores)

    def __iter__(self) -> Iterator[str]:
        return (label for label, shelf in self._plans.shelves.items() if shelf.plan is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)
