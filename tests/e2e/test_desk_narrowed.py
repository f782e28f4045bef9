"""Plans that name who may see them: several departments at one desk, each with its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.issuer import Account
from tests.e2e.desk_driver import DIRECTOR, HR, READER, at_the_desk, checksums, two_plans, write_plan

if TYPE_CHECKING:
    from tests.e2e.driver import World

HR_PAGES = ("/", "/changes", "/overview", "/people", "/runs")


def test_who_is_not_named_does_not_see_that_there_is_a_plan(world: World) -> None:
    """Neither its pages, nor its name on those of others; and nothing of it can be decided."""
    settings = two_plans(world, hr=["anden.prove@norddjurs.example"])

    async def story(service, person) -> None:
        hr, director = await person(HR), await person(DIRECTOR)
        for someone, pages in ((hr, HR_PAGES), (director, ("/overview",))):
            for page in pages:
                assert (await asyncio.to_thread(someone.browser.get, f"{page}?plan=skole")).status_code == 404
                shown = await asyncio.to_thread(someone.read, page)
                assert "Skolerne" not in shown
                assert "skole" not in shown
        assert (await asyncio.to_thread(hr.browser.get, "/changes?plan=findes-ikke")).status_code == 404
        page = await asyncio.to_thread(hr.read, "/changes")
        sent = await asyncio.to_thread(hr.send, "/changes?plan=skole", page, shown=checksums(page), decision="approve")
        assert sent.status_code == 404

    at_the_desk(world, story, **settings)


def test_who_is_named_sees_it_beside_the_others(world: World) -> None:
    """By an address that the provider vouches for."""
    settings = two_plans(world, hr=[HR.address], readers=[DIRECTOR.address])

    async def story(service, person) -> None:
        hr, director, reader = await person(HR), await person(DIRECTOR), await person(READER)
        assert "Skolerne" in await asyncio.to_thread(hr.read, "/")
        assert "Skolernes lederdag" in await asyncio.to_thread(hr.read, "/changes?plan=skole")
        assert "Skolernes lederdag" in await asyncio.to_thread(director.read, "/overview?plan=skole")
        assert (await asyncio.to_thread(reader.browser.get, "/overview?plan=skole")).status_code == 404
        assert "Skolerne" not in await asyncio.to_thread(reader.read, "/overview")

    at_the_desk(world, story, **settings)


def test_hr_of_another_department_reads_and_decides_nothing(world: World) -> None:
    """Where they are named among the readers only."""
    settings = two_plans(world, hr=["anden.prove@norddjurs.example"], readers=[HR.address])

    async def story(service, person) -> None:
        hr = await person(HR)
        shown = await asyncio.to_thread(hr.read, "/overview?plan=skole")
        assert "Skolernes lederdag" in shown
        assert "/changes?plan=skole" not in shown
        assert (await asyncio.to_thread(hr.browser.get, "/changes?plan=skole")).status_code == 403
        page = await asyncio.to_thread(hr.read, "/changes")
        sent = await asyncio.to_thread(hr.send, "/changes?plan=skole", page, shown=checksums(page), decision="approve")
        assert sent.status_code == 403

    at_the_desk(world, story, **settings)


def test_a_group_of_the_directory_is_asked_and_whoever_it_does_not_answer_for_waits(world: World) -> None:
    """Unknown is not empty, and no access either: the page says why."""
    world.tenant.directory.add_group("Skolernes HR", "skole-hr@norddjurs.example")
    world.tenant.directory.add_person(HR.name, HR.address, "skole-hr@norddjurs.example")
    settings = two_plans(world, hr=["skole-hr@norddjurs.example"])

    async def story(service, person) -> None:
        hr = await person(HR)
        assert "Skolernes lederdag" in await asyncio.to_thread(hr.read, "/changes?plan=skole")
        director = await person(DIRECTOR)
        assert (await asyncio.to_thread(director.browser.get, "/overview?plan=skole")).status_code == 404

    at_the_desk(world, story, **settings)


def test_a_directory_that_is_silent_is_told_and_lets_nobody_in(world: World) -> None:
    """Those whom the token names see the plan all the same."""
    settings = two_plans(world, hr=["skole-hr@norddjurs.example", HR.address])

    async def story(service, person) -> None:
        hr, reader = await person(HR), await person(READER)
        world.tenant.faults.add(path="/users", status=403, times=100)
        world.tenant.faults.add(path="/groups", status=403, times=100)
        answer = await asyncio.to_thread(reader.browser.get, "/overview?plan=skole")
        assert (answer.status_code, "Vi kan ikke se, om du har adgang" in answer.text) == (503, True)
        assert "Skolerne" not in await asyncio.to_thread(reader.read, "/overview")
        assert "Skolernes lederdag" in await asyncio.to_thread(hr.read, "/changes?plan=skole")

    at_the_desk(world, story, **settings)


@pytest.mark.parametrize("groups", [["99999999-9999-4999-8999-999999999999"], []])
def test_groups_of_the_token_count_at_once(world: World, groups: list[str]) -> None:
    """By object id; and a token that tells them all leaves nothing to ask."""
    settings = two_plans(world, hr=["99999999-9999-4999-8999-999999999999"])

    async def story(service, person) -> None:
        hr = await person(HR, groups=groups)
        answer = await asyncio.to_thread(hr.browser.get, "/changes?plan=skole")
        assert answer.status_code == (200 if groups else 404)

    at_the_desk(world, story, **settings)


def test_who_sees_no_plan_at_all_keeps_their_own_courses(world: World) -> None:
    """And no menu of pages that are not theirs."""
    write_plan(world)
    elsewhere = Account(id="x", address="x@norddjurs.example", name="X")

    async def story(service, person) -> None:
        hr = await person(HR)
        mine = await asyncio.to_thread(hr.read, "/me")
        assert 'href="/changes"' not in mine
        assert (await asyncio.to_thread(hr.browser.get, "/")).status_code == 404

    at_the_desk(world, story, desk={"hr": [elsewhere.address]})
