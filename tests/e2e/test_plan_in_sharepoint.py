"""A plan in SharePoint: looked at cheaply, read when it was saved, and never taken away by what happens to the file."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot.desks.plans.reading import PlanState, read_anew
from bot.domain.revisions import RevisionSource
from bot.domain.sign_in import Role, Visitor
from bot.hr_report.today import Urgency
from jobs.pages import PlanDesks
from tests.e2e.service_driver import run_job
from tests.e2e.sharepoint import LINK, TROUBLES, WRITER, asked, broken, look, play, saved

if TYPE_CHECKING:
    from jobs.service import Service
    from tests.e2e.driver import Ran, World


def test_a_look_at_rest_costs_one_request_and_no_download(world: World) -> None:
    """The link is followed once; a restart asks no more than that either."""
    saved(world)

    async def first(service: Service) -> None:
        assert len(asked(world)) == 2
        for _ in range(3):
            assert (await look(service)).error is None
            (path,) = asked(world)
            assert "/drives/" in path
            assert "content" not in path
        saved(world, title="Ny titel")
        plan = (await look(service)).plan
        assert plan is not None
        assert plan.courses[0].title == "Ny titel"

    play(world, first)
    asked(world)

    async def after_a_restart(service: Service) -> None:
        plan = (await look(service)).plan
        assert plan is not None
        assert plan.courses[0].title == "Ny titel"
        assert not [path for path in asked(world) if "content" in path or "/shares/" in path]

    play(world, after_a_restart)


def test_who_saved_the_plan_that_holds_goes_with_the_work(world: World) -> None:
    """Name, address, when, and where the file is opened; never the link."""
    saved(world)

    async def scene(service: Service) -> None:
        origin = (await service.runner.work("demo")).origin
        assert origin is not None
        assert (origin.name, origin.saved_by, origin.saved_by_email) == ("kursusplan.yaml", "HR Skribent", WRITER)
        assert origin.saved_at is not None
        assert "EaBcDeF" not in repr(origin)

    play(world, scene)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_whatever_happens_to_the_file_the_last_good_plan_holds(world: World, trouble: str) -> None:
    """It is told with its own words, work goes on, also after a restart, and nobody is mailed for it."""
    happens, code = TROUBLES[trouble]
    saved(world)

    async def before(service: Service) -> None:
        assert (await run_job(service, "sync_plan")).is_good
        happens(world)
        mails = len(world.tenant.mail_log.mails)
        shelf = await look(service)
        assert shelf.error is not None
        assert shelf.error.code == code
        assert (await run_job(service, "sync_plan")).is_good
        assert len(world.tenant.mail_log.mails) == mails

    async def after(service: Service) -> None:
        shelf = await look(service)
        assert shelf.error is not None
        assert shelf.error.code == code
        assert (await run_job(service, "sync_plan")).is_good
        assert len(world.tenant.calendars.events) == 1

    play(world, before)
    play(world, after)


def test_a_lock_passes_by_itself(world: World) -> None:
    """While it stands the old plan holds; then the new one is read."""
    saved(world)

    async def scene(service: Service) -> None:
        saved(world, title="Ny titel")
        world.tenant.files.files[LINK].is_locked = True
        shelf = await look(service)
        assert shelf.error is not None
        assert shelf.error.code == "graph_file_locked"
        assert shelf.plan is not None
        assert shelf.plan.courses[0].title != "Ny titel"
        world.tenant.files.files[LINK].is_locked = False
        shelf = await look(service)
        assert (shelf.error, shelf.plan.courses[0].title if shelf.plan else "") == (None, "Ny titel")

    play(world, scene)


def test_a_file_that_is_renamed_moved_or_no_longer_shared_is_read_on(world: World) -> None:
    """It goes by its ids; one that takes its place behind the link is found by the link."""
    saved(world)

    async def scene(service: Service) -> None:
        files = world.tenant.files
        asked(world)
        files.rename(LINK, "plan 2027.yaml")
        files.move(LINK, "Arkiv")
        files.files[LINK].is_shared = False
        shelf = await look(service)
        assert shelf.error is None
        assert len(asked(world)) == 1
        files.delete(LINK)
        saved(world, title="Ny fil")
        shelf = await look(service)
        assert (shelf.error, shelf.plan.courses[0].title if shelf.plan else "") == (None, "Ny fil")

    play(world, scene)


def test_a_drive_and_its_item_need_no_link(world: World) -> None:
    """As where the app has a right to this file alone; who saved it stands with the version of the plan."""
    saved(world)
    found = world.tenant.files.files[LINK]
    found.is_shared = False

    async def scene(service: Service) -> None:
        shelf = await look(service)
        assert (shelf.error, shelf.plan is not None) == (None, True)
        await run_job(service, "sync_plan")
        kept = service.stores.revisions.newest("demo")
        assert kept is not None
        assert (kept.source, kept.name, kept.by) == (RevisionSource.LINK, "kursusplan.yaml", "HR Skribent")
        assert not [path for path in asked(world) if "/shares/" in path]

    play(world, scene, plan=f"drives/{world.tenant.files.DRIVE_ID}/items/{found.item_id}")
    ran = world.run("check", f"drives/{world.tenant.files.DRIVE_ID}/items/{found.item_id}", "--format", "json")
    assert ran.json["ok"] is True


def test_the_desk_shows_what_is_wrong_and_who_saved_it_and_that_it_is_mended(world: World) -> None:
    """Also by the file's ids, where the link is ended; mended, it is in order and nothing waits."""
    saved(world)
    visitor = Visitor(subject="1", email="hr@norddjurs.example", name="HR", roles=frozenset({Role.HR}), proved_at=None)

    async def scene(service: Service) -> None:
        desks = PlanDesks(service.plans, service.stores)
        broken(world)
        world.tenant.files.files[LINK].is_shared = False
        await look(service)
        books = desks["demo"].books
        (item,) = [one for one in desks["demo"].today(visitor).items if one.kind is Urgency.PLAN]
        assert item.names == ("HR Skribent",)
        assert item.since is not None
        reading = await asyncio.to_thread(read_anew, books.settings, books.saved)
        assert reading.state is PlanState.NOT_USABLE
        assert reading.problems
        saved(world)
        await look(service)
        books = desks["demo"].books
        assert not [one for one in desks["demo"].today(visitor).items if one.kind is Urgency.PLAN]
        assert (await asyncio.to_thread(read_anew, books.settings, books.saved)).error is None

    play(world, scene)


def test_a_link_whose_file_is_not_shown_is_fetched_whole_now_and_then(world: World) -> None:
    """With `Files.Read.All` alone: nobody knows who saved it, mistakes go to the contact, and nothing else is missing."""
    saved(world)
    world.tenant.settings.roles = {"Files.Read.All", "User.Read.All", "Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send"}

    async def scene(service: Service) -> None:
        shelf = await look(service)
        assert (shelf.error, shelf.plan is not None) == (None, True)
        origin = (await service.runner.work("demo")).origin
        assert origin is not None
        assert (origin.drive, origin.saved_by) == ("", "")
        asked(world)
        await service.plans.look()
        assert asked(world) == [], "not before its time"
        saved(world, title="Ny titel")
        shelf = await look(service)
        assert shelf.plan is not None
        assert shelf.plan.courses[0].title == "Ny titel"
        broken(world)
        shelf = await look(service)
        assert (shelf.error.code if shelf.error else "", shelf.plan.courses[0].title if shelf.plan else "") == ("plan_invalid", "Ny titel")

    play(world, scene)


def of_files(ran: Ran) -> list[str]:
    """What a command asked of files, without what names them: `look` or `content`."""
    paths = [one.path for one in ran.requests if "/drives/" in one.path or "/shares/" in one.path]
    return ["content" if path.endswith("/content") else "look" for path in paths]


@pytest.mark.parametrize("by_place", [False, True])
def test_a_command_fetches_the_file_only_where_it_has_another_content(world: World, by_place: bool) -> None:
    """What the service or another command has kept is enough; `check` writes nothing, and keeps nothing."""
    saved(world)
    item = world.tenant.files.files[LINK].item_id
    plan = f"drives/{world.tenant.files.DRIVE_ID}/items/{item}" if by_place else LINK
    assert of_files(world.run("check", PLAN=plan)) == ["content"]
    assert of_files(world.sync(PLAN=plan)) == ["look", "content"]
    for command in (("check",), ("sync", "--yes"), ("preview",), ("check",)):
        ran = world.run(*command, PLAN=plan)
        assert (ran.code, of_files(ran)) == (0, ["look"]), ran.err
    saved(world, title="Ny titel")
    checked = world.run("check", PLAN=plan)
    assert of_files(checked) == ["look", "content"]
    synced = world.sync(PLAN=plan)
    assert of_files(synced) == ["look", "content"]
    assert [change["subject"] for change in synced.changes] == ["Ny titel"]
    assert of_files(world.run("check", PLAN=plan)) == ["look"]
    (told, *_) = world.run("plan", "history", "--format", "json", PLAN=plan).json
    assert told["by"] == "HR Skribent"


def test_a_command_never_takes_a_kept_plan_for_one_that_is_there(world: World) -> None:
    """Mistakes, a file that is gone and a right that is missing are told, as without anything kept."""
    saved(world)
    world.sync(PLAN=LINK)
    broken(world)
    assert world.run("check", PLAN=LINK).code == 2
    assert world.run("sync", "--yes", PLAN=LINK).code == 2
    saved(world)
    assert world.run("check", PLAN=LINK).code == 0
    world.tenant.files.files[LINK].is_denied = True
    assert world.run("sync", "--yes", PLAN=LINK).code == 4
    world.tenant.files.delete(LINK)
    assert world.run("sync", "--yes", PLAN=LINK).code == 2


def test_to_check_a_plan_makes_and_migrates_no_database(world: World) -> None:
    """One of an earlier version is left as it is."""
    saved(world)
    assert world.run("check", PLAN=LINK).code == 0
    assert not world.database_file.exists()
    world.sync(PLAN=LINK)
    with sqlite3.connect(world.database_file) as books:
        books.execute("UPDATE alembic_version SET version_num = '0001'")
    ran = world.run("check", PLAN=LINK)
    assert (ran.code, of_files(ran)) == (0, ["content"])
    with sqlite3.connect(world.database_file) as books:
        assert books.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


def test_a_command_reads_a_link_whose_file_is_not_shown_by_its_content(world: World) -> None:
    saved(world)
    world.tenant.settings.roles = {"Files.Read.All", "User.Read.All", "Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send"}
    for _ in range(2):
        ran = world.run("sync", "--yes", PLAN=LINK)
        assert (ran.code, of_files(ran)[:2]) == (0, ["look", "content"]), ran.err
