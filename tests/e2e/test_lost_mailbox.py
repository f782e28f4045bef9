"""A course mailbox that is gone, or that the app may reach no more: nothing is finished or cancelled for it, and whose it is is told."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.municipality import ORGANISER
from jobs.registry import JOBS
from jobs.service import open_service
from tests.e2e.as_it_was import synced
from tests.e2e.looked import looked
from tests.e2e.plans import make_course, make_plan
from tests.e2e.service_driver import settings_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.driver import World

WAYS: dict[str, Callable[[World], object]] = {
    "deleted": lambda world: world.tenant.directory.remove_user(ORGANISER),
    "out of reach": lambda world: world.tenant.faults.add(
        path="/events|/calendarView|/messages", status=403, code="ErrorAccessDenied", times=99
    ),
}


@pytest.mark.parametrize("lose", WAYS.values(), ids=WAYS)
def test_a_lost_mailbox_is_told_of_and_nothing_is_forgotten(world: World, lose: Callable[[World], object]) -> None:
    """Exchange keeps a deleted one for 30 days, and it comes back with its calendar."""
    synced(world, make_plan(make_course()))
    before = world.registrations()
    lose(world)

    async def scene() -> None:
        async with open_service(settings_for(world)) as service:
            for name in ("sync_plan", "collect_responses"):
                run, _ = await service.runner.run("demo", JOBS[name])
                assert (run.outcome.value, bool(run.error)) == ("away", True)
            soon, late = await looked(service), await looked(service, age=timedelta(hours=1))
            assert (soon.ready, soon.facts["wrong"]) == (True, [])
            assert (late.ready, late.facts["wrong"]) == (False, ["plan:demo"])
            plan: Any = late.facts["plans"]
            assert plan["demo"]["jobs"]["sync_plan"]["outcome"] == "away"
            assert {entry.event_id is None for entry in service.stores.books.ledger.load_entries("demo").values()} == {False}

    asyncio.run(scene())
    assert world.registrations() == before
