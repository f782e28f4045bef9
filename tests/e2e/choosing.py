"""A person on the own page: the link from the mail, and the choice."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import httpx

from tests.e2e.plans import make_course
from tests.e2e.seats import HOLD, WEB

if TYPE_CHECKING:
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
