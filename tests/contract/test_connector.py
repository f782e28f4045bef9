"""The bot's way to Teams against the sandbox's Bot Connector, over HTTP: who is reached, what is refused, what nobody can say.

The two share no code; `tests/unit/connector` holds the waiting by a clock that is moved.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.connector.chat import ConnectorChat
from bot.domain.conversations import Conversation, ConversationKind
from bot.domain.errors import GraphError, GraphGone, GraphRefused, GraphUnclear, SignInFailed
from bot.sandbox.chats import APP_ID, APP_SECRET, TENANT_ID
from bot.sandbox.serve import running_sandbox
from bot.sandbox.tenant import Tenant
from config.bot_settings import BotSettings
from tests.builders.graph_talk import small_tenant
from tests.builders.played_teams import PlayedTeams

ANNA, CARL = "anna@kommune.example", "carl@kommune.example"
CARD = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Lederdag"}]}
OTHER = CARD | {"body": [{"type": "TextBlock", "text": "Aflyst"}]}
ACTIVITIES = "/activities"

Story = Callable[[ConnectorChat], Coroutine[Any, Any, Any]]


@dataclass
class Stage:
    """Everybody but Carl has the app."""

    tenant: Tenant
    people: PlayedTeams
    settings: BotSettings

    def play(self, story: Story, *, budget_seconds: float = 3.0, **changes: Any) -> Any:
        async def scene() -> Any:
            chat = ConnectorChat(self.settings.model_copy(update=changes), budget_seconds=budget_seconds)
            async with chat.connected():
                return await story(chat)

        return asyncio.run(scene())

    def id_of(self, address: str) -> str:
        return self.tenant.directory.find_user(address).id

    def statuses(self) -> Counter[tuple[str, int]]:
        return Counter((one.method, one.status) for one in self.tenant.journal.entries if one.path.startswith("/teams/"))

    def shown(self, address: str = ANNA) -> list[tuple[Any, int]]:
        return [(one["card"], one["edited"]) for one in self.people.chat(address)]


@pytest.fixture
def stage() -> Iterator[Stage]:
    tenant = small_tenant()
    tenant.teams.installed |= {tenant.directory.find_user(f"{name}@kommune.example").id for name in ("anna", "bo", "dorte")}
    with running_sandbox(tenant) as base_url:
        settings = BotSettings(app_id=APP_ID, app_secret=APP_SECRET, tenant_id=TENANT_ID, sandbox_url=base_url.removesuffix("/v1.0"))
        yield Stage(tenant, PlayedTeams(base_url), settings)


def test_a_chat_is_opened_and_a_card_stands_there_and_is_changed(stage):
    async def story(chat):
        first, again = [await chat.open(stage.id_of(ANNA)) for _ in range(2)]
        which = await chat.send(first, CARD, summary="Lederdag")
        await chat.update(first, which, OTHER)
        return first.id, again.id, which

    first, again, which = stage.play(story)
    (seen,) = stage.people.chat(ANNA)
    assert (first, seen["id"], seen["card"], seen["edited"]) == (again, which, OTHER, 1)
    assert stage.tenant.chats.personal(stage.id_of(ANNA)).id == first


def test_in_a_conversation_that_teams_told_of_its_own_address_is_used(stage):
    """That of an activity ends in a slash."""
    where = stage.people.write(ANNA, "hej")["activity"]

    async def story(chat):
        said = Conversation(
            id=where["conversation"]["id"], kind=ConversationKind.PERSONAL, service_url=where["serviceUrl"],
            added_at=stage.tenant.clock.now(), seen_at=stage.tenant.clock.now(),
        )  # fmt: skip
        return await chat.send(said, CARD, summary="")

    assert stage.play(story) == stage.people.chat(ANNA)[-1]["id"]


def test_who_has_not_the_app_or_blocks_or_takes_it_away_is_not_reached(stage):
    async def story(chat):
        with pytest.raises(GraphGone):
            await chat.open(stage.id_of(CARL))
        anna = await chat.open(stage.id_of(ANNA))
        await asyncio.to_thread(stage.people.block, ANNA)
        with pytest.raises(GraphGone):
            await chat.send(anna, CARD, summary="")
        await asyncio.to_thread(stage.people.block, ANNA, blocked=False)
        await asyncio.to_thread(stage.people.remove, ANNA)
        with pytest.raises(GraphGone):
            await chat.send(anna, CARD, summary="")
        with pytest.raises(GraphGone):
            await chat.send(replace(anna, id="a:nowhere"), CARD, summary="")

    stage.play(story)
    assert stage.shown() == []


def test_a_card_that_is_not_there_any_more_is_gone(stage):
    async def story(chat):
        anna = await chat.open(stage.id_of(ANNA))
        with pytest.raises(GraphGone):
            await chat.update(anna, "1", CARD)

    stage.play(story)


@pytest.mark.parametrize("card", [CARD | {"fallbackText": "x" * 28 * 1024}, CARD | {"version": "1.6"}], ids=["28 KB", "version"])
def test_what_teams_does_not_take_is_refused_once(stage, card):
    async def story(chat):
        anna = await chat.open(stage.id_of(ANNA))
        with pytest.raises(GraphRefused):
            await chat.send(anna, card, summary="")

    stage.play(story)
    assert sum(count for (_, status), count in stage.statuses().items() if status in {400, 413}) == 1


@pytest.mark.parametrize(("when", "there"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 500}], ids=["no answer", "500"])
def test_a_lost_answer_is_unclear_and_not_asked_again(stage, fault, when, there):
    stage.tenant.faults.add(method="POST", path=ACTIVITIES, times=None, when=when, **fault)

    async def story(chat):
        anna = await chat.open(stage.id_of(ANNA))
        with pytest.raises(GraphUnclear):
            await chat.send(anna, CARD, summary="")

    stage.play(story)
    assert len(stage.shown()) == there


@pytest.mark.parametrize("status", [412, 429, 503])
def test_what_passes_is_waited_for(stage, status):
    stage.tenant.faults.add(method="POST", path=ACTIVITIES, status=status, times=2, retry_after="0")

    async def story(chat):
        await chat.send(await chat.open(stage.id_of(ANNA)), CARD, summary="")

    stage.play(story)
    assert len(stage.shown()) == 1
    assert stage.statuses()[("POST", status)] == 2


def test_a_token_that_has_ended_is_renewed_and_a_wrong_secret_says_nothing_anywhere(stage):
    async def story(chat):
        anna = await chat.open(stage.id_of(ANNA))
        stage.tenant.settings.expired_tokens.add(await chat._tokens.fetch())
        await asyncio.sleep(1.1)  # a token of the same second is the same token
        await chat.send(anna, CARD, summary="")

    stage.play(story)
    assert len(stage.shown()) == 1
    before = sum(stage.statuses().values())

    async def wrong(chat):
        with pytest.raises(SignInFailed):
            await chat.open(stage.id_of(ANNA))

    stage.play(wrong, app_secret=type(stage.settings.app_secret)("another"))
    assert sum(stage.statuses().values()) == before


def test_a_burst_in_one_chat_and_over_many_is_never_too_fast_for_teams(stage):
    async def story(chat):
        people = [await chat.open(stage.id_of(f"{name}@kommune.example")) for name in ("anna", "bo", "dorte")]
        await asyncio.gather(*(chat.send(one, CARD, summary="") for one in people for _ in range(9)))

    stage.play(story, budget_seconds=30.0)
    statuses = stage.statuses()
    assert {status for _, status in statuses} <= {201, 429}
    """On a busy machine what was sent apart may arrive together; Teams says so, and it is sent once more."""
    assert sum(count for (_, status), count in statuses.items() if status == 429) <= 3
    assert len(stage.shown()) == 9


def test_nothing_of_the_bot_leaves_for_an_address_of_somebody_else(stage):
    async def story(chat):
        anna = await chat.open(stage.id_of(ANNA))
        with pytest.raises(GraphError):
            await chat.send(replace(anna, service_url="https://elsewhere.example/teams"), CARD, summary="")

    stage.play(story)
    assert stage.statuses() == {("POST", 201): 1}
