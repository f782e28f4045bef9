"""A person on the own page: the link from the mail, and the choice."""

from __future__ import annotations

import html
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

from bot.desks.person.page import BookDesk
from bot.opening.stores import open_stores
from bot.web.app import create_app
from bot.web.server import served
from config.settings import Settings
from tests.e2e.driver import TOKEN
from tests.e2e.plans import make_course
from tests.e2e.seats import HOLD, WEB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.plan import CoursePlan
    from tests.e2e.driver import World

COURSE = make_course(
    "kursus",
    offerings=HOLD,
    enrolment={"mode": "signup", "capacity": 1, "waiting_list": True, "handover": True, "deadline": "2025-06-01T12:00"},
)


def link_of(world: World, person: str) -> str:
    (body,) = [one.html for one in world.tenant.messages.messages.values() if person in one.everybody]
    found = re.search(r'href="http://127[^"/]*(/p/[^"]*)"', body)
    assert found
    return html.unescape(found[1])


def choose(pages: httpx.Client, link: str, action: str, offering: str, **said: str) -> str:
    asked = pages.get(f"{link}/confirm", params={"action": action, "offering": offering})
    assert asked.status_code == 200, asked.text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', asked.text))
    done = pages.post(f"{link}/confirm", data={**hidden, **said}, headers={"Origin": WEB["WEB__BASE_URL"]})
    assert done.status_code == 200, done.text
    return done.text


@contextmanager
def served_pages(world: World, plan: CoursePlan) -> Iterator[httpx.Client]:
    settings = Settings(
        database_url=f"sqlite:///{world.database_file}",
        now=world.now,
        graph={"base_url": world.base_url, "credential": "static_token", "static_token": TOKEN},
        web={"base_url": WEB["WEB__BASE_URL"], "secret_key": WEB["WEB__SECRET_KEY"]},
    )
    with open_stores(settings) as stores:
        desk = BookDesk(settings, plan, stores)
        app = create_app({plan.id: desk}, secret=WEB["WEB__SECRET_KEY"], base_url=WEB["WEB__BASE_URL"], now=lambda: world.now)
        with served(app) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, trust_env=False) as client:
            yield client
