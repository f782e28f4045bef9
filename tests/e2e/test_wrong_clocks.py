"""A clock that is wrong erases nobody: what would go waits for a person, is told everywhere, and goes by that person's word."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.graph_findings import NOTHING_FOUND
from bot.domain.letting_go import LONGEST_AWAY
from bot.opening.tenant import graph_settings, tenant_of
from jobs.registry import JOBS
from jobs.service import open_service
from tests.e2e.as_it_was import played_once
from tests.e2e.looked import looked
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.service_driver import settings_for

if TYPE_CHECKING:
    from tests.e2e.driver import World

FAR = datetime.fromisoformat("2033-01-01T00:00:00Z")


@played_once
def begin(world: World, count: int = 20) -> None:
    """A course with so many people, who have answered; a round has been."""
    addresses = [f"leder{number:03}@norddjurs.example" for number in range(1, count + 1)]
    world.write(make_plan(make_course(), audiences=people(*addresses)))
    assert world.run("run").code == 0
    for address in addresses:
        world.answer("lederdag/dag", address, "accepted")
    assert world.run("run").code == 0


def names(world: World) -> int:
    return sum("@" in email for _, email in world.registrations())


def named(world: World, plan: str) -> int:
    """How many rows of a plan still name somebody, whatever plan the world has now."""
    with contextlib.closing(sqlite3.connect(world.database_file)) as books:
        (count,) = books.execute("SELECT count(*) FROM registrations WHERE plan = ? AND email LIKE '%@%'", [plan]).fetchone()
    return int(count)


def test_a_clock_that_jumps_erases_nobody_and_when_it_is_right_again_all_is_as_before(world: World) -> None:
    begin(world)
    here = world.now
    before = world.registrations()
    world.now = FAR
    for _ in range(2):
        ran = world.run("run")
        assert (ran.code, "erasure_waits" in ran.err or "kursusbot expire --yes" in ran.err) == (3, True)
    world.now = here
    assert world.registrations() == before
    assert world.run("run").code == 0


def test_a_person_sees_what_would_go_and_lets_it_go(world: World) -> None:
    begin(world)
    assert names(world) > 0
    world.now = FAR
    seen = world.run("expire")
    assert (seen.code, "Intet er gjort" in seen.out) == (0, True)
    assert names(world) > 0
    assert world.run("expire", "--yes", "--by", "Bente").code == 0
    assert names(world) == 0
    assert "ingen oplysninger" in world.run("expire").out
    deeds = json.loads(world.run("actions", "--format", "json").out)
    assert [(one["command"], one["by"]) for one in deeds if one["command"] == "expire"] == [("expire", "Bente")]
    world.now = FAR + timedelta(days=1)
    assert world.run("run").code == 0


def test_what_is_over_day_by_day_goes_by_itself(world: World) -> None:
    """Few people, and a round now and then: nobody is asked."""
    begin(world, count=5)
    while world.now < FAR - timedelta(days=6 * 365):
        world.now += LONGEST_AWAY - timedelta(days=1)
        assert world.run("run").code == 0
    assert names(world) == 0


def test_the_service_tells_of_what_waits_and_lets_nothing_go(world: World) -> None:
    begin(world)
    world.now = FAR

    async def scene() -> None:
        async with open_service(settings_for(world)) as service:
            run, result = await service.runner.run("demo", JOBS["erase_expired"])
            assert (run.outcome.value, run.error) == ("held", "erasure_waits")
            assert result.outcome is run.outcome
            assert b'kursusbot_erasure_waits{plan="demo"} 1.0' in service.metrics.render()[0]

    asyncio.run(scene())
    assert names(world) > 0


def test_a_clock_that_jumps_makes_no_other_plan_look_left(world: World) -> None:
    """The plan whose round it is has nothing that is over, and by that clock nobody has worked for the other one in years."""
    begin(world)
    before = named(world, "demo")
    assert before
    world.write(make_plan(make_course("andet", title="Noget andet"), id="ny", audiences=people("en@norddjurs.example")))
    assert world.run("run").code == 0
    world.now = FAR
    for _ in range(2):
        ran = world.run("run")
        assert (ran.code, "kursusbot expire --yes" in ran.err) == (3, True)
    assert named(world, "demo") == before
    assert "Intet er gjort" in world.run("expire").out
    assert world.run("expire", "--yes", "--by", "Bente").code == 0
    assert named(world, "demo") == 0


def test_the_service_and_hrs_report_say_that_it_waits_and_no_longer_when_it_does_not(world: World) -> None:
    begin(world)
    world.now = FAR

    async def told(*, work: bool) -> tuple[bool, list[str], Any]:
        async with open_service(settings_for(world)) as service:
            if work:
                await service.runner.run("demo", JOBS["erase_expired"])
            found = await looked(service)
            facts: Any = found.facts
            waits = [what for what in facts["wrong"] if what.startswith("erasure:")]
            return found.ready, waits, facts["plans"]["demo"].get("erasure_waits")

    assert asyncio.run(told(work=True)) == (True, ["erasure:demo"], "clock_jumped")
    assert "expire --yes" in world.run("report").out
    assert world.run("expire", "--yes", "--by", "Bente").code == 0
    assert asyncio.run(told(work=False)) == (True, [], None)
    assert "expire --yes" not in world.run("report").out


def test_a_date_that_microsoft_does_not_share_is_not_believed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's clock is a week ahead: far enough for what ends this week, and no jump."""
    begin(world, count=5)
    world.now += timedelta(days=44)
    monkeypatch.setattr("bot.graph.connection.apart", lambda *_given: timedelta(days=-7))
    while world.now < FAR - timedelta(days=6 * 365):
        world.now += timedelta(days=44)
        code = world.run("run").code
        if code == 3:
            break
    assert code == 3
    assert names(world) > 0


def test_how_far_graphs_clock_is_from_ours_is_known_once_it_has_answered(world: World) -> None:
    begin(world, count=3)

    async def scene() -> None:
        async with open_service(settings_for(world)) as service:
            settings, plan = await service.plans.open("demo")
            client = await service.clients.client(graph_settings(settings, NOTHING_FOUND))
            tenant = tenant_of(client, settings, plan, service.stores)
            assert tenant.clock_apart() is None
            await service.runner.run("demo", JOBS["sync_plan"])
            apart = tenant.clock_apart()
            assert apart is not None
            assert abs(apart) < timedelta(minutes=10)

    asyncio.run(scene())
