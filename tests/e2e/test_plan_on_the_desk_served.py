"""A plan on the desk, served: not there before it is begun, read when it is saved, and written by programs one after the other."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.desks.plans.store import Heading, SaveState, plan_store
from bot.domain.approvals import Door
from bot.domain.errors import DatabaseFailed
from bot.sandbox.municipality import ORGANISER
from jobs.pages import EmptyPlans, PlanDesks
from tests.e2e.api_driver import asking, die_before_the_answer
from tests.e2e.desk_driver import HR, at_the_desk, leader
from tests.e2e.plans import make_course, make_plan, people

if TYPE_CHECKING:
    from tests.e2e.driver import World

PLAN = "/api/v1/plans/demo"
DESK = {"plan": "desk:demo"}
HEADING = Heading(
    organisation="Demokommunen", timezone="Europe/Copenhagen", language="da", organiser=ORGANISER, contact="hr@norddjurs.example"
)


def begin(world: World) -> None:
    world.write(make_plan(make_course("lederdag"), audiences=people(leader(world).address)))
    world.settings |= {"PLAN": "desk:demo", "APPROVAL": "plan"}
    assert world.run("plan", "import", str(world.plan_file), "--yes", "--by", "hr").code == 0


async def put(client: Any, document: Any, tag: str, status: int = 200, **headers: str) -> Any:
    match = {"If-Match": tag} if tag else {}
    return await client.ask("PUT", f"{PLAN}/plan", status, json=document, extra=match | headers)


def test_a_plan_that_nobody_has_begun_is_no_error_and_is_there_with_the_first_save(world: World) -> None:
    async def story(service: Any, _person: Any) -> None:
        plans = service.plans
        assert ([*plans.shelves], [*plans.entries()], [*PlanDesks(plans, service.stores)]) == ([], [], [])
        empty = EmptyPlans(plans, service.stores)
        assert [*empty] == ["demo"]
        begun = empty["demo"].begin(HEADING, by=HR.address, door=Door.DESK)
        assert begun.state is SaveState.SAVED
        await service.wake("demo", "sync_plan")
        assert ([*plans.shelves], len(EmptyPlans(plans, service.stores))) == (["demo"], 0)
        assert PlanDesks(plans, service.stores)["demo"].books.origin.saved_by == HR.address

    at_the_desk(world, story, **DESK)


def test_what_was_saved_a_moment_ago_is_what_the_next_page_and_the_next_round_work_by(world: World) -> None:
    """And what was read last holds where the database does not answer."""
    begin(world)

    async def story(service: Any, _person: Any) -> None:
        desks = PlanDesks(service.plans, service.stores)
        store = plan_store(desks["demo"].books.settings, service.stores)
        plan, last = store.kept()
        assert store.save(replace(plan, organisation="Nyt navn"), base=last.number, by=HR.address, door=Door.DESK).state is SaveState.SAVED
        assert desks["demo"].as_read.organisation == "Nyt navn"
        assert (await service.runner.work("demo")).written.organisation == "Nyt navn"
        kept = service.plans._kept._kept
        service.plans._kept._kept = Silent()
        work = await service.runner.work("demo")
        assert work.written.organisation == "Nyt navn"
        (shelf,) = service.plans.shelves.values()
        assert (shelf.goes_on, service.plans.wrong_with(shelf).code) == (True, "database_unreachable")
        service.plans._kept._kept = kept
        await service.plans.look()
        assert service.plans.wrong_with(shelf) is None

    at_the_desk(world, story, **DESK)


class Silent:
    """Books behind a database that does not answer."""

    def look(self, plan: str) -> None:
        raise DatabaseFailed("database_unreachable", database=plan, detail="silent")


def test_programs_write_the_plan_one_after_the_other_and_each_says_which_they_edited(world: World) -> None:
    begin(world)

    async def story(service: Any, person: Any) -> None:
        hr = asking(service, person)
        stands = await hr.get(f"{PLAN}/plan")
        assert (stands["plan"], stands["number"], stands["document"]["courses"][0]["id"]) == ("demo", 1, "lederdag")
        document = stands["document"]
        document["courses"][0]["title"] = "Et nyt navn"
        assert (await put(hr, document, "", 428))["code"] == "no_match"
        key = {"Idempotency-Key": "k-1"}
        first = await put(hr, document, '"1"', **key)
        assert (first["number"], first["document"]) == (2, document)
        assert await put(hr, document, '"1"', **key) == first
        die_before_the_answer(service)
        assert await put(hr, document, '"1"', **key) == first
        assert (await put(hr, document | {"contact": "ny@norddjurs.example"}, '"1"', 412))["code"] == "plan_saved_since"
        refused = await put(hr, document | {"contact": "hr"}, '"2"', 422)
        assert (refused["code"], refused["problems"][0]["place"]) == ("plan_invalid", "contact")
        assert (await put(hr, document | {"id": "anden"}, '"2"', 409))["code"] == "plan_other"
        assert (await hr.get(f"{PLAN}/plan"))["number"] == 2

    at_the_desk(world, story, **DESK)
    lines = [line["command"] for line in world.run("actions", "--format", "json").json if line["door"] == "api"]
    assert sorted(lines) == ["plan export", "plan export", "plan save"]


def test_a_plan_in_a_file_is_read_by_programs_and_not_written(world: World) -> None:
    world.write(make_plan(make_course("lederdag"), audiences=people(leader(world).address)))

    async def story(service: Any, person: Any) -> None:
        hr = asking(service, person)
        stands = await hr.get(f"{PLAN}/plan")
        assert (stands["number"], stands["document"]["id"]) == (None, "demo")
        assert (await put(hr, stands["document"], '"1"', 409))["code"] == "plan_in_file"

    at_the_desk(world, story)


@pytest.mark.parametrize("savers", [4])
def test_of_people_who_save_at_once_in_a_service_one_is_heard(world: World, savers: int) -> None:
    begin(world)

    async def story(service: Any, person: Any) -> None:
        hr = asking(service, person)
        document = (await hr.get(f"{PLAN}/plan"))["document"]

        async def save(number: int) -> int:
            said = document | {"organisation": f"Kommune {number}"}
            answer = await hr.answer("PUT", f"{PLAN}/plan", json=said, extra={"If-Match": '"1"'})
            return int(answer.status_code)

        assert sorted(await asyncio.gather(*map(save, range(savers)))) == [200, *[412] * (savers - 1)]

    at_the_desk(world, story, **DESK)
