"""`/metrics` of a service at work: what it did is counted, what waits is shown, and nobody is named."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from bot.clock import SystemClock
from bot.domain.messages import DeliveryState, Message
from bot.domain.templates import MessageKind
from jobs import metrics
from jobs.registry import JOBS
from jobs.service import _telling, app_of
from tests.e2e.plans import make_course, make_plan
from tests.e2e.service_driver import at_work, settings_for

if TYPE_CHECKING:
    from fastapi import FastAPI

    from tests.e2e.driver import World

pytestmark = pytest.mark.e2e


async def page_of(app: FastAPI, path: str = "/metrics") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        return await client.get(path)


def samples(page: str) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(page)
    return {(one.name, *sorted(one.labels.values())): one.value for family in families for one in family.samples}


def test_what_a_round_did_is_counted_and_nobody_is_named(world: World) -> None:
    world.write(make_plan(make_course()))

    async def work() -> str:
        async with at_work(settings_for(world)) as service:
            await service.runner.run("demo", JOBS["sync_plan"])
            made = SystemClock().now() - timedelta(hours=3)
            waiting = Message(
                plan="demo", key="full/x", kind=MessageKind.FULL, course="x", offering="main", email="en@norddjurs.example", created_at=made
            )
            service.stores.outbox.add_messages([waiting, replace(waiting, key="full/y", state=DeliveryState.SENT)])
            answer = await page_of(app_of(service))
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
            return answer.text

    page = asyncio.run(work())
    exposed = {name for name in re.findall(r"# TYPE (kursusbot_\w+)", page) if not name.endswith("_created")}
    assert exposed == set(re.findall(r"^\| `(kursusbot_\w+)`", metrics.__doc__ or "", flags=re.MULTILINE))
    found = samples(page)
    assert found["kursusbot_rounds_total", "demo", "done", "sync_plan"] == 1
    assert found["kursusbot_changes_total", "applied", "create", "demo"] == 1
    assert found["kursusbot_invitation_mails_total", "demo"] == 23
    assert found["kursusbot_graph_requests_total", "201", "POST"] == 1
    assert found["kursusbot_messages_waiting", "demo", "due"] == 1
    assert found["kursusbot_messages_waiting", "demo", "sending"] == 0
    assert 3 * 3600 <= found["kursusbot_oldest_waiting_message_age_seconds", "demo"] < 4 * 3600
    assert 0 <= found["kursusbot_last_good_round_age_seconds", "demo", "sync_plan"] < 600
    assert (found["kursusbot_plans", "served"], found["kursusbot_plans", "failing"]) == (1, 0)
    assert found["kursusbot_database_up",] == 1
    assert "@" not in page
    assert "norddjurs" not in page.lower()


def test_without_a_database_the_counters_stay_and_it_is_told(world: World) -> None:
    world.write(make_plan(make_course()))

    async def work() -> str:
        async with at_work(settings_for(world)) as service:
            with service.stores.database.write() as connection:
                connection.execute(text("DROP TABLE messages"))
            service.stores.database.close()
            world.database_file.write_bytes(b"not a database" * 100)
            return (await page_of(app_of(service))).text

    found = samples(asyncio.run(work()))
    assert found["kursusbot_database_up",] == 0
    assert ("kursusbot_messages_waiting", "demo", "due") not in found


def test_a_worker_tells_that_it_lives_and_its_numbers_only(world: World) -> None:
    """On a port of its own, where one is set: it has no pages."""
    world.write(make_plan(make_course()))

    async def work() -> dict[str, int]:
        settings = settings_for(world, worker={"metrics_port": 0})
        async with at_work(settings) as service, httpx.AsyncClient(trust_env=False) as client:
            with _telling(service) as address:
                return {path: (await client.get(f"{address}{path}")).status_code for path in ("/healthz", "/metrics", "/readyz")}

    assert asyncio.run(work()) == {"/healthz": 200, "/metrics": 200, "/readyz": 404}


def test_without_a_port_a_worker_tells_nothing(world: World) -> None:
    world.write(make_plan(make_course()))

    async def work() -> str | None:
        async with at_work(settings_for(world)) as service:
            with _telling(service) as address:
                return address

    assert asyncio.run(work()) is None
