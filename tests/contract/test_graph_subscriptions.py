"""The adapter against the simulated tenant, whose handshake calls the real pages: by every fault there is one subscription."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.errors import GraphRefused, PermissionMissing
from bot.domain.notifications import Resource
from bot.graph.subscriptions import GraphSubscriptions
from bot.sandbox.files import Files
from bot.web.app import create_app
from bot.web.graph_calls.batching import Gathering
from bot.web.server import served
from tests.builders.graph_talk import NOW, ORGANISER
from tests.builders.hint_book import Book
from tests.contract.stage import play

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from tests.contract.stage import Stage

UNTIL = NOW + timedelta(hours=70)
SECRET = "s" * 43
FAULTS = [None, {"status": 503}, {"status": 503, "when": "after"}, {"drop": True}, {"drop": True, "when": "after"}, {"status": 429}]
EVERY_FAULT = pytest.mark.parametrize("fault", FAULTS)


@pytest.fixture
def address() -> Iterator[str]:
    gathering = Gathering(Book(), now=lambda: NOW)
    app = create_app({}, secret=SECRET, base_url="http://127.0.0.1", now=lambda: NOW, gathering=gathering)
    with served(app) as port:
        yield f"http://127.0.0.1:{port}"


def act(scene: Callable[[Stage, GraphSubscriptions], Awaitable[None]]) -> None:
    play(lambda stage: scene(stage, GraphSubscriptions(stage.client, organiser=ORGANISER)))


async def path_of(mine: GraphSubscriptions, resource: Resource = Resource.EVENTS) -> str:
    return (await mine.fetch_paths([resource], library=Files.DRIVE_ID))[resource]


@EVERY_FAULT
@pytest.mark.parametrize("resource", Resource)
def test_one_is_made_whatever_happens_to_the_answer(address: str, resource: Resource, fault: dict[str, Any] | None) -> None:
    async def scene(stage: Stage, mine: GraphSubscriptions) -> None:
        path = await path_of(mine, resource)
        if fault is not None:
            stage.fault(method="POST", path="/subscriptions", times=1, **fault)
        made = await mine.subscribe(path, address=address, secret=SECRET, expires_at=UNTIL, known=frozenset())
        assert (made.path, made.expires_at) == (path, UNTIL)
        assert await mine.fetch_listed(address) == {made.id: made}
        assert await mine.fetch_listed("https://anden.example") == {}

    act(scene)


@EVERY_FAULT
def test_it_is_renewed_and_removed_whatever_happens_to_the_answer(address: str, fault: dict[str, Any] | None) -> None:
    async def scene(stage: Stage, mine: GraphSubscriptions) -> None:
        made = await mine.subscribe(
            await path_of(mine), address=address, secret=SECRET, expires_at=NOW + timedelta(hours=1), known=frozenset()
        )
        for method in ("PATCH", "DELETE") if fault is not None else ():
            stage.fault(method=method, path="/subscriptions/", times=1, **fault)
        assert await mine.renew(made.id, expires_at=UNTIL) == UNTIL
        await mine.unsubscribe(made.id)
        await mine.unsubscribe(made.id)
        assert await mine.fetch_listed(address) == {}
        assert await mine.renew(made.id, expires_at=UNTIL) is None

    act(scene)


def test_too_long_a_life_a_right_that_is_missing_and_an_address_that_is_away_are_refusals(address: str) -> None:
    async def scene(stage: Stage, mine: GraphSubscriptions) -> None:
        path, inbox = await path_of(mine), await path_of(mine, Resource.INBOX)
        with pytest.raises(GraphRefused):
            await mine.subscribe(path, address=address, secret=SECRET, expires_at=NOW + timedelta(hours=71), known=frozenset())
        with pytest.raises(GraphRefused):
            await mine.subscribe(path, address="http://127.0.0.1:9", secret=SECRET, expires_at=UNTIL, known=frozenset())
        stage.tenant.settings.roles = {"Calendars.ReadWrite"}
        with pytest.raises(PermissionMissing):
            await mine.subscribe(inbox, address=address, secret=SECRET, expires_at=UNTIL, known=frozenset())

    act(scene)
