"""What a person approves, carried out by the service, where Microsoft 365 is as documented and where it is the other way."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.municipality import DOMAIN
from tests.e2e.approval import approve, approve_all, states, waiting
from tests.e2e.driver import TOKEN, mail_of
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.readings import READINGS, read_as
from tests.e2e.service_driver import at_work, order, outcomes, settings_for, until

if TYPE_CHECKING:
    from config.settings import Settings
    from jobs.service import Service
    from tests.e2e.driver import World

ANNA, BO, EVA = (mail_of(name) for name in ("anna", "bo", "eva"))
DAYS = {"et": "2025-06-18", "andet": "2025-06-19"}


@pytest.fixture(params=READINGS)
def world(world: World, request: pytest.FixtureRequest) -> World:
    world.settings["APPROVAL"] = ""
    return read_as(world, request.param)


def write(world: World, *who: str, **changes: dict[str, object]) -> None:
    courses = [make_course(name, make_session(day=day), **changes.get(name, {})) for name, day in DAYS.items()]
    world.write(make_plan(*courses, audiences=people(*who)))


def at_service(world: World) -> Settings:
    """The service's settings, with what is known of this tenant."""
    known = {"attendees_patch_mails": "everybody", "gate": "app"} if world.tenant.settings.attendee_patch_mails_everyone else {}
    asked = {"base_url": world.base_url, "credential": "static_token", "static_token": TOKEN, "retry_budget_seconds": 10}
    return settings_for(world, approval="plan", graph=asked | known)


def mailed(world: World) -> Counter[tuple[str, str]]:
    """Who of the participants got what; HR is told by mail what waits."""
    return Counter((mail.kind.value, mail.to) for mail in world.tenant.mail_log.to_people() if mail.to != f"hr@{DOMAIN}")


def told(world: World, *courses: str) -> int:
    """How many mails the rows that wait say that these courses would be."""
    return sum(row["mails"] for row in waiting(world) if row["course"] in courses)


async def round_of(service: Service, slot: int) -> str:
    """One sync of the service, and where it left something, HR told of it; its outcome."""

    def done(job: str) -> int:
        return len(service.stores.job_runs.load_latest(9).get(("demo", job), ()))

    before, told_before = done("sync_plan"), done("hr_report")
    await service.queue.put(order("sync_plan", slot=slot))
    await until(lambda: done("sync_plan") > before)
    outcome = outcomes(service)["demo", "sync_plan"]
    if outcome == "held":
        await until(lambda: done("hr_report") > told_before)
    return outcome


def test_the_service_sends_what_was_approved_and_as_many_mails_as_waited(world: World) -> None:
    """A new time with somebody who joins: where a list mails everybody they are told twice, and the row that waits has said so."""
    write(world, ANNA, BO)

    async def scene() -> None:
        async with at_work(at_service(world)) as service:
            assert (await round_of(service, 1), mailed(world)) == ("held", {})
            await asyncio.to_thread(approve_all, world)
            assert (await round_of(service, 2), mailed(world)) == ("done", {("invitation", one): 2 for one in (ANNA, BO)})
            world.tenant.mail_log.clear()
            write(world, ANNA, BO, EVA, et={"sessions": [make_session(day="2025-06-20")]}, andet={"title": "Et nyt navn"})
            assert (await round_of(service, 3), mailed(world)) == ("held", {})
            mails = await asyncio.to_thread(told, world, "et")
            row = next(row for row in await asyncio.to_thread(waiting, world) if row["course"] == "et")
            await asyncio.to_thread(approve, world, row["checksum"])
            assert (await round_of(service, 4), mailed(world).total()) == ("held", mails)
            await asyncio.to_thread(approve_all, world)
            mails += await asyncio.to_thread(told, world, "andet")
            assert await round_of(service, 5) == "done"
            assert mailed(world).total() == (10 if world.tenant.settings.attendee_patch_mails_everyone else 6)
            so_far = mailed(world).total()
            assert (await round_of(service, 6), mailed(world).total()) == ("done", so_far)

    asyncio.run(scene())
    assert (states(world), waiting(world)) == ({"done"}, [])
    assert world.invited("et/dag") == world.invited("andet/dag") == {ANNA, BO, EVA}


@pytest.mark.crossed
@pytest.mark.parametrize(("method", "path"), [("GET", "/events"), ("POST", "/events$"), ("PATCH", "/events/")])
def test_what_is_approved_while_the_service_is_at_it_goes_once(world: World, method: str, path: str) -> None:
    """Between two reads or two writes of the round that carries out the other course."""
    write(world, ANNA, BO)
    if method != "POST":
        approve_all(world)
        assert world.run("run").code == 0
        world.tenant.mail_log.clear()
        write(world, ANNA, BO, et={"title": "Et nyt navn"}, andet={"title": "Et andet navn"})
    assert world.run("run").code == 3
    checksums = {row["course"]: row["checksum"] for row in waiting(world)}
    mails = told(world, *checksums)
    approve(world, checksums["et"])

    async def scene() -> None:
        async with at_work(at_service(world)) as service:
            held = world.tenant.faults.add(method=method, path=path, times=1, delay_ms=800)
            under_way = asyncio.create_task(round_of(service, 1))
            await until(lambda: held.acted)
            approved = world.start("approve", checksums["andet"])
            assert (await asyncio.to_thread(world.finish, approved)).code == 0
            assert await under_way in {"done", "held"}
            assert [await round_of(service, slot) for slot in (2, 3)] == ["done", "done"]

    asyncio.run(scene())
    kind = "invitation" if method == "POST" else "update"
    assert (mailed(world), mails) == ({(kind, one): 2 for one in (ANNA, BO)}, 4)
    assert (states(world), waiting(world)) == ({"done"}, [])
