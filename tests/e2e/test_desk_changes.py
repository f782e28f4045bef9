"""Ændringer at the desk: what was decided is followed until it is sent, and another word about it counts while it may."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.domain.sign_in import Role, Visitor
from jobs.pages import PlanDesks
from tests.e2e.desk_driver import HR, READER, at_the_desk, checksums, write_plan
from tests.e2e.service_driver import run_job, until

if TYPE_CHECKING:
    from jobs.service import Service
    from tests.e2e.desk_driver import Person
    from tests.e2e.driver import World

pytestmark = pytest.mark.e2e


def shown(page: str) -> list[str]:
    """What the buttons of the page would decide about."""
    return checksums(page)


async def decides(hr: Person, decision: str, comment: str = "") -> httpx.Response:
    page = await asyncio.to_thread(hr.read, "/changes")
    return await asyncio.to_thread(hr.send, "/changes", page, shown=shown(page), decision=decision, comment=comment)


def approved_quietly(service: Service, shown: list[str]) -> None:
    """Approved at the desk without waking a job, as between two minutes."""
    who = Visitor(subject="1", email=HR.address, name=HR.name, roles=frozenset({Role.HR}), proved_at=datetime.now(UTC))
    desk = PlanDesks(service.plans, service.stores)["demo"]
    assert desk.decide(dict(one.split(" ", 1) for one in shown), who, approved=True, comment="")


def events(hr: Person) -> list[tuple[str, str]]:
    """The events that come until nothing moves any more."""
    with hr.browser.stream("GET", "/changes/progress?plan=demo") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = "".join(answer.iter_text())
    found = [block.split("\n", 1) for block in told.strip().split("\n\n")]
    return [(name.removeprefix("event: "), data) for name, data in found]


def test_what_is_approved_is_followed_until_it_is_done(world: World) -> None:
    """By the books: how many went, when, and that none failed."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        assert (await decides(hr, "approve")).headers["location"].endswith("done=approve")
        told = await asyncio.to_thread(events, hr)
        assert {name for name, _ in told} == {"progress", "over"}
        assert "Færdig kl." in told[-2][1]
        page = await asyncio.to_thread(hr.read, "/changes")
        assert ("1 sendt, 0 fejlede" in page, "sse-connect" in page, "http-equiv" in page) == (True, False, False)

    at_the_desk(world, story)


def test_while_it_is_sent_the_page_comes_anew_with_and_without_script(world: World) -> None:
    """It was approved, and no job has taken it yet."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        approved_quietly(service, checksums(await asyncio.to_thread(hr.read, "/changes")))
        page = await asyncio.to_thread(hr.read, "/changes")
        assert 'sse-connect="/changes/progress?plan=demo"' in page
        assert '<noscript><meta http-equiv="refresh"' in page
        assert "Tjenesten begynder inden for et minut" in page

    at_the_desk(world, story)


def test_an_approval_that_has_not_gone_is_taken_back_and_given_again_all_the_same(world: World) -> None:
    """Rejected stands as rejected, and the way out of it beside it."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        approved_quietly(service, checksums(await asyncio.to_thread(hr.read, "/changes")))
        assert "Tag godkendelsen tilbage" in await asyncio.to_thread(hr.read, "/changes")
        assert (await decides(hr, "reject", "Vi venter")).headers["location"].endswith("done=reject")
        await run_job(service, "sync_plan")
        assert world.events == {}
        page = await asyncio.to_thread(hr.read, "/changes")
        assert ("»Vi venter«" in page, "Godkend alligevel" in page, "Intet sendes" in page) == (True, True, True)
        assert (await decides(hr, "approve")).status_code == 303
        await until(lambda: world.events != {})
        await until(lambda: "Færdig kl." in hr.read("/changes"))

    at_the_desk(world, story)


def test_what_was_sent_cannot_be_taken_back(world: World) -> None:
    """A form that was open too long says so."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        page = await asyncio.to_thread(hr.read, "/changes")
        await decides(hr, "approve")
        await until(lambda: "Færdig kl." in hr.read("/changes"))
        sent = await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="reject", comment="For sent")
        assert sent.headers["location"].endswith("done=changed")

    at_the_desk(world, story)


def test_only_who_may_approve_follows_it(world: World) -> None:
    """By the areas of the desk."""
    write_plan(world)

    async def story(service, person) -> None:
        reader = await person(READER)
        answer = await asyncio.to_thread(reader.browser.get, "/changes/progress")
        assert answer.status_code == 403

    at_the_desk(world, story)
