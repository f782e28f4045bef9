"""Whether the service works, as `/readyz` tells it: each thing that can be wrong, by name, and no person."""

from __future__ import annotations

import asyncio
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import httpx
import pytest
import yaml

import jobs.readiness
from bot.domain.graph_findings import NOTHING_FOUND
from bot.opening.tenant import graph_settings
from bot.web.server import PAGES_AT_ONCE, serving
from jobs.registry import JOBS
from jobs.service import app_of, open_service
from tests.e2e.looked import looked
from tests.e2e.plans import make_course, make_plan
from tests.e2e.service_driver import folder_of, settings_for, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.web.health import Readiness
    from config.settings import Settings
    from tests.e2e.driver import World


def readiness(settings: Settings, *, run: bool = True, age: timedelta = timedelta()) -> Readiness:
    async def scene() -> Readiness:
        async with open_service(settings) as service:
            for label in service.plans.shelves if run else ():
                for job in JOBS.values():
                    await service.runner.run(label, job)
            return await looked(service, age=age)

    return asyncio.run(scene())


def test_a_service_that_works_is_ready_and_tells_how_long_ago(world: World) -> None:
    world.write(make_plan(make_course()))
    found = readiness(settings_for(world))
    assert found.ready
    assert found.facts["wrong"] == []
    plan = found.facts["plans"]["demo"]  # type: ignore[index]  # JSON
    assert 0 <= plan["last_good_round_age_seconds"] < 60
    assert (plan["jobs"]["sync_plan"]["outcome"], plan["late"]) == ("done", [])
    (graph,) = found.facts["graph"]  # type: ignore[misc]  # JSON
    assert graph["credential"] == "static_token"
    assert 0 <= graph["last_success_age_seconds"] < 60


def test_a_service_that_has_just_begun_is_ready(world: World) -> None:
    """Its first rounds are on their way."""
    world.write(make_plan(make_course()))
    assert readiness(settings_for(world), run=False).ready


def test_a_plan_without_a_good_round_for_too_long_is_named(world: World) -> None:
    """Three intervals and ten minutes; for each job its own."""
    world.write(make_plan(make_course()))
    found = readiness(settings_for(world), run=False, age=timedelta(minutes=28))
    assert (found.ready, found.facts["wrong"]) == (False, ["plan:demo"])
    assert found.facts["plans"]["demo"]["late"] == ["collect_responses"]  # type: ignore[index]  # JSON
    assert readiness(settings_for(world), run=False, age=timedelta(minutes=24)).ready


def test_one_plan_of_several_that_cannot_be_read_is_named_and_the_others_are_served(world: World) -> None:
    folder = folder_of(world)
    (folder / "nord.yaml").write_text(yaml.safe_dump(make_plan(make_course(), id="nord")), "utf-8")
    (folder / "syd.yaml").write_text("version: 1\n", "utf-8")
    found = readiness(settings_for(world, plans=str(folder)))
    assert (found.ready, found.facts["wrong"]) == (True, ["plan:syd.yaml"])
    assert found.facts["plans"]["syd.yaml"]["error"] == "plan_invalid"  # type: ignore[index]  # JSON
    (folder / "nord.yaml").write_text("version: 1\n", "utf-8")
    assert not readiness(settings_for(world, plans=str(folder))).ready


def test_a_folder_without_any_plan_is_told_and_not_taken_for_success(world: World) -> None:
    """A mistyped folder is made empty by Docker."""
    found = readiness(settings_for(world, plans=str(folder_of(world))), run=False)
    assert (found.ready, found.facts["wrong"]) == (False, ["plans"])


def test_without_an_answer_and_without_a_token_graph_is_named(world: World) -> None:
    """An answer within a quarter of an hour is enough, and so is a token."""
    world.write(make_plan(make_course()))
    ids = {"tenant_id": "00000000-0000-0000-0000-000000000000", "client_id": "00000000-0000-0000-0000-000000000000"}
    graph = {"base_url": world.base_url, "credential": "certificate", "certificate_path": "nowhere.pem", **ids}
    found = readiness(settings_for(world, graph=graph))
    assert (found.ready, found.facts["wrong"]) == (False, ["graph:certificate"])
    assert "nowhere" not in str(found.facts)


def test_without_a_database_nothing_can_be_done(world: World) -> None:
    """And whoever asks is told over HTTP, with 503, in words that name nobody."""
    world.write(make_plan(make_course()))

    async def scene() -> None:
        async with open_service(settings_for(world)) as service:
            await service.runner.run("demo", JOBS["sync_plan"])
            with serving(app_of(service), host="127.0.0.1", port=0) as address:
                assert (await asyncio.to_thread(asked, address)).status_code == 200
                service.stores.database.close()
                world.lose_database()
                world.database_file.write_bytes(b"something else" * 2000)
                answer = await asyncio.to_thread(asked, address)
        assert (answer.status_code, answer.json()["ready"], answer.json()["wrong"][0]) == (503, False, "database")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert "@" not in answer.text

    asyncio.run(scene())


def test_on_a_full_disk_it_is_not_ready_and_the_metric_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading goes on for a long time where nothing can be written any more."""
    world.write(make_plan(make_course()))

    async def scene() -> None:
        async with open_service(settings_for(world)) as service:
            await service.runner.run("demo", JOBS["sync_plan"])
            with serving(app_of(service), host="127.0.0.1", port=0) as address:
                assert (await asyncio.to_thread(asked, address)).status_code == 200
                monkeypatch.setattr(shutil, "disk_usage", lambda _where: SimpleNamespace(free=0))
                answer = await asyncio.to_thread(asked, address)
                numbers = await asyncio.to_thread(asked, address, "/metrics")
        assert (answer.status_code, answer.json()["database"]) == (503, {"ok": False, "error": "database_full"})
        assert "kursusbot_database_up 0.0" in numbers.text

    asyncio.run(scene())


class Held:
    """Whoever comes waits until somebody lets go."""

    def __init__(self) -> None:
        self.come, self.let_go = threading.Semaphore(0), threading.Event()

    def wait(self, *_given: object) -> None:
        self.come.release()
        assert self.let_go.wait(60), "nobody let go"


@pytest.fixture
def held() -> Iterator[Held]:
    made = Held()
    yield made
    made.let_go.set()


def test_while_the_database_does_not_answer_what_was_known_is_told(world: World, held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    """A load balancer gives it a second or two, and the database may take ten; what takes a minute is wrong."""
    world.write(make_plan(make_course()))

    async def scene() -> None:
        async with open_service(settings_for(world)) as service:
            await service.runner.run("demo", JOBS["sync_plan"])
            with serving(app_of(service), host="127.0.0.1", port=0) as address:
                before = (await asyncio.to_thread(asked, address)).json()
                monkeypatch.setattr(service.stores.database.__class__, "look_for_room", held.wait)
                for _ in range(3):
                    told = (await asyncio.to_thread(asked, address)).json()
                    assert (told["ready"], told["wrong"], told["plans"]) == (True, [], before["plans"])
                    assert told["age_seconds"] >= before["age_seconds"]
                assert held.come.acquire(timeout=30)
                assert not held.come.acquire(blocking=False), "one looks, however many ask"
                monkeypatch.setattr(jobs.readiness, "LONGEST_LOOK_SECONDS", 0.0)
                answer = await asyncio.to_thread(asked, address)
                assert (answer.status_code, answer.json()["wrong"]) == (503, ["database"])
                assert answer.json()["database"]["error"] == "database_unanswered"
                monkeypatch.undo()
                held.let_go.set()
                await until(lambda: asked(address).json()["database"]["ok"])

    asyncio.run(scene())


def test_while_a_round_computes_it_is_told_all_the_same(world: World, held: Held) -> None:
    """The rounds have a loop of their own, and a sign-in has to wait for its turn there."""
    world.write(make_plan(make_course()))

    async def scene() -> None:
        async with open_service(settings_for(world)) as service:
            await service.clients.client(graph_settings(settings_for(world), NOTHING_FOUND))
            with serving(app_of(service), host="127.0.0.1", port=0) as address:
                answers = []

                def ask() -> None:
                    held.come.acquire()
                    answers.extend(asked(address, path) for path in ("/readyz", "/healthz"))
                    held.let_go.set()

                asking = threading.Thread(target=ask)
                asking.start()
                held.wait()
                asking.join()
        assert [answer.status_code for answer in answers] == [200, 200]

    asyncio.run(scene())


def test_while_every_page_waits_it_is_told_all_the_same(world: World, held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages have their own threads, so many at a time."""
    world.write(make_plan(make_course()))

    async def scene() -> None:
        async with open_service(settings_for(world)) as service:
            monkeypatch.setattr(service.metrics.__class__, "render", held.wait)
            with serving(app_of(service), host="127.0.0.1", port=0) as address, ThreadPoolExecutor(PAGES_AT_ONCE + 3) as people:
                for _ in range(PAGES_AT_ONCE + 3):
                    people.submit(asked, address, "/metrics")
                for _ in range(PAGES_AT_ONCE):
                    assert await asyncio.to_thread(held.come.acquire, timeout=30)
                assert (await asyncio.to_thread(asked, address)).status_code == 200
                assert (await asyncio.to_thread(asked, address, "/healthz")).text == "ok"
                held.let_go.set()

    asyncio.run(scene())


def asked(address: str, path: str = "/readyz") -> httpx.Response:
    with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
        return client.get(path)
