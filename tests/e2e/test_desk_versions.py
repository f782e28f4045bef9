"""The versions of the plan at the desk: seen, compared, taken along, and the way back told plainly; every look is a line."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.e2e.desk_driver import HR, at_the_desk, leader
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.service_driver import run_job

if TYPE_CHECKING:
    from tests.e2e.driver import World

HOSTILE = "<script>alert(1)</script>"


def written(world: World, day: str, title: str = "Lederdag", **changes: object) -> None:
    course = make_course("lederdag", make_session(day=day), title=title, **changes)
    world.write(make_plan(course, audiences=people(leader(world).address)))


def test_hr_sees_what_the_plan_was_compares_and_takes_a_version_along(world: World) -> None:
    """With the words of a preview, and the file is put back by HR."""
    written(world, "2025-06-18")

    async def story(service, person) -> None:
        hr = await person(HR)
        await run_job(service, "sync_plan")
        written(world, "2025-06-20", HOSTILE, note="Husk kaffe")
        await service.plans.look()
        await run_job(service, "sync_plan")
        page = await asyncio.to_thread(hr.read, "/plan")
        assert ("Udgave 2 ·" in page, "Udgave 1 ·" in page, "fra filen plan.yaml" in page) == (True, True, True)
        every = await asyncio.to_thread(hr.read, "/plan/versions")
        assert ("Ændres: " in every or "Nye invitationer: " in every, "Den ældste udgave" in every) == (True, True)
        assert (HOSTILE in every, "&lt;script&gt;" in every) == (False, True)
        both = await asyncio.to_thread(hr.read, "/plan/versions?first=1&second=2")
        assert ("20-06-2025" in both, "Note: (intet) → Husk kaffe" in both, HOSTILE in both) == (True, True, False)
        old = await asyncio.to_thread(hr.read, "/plan/versions/1")
        assert ("Planen ligger i jeres egen fil" in old, "1 mail" in old, HOSTILE in old) == (True, True, False)
        new = await asyncio.to_thread(hr.read, "/plan/versions/2")
        assert "Det er det, planen siger nu." in new
        for form in ("yaml", "xlsx"):
            file = await asyncio.to_thread(hr.browser.get, f"/plan/versions/1/file?format={form}")
            assert (file.status_code, file.headers["content-disposition"].startswith(f'attachment; filename="demo-1.{form}"')) == (
                200,
                True,
            )
            (world.folder / f"kept.{form}").write_bytes(file.content)
        for wrong in (
            "/plan/versions/9",
            "/plan/versions/x",
            "/plan/versions/²",
            "/plan/versions?first=1",
            "/plan/versions/1/file?format=exe",
        ):
            assert (await asyncio.to_thread(hr.browser.get, wrong)).status_code == 404, wrong
        await asyncio.to_thread((world.folder / "plan.yaml").write_bytes, (world.folder / "kept.yaml").read_bytes())
        await service.plans.look()
        await run_job(service, "sync_plan")
        page = await asyncio.to_thread(hr.read, "/plan")
        assert "Udgave 3 ·" in page

    at_the_desk(world, story)
    lines = [(line["command"], line["by"], line["door"]) for line in world.run("actions", "--format", "json").json]
    for command in ("plan history", "plan diff", "plan export"):
        assert (command, HR.address, "desk") in lines
