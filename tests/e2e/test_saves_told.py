"""Microsoft 365 tells that something in the plan's library was saved: the plan is looked at, and nothing more is done."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from bot.web.server import serving
from jobs.service import app_of, open_service
from tests.builders.signing_in import free_port
from tests.e2e.service_driver import run_job, settings_for
from tests.e2e.sharepoint import LINK, asked, broken, look, saved

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from jobs.service import Service
    from tests.e2e.driver import World


@contextmanager
def called(world: World, service: Service) -> Iterator[None]:
    """The pages that Graph calls, at the address that the settings name."""
    base_url = service.settings.web.base_url
    assert base_url is not None
    with serving(app_of(service), host="127.0.0.1", port=urlsplit(base_url).port or 0):
        yield
    world.tenant.notifier.stop()


def play_called(world: World, scene: Callable[[Service], Awaitable[None]], plan: str = LINK) -> None:
    """As `play`, where Microsoft 365 may call."""
    web = {"base_url": f"http://127.0.0.1:{free_port()}", "secret_key": "en-lang-hemmelighed-som-kun-findes-i-test"}

    async def on_stage() -> None:
        async with open_service(settings_for(world, plan=plan, web=web)) as service:
            with called(world, service):
                await scene(service)

    asyncio.run(on_stage())


async def until(happened: Callable[[], bool]) -> None:
    """Nobody looks but who is called."""
    for _ in range(300):
        if happened():
            return
        await asyncio.sleep(0.1)
    raise AssertionError


def watching(world: World) -> list[str]:
    return sorted(one.kind for one in world.tenant.subscriptions.living())


def title_of(service: Service) -> str:
    (shelf,) = service.plans.shelves.values()
    assert shelf.plan is not None
    return shelf.plan.courses[0].title


def test_a_save_is_seen_when_microsoft_tells_of_it(world: World) -> None:
    """Also with mistakes; what else is saved in the library costs a look and nothing more, however much it is."""
    saved(world)

    async def scene(service: Service) -> None:
        assert (await run_job(service, "renew_subscriptions")).is_good
        assert watching(world) == ["drive", "events", "messages"]
        assert (await run_job(service, "renew_subscriptions")).is_good
        assert watching(world) == ["drive", "events", "messages"]
        saved(world, title="Ny titel")
        await until(lambda: title_of(service) == "Ny titel")
        asked(world)
        for number in range(20):
            world.tenant.files.put(f"{LINK}{number}", b"somebody else's", name="referat.docx")
        await until(lambda: world.tenant.notifier.waiting == 0 and bool(world.tenant.journal.entries))
        looks = asked(world)
        assert 1 <= len(looks) <= 3
        assert not [path for path in looks if "content" in path]
        broken(world)
        (shelf,) = service.plans.shelves.values()
        await until(lambda: shelf.error is not None)
        assert title_of(service) == "Ny titel"

    play_called(world, scene)


@pytest.mark.parametrize("role", ["Sites.Selected", "Files.SelectedOperations.Selected"])
def test_where_the_library_may_not_be_watched_the_file_is_looked_at(world: World, role: str) -> None:
    """A grant on one file or site is enough for all but to be told at once; no job fails for it."""
    saved(world)
    item = world.tenant.files.files[LINK].item_id
    world.tenant.settings.roles = {role, "Calendars.Read", "Calendars.ReadWrite", "Mail.Read", "Mail.ReadWrite", "User.Read.All"}

    async def scene(service: Service) -> None:
        ran = await run_job(service, "renew_subscriptions")
        assert ran.is_good
        assert watching(world) == ["events", "messages"]
        saved(world, title="Ny titel")
        assert title_of(service) != "Ny titel"
        await look(service)
        assert title_of(service) == "Ny titel"

    play_called(world, scene, plan=f"drives/{world.tenant.files.DRIVE_ID}/items/{item}")


def test_a_library_is_watched_on_while_its_file_cannot_be_looked_at(world: World) -> None:
    """By the books, after a restart too; another kind of plan lets go of it."""
    saved(world)

    async def before(service: Service) -> None:
        await run_job(service, "renew_subscriptions")

    async def denied(service: Service) -> None:
        assert (await run_job(service, "renew_subscriptions")).is_good
        assert "drive" in watching(world)

    play_called(world, before)
    world.tenant.files.files[LINK].is_denied = True
    play_called(world, denied)
    play_called(world, lambda service: let_go(world, service), plan=str(world.plan_file))


async def let_go(world: World, service: Service) -> None:
    assert (await run_job(service, "renew_subscriptions")).is_good
    assert "drive" not in watching(world)
