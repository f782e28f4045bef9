"""The Bot Connector in the sandbox: who may speak where, how much, and what is refused (graph-facts section 7)."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from bot.sandbox.bot_sign_in import SCOPE
from bot.sandbox.cards_seen import CARD_TYPE
from bot.sandbox.chats import APP_ID, APP_SECRET, TENANT_ID
from bot.sandbox.signing import signed
from tests.sandbox.teams import CARD

HOST = "http://sandbox.example"
TOKEN = f"{HOST}/entra/{TENANT_ID}/oauth2/v2.0/token"
GIVEN = {"grant_type": "client_credentials", "client_id": APP_ID, "client_secret": APP_SECRET, "scope": SCOPE}


class Bot:
    """The bot as far as the Bot Connector sees it."""

    def __init__(self, talk):
        self.talk = talk
        self.token = self.send("POST", TOKEN, data=GIVEN).json()["access_token"]

    def send(self, method, address, **given) -> httpx.Response:
        return self.talk.runner.run(self.talk.client.request(method, address, **given))

    def ask(self, method, path, body=None, token=None) -> httpx.Response:
        headers = {"authorization": f"Bearer {token or self.token}"}
        return self.send(method, f"{HOST}/teams/v3/{path}", json=body, headers=headers)

    def open(self, user_id, **more) -> httpx.Response:
        return self.ask("POST", "conversations", {"isGroup": False, "members": [{"id": user_id}], "tenantId": TENANT_ID} | more)

    def chat_of(self, user_id) -> str:
        answer = self.open(user_id)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]


def message(card=CARD, **more):
    return {"type": "message", "attachments": [{"contentType": CARD_TYPE, "content": card}]} | more


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


@pytest.fixture
def bot(talk, ids):
    return Bot(talk)


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "another"}, 401, ("invalid_client", 7000215)),
        ({"client_id": "0badc0de-0000-4000-8000-000000000002"}, 400, ("unauthorized_client", 700016)),
        ({"scope": "https://graph.microsoft.com/.default"}, 400, ("invalid_resource", 500011)),
        ({"scope": "https://api.botframework.com"}, 400, ("invalid_scope", 1002012)),
        ({"grant_type": "password"}, 400, ("unsupported_grant_type", 70003)),
        ({"client_secret": ""}, 400, ("invalid_request", 900144)),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_sign_in_is_refused_in_entras_words(bot, changes, status, error):
    answer = bot.send("POST", TOKEN, data=GIVEN | changes)
    body = answer.json()
    assert (answer.status_code, body["error"], body["error_codes"]) == (status, error[0], [error[1]])
    assert body["error_description"].startswith(f"AADSTS{error[1]}: ")


def test_another_tenant_is_not_found_and_secrets_stand_in_no_journal(bot, tenant):
    assert bot.send("POST", TOKEN.replace(TENANT_ID, "x"), data=GIVEN).json()["error_codes"] == [90002]
    assert APP_SECRET not in json.dumps([entry.as_json() for entry in tenant.journal.entries])


def test_a_chat_is_the_same_each_time_by_either_id_of_the_person(bot, tenant, ids):
    first = bot.chat_of(ids["anna"])
    assert first.startswith("a:")
    assert bot.chat_of(tenant.chats.person_id(ids["anna"])) == first
    assert bot.chat_of(ids["bo"]) != first


def test_no_chat_for_who_has_not_the_app_nor_for_nobody_nor_in_another_tenant(bot, ids):
    assert code(bot.open(ids["carl"])) == (403, "ForbiddenOperationException")
    assert code(bot.open("00000000-0000-0000-0000-000000000000")) == (404, "NotFound")
    assert code(bot.open(f"28:{APP_ID}")) == (404, "NotFound")
    assert code(bot.open(ids["anna"], tenantId="another")) == (400, "BadArgument")
    assert code(bot.open(ids["anna"], isGroup=True)) == (400, "BadArgument")
    for members in (None, [], ["x"], [{}], [{"id": ids["anna"]}] * 2):
        assert code(bot.open(ids["anna"], members=members)) == (400, "BadArgument")
    told = {"tenantId": None, "channelData": {"tenant": {"id": TENANT_ID}}}
    assert bot.open(ids["anna"], **told).status_code == 201
    assert code(bot.open(ids["anna"], tenantId=None, channelData=None)) == (400, "BadArgument")


def test_a_card_is_posted_changed_and_taken_away(bot, talk, tenant, ids):
    chat = bot.chat_of(ids["anna"])
    posted = bot.ask("POST", f"conversations/{chat}/activities", message(summary="Lederdag"))
    which = posted.json()["id"]
    (shown,) = tenant.chats.personal(ids["anna"]).shown.values()
    assert (posted.status_code, shown.card, shown.summary, shown.edited) == (201, CARD, "Lederdag", 0)
    other = CARD | {"body": []}
    assert bot.ask("PUT", f"conversations/{chat}/activities/{which}", message(other)).status_code == 200
    assert (shown.card, shown.edited) == (other, 1)
    assert talk.control("GET", "state")["cards"] == 1
    assert code(bot.ask("PUT", f"conversations/{chat}/activities/1", message())) == (404, "ActivityNotFoundInConversation")
    assert bot.ask("DELETE", f"conversations/{chat}/activities/{which}").status_code == 200
    assert code(bot.ask("DELETE", f"conversations/{chat}/activities/{which}")) == (404, "ActivityNotFoundInConversation")


def test_what_was_asked_twice_is_there_twice(bot, tenant, ids):
    chat = bot.chat_of(ids["anna"])
    found = [bot.ask("POST", f"conversations/{chat}/activities", message()).json()["id"] for _ in range(2)]
    assert list(tenant.chats.personal(ids["anna"]).shown) == found
    assert found[0] != found[1]


def test_where_the_bot_is_not_any_more_it_says_nothing(bot, talk, ids):
    chat = bot.chat_of(ids["anna"])
    talk.control("POST", "teams-app", {"remove": ["anna@kommune.example"]})
    assert code(bot.ask("POST", f"conversations/{chat}/activities", message())) == (403, "BotNotInConversationRoster")
    assert code(bot.ask("POST", "conversations/a:nowhere/activities", message())) == (404, "ConversationNotFound")


def test_whoever_blocks_the_bot_hears_nothing_of_it_until_they_let_it_speak_again(bot, talk, ids):
    chat = bot.chat_of(ids["anna"])
    talk.control("POST", "teams/block", {"person": ids["anna"]})
    assert code(bot.ask("POST", f"conversations/{chat}/activities", message())) == (403, "ConversationBlockedByUser")
    talk.control("POST", "teams/block", {"person": ids["anna"], "blocked": False})
    assert bot.ask("POST", f"conversations/{chat}/activities", message()).status_code == 201


def test_a_chat_can_be_spoken_in_by_the_id_that_graph_gives_and_before_it_was_opened(bot, tenant, ids):
    known = tenant.chats.personal(ids["bo"]).id
    tenant.chats.conversations.clear()
    assert bot.ask("POST", f"conversations/{known}/activities", message()).status_code == 201
    assert bot.ask("POST", f"conversations/{tenant.chats.graph_id(ids['bo'])}/activities", message()).status_code == 201
    assert len(tenant.chats.personal(ids["bo"]).shown) == 2


def _token(**claims):
    now = int(time.time())
    return signed({"aud": "https://api.botframework.com", "appid": APP_ID, "exp": now + 36_000} | claims)


@pytest.mark.parametrize(
    "token",
    [
        "sandbox", _token(aud="https://graph.microsoft.com"), _token(appid="another"), _token(exp=int(time.time()) - 1),
        _token()[:-8] + "AAAAAAAA",
    ],
    ids=["graph's", "audience", "app", "expired", "signature"],
)  # fmt: skip
def test_a_token_that_is_not_the_bots_is_401(bot, ids, token):
    assert bot.ask("POST", "conversations", {}, token=token).status_code == 401
    assert bot.open(ids["anna"]).status_code == 201


@pytest.mark.parametrize(
    "card",
    [
        [], "x", {"type": "MessageCard"}, CARD | {"version": "1.6"}, CARD | {"version": 1.5}, CARD | {"version": "ny"},
        CARD | {"body": {}},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_card_is_400_and_stands_nowhere(bot, tenant, ids, card):
    chat = bot.chat_of(ids["anna"])
    assert code(bot.ask("POST", f"conversations/{chat}/activities", message(card))) == (400, "BadArgument")
    assert tenant.chats.cards() == 0


@pytest.mark.parametrize(
    "body", [{"type": "message"}, {"type": "event", "text": "x"}, {"type": "message", "attachments": [{}]}, {"type": "message", "text": 1}]
)
def test_what_is_no_message_is_400(bot, ids, body):
    assert code(bot.ask("POST", f"conversations/{bot.chat_of(ids['anna'])}/activities", body)) == (400, "BadArgument")


def test_what_clients_do_not_know_is_taken_and_written_down(bot, tenant, ids):
    odd = CARD | {
        "body": [{"type": "Blinker"}, {"type": "Input.Text"}, {"type": "Input.Text", "id": "a"}, {"type": "Input.Date", "id": "a"}]
    }
    bot.ask("POST", f"conversations/{bot.chat_of(ids['anna'])}/activities", message(odd))
    (shown,) = tenant.chats.personal(ids["anna"]).shown.values()
    assert shown.odd == ["unknown: Blinker", "Input.Text without an id", "two fields are a"]


def test_a_message_over_28_kb_is_too_large(bot, ids):
    chat = bot.chat_of(ids["anna"])
    assert code(bot.ask("POST", f"conversations/{chat}/activities", message(CARD | {"fallbackText": "x" * 28 * 1024}))) == (
        413,
        "MessageSizeTooBig",
    )


def test_the_eighth_message_of_a_second_in_one_chat_is_one_too_many(bot, ids):
    chat, other = bot.chat_of(ids["anna"]), bot.chat_of(ids["bo"])
    answers = [bot.ask("POST", f"conversations/{chat}/activities", message()) for _ in range(8)]
    assert [one.status_code for one in answers] == [201] * 7 + [429]
    assert code(answers[-1]) == (429, "Throttled")
    assert answers[-1].headers["retry-after"] == "1"
    assert bot.ask("POST", f"conversations/{other}/activities", message()).status_code == 201


def test_the_app_has_so_many_requests_a_second(bot, tenant, ids):
    tenant.settings.change({"bot_requests_per_second": 3})
    assert [bot.open(ids["anna"]).status_code for _ in range(4)] == [201, 201, 201, 429]


@pytest.mark.parametrize(("when", "there"), [("before", 0), ("after", 1)])
def test_faults_reach_it_before_the_message_stands_there_or_after(bot, tenant, ids, when, there):
    chat = bot.chat_of(ids["anna"])
    tenant.faults.add(method="POST", path="/activities$", status=412, when=when)
    assert code(bot.ask("POST", f"conversations/{chat}/activities", message())) == (412, "PreconditionFailed")
    assert tenant.chats.cards() == there
    entry = tenant.journal.entries[-1]
    assert (entry.is_connector, entry.status, entry.path) == (True, 412, f"/teams/v3/conversations/{chat}/activities")


def test_members_are_told_with_their_directory_ids(bot, tenant, ids):
    chat, anna = bot.chat_of(ids["anna"]), tenant.chats.person_id(ids["anna"])
    (member,) = bot.ask("GET", f"conversations/{chat}/members").json()
    assert (member["id"], member["aadObjectId"], member["email"]) == (anna, ids["anna"], "anna@kommune.example")
    assert bot.ask("GET", f"conversations/{chat}/members/{anna}").json() == member
    assert code(bot.ask("GET", f"conversations/{chat}/members/{ids['bo']}")) == (404, "MemberNotFoundInConversation")


def test_a_team_tells_its_channels_where_the_bot_is(bot, tenant, ids):
    general, courses = tenant.chats.channel("Ledere", ""), tenant.chats.channel("Ledere", "Kurser")
    assert code(bot.ask("GET", f"teams/{general.id}/conversations")) == (403, "BotNotInConversationRoster")
    tenant.chats.teams_with_bot.add("Ledere")
    assert bot.ask("GET", f"teams/{general.id}/conversations").json() == {
        "conversations": [{"id": general.id, "name": None}, {"id": courses.id, "name": "Kurser"}]
    }
    assert bot.ask("GET", f"teams/{general.id}").json()["name"] == "Ledere"
    assert bot.ask("POST", f"conversations/{courses.id}/activities", message()).status_code == 201
    assert code(bot.ask("GET", "teams/19:nowhere")) == (404, "NotFound")


def test_the_keys_are_where_the_issuer_tells(bot):
    told = bot.send("GET", f"{HOST}/openid/.well-known/openidconfiguration").json()
    assert told["issuer"] == f"{HOST}/issuer"
    assert bot.send("GET", told["jwks_uri"]).json()["keys"][0]["kid"] == "sandbox"
    assert code(bot.send("GET", f"{HOST}/openid/elsewhere")) == (404, "NotFound")
