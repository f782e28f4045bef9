"""Whoever saves a plan with mistakes in SharePoint is told by mail: once for each mistake, with its place."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook

from bot.domain.errors import PlanInvalid
from bot.plan import parse_plan
from bot.plan.sheets import SESSIONS
from bot.plan.workbook_writer import render_workbook
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


def workbook(world: World, *, start: object = None, rows_above: int = 0) -> bytes:
    """The plan as HR has it in Excel; `start` is typed over the first start, and rows may be put above it."""
    plan = parse_plan(world.plan_file.read_bytes(), name="plan.yaml", now=world.now).usable()
    book = load_workbook(BytesIO(render_workbook(plan)))
    page = book[SESSIONS.danish]
    if start is not None:
        (column,) = [one.column for one in page[1] if one.value == "Start"]
        page.cell(2, column).value = start
    if rows_above:
        page.insert_rows(2, rows_above)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def letter(world: World, mail: Any) -> str:
    (html,) = (one.html for one in world.tenant.messages.messages.values() if one.immutable_id == mail.event)
    return html


def test_a_mistake_in_a_workbook_is_told_with_sheet_and_cell_and_not_again_when_its_row_has_moved(world: World) -> None:
    """In Danish, to whoever saved it; the workbook is never written, and the plan that was holds."""
    saved(world, theme="Ledelse")
    put(world, workbook(world))
    world.tenant.files.rename(LINK, "Kurser 2025.xlsx")
    wrong = workbook(world, start="om lidt")

    async def scene(service: Service) -> None:
        await reported(service)
        assert told(world) == []
        put(world, wrong)
        await reported(service)
        (mail,) = told(world)
        assert mail.to == WRITER
        html = letter(world, mail)
        (shelf,) = service.plans.shelves.values()
        assert isinstance(shelf.error, PlanInvalid)
        (problem,) = [one for one in shelf.error.problems if one.is_error]
        assert problem.place.startswith(f"{SESSIONS.danish}!")
        assert problem.place in html
        assert "om lidt" in html
        assert "Kurser 2025.xlsx" in html
        assert shelf.plan is not None
        for above in (1, 3):
            put(world, workbook(world, start="om lidt", rows_above=above))
            await reported(service)
        assert len(told(world)) == 1
        put(world, workbook(world, start="om lidt igen"))
        await reported(service)
        assert len(told(world)) == 2
        assert world.tenant.files.files[LINK].modified_by == "HR Skribent"

    play(world, scene)
