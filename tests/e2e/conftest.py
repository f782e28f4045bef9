"""A world for each test, and the rules that hold for everything it has seen."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.municipality import DOMAIN
from bot.sandbox.tenant import Tenant
from tests.e2e.desk_browser import OwnThread
from tests.e2e.driver import NOW, World, new_world
from tests.e2e.rules import broken_rules
from tests.papers import papers_set_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HERE = "tests/e2e/"
NOBODY_LISTENS = "http://127.0.0.1:9/v1.0"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for module in {item.getparent(pytest.Module) for item in items if item.nodeid.startswith(HERE)}:
        if module is not None:
            module.add_marker(pytest.mark.e2e)


@pytest.fixture(autouse=True)
def made_once() -> Iterator[None]:
    """A paper that was set before is not set again."""
    with papers_set_once():
        yield


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[OwnThread]:
    started = OwnThread(chromium)
    yield started
    started.close()


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Worlds of any size; each has a folder of its own, and after the test all keep the rules."""
    made: list[World] = []
    with contextlib.ExitStack() as stack:

        def make(*, leaders: int = 20) -> World:
            folder = tmp_path / f"world-{len(made) + 1}"
            folder.mkdir()
            made.append(stack.enter_context(new_world(folder, leaders=leaders)))
            return made[-1]

        yield make
        for world in made:
            assert broken_rules(world) == []


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """Twenty leaders and the odd cases around them."""
    return make_world()


@pytest.fixture
def every_change_waits(world: World) -> None:
    """As people get it: every change of the plan waits."""
    world.settings["APPROVAL"] = ""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[World]:
    """A plan and a database, and no Microsoft 365: nobody listens at the address."""
    desk = World(tenant=Tenant(DOMAIN, now=NOW), base_url=NOBODY_LISTENS, folder=tmp_path)
    yield desk
    assert broken_rules(desk) == []
