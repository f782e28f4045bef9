"""A plan that lies in SharePoint: saved, broken, and looked at by a service that nobody's clock hurries."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from jobs.service import open_service
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.service_driver import settings_for

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from jobs.plans import LoadedPlan
    from jobs.service import Service
    from tests.e2e.driver import World

LINK = "https://norddjurs.sharepoint.example/:x:/s/hr/EaBcDeF?e=abc123"
ANNA = "anna@norddjurs.example"
WRITER = "hr.skribent@norddjurs.example"


def saved(world: World, **course: Any) -> None:
    """The plan is saved in SharePoint, a while ago: nobody is typing any more."""
    world.write(make_plan(make_course(**course), audiences=people(ANNA)))
    put(world, world.plan_file.read_bytes())


def put(world: World, content: bytes) -> None:
    files = world.tenant.files
    at = files.clock.now() - timedelta(hours=1)
    files.put(LINK, content, name="kursusplan.yaml", by="HR Skribent", email=WRITER, at=at)


def broken(world: World) -> None:
    """A date that is none, on a line of the file."""
    put(world, world.plan_file.read_bytes().replace(b"2027-03-", b"2027-33-").replace(b"2025-", b"2025-99-"))


def _held(world: World) -> None:
    saved(world, title="Ny titel")
    world.tenant.files.files[LINK].is_locked = True


TROUBLES: dict[str, tuple[Callable[[World], None], str]] = {
    "a save with mistakes": (broken, "plan_invalid"),
    "half a file": (lambda world: put(world, b"PK\x03\x04 half a workbook"), "plan_invalid"),
    "a file that is no plan": (lambda world: put(world, b"\xd0\xcf\x11\xe0 a document with a password"), "plan_invalid"),
    "a film": (lambda world: put(world, b"x" * (20 * 1024 * 1024 + 1)), "graph_link_too_large"),
    "deleted, or moved elsewhere": (lambda world: world.tenant.files.delete(LINK), "graph_file_gone"),
    "somebody holds it": (_held, "graph_file_locked"),
    "the right is taken away": (lambda world: setattr(world.tenant.files.files[LINK], "is_denied", True), "graph_file_denied"),
}
"""What can happen to the file, and the code that it is told by."""


async def look(service: Service) -> LoadedPlan:
    """As the clock does, whenever the last look was."""
    for shelf in service.plans.shelves.values():
        shelf.linked.look_again_at = 0.0
    await service.plans.look()
    (shelf,) = service.plans.shelves.values()
    return shelf


def asked(world: World) -> list[str]:
    """What was asked of files since the last time."""
    paths = [one.path for one in world.tenant.journal.entries if "/drives/" in one.path or "/shares/" in one.path]
    world.tenant.journal.clear()
    return paths


def play(world: World, scene: Callable[[Service], Awaitable[None]], plan: str = LINK) -> None:
    async def on_stage() -> None:
        async with open_service(settings_for(world, plan=plan)) as service:
            await scene(service)

    asyncio.run(on_stage())
