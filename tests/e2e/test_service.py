"""The service by itself, on each kind of database: its jobs, its stop, and that nobody's failure is another's."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
import yaml

from bot.domain.errors import InputError, PlanInvalid
from bot.domain.job_runs import JobOutcome
from bot.store.locks import run_lock
from bot.web.server import TURN_SECONDS, serving
from jobs.pages import Desks
from jobs.registry import JOBS
from jobs.service import app_of, open_service
from tests.e2e.choosing import COURSE, choose, link_of
from tests.e2e.driver import soon_tired, wait_until
from tests.e2e.plans import make_course, make_plan, people, some_courses
from tests.e2e.seats import ANNA, BO, CARL, WEB
from tests.e2e.service_driver import at_work, clock_of_service, folder_of, order, outcomes, settings_for, shared_database, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.job_runs import JobRun
    from tests.e2e.driver import World

OF_ONE_PLAN = {("demo", job) for job in JOBS}


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, world: World) -> Iterator[World]:
    """A world on each kind of database, at its schema."""
    world.write(make_plan(*some_courses(3)))
    if request.param == "sqlite":
        yield world
        return
    with shared_database(world, request.getfixturevalue("server")):
        yield world


def test_every_job_runs_when_the_service_begins_and_a_second_time_changes_nothing(town: World) -> None:
    """A tick that comes twice, from one process or from two, is done once; a job asked for twice while it waits, too."""
    ran: list[JobRun] = []

    async def scene() -> None:
        async with at_work(settings_for(town), observers=(lambda run, _result: ran.append(run),)) as service:
            await clock_of_service(service).look()
            await until(lambda: outcomes(service).keys() == OF_ONE_PLAN)
            assert set(outcomes(service).values()) == {"done"}
            mails = len(town.tenant.mail_log.mails)
            await clock_of_service(service).look()
            assert await service.queue.put(order("sync_plan", slot=1))
            assert not await service.queue.put(order("sync_plan", slot=1))
            await until(lambda: len(ran) == len(JOBS) + 1)
            assert len(town.tenant.mail_log.mails) == mails == 3 * 23 + 1, "the invitations, and HR's first report"

    asyncio.run(scene())
    assert [len(events) for events in town.events.values()] == [1] * 3
    assert [run.detail for run in ran if run.job == "sync_plan"] == ["changes=3", ""]


def test_a_failing_plan_among_three_disturbs_no_other_and_is_back_when_it_is_mended(town: World) -> None:
    folder = folder_of(town)
    for name in ("nord", "syd"):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(make_plan(make_course(f"kursus-{name}"), id=name)), "utf-8")
    (folder / "oest.yaml").write_text("version: 1\nid: oest\n", "utf-8")

    async def scene() -> None:
        async with at_work(settings_for(town, plans=str(folder))) as service:
            clock = clock_of_service(service)
            await clock.look()
            await until(lambda: len(outcomes(service)) == 3 * len(JOBS))
            found = outcomes(service)
            assert {plan for plan, _ in found} == {"nord", "syd", "oest.yaml"}
            assert {outcome for (plan, _), outcome in found.items() if plan == "oest.yaml"} == {"failed"}
            assert {outcome for (plan, _), outcome in found.items() if plan != "oest.yaml"} == {"done"}
            assert {key.split("/")[0] for key in town.events} == {"nord", "syd"}
            (folder / "oest.yaml").write_text(yaml.safe_dump(make_plan(make_course("kursus-oest"), id="oest")), "utf-8")
            await clock.look()
            await until(lambda: outcomes(service).get(("oest", "sync_plan")) == "done", seconds=15)
            assert {key.split("/")[0] for key in town.events} == {"nord", "syd", "oest"}

    asyncio.run(scene())


def test_what_kept_a_plan_from_being_read_may_pass_without_the_file_being_touched(world: World) -> None:
    """HR's words were away for a moment, as a network drive is."""
    world.write(make_plan(make_course()))
    words = world.folder / "words"

    async def scene() -> None:
        async with open_service(settings_for(world, plans=[str(world.plan_file)], templates=str(words))) as service:
            run, _ = await service.runner.run("plan.yaml", JOBS["sync_plan"])
            assert (run.outcome, run.error) == (JobOutcome.FAILED, "words_folder_missing")
            words.mkdir()
            assert (await service.runner.run("demo", JOBS["sync_plan"]))[0].outcome is JobOutcome.DONE
            (words / "strange.j2").write_text("{% if %}", "utf-8")
            run, _ = await service.runner.run("demo", JOBS["sync_plan"])
            assert run.outcome is JobOutcome.FAILED

    asyncio.run(scene())


def test_two_files_that_say_they_are_the_same_plan_are_both_left_alone(world: World) -> None:
    """Each would cancel what the other has invited to."""
    folder = folder_of(world)
    for name in ("nord", "kopi"):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(make_plan(make_course(f"kursus-{name}"), id="nord")), "utf-8")

    async def scene() -> None:
        async with open_service(settings_for(world, plans=str(folder))) as service:
            for name in ("nord.yaml", "kopi.yaml"):
                run, result = await service.runner.run(name, JOBS["sync_plan"])
                assert (run.outcome, run.error) == (JobOutcome.FAILED, "plan_id_twice")
                assert result.error is not None
                assert result.error.params["names"] == "kopi.yaml, nord.yaml"
            assert 'kursusbot_plans{state="failing"} 2.0' in service.metrics.render()[0].decode()
            desks = Desks(service.plans, service.stores)
            assert ([*desks], "nord" in desks, "kopi.yaml" in desks) == (["nord"], True, False), "people's pages go on"

    asyncio.run(scene())
    assert world.events == {}


@pytest.mark.parametrize("skew", [0, -5, 5])
def test_half_a_plan_that_somebody_is_still_writing_cancels_nothing(world: World, skew: int) -> None:
    """Cut off between two courses it is a plan like any other. The file's clock may be a server's: `skew` in seconds."""
    world.write(make_plan(*some_courses(3)))
    whole = world.plan_file.read_bytes()
    half = whole[: whole.index(b"- id: kursus-3")]

    async def scene() -> None:
        async with at_work(settings_for(world, safety={"max_cancel_share": 1})) as service:
            await service.runner.run("demo", JOBS["sync_plan"])
            world.plan_file.write_bytes(half)
            os.utime(world.plan_file, (time.time() + skew,) * 2)
            syncing = asyncio.create_task(service.runner.run("demo", JOBS["sync_plan"]))
            await asyncio.sleep(0.1)
            world.plan_file.write_bytes(whole)
            run, _ = await syncing
            assert (run.outcome, run.detail) == (JobOutcome.DONE, "")

    asyncio.run(scene())
    assert [len(events) for events in world.events.values()] == [1] * 3
    assert world.sync().json["changes"] == []


def test_what_one_plan_says_of_its_settings_holds_for_it_alone(world: World) -> None:
    """Here: how many mails a sync may cause."""
    folder = folder_of(world)
    for name in ("nord", "syd"):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(make_plan(make_course(f"kursus-{name}"), id=name)), "utf-8")
    (folder / "syd.toml").write_text("[safety]\nmax_mails = 3\n", "utf-8")
    ran = world.run("jobs", "run", "sync_plan", PLAN="", PLANS=str(folder))
    assert ran.code == 6
    nord, syd = ran.out.splitlines()
    assert nord == "nord: klaret (changes=1)"
    assert syd.startswith("syd: holdt tilbage: se og godkend (waiting_courses=1 waiting_mails=23 ")
    assert {key.split("/")[0] for key in world.events} == {"nord"}
    assert world.run("--plan", "syd", "sync", "--yes", PLAN="", PLANS=str(folder)).code == 3
    unknown = world.run("--plan", "vest", "sync", PLAN="", PLANS=str(folder))
    assert (unknown.code, "nord, syd" in unknown.err) == (2, True)


def test_a_job_that_meets_another_run_has_not_failed_and_comes_again(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has the lock does the same work; nothing is noted."""
    soon_tired(monkeypatch)

    async def scene() -> None:
        async with open_service(settings_for(town)) as service:
            async with run_lock(service.stores.database, "demo", 1.0):
                run, _ = await service.runner.run("demo", JOBS["sync_plan"])
            assert (run.outcome, run.exit_code) == (JobOutcome.LOCKED, 5)
            assert outcomes(service) == {}
            assert (await service.runner.run("demo", JOBS["sync_plan"]))[0].outcome is JobOutcome.DONE

    asyncio.run(scene())


def test_a_stop_gives_what_is_in_hand_a_while_and_then_hands_it_back(town: World) -> None:
    """The next service, or another process, takes it up: each session has one event, everybody one invitation."""
    slow = town.tenant.faults.add(method="POST", path="/events", nth=2, delay_ms=1500)

    async def stopped() -> None:
        async with open_service(settings_for(town)) as service:
            await service.queue.start()
            await service.queue.put(order("sync_plan"))
            await until(lambda: slow.acted)
            began = asyncio.get_running_loop().time()
            await service.queue.stop(0.2)
            assert asyncio.get_running_loop().time() - began < 1.2
            assert outcomes(service) == {}

    async def resumed() -> None:
        async with at_work(settings_for(town)) as service:
            await clock_of_service(service).look()
            await until(lambda: outcomes(service).get(("demo", "sync_plan")) == "done")

    asyncio.run(stopped())
    town.tenant.faults.clear()
    # What was on its way when the service stopped happens all the same.
    wait_until(lambda: all(entry.ended for entry in town.tenant.journal.entries))
    asyncio.run(resumed())
    assert [len(events) for events in town.events.values()] == [1] * 3
    invitations = [(mail.to, mail.subject) for mail in town.tenant.mail_log.to_people()]
    assert len(invitations) == len(set(invitations)) == 3 * 23


def test_graph_away_is_rested_from_and_found_again(world: World) -> None:
    """The jobs of the plan rest together; when it is over, what was owed is done."""
    world.write(make_plan(make_course()))
    world.tenant.faults.add(times=None, status=500)
    early = datetime.now(UTC) - timedelta(hours=1)

    async def scene() -> None:
        async with at_work(settings_for(world, graph=settings_for(world).graph.model_copy(update={"retry_budget_seconds": 0}))) as service:
            clock = clock_of_service(service)
            run, _ = await service.runner.run("demo", JOBS["sync_plan"])
            assert (run.outcome, run.exit_code, run.detail.split(" ")[0]) == (JobOutcome.AWAY, 4, "status=500")
            await clock.look()
            await clock.look()
            assert {job for _, job in outcomes(service) if JOBS[job].asks_graph} == {"sync_plan"}
            world.tenant.faults.clear()
            with service.stores.database.write() as connection:
                past = early.replace(tzinfo=None).isoformat(" ")
                connection.exec_driver_sql("UPDATE job_runs SET started_at = ?, finished_at = ?", (past, past))
            await clock.look()
            await until(lambda: set(outcomes(service).values()) == {"done"} and outcomes(service).keys() == OF_ONE_PLAN, seconds=15)

    asyncio.run(scene())


def test_what_is_decided_on_a_page_is_carried_out_at_once_through_the_queue(town: World) -> None:
    """Calendar and mail follow without any tick; the pages are those of every plan of the process."""
    town.settings |= WEB
    town.write(make_plan(COURSE, audiences=people(ANNA, BO, CARL)))
    town.sync()
    settings = settings_for(town, web={"base_url": WEB["WEB__BASE_URL"], "secret_key": WEB["WEB__SECRET_KEY"]})

    async def scene() -> None:
        async with at_work(settings) as service:
            with serving(app_of(service), host="127.0.0.1", port=0) as address:

                def decide() -> None:
                    with httpx.Client(base_url=address, follow_redirects=True, trust_env=False) as client:
                        assert "Du er tilmeldt" in choose(client, link_of(town, ANNA), "choose", "hold-1")

                await asyncio.to_thread(decide)
                await until(lambda: outcomes(service).get(("demo", "follow_decisions")) == "done")

    asyncio.run(scene())
    assert town.invited("kursus/hold-1/dag") == {ANNA}


def test_one_plan_that_cannot_be_read_stops_the_start_and_says_why(world: World) -> None:
    world.plan_file.write_text("version: 1\n", "utf-8")

    async def scene() -> None:
        async with open_service(settings_for(world)):
            pass

    with pytest.raises(PlanInvalid):
        asyncio.run(scene())
    assert world.run("serve").code == 2


def test_serve_runs_the_jobs_tells_how_it_is_and_ends_when_it_is_told_to(town: World) -> None:
    """As a process, on a file as a shell begins it: without web address it still has its health pages."""
    start = town.start if "DATABASE_URL" in town.settings else town.start_from_nothing
    process = start("serve", WEB__PORT="0")
    wait_until(lambda: len(town.events) == 3 and len(town.tenant.mail_log.to_people()) == 3 * 23)
    assert process.stderr is not None
    address = next(line for line in process.stderr if "/readyz" in line).split("/readyz")[0].split(" ")[-1]
    with httpx.Client(base_url=address, trust_env=False) as client:
        assert client.get("/healthz").text == "ok"
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["ready"], ready.json()["wrong"]) == (200, True, [])
        assert client.get("/p/x").status_code == 404
    process.terminate()
    ran = town.finish(process)
    assert ran.code == 0, ran.err
    listed = {one["job"]: one for one in town.run("jobs", "--format", "json").json}
    assert listed.keys() == JOBS.keys()
    assert listed["sync_plan"]["last"]["outcome"] == "done"
    assert town.sync().json["changes"] == []


def test_while_pages_are_served_a_round_that_computes_gives_way_sooner_than_else() -> None:
    usual = sys.getswitchinterval()
    with serving(httpx_app(), host="127.0.0.1", port=0):
        assert sys.getswitchinterval() == pytest.approx(TURN_SECONDS)
        assert usual > TURN_SECONDS
    assert sys.getswitchinterval() == pytest.approx(usual)


def test_a_port_in_use_is_told_before_anything_begins(world: World) -> None:
    world.write(make_plan(make_course()))
    with serving(httpx_app(), host="127.0.0.1", port=0) as address:
        ran = world.run("serve", WEB__PORT=address.rpartition(":")[2])
    assert ran.code == 2
    assert "KURSUSBOT_WEB__PORT" in ran.err
    assert world.events == {}


def httpx_app() -> object:
    """Any application."""
    from bot.web.health import Readiness, create_health_app

    return create_health_app(lambda: Readiness(ready=True, facts={}))


def test_a_worker_without_postgresql_is_refused(world: World) -> None:
    world.write(make_plan(make_course()))
    ran = world.run("worker")
    assert (ran.code, ran.requests) == (2, ())
    assert "PostgreSQL" in ran.err


def test_jobs_lists_and_runs_with_the_codes_of_the_contract(world: World) -> None:
    world.write(make_plan(make_course()))
    listed = world.run("--lang", "en", "jobs", JOBS__REFRESH_AUDIENCES="off")
    assert listed.code == 0
    lines = listed.out.splitlines()
    assert lines[0].split() == ["plan", "job", "how", "often", "last", "run", "result", "next"]
    assert [line.split()[1] for line in lines[1:]] == [*JOBS]
    told = {line.split()[1]: line.split()[2:] for line in lines[1:]}
    assert told["refresh_audiences"] == ["off", "–", "–"]
    assert not world.database_file.exists()
    assert world.run("jobs", "run", "sync_plan").code == 0
    world.tenant.faults.add(times=None, status=503)
    away = world.run("jobs", "run", "sync_plan", GRAPH__RETRY_BUDGET_SECONDS="0")
    assert away.code == 4
    assert "503" in away.err
    assert world.run("jobs", "run", "tea").code == 2
    world.tenant.faults.clear()
    (told,) = [one for one in world.run("jobs", "--format", "json").json if one["job"] == "sync_plan"]
    assert told.keys() == {"plan", "job", "cadence", "last", "next_at"}
    assert (told["plan"], told["cadence"]) == ("demo", "15m")
    assert (told["last"]["outcome"], told["last"]["exit_code"], told["last"]["error"]) == ("away", 4, "graph_unclear")
    world.write(make_plan(make_course(), make_course("andet", audience="ukendt")))
    assert world.run("jobs", "run", "sync_plan").code == 2


def test_no_plan_at_all_is_told(world: World) -> None:
    assert world.run("serve", PLAN="").code == 2
    assert world.run("jobs", PLAN="", PLANS="nowhere").code == 2
    with pytest.raises(InputError, match="plan_missing"):
        asyncio.run(_open_nothing(world))


async def _open_nothing(world: World) -> None:
    async with open_service(settings_for(world, plan=None)):
        pass
