"""People's Teams in the sandbox: what reaches the bot when somebody writes or presses, and what they see of its answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import jwt
import pytest

from bot.sandbox.chats import APP_ID, TENANT_ID, Shown
from bot.sandbox.serve import running_sandbox
from bot.sandbox.tenant import Tenant
from tests.builders.graph_talk import NOW, small_tenant
from tests.builders.listening_bot import ListeningBot, answering, listening_bot
from tests.builders.played_teams import PlayedTeams, texts_of

ANNA, CARL = "anna@kommune.example", "carl@kommune.example"
SIGN_UP = {
    "type": "Action.Execute", "title": "Tilmeld", "verb": "decide", "data": {"plan": "demo", "kind": "sign_up"},
    "fallback": {"type": "Action.Submit", "title": "Tilmeld", "data": {"verb": "decide", "plan": "demo"}},
}  # fmt: skip
REASON = {"type": "Input.Text", "id": "reason", "isRequired": True, "maxLength": 10}
REFRESH = {"action": {"type": "Action.Execute", "verb": "course", "data": {"refresh": "yes"}}}
CARD = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Lederdag"}, REASON], "actions": [SIGN_UP]}
DONE = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Tilmeldt"}]}


@dataclass
class Stage:
    """Anna has the app, Carl has not."""

    tenant: Tenant
    origin: str
    people: PlayedTeams
    bot: ListeningBot

    def user(self, address):
        return self.tenant.directory.find_user(address)

    def stand(self, card=CARD, sender="bot") -> Shown:
        chat = self.tenant.chats.personal(self.user(ANNA).id)
        shown = Shown(id=self.tenant.chats.new_id(NOW), sender=sender, time=NOW, card=card)
        chat.shown[shown.id] = shown
        return shown

    def claims(self, token):
        key = jwt.PyJWKClient(f"{self.origin}/openid/.well-known/keys").get_signing_key_from_jwt(token).key
        return jwt.decode(token, key, algorithms=["RS256"], audience=APP_ID, issuer=f"{self.origin}/issuer")


@pytest.fixture
def stage() -> Iterator[Stage]:
    tenant = small_tenant()
    tenant.teams.installed.add(tenant.directory.find_user(ANNA).id)
    with running_sandbox(tenant) as base_url, listening_bot() as bot:
        people = PlayedTeams(base_url)
        people.listen_at(bot.url)
        yield Stage(tenant, base_url.removesuffix("/v1.0"), people, bot)


def test_a_line_reaches_the_bot_signed_and_says_who_where_and_in_which_tenant(stage):
    anna = stage.user(ANNA)
    called = stage.people.write(ANNA, "mine kurser")
    (heard,) = stage.bot.heard
    assert (called["status"], heard["type"], heard["text"]) == (200, "message", "mine kurser")
    assert heard["from"] == {"id": stage.tenant.chats.person_id(anna.id), "name": "Anna Prøve", "aadObjectId": anna.id}
    assert heard["from"]["id"].startswith("29:")
    assert heard["recipient"]["id"] == f"28:{APP_ID}"
    assert heard["conversation"] == {"conversationType": "personal", "tenantId": TENANT_ID, "id": stage.tenant.chats.personal(anna.id).id}
    assert (heard["channelData"], stage.bot.headers[0]["x-ms-tenant-id"]) == ({"tenant": {"id": TENANT_ID}}, TENANT_ID)
    claims = stage.claims(stage.bot.token())
    assert claims["serviceurl"] == heard["serviceUrl"] == f"{stage.origin}/teams/"
    assert claims["exp"] - claims["nbf"] == 3600
    assert [shown["text"] for shown in stage.people.chat(ANNA)] == ["mine kurser"]


def test_a_press_waits_for_the_answer_and_puts_it_in_the_place_of_the_card(stage):
    shown = stage.stand()
    stage.bot.say = lambda _activity: (200, answering(DONE))
    seen = stage.people.press(ANNA, "Tilmeld", typed={"reason": "syg"})
    (heard,) = stage.bot.heard
    assert (heard["name"], heard["replyToId"], heard["value"]["trigger"]) == ("adaptiveCard/action", shown.id, "manual")
    assert heard["value"]["action"] == {
        "type": "Action.Execute", "verb": "decide", "data": {"plan": "demo", "kind": "sign_up", "reason": "syg"},
    }  # fmt: skip
    assert (seen["card"], seen["error"]) == (DONE, "")
    assert texts_of(stage.people.cards(ANNA)) == ["Tilmeldt"]
    assert shown.card == CARD


def test_an_old_client_sends_the_fallback_as_a_message_with_a_value(stage):
    stage.stand()
    stage.people.press(ANNA, "decide", typed={"reason": "syg"}, old=True)
    (heard,) = stage.bot.heard
    assert (heard["type"], heard["value"]) == ("message", {"verb": "decide", "plan": "demo", "reason": "syg"})
    assert "text" not in heard


@pytest.mark.parametrize(
    ("data", "text", "value"),
    [
        ({"msteams": {"type": "imBack", "value": "mine kurser"}}, "mine kurser", None),
        ({"msteams": {"type": "messageBack", "text": "hjælp", "value": {"verb": "help"}}}, "hjælp", {"verb": "help"}),
        ("help", None, "help"),
        ({"verb": "help"}, None, {"verb": "help"}),
    ],
    ids=str,
)
def test_a_button_can_say_something_in_the_persons_name_or_carry_anything(stage, data, text, value):
    stage.stand(DONE | {"actions": [{"type": "Action.Submit", "title": "Hjælp", "data": data}]})
    stage.people.press(ANNA, "Hjælp")
    (heard,) = stage.bot.heard
    assert (heard["type"], heard.get("text"), heard.get("value")) == ("message", text, value)


@pytest.mark.parametrize(
    ("action", "old", "why"),
    [
        ({"type": "Action.OpenUrl", "title": "Siden", "url": "https://kommune.example"}, False, "no card on the screen has a button"),
        ({"type": "Action.Execute", "title": "Siden", "verb": "course"}, True, "it has no fallback"),
        ({"type": "Action.Submit", "title": "Siden", "data": {"msteams": {"type": "task/fetch"}}}, False, "is not played here"),
    ],
    ids=["address", "old client", "dialog"],
)
def test_what_tells_the_bot_nothing_is_no_press(stage, action, old, why):
    stage.stand(DONE | {"actions": [action]})
    with pytest.raises(AssertionError, match=why):
        stage.people.press(ANNA, "Siden", old=old)


def test_in_a_channel_a_card_refreshes_for_those_whom_it_names_alone(stage):
    stage.people.add(ANNA, team="Ledere")
    stage.bot.heard.clear()
    channel = stage.tenant.chats.channel("Ledere", "")
    anna = stage.tenant.chats.person_id(stage.user(ANNA).id)
    for number, whom in enumerate(([], [anna])):
        shown = Shown(id=str(number), sender="bot", time=NOW, card=CARD | {"refresh": REFRESH | {"userIds": whom}})
        channel.shown[shown.id] = shown
    stage.people.look(ANNA, team="Ledere")
    assert [heard["replyToId"] for heard in stage.bot.heard] == ["1"]


@pytest.mark.parametrize(
    ("pressed", "why"),
    [
        ({"button": "Afbud"}, "no card on the screen has a button"),
        ({"button": "Tilmeld"}, "reason is required"),
        ({"button": "Tilmeld", "typed": {"reason": "x" * 11}}, "reason is too long"),
        ({"button": "Tilmeld", "typed": {"reason": "x", "other": "y"}}, "the card has no field other"),
        ({"button": "Tilmeld", "typed": {"reason": "x"}, "data": {"plan": "another"}}, "no card on the screen has a button"),
        ({"button": "Tilmeld", "typed": {"reason": "x"}, "spoil": "sour"}, "spoil is one of"),
    ],
    ids=str,
)
def test_what_is_not_on_the_screen_cannot_be_pressed(stage, pressed, why):
    stage.stand()
    with pytest.raises(AssertionError, match=why):
        stage.people.press(ANNA, **pressed)
    assert stage.bot.heard == []


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ((200, answering(DONE | {"version": "1.6"})), "Something went wrong"),
        ((200, answering(DONE | {"fallbackText": "x" * 28 * 1024})), "Something went wrong"),
        ((200, {"statusCode": 400, "type": "application/vnd.microsoft.error", "value": {"code": "BadRequest"}}), "Something went wrong"),
        ((200, None), "Something went wrong"),
        ((200, b"no json"), "Something went wrong"),
        ((401, None), "Unable to reach app"),
        ((500, None), "Unable to reach app"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_an_answer_that_is_not_as_it_is_to_be_leaves_the_card_and_says_little(stage, said, error):
    stage.stand()
    stage.bot.say = lambda _activity: said
    seen = stage.people.press(ANNA, "Tilmeld", typed={"reason": "syg"})
    assert (seen["error"].startswith(error), seen["card"]) == (True, None)
    assert stage.people.cards(ANNA) == [CARD]


def test_a_word_in_the_place_of_a_card_is_shown_and_the_card_stays(stage):
    stage.stand()
    stage.bot.say = lambda _activity: (200, {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Vent"})
    assert stage.people.press(ANNA, "Tilmeld", typed={"reason": "syg"})["message"] == "Vent"
    assert stage.people.cards(ANNA) == [CARD]


def test_a_bot_that_does_not_answer_in_time_is_not_reached(stage):
    stage.stand()
    stage.tenant.settings.change({"invoke_timeout_seconds": 0.1})
    stage.bot.delay_seconds = 0.5
    assert stage.people.press(ANNA, "Tilmeld", typed={"reason": "syg"})["error"].startswith("Unable to reach app")


def test_a_card_that_refreshes_does_so_when_it_is_looked_at_and_for_whom_it_names(stage):
    stage.stand(CARD | {"refresh": REFRESH})
    of_others = CARD | {"refresh": REFRESH | {"userIds": ["29:somebody"]}}
    stage.stand(of_others)
    stage.stand(CARD)
    stage.bot.say = lambda _activity: (200, answering(DONE))
    seen = stage.people.look(ANNA)
    assert [one["card"] for one in seen] == [DONE, of_others, CARD]
    (heard,) = stage.bot.heard
    assert heard["value"] == {
        "action": {"type": "Action.Execute", "verb": "course", "data": {"refresh": "yes"}}, "trigger": "automatic",
    }  # fmt: skip


def test_a_card_that_came_by_a_press_refreshes_as_it_says_itself(stage):
    stage.stand(CARD | {"refresh": REFRESH})
    own = {"action": {"type": "Action.Execute", "verb": "mine", "data": {}}}
    stage.bot.say = lambda _activity: (200, answering(DONE | {"refresh": own}))
    stage.people.look(ANNA)
    stage.people.look(ANNA)
    assert [heard["value"]["action"]["verb"] for heard in stage.bot.heard] == ["course", "mine"]


def test_the_same_press_comes_again_with_the_same_id_and_a_new_token_or_twice_at_once(stage):
    stage.stand()
    stage.people.press(ANNA, "Tilmeld", typed={"reason": "syg"}, copies=2)
    stage.people.again(ANNA)
    assert len({heard["id"] for heard in stage.bot.heard}) == 1
    assert [one == stage.bot.heard[0] for one in stage.bot.heard] == [True] * 3
    assert len(stage.people.calls(person=ANNA, kind="adaptiveCard/action")) == 3


@pytest.mark.parametrize(
    ("spoil", "refused"),
    [
        ("garbage", jwt.DecodeError), ("expired", jwt.ExpiredSignatureError), ("issuer", jwt.InvalidIssuerError),
        ("audience", jwt.InvalidAudienceError), ("signature", jwt.InvalidSignatureError),
        ("algorithm", jwt.PyJWTError), ("unknown_key", jwt.PyJWKClientError),
    ],
)  # fmt: skip
def test_a_token_is_spoiled_in_just_the_way_that_was_asked_for(stage, spoil, refused):
    stage.people.write(ANNA, "hej", spoil=spoil)
    with pytest.raises(refused):
        stage.claims(stage.bot.token())


def test_a_token_left_out_of_another_service_and_an_activity_of_another_tenant(stage):
    stage.people.write(ANNA, "hej", spoil="none")
    assert "authorization" not in stage.bot.headers[-1]
    stage.people.write(ANNA, "hej", spoil="serviceurl")
    assert stage.claims(stage.bot.token())["serviceurl"] != stage.bot.heard[-1]["serviceUrl"]
    stage.people.write(ANNA, "hej", spoil="tenant")
    heard = stage.bot.heard[-1]
    assert TENANT_ID not in {
        heard["conversation"]["tenantId"],
        heard["channelData"]["tenant"]["id"],
        stage.bot.headers[-1]["x-ms-tenant-id"],
    }

    stage.people.write(ANNA, "hej", spoil="person")
    assert "aadObjectId" not in stage.bot.heard[-1]["from"]


def test_teams_may_bring_everything_twice(stage):
    stage.tenant.settings.change({"activity_copies": 2})
    stage.people.write(ANNA, "hej")
    assert stage.bot.heard[0] == stage.bot.heard[1]
    assert len(stage.people.chat(ANNA)) == 1


def test_who_has_not_the_app_has_no_chat_with_the_bot_until_they_add_it(stage):
    with pytest.raises(AssertionError, match="the bot is not in this conversation"):
        stage.people.write(CARL, "hej")
    with pytest.raises(AssertionError, match="has done nothing yet"):
        stage.people.again(CARL)
    stage.people.add(CARL)
    with pytest.raises(AssertionError, match="the app is there already"):
        stage.people.add(CARL)
    assert [(one["type"], one.get("action"), one.get("membersAdded")) for one in stage.bot.heard] == [
        ("conversationUpdate", None, [{"id": f"28:{APP_ID}"}]),
        ("installationUpdate", "add", None),
    ]
    stage.people.write(CARL, "hej")
    stage.people.remove(CARL)
    assert (stage.bot.heard[-1]["type"], stage.bot.heard[-1]["action"]) == ("installationUpdate", "remove")
    assert stage.user(CARL).id not in stage.tenant.teams.installed


def test_the_bot_hears_of_a_team_by_its_first_channel_and_which_one_was_chosen(stage):
    stage.people.add(ANNA, team="Ledere", channel="Kurser")
    general, chosen = stage.tenant.chats.channel("Ledere", ""), stage.tenant.chats.channel("Ledere", "Kurser")
    added, installed = stage.bot.heard
    assert (added["conversation"]["id"], added["channelData"]["team"]["id"]) == (general.id, general.id)
    assert (added["channelData"]["eventType"], installed["action"]) == ("teamMemberAdded", "add")
    assert installed["channelData"]["settings"] == {"selectedChannel": {"id": chosen.id}}
    stage.people.write(ANNA, "kommende", team="Ledere", channel="Kurser")
    heard = stage.bot.heard[-1]
    assert (heard["conversation"]["id"], heard["text"]) == (chosen.id, "<at>Kurser</at> kommende")
    stage.people.remove(ANNA, team="Ledere")
    assert [one["type"] for one in stage.bot.heard[-2:]] == ["conversationUpdate", "installationUpdate"]
    with pytest.raises(AssertionError, match="the bot is not in this conversation"):
        stage.people.write(ANNA, "hej", team="Ledere")


def test_the_bot_is_told_when_graph_installs_and_when_an_administrator_does(stage):
    carl = stage.user(CARL)
    stage.people.ask("POST", "../teams-app", {"add": [CARL, ANNA]})
    end = time.monotonic() + 10
    while len(stage.bot.heard) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    assert {one["from"]["aadObjectId"] for one in stage.bot.heard} == {carl.id}


def test_the_extension_finds_cards_and_one_can_be_sent_to_a_chat(stage):
    found = {"contentType": "application/vnd.microsoft.card.adaptive", "content": DONE}
    stage.bot.say = lambda _activity: (200, {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": [found]}})
    called = stage.people.search(ANNA, "findCourse", "lederdag")
    assert stage.bot.heard[0]["value"] == {
        "commandId": "findCourse", "parameters": [{"name": "words", "value": "lederdag"}], "queryOptions": {"skip": 0, "count": 25},
    }  # fmt: skip
    stage.people.share(ANNA, called["body"]["composeExtension"]["attachments"][0], team="Ledere")
    assert [one["card"] for one in stage.people.channel("Ledere")] == [DONE]
    with pytest.raises(AssertionError, match="no Adaptive Card"):
        stage.people.share(ANNA, {"contentType": "text/html"})


def test_a_tab_gets_a_token_of_entra_that_says_who_opened_it(stage):
    told = httpx.get(f"{stage.origin}/entra/{TENANT_ID}/v2.0/.well-known/openid-configuration").json()

    def claims(spoil=""):
        token = stage.people.tab_token(ANNA, "kursusbot.hr", spoil=spoil)
        key = jwt.PyJWKClient(told["jwks_uri"]).get_signing_key_from_jwt(token).key
        return jwt.decode(token, key, algorithms=["RS256"], audience=APP_ID, issuer=told["issuer"])

    said = claims()
    assert (said["oid"], said["tid"], said["roles"]) == (stage.user(ANNA).id, TENANT_ID, ["kursusbot.hr"])
    assert claims("tenant")["tid"] != TENANT_ID
    for spoil in ("audience", "issuer", "expired", "signature"):
        with pytest.raises(jwt.PyJWTError):
            claims(spoil)


def test_nobody_listens_until_an_address_is_set(stage):
    stage.people.listen_at("")
    assert stage.people.write(ANNA, "hej")["status"] == 0
    with pytest.raises(AssertionError, match="a bot has no text"):
        stage.people.listen_at("", colour="red")
