"""A plan that is written at the desk alone: from nothing to invitations in people's calendars."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from tests.builders.browsers import new_window
from tests.builders.sent_forms import form_on, typed
from tests.e2e.desk_driver import HR, at_the_desk, checksums, leader
from tests.e2e.plans import ALL_LEADERS, make_plan
from tests.e2e.service_driver import run_job

if TYPE_CHECKING:
    from tests.e2e.desk_browser import OwnThread
    from tests.e2e.driver import World

pytestmark = pytest.mark.e2e


def written(hr, browser) -> None:
    """In a browser, as whoever has nothing but the desk does it."""
    home = str(hr.browser.base_url).rstrip("/")
    with new_window(browser, locale="da-DK") as context:
        context.add_cookies([{"name": name, "value": value, "url": home} for name, value in hr.browser.cookies.items()])
        page = context.new_page()
        press = lambda value: (page.locator(f"button[value^='{value}']:visible").first.click(), page.wait_for_load_state())  # noqa: E731
        page.goto(f"{home}/plan/begin?plan=demo")
        for name in ("organisation", "organiser", "contact"):
            page.locator(f"[name='{name}']").fill(make_plan()[name])
        page.locator("main form button[type=submit]").click()
        page.get_by_text("Planen er begyndt").wait_for()
        while page.goto(f"{home}/plan/edit/audiences?plan=demo").status != 200:
            page.wait_for_timeout(100)
        press("add.audiences")
        page.locator("input[name='c0.name']").fill("Alle ledere")
        press("add.people")
        page.locator("input[name='c1.email']").fill(hr.leader)
        press("save")
        page.goto(f"{home}/plan/edit/course/new?plan=demo")
        page.locator("input[name='c0.title']").fill("Lederdag")
        page.locator("select[name='c0.status']").select_option("approved")
        page.get_by_label("Alle ledere").first.check()
        press("add.sessions")
        page.locator("input[name='c1.start']").fill("tirsdag den 18. juni 2030 kl. 9")
        page.locator("input[name='c1.end']").fill("15.00")
        press("save")
        page.goto(f"{home}/plan/edit?plan=demo")
        assert "1 mail til 1 person." in page.locator("main").inner_text()
        press("save")


def groups_found(hr) -> None:
    """The directory is asked for groups to take, and for what is typed as one."""

    def sent(do, **cells):
        page = hr.read("/plan/edit/audiences?plan=demo")
        action = re.search(r'action="([^"]*)" class="plan-form"', page)[1].replace("&amp;", "&")
        data = typed(form_on(page, action)[0], **cells) | {"do": do}
        return hr.browser.post(action, data=data, headers={"Origin": str(hr.browser.base_url).rstrip("/")}).text

    assert f'value="take.0.{ALL_LEADERS}"' in sent("find.0", q0=ALL_LEADERS[:4])
    looked = sent("look", c0__groups=f"{ALL_LEADERS}, ukendt@kommune.example")
    assert re.search(rf"Gruppen {ALL_LEADERS} har \d+ medlemmer\.", looked)
    assert "Gruppen ukendt@kommune.example findes ikke i kataloget." in looked


def approved(hr) -> None:
    page = hr.read("/changes")
    hr.send("/changes", page, shown=checksums(page), decision="approve", comment="")


def test_an_empty_plan_becomes_invitations_that_were_approved(world: World, browser: OwnThread) -> None:
    async def story(service, person) -> None:
        hr = await person(HR)
        hr.leader = leader(world).address
        await asyncio.to_thread(browser.do, lambda opened: written(hr, opened))
        await run_job(service, "sync_plan")
        assert world.events == {}
        await asyncio.to_thread(groups_found, hr)
        await asyncio.to_thread(approved, hr)
        await run_job(service, "sync_plan")
        ((event,),) = world.events.values()
        assert [one.address for one in event.attendees] == [hr.leader]

    at_the_desk(world, story, plan="desk:demo")
