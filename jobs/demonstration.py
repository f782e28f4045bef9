"""`demo --serve`: the service itself before a sandbox tenant, and a sign-in with a button for each role.

Everything is on loopback and in a temporary folder, and gone when it ends.
"""

from __future__ import annotations

import secrets
import socket
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.clock import MovableClock
from bot.demo.living import BEGINS_AT, play_prologue, set_scene
from bot.demo.stage import PLAN_ZONE, StorySettings
from bot.desks.plans.store import IMPORT, plan_store
from bot.domain.approvals import Door
from bot.domain.plan_places import SCHEME
from bot.domain.sign_in import Role
from bot.domain.times import instant
from bot.opening.plan_source import plan_of_content
from bot.opening.stores import open_stores
from bot.sandbox.issuer import Account, Issuer
from bot.web.server import served
from jobs.living import LivingTime
from jobs.registry import JOBS
from jobs.service import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.domain.people import Language
    from bot.ports.moving_time import MovingTime
    from config.settings import Settings
    from jobs.service import Service

HOST, USUAL_PORT, CLIENT = "127.0.0.1", 8000, "kursusbot"


async def serve_demonstration(
    language: Language,
    *,
    port: int | None,
    leaders: int,
    prepared: Callable[[int, int], None],
    started: Callable[[str, Sequence[Account]], None],
) -> None:
    """Until the process is told to stop. `started` gets the address to open, and who can sign in there.

    `prepared` gets how much of the beginning is played. `port` None: the usual one, or a free one where that
    is taken. Raises InputError `port_taken`.
    """
    ours, theirs = port or free_port(USUAL_PORT), free_port()
    home, issuer_url, secret = f"http://{HOST}:{ours}", f"http://{HOST}:{theirs}", secrets.token_hex(32)
    web: dict[str, Any] = {"base_url": home, "host": HOST, "port": ours, "secret_key": secret}
    with set_scene(language, leaders, web) as scene:
        issuer = Issuer(base_url=issuer_url, client_id=CLIENT, client_secret=secret, accounts=scene.people)
        await play_prologue(scene, prepared)
        clock = MovableClock(instant(BEGINS_AT, PLAN_ZONE))
        signin: Any = {"issuer": issuer_url, "client_id": CLIENT, "client_secret": secret}
        settings = StorySettings(**scene.settings, signin=signin, now=clock.now()).going_by(clock)
        settings = _brought_to_the_desk(settings, scene.people)
        times: list[LivingTime] = []

        async def shown(service: Service) -> MovingTime:
            times.append(LivingTime(service, clock, scene.control))
            for name in ("collect_responses", "sync_plan"):
                for plan in service.plans.shelves:
                    await service.runner.run(plan, JOBS[name])
            return times[0]

        try:
            with served(issuer.app(), host=HOST, port=theirs):
                await serve(settings, shown=shown, started=lambda _service, _at: started(home, scene.people))
        finally:
            for one in times:
                one.stop()


def _brought_to_the_desk(settings: Settings, people: Sequence[Account]) -> Settings:
    """The settings with the plan of the story kept on the desk, as HR has taken it in from its file.

    Nothing follows from it: it says the same.
    """
    content = Path(settings.plan or "").read_bytes()
    plan = plan_of_content(settings, content).id
    kept = settings.model_copy(update={"plan": f"{SCHEME}{plan}"})
    with open_stores(kept) as stores:
        store = plan_store(kept, stores)
        hr = next(one.address for one in people if Role.HR in one.roles)
        whole = store.read(content).usable()
        store.save(whole, base=0, by=hr, door=Door.DESK, command=IMPORT)
    return kept


def free_port(wished: int = 0) -> int:
    """The port that is wished for, or a free one where it is taken."""
    for one in (wished, 0):
        with closing(socket.socket()) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((HOST, one))
            except OSError:
                continue
            return int(tried.getsockname()[1])
    return wished
