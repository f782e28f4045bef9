"""What every round takes: the plan with its settings, the books, and Microsoft 365 as the plan reaches it.

what a round is about                                              goes by
what people have been told: answers, reminders, what is followed   `plan`, the one in force
the difference between plan and Outlook: sync, preview, HR's report `written`, what the document says by now,
                                                                   and the desk has decided of what it leaves open
the money and what is still to be decided: overview, a date        `whole`
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.desk_plans import DeskSave
from bot.domain.plan_places import desk_plan_named
from bot.opening.clock import clock_of
from bot.opening.decided_here import decided_here
from bot.opening.tenant import graph_findings, graph_settings, tenant_of
from bot.opening.versions import in_force

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from bot.domain.graph_findings import GraphFindings
    from bot.domain.plan import CoursePlan
    from bot.domain.plan_files import BadSave, SavedFile
    from bot.graph.client import GraphClient
    from bot.opening.stores import Stores
    from bot.opening.tenant import Microsoft365
    from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class BookWork:
    """Settings, the plan by the table above, and the books: for rounds that ask Microsoft 365 for nothing."""

    settings: Settings
    written: CoursePlan
    plan: CoursePlan
    stores: Stores
    origin: SavedFile | DeskSave | None = None
    """Who saved the document that `written` is and when, where Microsoft 365 or the desk has it."""
    bad_save: BadSave | None = None
    """What was saved since and cannot be used, None where nothing is wrong."""

    @property
    def saved(self) -> SavedFile | None:
        """The document's file in Microsoft 365 as it was saved last, in order or not."""
        if self.bad_save is not None:
            return self.bad_save.file
        return None if isinstance(self.origin, DeskSave) else self.origin

    @property
    def whole(self) -> CoursePlan:
        """All that stands in the document, also what is not decided."""
        return self.written.whole or self.written

    def now(self) -> datetime:
        """UTC, by the machine's clock or the fixed one of `--now`."""
        return clock_of(self.settings).now()

    def locked(self) -> AbstractAsyncContextManager[Callable[[], None]]:
        """The plan's lock, as what raises RunLocked when it is lost; raises RunLocked, DatabaseFailed."""
        from bot.store.locks import LOCK_WAIT_SECONDS, run_lock

        return run_lock(self.stores.database, self.written.id, LOCK_WAIT_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(BookWork):
    """The same with Microsoft 365 as `plan` reaches it.

    `findings` is what the round goes by of it, from its begin to its end.
    """

    tenant: Microsoft365
    findings: GraphFindings

    def by(self, plan: CoursePlan) -> Work:
        """The same by another version of the plan, in the mailbox that this one names."""
        same = (plan.organiser, plan.timezone) == (self.plan.organiser, self.plan.timezone)
        return replace(self, plan=plan, tenant=self.tenant if same else self.tenant.acting_for(plan))

    def afresh(self) -> Work:
        """With the plan that is in force by now; raises DatabaseFailed."""
        return self.by(in_force(self.written, self.stores))


def work_of(
    client: GraphClient, settings: Settings, written: CoursePlan, stores: Stores, findings: GraphFindings
) -> Work:
    """By an open Graph client; no request is made yet. Raises DatabaseFailed."""
    written = decided_here(written, stores)
    standing = in_force(written, stores)
    tenant = tenant_of(client, settings, standing, stores)
    origin = desk_save_of(settings, stores)
    return Work(
        settings=settings,
        written=written,
        plan=standing,
        stores=stores,
        tenant=tenant,
        findings=findings,
        origin=origin,
    )


def desk_save_of(settings: Settings, stores: Stores) -> DeskSave | None:
    """The last save of the plan that the settings name, where the desk keeps it. Raises DatabaseFailed."""
    plan = desk_plan_named(settings.plan or "")
    return None if plan is None else stores.desk_plans.look(plan)


@asynccontextmanager
async def open_work(settings: Settings, written: CoursePlan, stores: Stores) -> AsyncIterator[Work]:
    """With a Graph client of its own; as `work_of` otherwise."""
    from bot.graph.client import GraphClient

    findings = graph_findings(settings, stores)
    async with GraphClient(graph_settings(settings, findings)) as client:
        yield work_of(client, settings, written, stores, findings)
