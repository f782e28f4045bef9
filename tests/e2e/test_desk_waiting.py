"""What waits, looked at closer: everybody who would be mailed, and what they would get, before anybody approves."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.municipality import ORGANISER
from tests.e2e.desk_browser import WAYS, at_the_browser
from tests.e2e.desk_driver import HR, at_the_desk, checksums, leader
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.service_driver import run_job

if TYPE_CHECKING:
    from tests.e2e.desk_browser import OwnThread
    from tests.e2e.driver import World

pytestmark = pytest.mark.e2e

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> [link](javascript:alert(3)) ![x](https://evil.example/x.png)"
MANY = 12


def invited(world: World) -> list[str]:
    users = world.tenant.directory.users.values()
    found = [user.mail.lower() for user in users if user.mail and not user.is_room and user.enabled and user.mail != ORGANISER]
    first = leader(world).address.lower()
    return [first, *[one for one in found if one != first]][:MANY]


def write(world: World, description: str, **changes: object) -> None:
    course = make_course("lederdag", make_session(), title="Lederdag", description=description, **changes)
    world.write(make_plan(course, audiences=people(*invited(world))))


def test_everybody_who_would_be_mailed_is_named_and_found_and_the_look_is_written_down(world: World) -> None:
    """As many as the page says; an address that is typed stands in no URL."""
    write(world, "Vi mødes.")

    async def story(service, person) -> None:
        hr = await person(HR)
        page = await asyncio.to_thread(hr.read, "/changes")
        assert f"Hvem? {MANY} får mail" in page
        names = unescape(await asyncio.to_thread(hr.read, "/changes/lederdag/people?plan=demo"))
        assert [address for address in invited(world) if address not in names] == []
        assert f"{MANY} får mail." in names
        one, other = invited(world)[:2]
        by_address = await asyncio.to_thread(hr.send, "/changes/lederdag/people?plan=demo", names, q=one)
        assert (one in by_address.text, other in by_address.text) == (True, False)
        by_word = await asyncio.to_thread(hr.send, "/changes/lederdag/people?plan=demo", names, q="findes-ikke")
        assert by_word.headers["location"] == "/changes/lederdag/people?plan=demo&q=findes-ikke"
        assert "0 af 12 passer" in await asyncio.to_thread(hr.read, by_word.headers["location"])
        looks = [one for one in service.stores.actions.load_actions("demo") if one.command == "preview"]
        assert [(one.by, one.course, one.subject, one.door) for one in looks] == [(HR.address, "lederdag", str(MANY), "desk")]

    at_the_desk(world, story)


def test_what_is_said_in_a_plan_stays_words_in_the_mail_that_is_shown(world: World) -> None:
    """Nothing runs, nothing is fetched, and the frame has a stricter policy than the page."""
    write(world, HOSTILE)

    async def story(service, person) -> None:
        hr = await person(HR)
        whole = await asyncio.to_thread(hr.browser.get, "/changes/lederdag/mail?plan=demo")
        assert "frame-src 'self'" in whole.headers["content-security-policy"]
        assert "<script>alert" not in whole.text
        one = await asyncio.to_thread(hr.browser.get, "/changes/lederdag/mail/1?plan=demo")
        policy = one.headers["content-security-policy"]
        assert ("sandbox;" in policy, "script-src" in policy, "frame-ancestors 'self'" in policy) == (True, False, True)
        assert one.headers["x-frame-options"] == "SAMEORIGIN"
        assert ("<script" in one.text, "<img" in one.text, 'href="javascript' in one.text) == (False, False, False)
        assert "&lt;script&gt;alert(1)" in one.text
        for number in ("0", "2"):
            assert (await asyncio.to_thread(hr.browser.get, f"/changes/lederdag/mail/{number}?plan=demo")).status_code == 404

    at_the_desk(world, story)


def test_both_texts_stand_where_the_text_changes(world: World) -> None:
    """What is taken out and what is added, with signs; what is kept stands once."""
    write(world, "Tag en kollega med.")

    async def story(service, person) -> None:
        hr = await person(HR)
        page = await asyncio.to_thread(hr.read, "/changes")
        await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="approve")
        await run_job(service, "sync_plan")
        write(world, "Tag en bærbar med.")
        await run_job(service, "sync_plan")
        looks = await asyncio.to_thread(hr.read, "/changes/lederdag/mail?plan=demo")
        said = re.sub(r"<[^>]+>", "", looks)
        assert "Tag en [−kollega−][+bærbar+] med." in said
        assert re.search(r"<del>.*kollega.*</del><ins>.*bærbar.*</ins>", looks)
        people_page = await asyncio.to_thread(hr.read, "/changes/lederdag/people?plan=demo")
        assert people_page.count("besked om ændringen") == MANY

    at_the_desk(world, story)


def test_a_change_that_waits_no_more_says_so(world: World) -> None:
    write(world, "Vi mødes.")

    async def story(service, person) -> None:
        hr = await person(HR)
        for address in ("people", "mail", "mail/1"):
            answer = await asyncio.to_thread(hr.browser.get, f"/changes/andet/{address}?plan=demo")
            assert (answer.status_code, "venter ikke længere" in answer.text) == (404, True)

    at_the_desk(world, story)


@pytest.mark.parametrize("way", WAYS)
def test_hr_reads_names_and_mails_before_approving(world: World, way: str, browser: OwnThread) -> None:
    """Where scripts run it opens on the page itself, else on a page of its own."""
    write(world, "Vi mødes **i salen**.")
    one, other = invited(world)[:2]

    def story(window, run) -> None:
        window.open("/changes")
        window.page.get_by_text(f"Hvem? {MANY} får mail").click()
        if not window.scripts:
            window.press("Se alle navne på en side for sig")
        window.page.get_by_label("Søg på navn").wait_for()
        assert {one, other} <= set(re.findall(r"[\w.æøå-]+@[\w.-]+\w", window.read()))
        window.page.get_by_label("Søg på navn").fill(one)
        window.page.get_by_role("button", name="Søg").click()
        window.page.get_by_text(f"Én af {MANY} passer").wait_for()
        assert other not in window.read()
        window.open("/changes")
        window.page.get_by_text("Sådan ser det ud").first.click()
        if not window.scripts:
            window.press("Se det på en side for sig")
        frame = window.page.frame_locator("iframe.change-frame")
        frame.get_by_text("Vi mødes i salen").wait_for()
        assert "rgb(0, 0, 0)" in frame.locator("body").evaluate("one => getComputedStyle(one).color")
        window.read()

    at_the_browser(world, way, browser, HR, story)
