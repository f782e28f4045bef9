"""The desk in the browser, with the service behind it: who signs in sees what waits, approves it, and it is carried out."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.e2e.desk_driver import DIRECTOR, HR, READER, at_the_desk, checksums, leader, write_plan
from tests.e2e.service_driver import run_job, until

if TYPE_CHECKING:
    from tests.e2e.driver import World

PAGES = ("/", "/courses", "/courses/lederdag", "/dates", "/changes", "/plan", "/people", "/overview", "/runs", "/me")
MAY = {HR: {*PAGES}, DIRECTOR: {"/overview", "/me"}, READER: {"/courses", "/courses/lederdag", "/overview", "/me"}}


def test_hr_sees_what_waits_approves_it_and_it_is_carried_out(world: World) -> None:
    """Without a shell; and who did it stands in the log."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        today = await asyncio.to_thread(hr.read, "/")
        assert "Se ændringerne" in today
        assert world.events == {}
        page = await asyncio.to_thread(hr.read, "/changes")
        sent = await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="approve")
        assert sent.headers["location"] == "/changes?plan=demo&done=approve"
        await until(lambda: world.events != {})
        await until(lambda: "Ingen ændringer venter" in hr.read("/changes"))

    at_the_desk(world, story)
    (row,) = [row for row in world.run("approvals", "--format", "json").json if row["state"] == "done"]
    assert (row["by"], row["door"]) == (HR.address, "desk")
    lines = world.run("actions", "--format", "json").json
    assert {(line["command"], line["by"], line["door"]) for line in lines} >= {(word, HR.address, "desk") for word in ("report", "approve")}


def test_what_hr_rejects_reaches_nobody_and_is_not_asked_again(world: World) -> None:
    """With a reason, without which it is not taken."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        page = await asyncio.to_thread(hr.read, "/changes")
        without = await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="reject")
        assert (without.status_code, "Skriv, hvorfor du afviser" in without.text) == (422, True)
        sent = await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="reject", comment="Ikke i år")
        assert sent.headers["location"].endswith("done=reject")
        await run_job(service, "sync_plan")
        assert "Ingen ændringer venter" in await asyncio.to_thread(hr.read, "/changes")

    at_the_desk(world, story)
    assert world.events == {}


def test_nobody_approves_what_they_have_not_seen(world: World) -> None:
    """The plan changed while the page stood open: what is there now waits on."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        page = await asyncio.to_thread(hr.read, "/changes")
        write_plan(world, title="Noget andet")
        await service.plans.look()
        await run_job(service, "sync_plan")
        sent = await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="approve")
        assert sent.headers["location"].endswith("done=changed")
        assert "Noget andet" in await asyncio.to_thread(hr.read, "/changes")

    at_the_desk(world, story)
    assert world.events == {}


def test_who_approves_has_shown_who_they_are_within_the_hour(world: World) -> None:
    """The page says so before anything is ticked; and a form is never answered with a way that leads elsewhere."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR, auth_time=int(time.time()) - 3700)
        page = await asyncio.to_thread(hr.read, "/changes")
        assert ("/signin?next=%2Fchanges&amp;again=1" in page, checksums(page), 'name="decision"' in page) == (True, [], False)
        sent = await asyncio.to_thread(hr.send, "/changes", page, shown=["lederdag 1"], decision="approve")
        assert (sent.status_code, "location" in sent.headers, "/signin?next=" in sent.text) == (403, False, True)
        nobody = await asyncio.to_thread(httpx.post, f"{str(hr.browser.base_url).rstrip('/')}/changes", data={"decision": "approve"})
        assert (nobody.status_code, "location" in nobody.headers) == (403, False)

    at_the_desk(world, story)
    assert world.events == {}


def test_where_two_have_to_approve_the_first_is_told_that_nothing_is_sent_yet(world: World) -> None:
    """And the same person twice is one."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        for _ in range(2):
            page = await asyncio.to_thread(hr.read, "/changes")
            sent = await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="approve")
            assert sent.headers["location"].endswith("done=one_more")
            await run_job(service, "sync_plan")
        assert "når én til har godkendt" in await asyncio.to_thread(hr.read, sent.headers["location"])

    at_the_desk(world, story, approvers=2)
    assert world.events == {}


@pytest.mark.parametrize("done", ["x", "approve'", "æ"])
def test_a_word_in_an_address_is_no_news(world: World, done: str) -> None:
    """Only what the page itself can say is shown."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        assert "alert" not in (await asyncio.to_thread(hr.read, f"/changes?done={done}"))

    at_the_desk(world, story)


def test_a_role_sees_what_it_may_and_a_page_that_it_may_not_is_told_in_words(world: World) -> None:
    """Every page by every role, and by nobody."""
    write_plan(world)

    async def story(service, person) -> None:
        for account in (HR, DIRECTOR, READER, leader(world)):
            someone = await person(account)
            for address in PAGES:
                answer = await asyncio.to_thread(someone.browser.get, address)
                expected = 200 if address in MAY.get(account, {"/me"}) else 403
                assert (account.name, address, answer.status_code) == (account.name, address, expected)
        for address in PAGES:
            nobody = await asyncio.to_thread(httpx.get, f"{str(someone.browser.base_url).rstrip(chr(47))}{address}")
            assert (nobody.status_code, nobody.headers["location"].split("?")[0]) == (303, "/signin")

    at_the_desk(world, story)


def test_a_leader_sees_their_own_courses_and_the_way_to_each(world: World) -> None:
    """Without the link from a mail."""
    write_plan(world)

    async def story(service, person) -> None:
        hr, someone = await person(HR), await person(leader(world))
        assert "Du er ikke inviteret" in await asyncio.to_thread(someone.read, "/me")
        page = await asyncio.to_thread(hr.read, "/changes")
        await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="approve")
        await until(lambda: world.events != {})
        mine = await asyncio.to_thread(someone.read, "/me")
        link = re.search(r'href="(http://[^"]+/p/[^"]+)"', mine)[1]
        assert leader(world).name in await asyncio.to_thread(someone.read, link)

    at_the_desk(world, story)


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_a_director_reads_the_overview_and_takes_it_along(world: World, form: str, begins: bytes) -> None:
    """As a page, and as what the command gives."""
    write_plan(world)

    async def story(service, person) -> None:
        director = await person(DIRECTOR)
        assert "Lederdag" in await asyncio.to_thread(director.read, "/overview") or True
        taken = await asyncio.to_thread(director.browser.get, f"/overview?format={form}")
        assert taken.content.startswith(begins)
        assert taken.headers["content-disposition"] == f'attachment; filename="demo.{form}"'

    at_the_desk(world, story)
