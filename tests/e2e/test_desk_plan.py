"""Whether the plan is right, seen at the desk: read anew at each look, and nothing is done by looking."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.e2e.desk_driver import HR, at_the_desk, leader, write_plan
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from tests.e2e.driver import World


def test_hr_reads_what_is_wrong_with_the_plan_and_sees_it_mended(world: World) -> None:
    """The pages go on by what could be read last."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        page = await asyncio.to_thread(hr.read, "/plan")
        assert ("Planen er i orden." in page, "1 person" in page) == (True, True)

        backwards = make_course("bagvendt", make_session(start="12:00", end="09:00"))
        world.write(make_plan(backwards, audiences=people(leader(world).address)))
        await service.plans.look()
        page = await asyncio.to_thread(hr.read, "/plan")
        assert ("Planen kan ikke bruges, som den er nu" in page, "courses[0]" in page, "Fejl" in page) == (True, True, True)
        assert (await asyncio.to_thread(hr.browser.get, "/changes")).status_code == 200
        assert "Lederdag" in await asyncio.to_thread(hr.read, "/overview")

        write_plan(world)
        assert "Planen er i orden." in await asyncio.to_thread(hr.read, "/plan")

    at_the_desk(world, story)


def test_a_plan_that_is_not_there_is_told_as_such(world: World) -> None:
    """It is not taken for a plan without courses."""
    write_plan(world)

    async def story(_service, person) -> None:
        hr = await person(HR)
        kept = world.plan_file.read_bytes()
        world.plan_file.unlink()
        page = await asyncio.to_thread(hr.read, "/plan")
        assert ("Planen kan ikke læses lige nu." in page, "Planen er i orden." in page) == (True, False)
        world.plan_file.write_bytes(kept)

    at_the_desk(world, story)


def test_what_is_written_in_a_plan_is_shown_as_text(world: World) -> None:
    """Also in the words about what is wrong with it."""
    write_plan(world)

    async def story(_service, person) -> None:
        hr = await person(HR)
        world.write(make_plan(make_course(audience="<script>alert(1)</script>"), audiences=people(leader(world).address)))
        page = await asyncio.to_thread(hr.read, "/plan")
        assert ("<script>alert" in page, "&lt;script&gt;" in page) == (False, True)

    at_the_desk(world, story)
