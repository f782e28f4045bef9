"""What `doctor` finds out, by reading only."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest
from azure.core.exceptions import ClientAuthenticationError

from bot.domain.people import Language
from bot.graph.checks import CheckResult, check_graph, roles_of
from bot.i18n.catalogue import text
from tests.unit.graph.talk import EVENTS, ORGANISER, Sign, Talk, Token, refusal

SCHEDULE = f"/users/{ORGANISER}/calendar/getSchedule"
ROOMS = "/places/microsoft.graph.room"
INBOX = f"/users/{ORGANISER}/mailFolders/inbox/messages"
COLLEAGUE = "hr@kommune.example"
GROUP = "0f8fad5b-d9cb-469f-a165-70867728950e"
EVERYTHING = f"/groups/{GROUP}/transitiveMembers"
MEMBER = {"id": "1", "displayName": "Anna", "mail": "anna@kommune.example", "accountEnabled": True}


def jwt(claims: Any) -> str:
    return f"x.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.x"


class Tokens(Sign):
    def __init__(self, token: str) -> None:
        super().__init__()
        self.made = token

    def get_token(self, *scopes: str) -> Token:
        return Token(self.made, 10_000)


def healthy(token: str) -> Talk:
    talk = Talk()
    talk.sign = Tokens(token)
    talk.graph.get("/users").mock(return_value=httpx.Response(200, json={"value": [MEMBER]}))
    members = {"value": [MEMBER]}
    talk.graph.get(f"/groups/{GROUP}/transitiveMembers/microsoft.graph.user").mock(return_value=httpx.Response(200, json=members))
    talk.graph.get(EVERYTHING).mock(return_value=httpx.Response(200, json={"value": []}))
    talk.graph.get(EVENTS).mock(return_value=httpx.Response(200, json={"value": []}))
    talk.graph.get(f"/users/{ORGANISER}/mailboxSettings").mock(return_value=httpx.Response(200, json={"timeZone": "Romance Standard Time"}))
    talk.graph.get(INBOX).mock(return_value=httpx.Response(200, json={"value": []}))
    providers = {"allowedOnlineMeetingProviders": ["teamsForBusiness"]}
    talk.graph.get(f"/users/{ORGANISER}/calendar").mock(return_value=httpx.Response(200, json=providers))
    row = {"scheduleId": COLLEAGUE, "availabilityView": "0000", "scheduleItems": []}
    talk.graph.post(SCHEDULE).mock(return_value=httpx.Response(200, json={"value": [row]}))
    talk.graph.get(ROOMS).mock(return_value=httpx.Response(200, json={"value": [{"emailAddress": "sal@kommune.example"}]}))
    return talk


def ask(talk: Talk, *, feed: bool = False) -> dict[str, CheckResult]:
    known = {"organiser": ORGANISER, "zone": "Europe/Copenhagen", "groups": [GROUP], "colleague": COLLEAGUE}
    results = talk.run(lambda client: check_graph(client, **known, feed=feed))
    for result in results:
        for language in Language:
            assert text(language, f"graph.checks.{result.name}")
            for code, params in ((result.detail_code, result.params), *result.further):
                assert "{" not in text(language, code, **params)
    return {result.name: result for result in results}


def test_a_healthy_tenant_passes_every_check_without_a_write() -> None:
    """Writing is not tried out on people."""
    talk = healthy(jwt({"roles": ["Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send"]}))
    found = ask(talk)
    assert {name: result.ok for name, result in found.items()} == dict.fromkeys(
        ["token", "write", "mail", "users", "group", "mailbox", "calendar", "zone", "teams", "inbox", "schedules", "rooms"], True
    ) | {"mailbox": None}, "no account of this directory has the address"
    assert {request.url.path.rpartition("/")[2] for request in talk.requests if request.method != "GET"} == {"getSchedule"}


def test_an_inbox_that_is_closed_is_no_failure_and_an_inbox_that_fails_is_one() -> None:
    """Without the right the rest works; a service that is down is another matter."""
    talk = healthy("opaque")
    talk.graph.get(INBOX).mock(return_value=refusal(403, "ErrorAccessDenied"))
    found = ask(talk)["inbox"]
    assert (found.ok, found.detail_code, found.params["permission"]) == (None, "graph.inbox_denied", "Mail.Read")
    talk.graph.get(INBOX).mock(return_value=refusal(400, "ErrorInvalidRequest"))
    assert ask(talk)["inbox"].ok is False


def test_free_and_busy_times_and_rooms_that_are_hidden_are_no_failure() -> None:
    """Without them everything but finding a date works; a service that is down is another matter."""
    talk = healthy("opaque")
    row = {"scheduleId": COLLEAGUE, "availabilityView": "", "scheduleItems": None, "error": {"responseCode": "5009"}}
    talk.graph.post(SCHEDULE).mock(return_value=httpx.Response(200, json={"value": [row]}))
    found = ask(talk)["schedules"]
    assert (found.ok, found.detail_code, found.params["address"]) == (None, "graph.schedules_hidden", COLLEAGUE)
    talk.graph.post(SCHEDULE).mock(return_value=refusal(403, "ErrorAccessDenied"))
    talk.graph.get(ROOMS).mock(return_value=refusal(403, "Authorization_RequestDenied"))
    found = ask(talk)
    assert (found["schedules"].ok, found["schedules"].detail_code) == (None, "graph.schedules_denied")
    assert (found["rooms"].ok, found["rooms"].params["permission"]) == (None, "Place.Read.All")
    talk.graph.post(SCHEDULE).mock(return_value=refusal(400, "ErrorInvalidRequest"))
    talk.graph.get(ROOMS).mock(return_value=refusal(400, "BadRequest"))
    found = ask(talk)
    assert (found["schedules"].ok, found["rooms"].ok) == (False, False)


@pytest.mark.parametrize(
    ("token", "detail"),
    [("opaque", "graph.write_opaque"), (jwt({"roles": ["Mail.Send"]}), "graph.write_not_in_token"), (jwt({}), "graph.write_not_in_token")],
)
def test_a_right_to_write_that_does_not_show_is_not_called_missing(token: str, detail: str) -> None:
    """RBAC for Applications in Exchange is not in the token."""
    result = ask(healthy(token))["write"]
    assert (result.ok, result.detail_code) == (None, detail)


@pytest.mark.parametrize(
    ("token", "detail", "missing"),
    [
        ("opaque", "graph.mail_opaque", "Mail.ReadWrite, Mail.Send"),
        (jwt({"roles": ["Mail.Send"]}), "graph.mail_not_in_token", "Mail.ReadWrite"),
        (jwt({"roles": ["Mail.ReadWrite"]}), "graph.mail_not_in_token", "Mail.Send"),
        (jwt({}), "graph.mail_not_in_token", "Mail.ReadWrite, Mail.Send"),
    ],
)
def test_sending_takes_two_rights_and_each_that_does_not_show_is_named(token: str, detail: str, missing: str) -> None:
    """A draft to recognise the message by, and its sending; no mail is sent to try them out."""
    result = ask(healthy(token))["mail"]
    assert (result.ok, result.detail_code, result.params["permission"]) == (None, detail, missing)


def test_a_failed_sign_in_is_the_only_thing_told() -> None:
    """Everything else would only fail after it."""
    talk = healthy("opaque")
    talk.sign = Sign(fails=[ClientAuthenticationError("AADSTS700016: no such app")])
    found = ask(talk)
    assert list(found) == ["token"]
    assert found["token"].detail_code == "errors.graph_sign_in_failed"


def test_one_failure_does_not_hide_another() -> None:
    """Each has its own text, with what to do."""
    talk = healthy("opaque")
    talk.graph.get(EVENTS).mock(return_value=refusal(403, "ErrorAccessDenied"))
    talk.graph.get(f"/groups/{GROUP}/transitiveMembers/microsoft.graph.user").mock(return_value=httpx.Response(200, json={"value": []}))
    talk.graph.get(f"/users/{ORGANISER}/mailboxSettings").mock(return_value=httpx.Response(200, json={"timeZone": "Pacific Standard Time"}))
    talk.graph.get(f"/users/{ORGANISER}/calendar").mock(return_value=httpx.Response(200, json={"allowedOnlineMeetingProviders": []}))
    talk.graph.get("/users").mock(return_value=httpx.Response(200, json={"value": [{"id": "1"}]}))
    found = ask(talk)
    assert (found["calendar"].ok, found["calendar"].detail_code) == (False, "errors.graph_mailbox_denied")
    assert (found["group"].ok, found["group"].detail_code) == (False, "graph.group_empty")
    assert (found["users"].ok, found["users"].detail_code) == (False, "graph.users_basic")
    assert (found["zone"].ok, found["zone"].detail_code) == (None, "graph.zone_differs")
    assert (found["teams"].ok, found["teams"].detail_code) == (None, "graph.teams_missing")


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "a.!!.c", jwt([1]), jwt("x")])
def test_a_token_that_cannot_be_read_has_no_known_roles(token: str) -> None:
    """Graph calls tokens opaque."""
    assert roles_of(token) is None


@pytest.mark.parametrize(
    ("token", "ok", "told"),
    [
        (jwt({"roles": ["TeamsActivity.Send"]}), True, "graph.feed_granted"),
        (jwt({"roles": []}), None, "graph.feed_not_in_token"),
        ("opaque", None, "graph.feed_opaque"),
    ],
)
def test_the_right_to_notify_may_come_with_the_app_so_its_lack_is_no_failure(token: str, ok: bool | None, told: str) -> None:
    """And it is asked for only where activity feeds are on."""
    found = ask(healthy(token), feed=True)["feed"]
    assert (found.ok, found.detail_code) == (ok, told)
    assert "feed" not in ask(healthy(token))


def test_a_group_is_told_with_how_many_of_it_are_invited_and_how_many_are_not_and_why() -> None:
    """By number, and nobody by name: whoever sets the program up need not see them."""
    talk = healthy("opaque")
    guest = {"id": "2", "displayName": "Gry", "mail": "gry@firma.example", "accountEnabled": True, "userType": "Guest"}
    leaver = {"id": "3", "displayName": "Eva", "mail": "eva@kommune.example", "accountEnabled": False}
    nameless = {"id": "4", "displayName": "Ib", "mail": None, "accountEnabled": True}
    members = {"value": [MEMBER, guest, leaver, nameless]}
    talk.graph.get(f"/groups/{GROUP}/transitiveMembers/microsoft.graph.user").mock(return_value=httpx.Response(200, json=members))
    contacts = [{"@odata.type": "#microsoft.graph.orgContact", "id": str(number)} for number in range(2)]
    talk.graph.get(EVERYTHING).mock(return_value=httpx.Response(200, json={"value": contacts}))
    found = ask(talk)["group"]
    assert (found.ok, found.params["count"]) == (True, 2)
    assert {code.rpartition(".")[2]: params["count"] for code, params in found.further} == {
        "guests": 1, "closed": 1, "no_address": 1, "contact": 2
    }  # fmt: skip
    assert not {"Eva", "Ib", "Gry"} & {*str(found).replace("'", " ").split()}


def test_a_group_whose_other_members_cannot_be_seen_is_still_a_group() -> None:
    talk = healthy("opaque")
    talk.graph.get(EVERYTHING).mock(return_value=refusal(400, "Request_UnsupportedQuery"))
    found = ask(talk)["group"]
    assert (found.ok, [code for code, _ in found.further]) == (True, ["graph.left_out_untold"])


def test_a_group_of_closed_accounts_has_nobody_to_invite() -> None:
    talk = healthy("opaque")
    members = {"value": [MEMBER | {"accountEnabled": False}]}
    talk.graph.get(f"/groups/{GROUP}/transitiveMembers/microsoft.graph.user").mock(return_value=httpx.Response(200, json=members))
    found = ask(talk)["group"]
    assert (found.ok, found.detail_code) == (False, "graph.group_nobody")
