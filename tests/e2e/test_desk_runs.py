"""What the service does, told at the desk: all is well, a plan that cannot be read, a service that rests, an examination."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from bot.domain.messages import DeliveryState
from tests.builders.report_facts import message
from tests.e2e.desk_driver import DIRECTOR, HR, READER, at_the_desk, checksums, leader, write_plan
from tests.e2e.service_driver import run_job

if TYPE_CHECKING:
    from tests.e2e.driver import World

INSIDE = ("sync_plan", "collect_responses", "exit", "Traceback", "graph_", "plan_invalid", "KURSUSBOT_", "sync ")


def plain(page: str) -> str:
    """What is read, without marks and what is folded away for the IT department."""
    shown = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", shown)


def test_hr_sees_that_all_is_well_and_when_what_comes_next(world: World) -> None:
    """Each kind of work by what it does, and no word of the program's inside."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        changes = await asyncio.to_thread(hr.read, "/changes")
        await asyncio.to_thread(hr.send, "/changes", changes, shown=checksums(changes), decision="approve")
        for job in ("sync_plan", "collect_responses"):
            await run_job(service, job)
        page = await asyncio.to_thread(hr.read, "/runs")
        for said in ("Alt kører", "Planen føres ud i kalenderen", "Gik godt", "Ikke kørt endnu", "Ingen beskeder venter"):
            assert said in page
        assert [one for one in INSIDE if one in plain(page)] == []

    at_the_desk(world, story)


def test_what_waits_for_hr_is_no_fault_of_the_service(world: World) -> None:
    write_plan(world)

    async def story(service, person) -> None:
        page = await asyncio.to_thread((await person(HR)).read, "/runs")
        assert ("Venter på godkendelse" in page, "Alt kører" in page) == (True, True)

    at_the_desk(world, story)


def test_a_plan_that_cannot_be_read_is_told_with_what_to_do_and_what_holds_meanwhile(world: World) -> None:
    """And the way to what is wrong."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        write_plan(world, title="")
        await service.plans.look()
        await run_job(service, "sync_plan")
        page = await asyncio.to_thread(hr.read, "/runs")
        for said in ("Planen har fejl, så den bruges ikke.", "Indtil da gælder det, der sidst blev godkendt", "/plan?plan=demo"):
            assert said in page
        assert "Alt kører" not in page
        assert [one for one in INSIDE if one in plain(page)] == []

    at_the_desk(world, story)


def test_a_service_that_rests_says_that_nobody_has_to_do_anything(world: World) -> None:
    """Microsoft 365 is away: it is told once, however many kinds of work found it out."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        world.tenant.faults.add(path="/", status=503, times=None)
        for job in ("sync_plan", "collect_responses"):
            await run_job(service, job)
        page = await asyncio.to_thread(hr.read, "/runs")
        assert plain(page).count("Microsoft 365 svarer ikke.") == 1
        for said in ("Du skal ikke gøre noget.", "Der prøves igen af sig selv om få minutter"):
            assert said in page

    at_the_desk(world, story)


def test_mails_that_wait_are_counted_with_when_they_will_have_gone(world: World) -> None:
    """What one minute, or one day, has no room for."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        waiting = [message(DeliveryState.DUE, plan="demo", key=str(number), error="") for number in range(61)]
        service.stores.outbox.add_messages(waiting)
        page = await asyncio.to_thread(hr.read, "/runs")
        assert "61 beskeder venter på at blive sendt" in page

    at_the_desk(world, story)


def test_hr_examines_whether_everything_is_in_place_and_a_reload_does_not_ask_again(world: World) -> None:
    """Findings in HR's words, what is for the IT department folded away; nothing is changed."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        before = await asyncio.to_thread(hr.read, "/runs/check")
        assert "Der er ikke undersøgt noget endnu" in before
        writes = len(world.events)
        sent = await asyncio.to_thread(hr.send, "/runs/check?of=demo", before)
        assert (sent.status_code, sent.headers["location"]) == (303, "/runs/check?of=demo")
        asked = len(world.tenant.journal.entries)
        page = await asyncio.to_thread(hr.read, sent.headers["location"])
        for said in ("Undersøgt ", "I orden", "Login", "Kursuspostkassens kalender"):
            assert said in page
        assert (len(world.tenant.journal.entries), len(world.events)) == (asked, writes)
        assert [one for one in INSIDE if one in plain(page)] == []

    at_the_desk(world, story)


def test_what_an_examination_finds_says_what_to_do_and_what_the_it_department_needs(world: World) -> None:
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        world.tenant.faults.add(path="/calendar", status=403, times=None)
        before = await asyncio.to_thread(hr.read, "/runs/check")
        await asyncio.to_thread(hr.send, "/runs/check", before)
        page = await asyncio.to_thread(hr.read, "/runs/check")
        assert "Skal rettes" in plain(page)
        assert "Bed it-afdelingen" in plain(page)
        assert "Til it-afdelingen" in page

    at_the_desk(world, story)


def test_a_plan_that_cannot_be_read_is_examined_too(world: World) -> None:
    """Then most of all; with the way to what is wrong in it."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        before = await asyncio.to_thread(hr.read, "/runs/check")
        write_plan(world, title="")
        await service.plans.look()
        await asyncio.to_thread(hr.send, "/runs/check", before)
        page = " ".join(plain(await asyncio.to_thread(hr.read, "/runs/check")).split())
        assert "Skal rettes: Plan" in page
        assert "på siden Plan står, hvad der er galt" in page

    at_the_desk(world, story)


@pytest.mark.parametrize("account", [DIRECTOR, READER, None], ids=["director", "reader", "leader"])
def test_nobody_but_hr_sees_what_the_service_does_or_examines_it(world: World, account) -> None:
    write_plan(world)

    async def story(service, person) -> None:
        someone, hr = await person(account or leader(world)), await person(HR)
        for address in ("/runs", "/runs/check"):
            assert (await asyncio.to_thread(someone.browser.get, address)).status_code == 403
        assert (await asyncio.to_thread(someone.send, "/runs/check", "")).status_code == 403
        assert (await asyncio.to_thread(hr.send, "/runs/check", "")).status_code == 403
        assert (await asyncio.to_thread(hr.browser.get, "/runs/check?of=ukendt")).status_code == 404

    at_the_desk(world, story)
