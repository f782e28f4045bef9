"""A service with its bot, and people with Teams: the sandbox plays Teams, and brings what they do to the bot."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from typing import TYPE_CHECKING

from bot.sandbox.municipality import ORGANISER
from bot.web.server import serving
from jobs.registry import JOBS
from jobs.service import app_of
from tests.builders.played_teams import PlayedTeams
from tests.builders.signing_in import free_port
from tests.e2e.desk_driver import SECRET
from tests.e2e.service_driver import at_work, settings_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from tests.e2e.driver import World

APP_ID = "0badc0de-0000-4000-8000-00000000b07a"
TENANT = "11111111-1111-4111-8111-111111111111"
BOT_SECRET = "bottens hemmelighed"


def bot_settings(world: World) -> dict[str, object]:
    return {"app_id": APP_ID, "app_secret": BOT_SECRET, "tenant_id": TENANT, "sandbox_url": world.base_url.removesuffix("/v1.0")}


def in_teams(world: World, story: Callable[..., Awaitable[None]], *people: str, processes: int = 1, **changes: object) -> None:
    """Play a story with a service, its bot and Teams, in which these people have added the app.

    With more `processes`, Teams comes to one after another, as by a load balancer; the story has the first.
    """

    async def scene() -> None:
        port = free_port()
        home = f"http://127.0.0.1:{port}"
        web = {"base_url": home, "secret_key": SECRET, "port": port}
        settings = settings_for(world, **({"web": web, "bot": bot_settings(world)} | changes))
        teams = PlayedTeams(world.base_url)
        async with at_work(settings) as service, contextlib.AsyncExitStack() as more:
            with contextlib.ExitStack() as pages:
                ports = [free_port() for _ in range(processes)] if processes > 1 else [port]
                for one in ports:
                    served = service if one == ports[0] else await more.enter_async_context(at_work(settings))
                    pages.enter_context(serving(app_of(served), host="127.0.0.1", port=one))
                if processes > 1:
                    await more.enter_async_context(_taking_turns(port, ports))
                for label in service.plans.shelves:
                    await service.runner.run(label, JOBS["sync_plan"])
                await asyncio.to_thread(teams.listen_at, f"{home}/bot/messages", app_id=APP_ID, secret=BOT_SECRET, tenant_id=TENANT)
                world.tenant.teams.installed.clear()
                for person in people:
                    await asyncio.to_thread(teams.add, person)
                await story(service, teams)

    asyncio.run(scene())


@contextlib.asynccontextmanager
async def _taking_turns(port: int, ports: Sequence[int]) -> AsyncIterator[None]:
    """Every connection to `port` goes to the next of `ports`."""
    turns = itertools.cycle(ports)

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while part := await reader.read(65536):
                writer.write(part)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind, to_behind = await asyncio.open_connection("127.0.0.1", next(turns))
        await asyncio.gather(pass_on(reader, to_behind), pass_on(behind, writer))

    async with await asyncio.start_server(come, "127.0.0.1", port):
        yield


def leaders(world: World, count: int) -> list[str]:
    """The addresses of so many people whom the directory has."""
    users = world.tenant.directory.users.values()
    found = [user.mail for user in users if user.mail and not user.is_room and user.mail != ORGANISER]
    return found[10 : 10 + count]
