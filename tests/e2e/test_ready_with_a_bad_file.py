"""`/readyz` while something is wrong with the file of a plan in SharePoint: ready, with the plan named under what is wrong."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.web.server import serving
from jobs.service import app_of
from tests.e2e.service_driver import run_job
from tests.e2e.sharepoint import TROUBLES, look, play, saved

if TYPE_CHECKING:
    from jobs.service import Service
    from tests.e2e.driver import World


def asked(address: str) -> httpx.Response:
    with httpx.Client(trust_env=False) as client:
        return client.get(f"{address}/readyz")


@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_service_stays_ready_and_names_the_plan(world: World, trouble: str) -> None:
    """What was read last holds, so nobody restarts a process that does its work; a link stands in no answer."""
    happens, _ = TROUBLES[trouble]
    saved(world)

    async def scene(service: Service) -> None:
        assert (await run_job(service, "sync_plan")).is_good
        happens(world)
        assert (await look(service)).error is not None
        with serving(app_of(service), host="127.0.0.1", port=0) as address:
            answer = await asyncio.to_thread(asked, address)
        assert (answer.status_code, answer.json()["ready"]) == (200, True)
        assert any("demo" in one for one in answer.json()["wrong"])
        assert "EaBcDeF" not in answer.text

    play(world, scene)
