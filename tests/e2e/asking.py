"""Asking for a page as a browser does."""

from __future__ import annotations

import html
import re
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import httpx

from bot.domain.decided import as_decided
from bot.opening.stores import open_stores
from bot.plan import parse_plan
from bot.web.app import create_app
from bot.web.server import served
from config.settings import Settings
from jobs.pages import Desks
from tests.e2e.driver import TOKEN
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.seats import ANNA, BO, WEB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobs.plans import Plans
    from tests.e2e.driver import World

SIGNUP = {"mode": "signup", "capacity": 5}
ADDRESS = re.compile(r"http://127[^/\s]*(/(?:p|feed)/\S+)")


@contextmanager
def browser(world: World) -> Iterator[httpx.Client]:
    """The pages as a service shows them that begins now: of the plan, which need not be readable, and the books as they are."""
    plan = parse_plan(world.plan_file.read_bytes(), name="plan.yaml", now=world.now).plan
    settings = Settings(
        database_url=f"sqlite:///{world.database_file}",
        now=world.now,
        graph={"base_url": world.base_url, "credential": "static_token", "static_token": TOKEN},
        web={"base_url": WEB["WEB__BASE_URL"], "secret_key": WEB["WEB__SECRET_KEY"]},
    )
    with open_stores(settings) as stores:
        # As the service has it: by the id of today, and by those that links in old mails say.
        source, read = SimpleNamespace(name="plan.yaml"), None if plan is None else as_decided(plan)
        shelves = SimpleNamespace(shelves={"plan.yaml": SimpleNamespace(settings=settings, source=source, plan=read)})
        app = create_app(
            Desks(cast("Plans", shelves), stores), secret=WEB["WEB__SECRET_KEY"], base_url=WEB["WEB__BASE_URL"], now=lambda: world.now
        )
        with served(app) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            yield client


def words(world: World, link: str) -> str:
    with browser(world) as client:
        return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(client.get(link).text)).split())


def asked(world: World, *arguments: str) -> list[str]:
    ran = world.run("link", *arguments)
    assert ran.code == 0, ran.err
    return ADDRESS.findall(ran.out)


def signup(day: str, **changes: object) -> dict[str, object]:
    return make_course("kursus", make_session(day=day), **({"enrolment": SIGNUP} | changes))


def begin(world: World, course: dict[str, object], **changes: object) -> None:
    world.settings |= WEB
    world.write(make_plan(course, **({"audiences": people(ANNA, BO)} | changes)))
    world.sync()
