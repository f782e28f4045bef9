"""A plan whose file or drive hangs stops its own jobs and nobody else's, is told, and is back when it answers again."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import bot.messages.environment
import jobs.plans
from bot.domain.errors import InputError
from jobs.plans import FILE_PATIENCE_SECONDS
from jobs.registry import JOBS
from jobs.service import open_service
from tests.e2e.looked import looked
from tests.e2e.plans import make_course, make_plan
from tests.e2e.service_driver import folder_of, outcomes, settings_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config.settings import Settings
    from jobs.service import Service
    from tests.e2e.driver import World

GOOD, HUNG = "good", "hung"
WELL = {"done", "held"}
"""Two plans of one mailbox with the same course: the second waits for a person."""


class Drive:
    """Answers, or does not: whatever touches a file under `hung` waits until it does."""

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.answers.set()

    def slow(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def touched(*arguments: Any) -> Any:
            if any(HUNG in str(one) for one in arguments):
                self.answers.wait(300)
            return real(*arguments)

        return touched


@pytest.fixture
def drive(monkeypatch: pytest.MonkeyPatch) -> Iterator[Drive]:
    """Short patience, so that nobody waits for what hangs as long as a real drive would be given."""
    made = Drive()
    monkeypatch.setattr(jobs.plans, "FILE_PATIENCE_SECONDS", 0.5)
    yield made
    made.answers.set()


def settings_of(world: World, **changes: Any) -> Settings:
    folder = folder_of(world)
    for name in (GOOD, HUNG):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(make_plan(make_course(), id=name)), "utf-8")
    return settings_for(world, plans=str(folder), **changes)


async def run_all(service: Service) -> dict[tuple[str, str], str]:
    for label in [*service.plans.shelves]:
        for name in ("sync_plan", "collect_responses"):
            await service.runner.run(label, JOBS[name])
    return outcomes(service)


WAYS = {
    "the file cannot be read": ("bot.plan", "read_plan_file"),
    "nothing is told of the file": ("jobs.plans", "_file_stamp"),
    "its own settings cannot be read": ("jobs.plans", "settings_of"),
}


@pytest.mark.parametrize(("module", "function"), WAYS.values(), ids=WAYS)
def test_a_drive_that_hangs_stops_its_own_plan_is_told_and_comes_back(
    world: World, drive: Drive, monkeypatch: pytest.MonkeyPatch, module: str, function: str
) -> None:
    settings = settings_of(world)
    monkeypatch.setattr(f"{module}.{function}", drive.slow(_function(module, function)))

    async def scene() -> None:
        async with open_service(settings) as service:
            assert set((await run_all(service)).values()) <= WELL
            drive.answers.clear()
            hung = folder_of(world) / f"{HUNG}.yaml"
            hung.write_text(hung.read_text("utf-8") + "\n", "utf-8")
            found = await run_all(service)
            assert {found[GOOD, "sync_plan"], found[GOOD, "collect_responses"]} == {"done"}
            assert {found[HUNG, "sync_plan"], found[HUNG, "collect_responses"]} == {"failed"}
            told = await looked(service)
            assert told.ready
            assert told.facts["wrong"] == [f"plan:{HUNG}"]
            assert told.facts["plans"][HUNG]["error"] == "plan_file_hangs"  # type: ignore[index]  # JSON
            threads = threading.active_count()
            await run_all(service)
            assert threading.active_count() <= threads
            drive.answers.set()
            assert set((await run_all(service)).values()) <= WELL
            assert (await looked(service)).facts["wrong"] == []

    asyncio.run(scene())


def _function(module: str, function: str) -> Callable[..., Any]:
    import importlib

    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


def test_own_texts_on_a_drive_that_hangs_stop_the_plans_that_have_them(
    world: World, drive: Drive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = tmp_path / "hung-words"
    words.mkdir()
    settings = settings_of(world)
    (folder_of(world) / f"{HUNG}.toml").write_text(f'templates = "{words}"\n', "utf-8")
    monkeypatch.setattr(bot.messages.environment, "read_words", drive.slow(bot.messages.environment.read_words))
    drive.answers.clear()

    async def scene() -> None:
        async with open_service(settings) as service:
            found = await run_all(service)
            assert found[GOOD, "sync_plan"] == "done"
            assert found[f"{HUNG}.yaml", "sync_plan"] == "failed"
            assert (await looked(service)).facts["plans"][f"{HUNG}.yaml"]["error"] == "plan_file_hangs"  # type: ignore[index]  # JSON

    asyncio.run(scene())


def test_a_pipe_among_the_plans_stops_nobody_and_its_end_heals_it(world: World) -> None:
    settings = settings_of(world)
    pipe = folder_of(world) / "pipe.yaml"
    os.mkfifo(pipe)

    async def scene() -> None:
        async with open_service(settings) as service:
            found = await run_all(service)
            assert {outcome for (plan, _), outcome in found.items() if plan != pipe.name} <= WELL
            assert (await looked(service)).facts["plans"][pipe.name]["error"] == "plan_file_is_special"  # type: ignore[index]  # JSON
            pipe.unlink()
            await service.plans.look()
            assert (await looked(service)).facts["wrong"] == []

    asyncio.run(scene())


def test_a_folder_that_hangs_keeps_the_plans_that_are_known(world: World, drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(world)

    async def scene() -> None:
        async with open_service(settings) as service:
            monkeypatch.setattr(jobs.plans, "plan_sources", lambda _settings: drive.answers.wait(300))
            service.plans._listing._seconds = 0.5  # as short as the others
            drive.answers.clear()
            with pytest.raises(InputError, match="plans_unreadable"):
                await service.plans.look()
            assert set(service.plans.shelves) == {GOOD, HUNG}
            assert set((await run_all(service)).values()) <= WELL

    asyncio.run(scene())


def test_a_real_drive_is_given_more_time_than_one_look_at_a_link() -> None:
    assert FILE_PATIENCE_SECONDS < jobs.plans.LINK_PATIENCE_SECONDS
