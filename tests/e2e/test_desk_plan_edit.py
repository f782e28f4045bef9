"""A plan that is written at the desk alone: from nothing to invitations in people's calendars."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from tests.builders.sent_forms import form_on, typed
from tests.e2e.desk_driver import HR, at_the_desk, checksums, leader
from tests.e2e.plans import make_plan
from tests.e2e.service_driver import run_job

if TYPE_CHECKING:
    from tests.e2e.driver import World

pytestmark = pytest.mark.e2e


def fill(hr, address, *steps):
    """A form as people fill it in: each step types in the newest rows and presses a button; where the last one led."""
    page, answer = hr.read(address), None
    for do, cells in steps:
        action = re.search(r'action="([^"]*)" class="plan-form"', page)[1].replace("&amp;", "&")
        fields, _ = form_on(page, action)
        data = typed(fields, **cells) | {"do": do}
        answer = hr.browser.post(action, data=data, headers={"Origin": str(hr.browser.base_url).rstrip("/")})
        assert answer.status_code in {200, 303}, answer.text
        page = answer.text
    return answer.headers["location"]


def test_an_empty_plan_becomes_invitations_that_were_approved(world: World) -> None:
    said = make_plan()
    heading = {name: said[name] for name in ("organisation", "organiser", "contact", "timezone")}
    address = leader(world).address

    def written(hr) -> None:
        begun = hr.send("/plan/begin?plan=demo", hr.read("/plan/begin"), **heading, language="da")
        assert "Planen er begyndt" in begun.text
        for _ in range(100):
            if hr.browser.get("/plan/edit?plan=demo").status_code == 200:
                break
        fill(
            hr, "/plan/edit/audiences?plan=demo",
            ("add.audiences.", {}),
            ("add.people.0", {"c0.name": "Alle ledere"}),
            ("save", {"c1.email": address}),
        )  # fmt: skip
        fill(
            hr, "/plan/edit/course/new?plan=demo",
            ("add.sessions.0", {"c0.title": "Lederdag", "c0.status": "approved", "c0.audience": "alle-ledere"}),
            ("save", {"c1.start": "18-06-2030 09:00", "c1.end": "18-06-2030 15:00"}),
        )  # fmt: skip
        page = hr.read("/plan/edit?plan=demo")
        assert "1 mail til 1 person." in page
        draft = re.search(r"draft=(\w+)", page)[1]
        assert hr.send(f"/plan/edit?plan=demo&draft={draft}", page, do="save").status_code == 303

    async def story(service, person) -> None:
        hr = await person(HR)
        await asyncio.to_thread(written, hr)
        await run_job(service, "sync_plan")
        assert world.events == {}
        page = await asyncio.to_thread(hr.read, "/changes")
        await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="approve", comment="")
        await run_job(service, "sync_plan")
        ((event,),) = world.events.values()
        assert [one.address for one in event.attendees] == [address]

    at_the_desk(world, story, plan="desk:demo")
