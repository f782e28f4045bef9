"""Microsoft's own SDK for bots reads what the sandbox's Teams says: nothing here is ours but the sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import jwt
import pytest

from bot.sandbox.bot_sign_in import SCOPE
from bot.sandbox.chats import APP_ID, APP_SECRET, TENANT_ID
from bot.sandbox.serve import running_sandbox
from tests.builders.graph_talk import small_tenant
from tests.builders.listening_bot import ListeningBot, listening_bot
from tests.builders.played_teams import PlayedTeams

ANNA, BO = "anna@kommune.example", "bo@kommune.example"
CARD = {
    "type": "AdaptiveCard", "version": "1.5", "body": [{"type": "Input.Text", "id": "reason"}],
    "actions": [
        {"type": "Action.Execute", "title": "Tilmeld", "verb": "decide", "data": {"plan": "demo"}},
        {"type": "Action.Submit", "title": "Hjælp", "data": {"verb": "help"}},
    ],
}  # fmt: skip

# The SDK warns of parts of its own; a socket that is left open would be told to whichever test runs when it is found.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.filterwarnings("error::ResourceWarning")]


class Stage:
    def __init__(self, base_url: str, bot: ListeningBot) -> None:
        self.origin = base_url.removesuffix("/v1.0")
        self.people = PlayedTeams(base_url)
        self.bot = bot

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Any]:
        """The SDK's client of the Bot Connector, with a token of the bot's; it leaves closing its connections to us."""
        from microsoft_teams.api import ApiClient
        from microsoft_teams.common.http import Client, ClientOptions

        given = {"grant_type": "client_credentials", "client_id": APP_ID, "client_secret": APP_SECRET, "scope": SCOPE}
        async with httpx.AsyncClient() as sign_in:
            given_back = await sign_in.post(f"{self.origin}/entra/{TENANT_ID}/oauth2/v2.0/token", data=given)
        http = Client(ClientOptions(token=given_back.json()["access_token"]))
        async with http.http:
            yield ApiClient(f"{self.origin}/teams/", http)


@pytest.fixture
def stage() -> Iterator[Stage]:
    tenant = small_tenant()
    tenant.teams.installed.add(tenant.directory.find_user(ANNA).id)
    with running_sandbox(tenant) as base_url, listening_bot() as bot:
        made = Stage(base_url, bot)
        made.people.listen_at(bot.url)
        yield made


def test_a_bot_made_of_it_opens_a_chat_and_posts_changes_and_takes_away_a_card(stage):
    from microsoft_teams.api import Account, CreateConversationParams, MessageActivityInput
    from microsoft_teams.cards import AdaptiveCard

    async def story() -> tuple[list[Any], Any]:
        async with stage.client() as api:
            chat = await api.conversations.create(CreateConversationParams(members=[Account(id=anna)], tenant_id=TENANT_ID))
            message = MessageActivityInput(text="").add_card(AdaptiveCard.model_validate(CARD))
            sent = await api.conversations.activities(chat.id).create(message)
            await api.conversations.activities(chat.id).update(sent.id, MessageActivityInput(text="ny"))
            seen = stage.people.chat(ANNA)
            members = await api.conversations.members(chat.id).get_all()
            await api.conversations.activities(chat.id).delete(sent.id)
            return seen, members

    anna = next(one["from"]["aadObjectId"] for one in [stage.people.write(ANNA, "hej")["activity"]])
    seen, members = asyncio.run(story())
    assert [(one["text"], one["card"], one["edited"]) for one in seen] == [("hej", None, 0), ("ny", None, 1)]
    assert [(one.aad_object_id, one.email) for one in members] == [(anna, ANNA)]
    assert [one["text"] for one in stage.people.chat(ANNA)] == ["hej"]


def test_it_knows_every_activity_that_people_bring_about(stage):
    from microsoft_teams.api import ActivityTypeAdapter, MessageActivityInput
    from microsoft_teams.cards import AdaptiveCard

    chat = stage.people.write(ANNA, "mine kurser")["activity"]["conversation"]["id"]
    message = MessageActivityInput(text="").add_card(AdaptiveCard.model_validate(CARD))

    async def post() -> None:
        async with stage.client() as api:
            await api.conversations.activities(chat).create(message)

    asyncio.run(post())
    stage.people.press(ANNA, "Tilmeld", typed={"reason": "syg"})
    stage.people.press(ANNA, "Hjælp")
    stage.people.search(ANNA, "findCourse", "lederdag")
    stage.people.add(BO)
    stage.people.add(ANNA, team="Ledere", channel="Kurser")
    stage.people.write(ANNA, "hjælp", team="Ledere", channel="Kurser")
    stage.people.remove(ANNA, team="Ledere")
    stage.people.remove(BO)
    read = [ActivityTypeAdapter.validate_python(one) for one in stage.bot.heard]
    assert [type(one).__name__ for one in read] == [
        "MessageActivity", "AdaptiveCardInvokeActivity", "MessageActivity", "MessageExtensionQueryInvokeActivity",
        "ConversationUpdateActivity", "InstalledActivity", "ConversationUpdateActivity", "InstalledActivity", "MessageActivity",
        "ConversationUpdateActivity", "UninstalledActivity", "UninstalledActivity",
    ]  # fmt: skip
    assert {(one.conversation.tenant_id, one.channel_data.tenant.id) for one in read} == {(TENANT_ID, TENANT_ID)}
    assert (read[1].value.action.verb, read[1].value.action.data) == ("decide", {"plan": "demo", "reason": "syg"})
    assert read[2].value == {"verb": "help"}
    assert read[6].channel_data.settings.selected_channel.id.startswith("19:")


def test_its_check_of_tokens_takes_the_sandboxs_and_refuses_the_spoiled(stage):
    from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides
    from microsoft_teams.apps.auth.token_validator import TokenValidator

    cloud = with_overrides(
        PUBLIC,
        openid_metadata_url=f"{stage.origin}/openid/.well-known/openidconfiguration",
        token_issuer=f"{stage.origin}/issuer",
        login_endpoint=f"{stage.origin}/entra",
    )
    check = TokenValidator.for_service(APP_ID, cloud=cloud)

    def holds(spoil: str) -> bool:
        stage.people.write(ANNA, "hej", spoil=spoil)
        try:
            asyncio.run(check.validate_token(stage.bot.token(), stage.bot.heard[-1]["serviceUrl"]))
        except jwt.PyJWTError:
            return False
        return True

    assert holds("")
    spoils = ["none", "garbage", "expired", "issuer", "audience", "serviceurl", "signature", "algorithm", "unknown_key"]
    assert [spoil for spoil in spoils if holds(spoil)] == []
    assert holds("tenant")  # the token says nothing of it: whoever reads the activity has to look
