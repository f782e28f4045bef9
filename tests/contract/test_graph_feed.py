"""Activity feeds through the adapter, against the simulated tenant: by every fault one line, and never a line for who has no app."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from bot.graph.feed import GraphFeed
from bot.sandbox.serve import TOKEN
from tests.builders.feed import LINE
from tests.builders.graph_talk import small_tenant
from tests.contract.stage import FATES, play

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.tenant import Tenant
    from tests.contract.stage import Stage


def id_of(stage: Stage, name: str) -> str:
    user = stage.tenant.directory.find_user(f"{name}@kommune.example")
    assert user is not None
    return user.id


def act(scene: Callable[[Stage, GraphFeed], Awaitable[None]], **more: Any) -> Tenant:
    tenant = small_tenant()
    tenant.teams.publish(json.loads(files("config").joinpath("teams", "manifest.json").read_text(encoding="utf-8")))
    everybody = tenant.directory.users.values()
    tenant.teams.installed |= {user.id for user in everybody if user.mail in {"anna@kommune.example", "bo@kommune.example"}}
    return play(lambda stage: scene(stage, GraphFeed(stage.client)), tenant=tenant, **more)


def lines(stage: Stage) -> list[tuple[str, str, str]]:
    return [(item.to.partition("@")[0], item.text, item.preview) for item in stage.tenant.teams.all_items()]


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: "-".join(str(value) for value in fate.values()))
def test_whatever_happens_to_a_request_there_is_one_line(fate: dict[str, Any]) -> None:
    async def scene(stage: Stage, feed: GraphFeed) -> None:
        stage.fault(method="POST", path="sendActivityNotification", **fate)
        assert await feed.notify(id_of(stage, "anna"), LINE) is True
        assert lines(stage) == [("anna", "I morgen: Lederdag", "onsdag den 18. juni")]

    act(scene)


def test_who_has_no_app_and_who_is_nobody_are_not_reached() -> None:
    async def scene(stage: Stage, feed: GraphFeed) -> None:
        assert await feed.notify(id_of(stage, "carl"), LINE) is False
        assert await feed.notify("00000000-0000-0000-0000-000000000000", LINE) is False
        assert lines(stage) == []

    act(scene)


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: "-".join(str(value) for value in fate.values()))
def test_many_are_told_once_each_whatever_happens(fate: dict[str, Any]) -> None:
    async def scene(stage: Stage, feed: GraphFeed) -> None:
        stage.fault(method="POST", path="ToRecipients", **fate)
        assert await feed.notify_all([id_of(stage, name) for name in ("anna", "bo", "carl")], LINE) is True
        assert [who for who, *_ in lines(stage)] == ["anna", "bo"]

    act(scene)


def test_a_token_that_stays_too_old_tells_nobody() -> None:
    async def scene(stage: Stage, feed: GraphFeed) -> None:
        stage.tenant.settings.old_tokens = {TOKEN}
        assert await feed.notify_all([id_of(stage, "anna")], LINE) is False
        assert lines(stage) == []

    act(scene)
