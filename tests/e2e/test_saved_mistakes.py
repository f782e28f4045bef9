"""Whoever saves a plan with mistakes in SharePoint is told by mail: once for each mistake, with its place."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from jobs.service import open_service
from tests.e2e.service_driver import run_job, settings_for
from tests.e2e.sharepoint import LINK, WRITER, broken, look, play, put, saved

if TYPE_CHECKING:
    from jobs.service import Service
    from tests.e2e.driver import World


def told(world: World) -> list[Any]:
    """The mails about mistakes in the plan."""
    return [mail for mail in world.tenant.mail_log.mails if "skal rettes" in mail.subject or "correcting" in mail.subject]


async def reported(service: Service) -> None:
    await look(service)
    assert (await run_job(service, "hr_report")).is_good


def test_a_mistake_is_told_once_to_who_saved_it_with_its_place(world: World) -> None:
    """Not per look, not per process, not after a restart; mended, nothing is said; made again, it is new."""
    saved(world)

    async def a_slip(service: Service) -> None:
        broken(world)
        for _ in range(2):
            await reported(service)

    async def after_a_restart(service: Service) -> None:
        await reported(service)
        put(world, world.plan_file.read_bytes().replace(b"2025-", b"2025-99-"))
        await reported(service)

    play(world, a_slip)
    (mail,) = told(world)
    assert mail.to == WRITER
    (html,) = (one.html for one in world.tenant.messages.messages.values() if one.immutable_id == mail.event)
    assert "kursusplan.yaml" in html
    assert "linje" in html.lower()
    assert "EaBcDeF" not in html
    play(world, after_a_restart)
    assert len(told(world)) == 1

    async def mended(service: Service) -> None:
        saved(world, title="Rettet")
        await reported(service)
        (shelf,) = service.plans.shelves.values()
        assert (shelf.error, shelf.plan.courses[0].title if shelf.plan else "") == (None, "Rettet")
        assert len(told(world)) == 1
        broken(world)
        await reported(service)
        assert len(told(world)) == 2

    play(world, mended)


def test_nobody_is_told_of_what_they_are_still_typing(world: World) -> None:
    """Excel saves half a row by itself; ten minutes later it is a mistake."""
    saved(world)

    async def scene(service: Service) -> None:
        broken(world)
        world.tenant.files.files[LINK].modified = world.tenant.files.clock.now()
        await reported(service)
        assert told(world) == []
        world.tenant.files.files[LINK].modified -= timedelta(minutes=11)
        for shelf in service.plans.shelves.values():
            shelf.linked.stamp = ()
        await reported(service)
        assert len(told(world)) == 1

    play(world, scene)


def test_two_processes_tell_it_once_and_read_it_alike(world: World) -> None:
    """Each sees the same file; the books say who has told."""
    saved(world)

    async def scene() -> None:
        settings = settings_for(world, plan=LINK)
        async with open_service(settings) as one, open_service(settings) as other:
            broken(world)
            await asyncio.gather(reported(one), reported(other))
            await asyncio.gather(reported(one), reported(other))

    asyncio.run(scene())
    assert len(told(world)) == 1
