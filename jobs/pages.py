"""The desks behind the pages, for each plan of the process: people's own, and that of whoever is signed in.

People's own are always of the plan in force: what waits is on none of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import TimeoutError as TookTooLong
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar

from bot.desks.person.page import BookDesk
from bot.desks.plan import BookPlanDesk
from bot.desks.plans.store import PlanStore, plan_store
from bot.domain.errors import GraphError
from bot.opening.decided_here import decided_here
from bot.opening.versions import in_force, plan_of_books

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.desks.plan_desk import PlanDesk
    from bot.desks.reach import Reach
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.opening.work import Work
    from config.settings import Settings
    from jobs.plans import Plans
    from jobs.runner import Runner

Answer = TypeVar("Answer")

REACH_SECONDS = 20.0
"""How long somebody waits for a page that asks Microsoft 365."""


class Desks(Mapping[str, BookDesk]):
    """By plan id; a new version of a plan has a new desk.

    A plan that cannot be read just now keeps its last desk. Where it could not be read since the start, its
    desk is what was approved. Where several files say that they are the plan, it is the one that was there
    first.
    """

    def __init__(self, plans: Plans, stores: Stores) -> None:
        self._plans, self._stores = plans, stores

    def __getitem__(self, plan_id: str) -> BookDesk:
        today = self._id_of_today(plan_id)
        for settings, plan in read_plans(self._plans):
            if plan.id == today:
                decided = decided_here(plan, self._stores)
                return BookDesk(settings, in_force(decided, self._stores), self._stores)
        unread = [shelf for shelf in self._plans.shelves.values() if shelf.plan is None]
        approved = plan_of_books(today, self._stores) if unread else None
        if approved is None:
            raise KeyError(plan_id)
        # A plan's file is usually called by its id; where it is not, the settings of another are the
        # installation's.
        shelf = next((shelf for shelf in unread if PurePath(shelf.source.name).stem == today), unread[0])
        return BookDesk(shelf.settings, approved, self._stores)

    def _id_of_today(self, plan_id: str) -> str:
        """Links in old mails say the id that the plan had then."""
        plans = [plan for _, plan in read_plans(self._plans)]
        if any(plan.id == plan_id for plan in plans):
            return plan_id
        renamed = next((plan.id for plan in plans if plan.was == plan_id), None)
        return renamed or self._stores.links.plan_called(plan_id) or plan_id

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(plan.id for _, plan in read_plans(self._plans)))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class PlanDesks(Mapping[str, "PlanDesk"]):
    """By the plan's id: the plan as it is written now, for whoever is signed in.

    A plan that cannot be read just now keeps the desk of what was read last.
    """

    def __init__(self, plans: Plans, stores: Stores) -> None:
        self._plans, self._stores = plans, stores

    def __getitem__(self, plan_id: str) -> PlanDesk:
        for shelf in self._plans.shelves.values():
            if shelf.plan is not None and shelf.plan.id == plan_id:
                self._plans.catch_up(shelf)
                wrong = self._plans.wrong_with(shelf)
                return BookPlanDesk(
                    shelf.settings,
                    shelf.plan,
                    self._stores,
                    wrong,
                    origin=shelf.origin,
                    bad_save=shelf.linked.bad_save,
                )
        raise KeyError(plan_id)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(plan.id for _, plan in read_plans(self._plans)))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class EmptyPlans(Mapping[str, "PlanStore"]):
    """By the id that it will have: a plan that is to be written at the desk and that nobody has begun."""

    def __init__(self, plans: Plans, stores: Stores) -> None:
        self._plans, self._stores = plans, stores

    def __getitem__(self, plan_id: str) -> PlanStore:
        return plan_store(self._plans.empty[plan_id].settings, self._stores)

    def __iter__(self) -> Iterator[str]:
        return iter(self._plans.empty)

    def __len__(self) -> int:
        return len(self._plans.empty)


def read_plans(plans: Plans) -> list[tuple[Settings, CoursePlan]]:
    """The plans that could be read, as they were last, with their settings."""
    return [(shelf.settings, shelf.plan) for shelf in plans.shelves.values() if shelf.plan is not None]


def reach_of(runner: Runner, loop: asyncio.AbstractEventLoop) -> Reach:
    """How pages in other threads ask Microsoft 365 in the service's loop, as `bot.desks.reach` says."""

    def reach(plan: str, ask: Callable[[Work], Awaitable[Answer]]) -> Answer:
        async def asked() -> Answer:
            return await ask(await runner.work(plan))

        under_way = asyncio.run_coroutine_threadsafe(asked(), loop)
        try:
            return under_way.result(REACH_SECONDS)
        except TookTooLong:
            under_way.cancel()
            raise GraphError("graph_unreachable", call="", detail="timeout") from None

    return reach
