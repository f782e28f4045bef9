"""Teams in the sandbox: what Graph checks before a line is shown, and what a webhook takes (graph-facts sections 5 and 7)."""

from __future__ import annotations

import json

import pytest

from bot.sandbox.directory import User
from bot.sandbox.municipality import ALL_LEADERS, municipality
from bot.sandbox.teams import Teams
from tests.sandbox.teams import CARD, MANY, line, one, recipients


def shown(talk, who=""):
    return [(item["to"].split("@")[0], item["text"], item["replaced"]) for item in talk.control("GET", f"feed?to={who}")]


def test_a_line_is_shown_to_who_has_the_app_and_replaced_under_its_number(talk, tenant, ids):
    tenant.settings.change({"activities_per_second": 100})
    assert talk.ask("POST", one(ids["anna"]), line()).status_code == 204
    assert talk.ask("POST", one(ids["anna"]), line()).status_code == 204
    assert talk.ask("POST", one(ids["anna"]), line(chainId=8)).status_code == 204
    assert talk.ask("POST", one(ids["anna"]), line(chainId=None)).status_code == 204
    assert talk.ask("POST", one(ids["anna"]), line(chainId=None)).status_code == 204
    assert shown(talk) == [("anna", "I morgen: Lederdag", replaced) for replaced in (1, 0, 0, 0)]
    assert shown(talk, "bo@kommune.example") == []
    assert talk.refused("POST", one(ids["carl"]), line()) == (403, "Forbidden")
    assert talk.refused("POST", one("00000000-0000-0000-0000-000000000000"), line()) == (404, "NotFound")
    talk.control("POST", "teams-app", {"remove": ["anna@kommune.example"]})
    assert talk.refused("POST", one(ids["anna"]), line())[0] == 403
    assert talk.control("GET", "state")["feed_lines"] == 4
    talk.control("DELETE", "feed")
    assert shown(talk) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"activityType": "ukendt"}, {"templateParameters": []}, {"previewText": {"content": ""}}, {"chainId": "7"}, {"farve": "rød"},
        {"topic": {"source": "text", "value": "Lederdag"}}, {"topic": {"source": "andet", "value": "x"}},
        {"topic": {"source": "text", "value": "x", "webUrl": "https://kommune.example"}},
    ],
    ids=str,
)  # fmt: skip
def test_what_lacks_a_precondition_is_400_and_shown_to_nobody(talk, tenant, ids, changes):
    assert talk.refused("POST", one(ids["anna"]), line(**changes))[0] == 400
    assert tenant.teams.all_items() == []


def test_many_are_told_at_once_and_nothing_is_said_of_who_has_no_app(talk, ids):
    assert talk.ask("POST", MANY, line() | {"recipients": recipients(*ids.values())}).status_code == 202
    assert [who for who, _, _ in shown(talk)] == ["anna", "bo"]


@pytest.mark.parametrize(
    "who", [[], recipients(*["x"] * 101), [{"@odata.type": "microsoft.graph.chatMembersNotificationRecipient"}]], ids=len
)
def test_one_to_a_hundred_people_at_once(talk, ids, who):
    assert talk.refused("POST", MANY, line() | {"recipients": who})[0] == 400


def test_a_token_with_less_than_45_minutes_is_too_old_for_many(talk, tenant, ids):
    tenant.settings.change({"old_tokens": ["sandbox"]})
    assert talk.refused("POST", MANY, line() | {"recipients": recipients(ids["anna"])}) == (412, "PreconditionFailed")
    assert talk.ask("POST", one(ids["anna"]), line()).status_code == 204


def test_five_single_ones_and_two_to_many_in_a_second(talk, ids):
    single = [talk.ask("POST", one(ids["anna"]), line()) for _ in range(6)]
    many = [talk.ask("POST", MANY, line() | {"recipients": recipients(ids["anna"])}) for _ in range(3)]
    assert [answer.status_code for answer in single] == [204] * 5 + [429]
    assert [answer.status_code for answer in many] == [202, 202, 429]
    assert "retry-after" in many[2].headers


def test_a_rate_is_counted_over_the_seconds_it_is_for():
    teams = Teams()
    assert [teams.is_too_fast("x", now, (2, 1.0), (3, 10.0)) for now in (0.0, 0.1, 0.2, 5.0, 20.0)] == [False, False, True, True, False]
    assert teams.is_too_fast("y", 0.2, (1, 1.0)) is False


def post(talk, body, name="ledere"):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return talk.runner.run(talk.client.post(f"http://sandbox.example/webhooks/{name}", content=content))


def message(card=CARD, kind="application/vnd.microsoft.card.adaptive"):
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


def test_a_webhook_takes_one_card_and_shows_it(talk):
    assert post(talk, message()).status_code == 202
    (shown_post,) = talk.control("GET", "posts")
    assert (shown_post["channel"], shown_post["card"]) == ("ledere", CARD)
    assert talk.control("GET", "state")["posts"] == 1


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", {"type": "message"}, {"text": "hej"}, message(kind="application/vnd.microsoft.teams.card.o365connector"),
        message({"type": "MessageCard"}), message({"type": "AdaptiveCard"}), {"type": "message", "attachments": []},
    ],
    ids=str,
)  # fmt: skip
def test_a_webhook_takes_nothing_else(talk, tenant, body):
    assert post(talk, body).status_code == 400
    assert tenant.teams.posts == []


def test_a_card_over_28_kb_is_too_large_and_a_webhook_without_a_name_is_none(talk):
    assert post(talk, message(CARD | {"fallbackText": "x" * 28 * 1024})).status_code == 413
    assert post(talk, message(), name="").status_code == 404


@pytest.mark.parametrize(("form", "status"), [("status", 429), ("body", 200)])
def test_the_fifth_post_of_a_second_is_one_too_many(talk, tenant, form, status):
    tenant.settings.change({"webhook_throttle": form})
    answers = [post(talk, message()) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [202] * 4 + [status]
    assert ("HTTP error 429" in answers[4].text) is (form == "body")
    assert len(tenant.teams.posts) == 4


def test_a_webhook_has_faults_of_its_own(talk, tenant):
    tenant.faults.add(method="POST", path="^/webhooks/ledere$", status=502, when="before")
    tenant.faults.add(method="POST", path="^/webhooks/ledere$", nth=2, status=429, retry_after="3", when="after", delay_ms=1)
    assert (post(talk, message()).status_code, len(tenant.teams.posts)) == (502, 0)
    late = post(talk, message())
    assert (late.status_code, late.headers["retry-after"], len(tenant.teams.posts)) == (429, "3", 1)


def test_the_municipality_has_the_app_for_most_people_and_not_for_all():
    tenant = municipality(leaders=80)
    leaders = [one for one in tenant.directory.transitive_members(tenant.directory.find_group(ALL_LEADERS)) if isinstance(one, User)]
    with_app = [one for one in leaders if one.id in tenant.teams.installed and one.mail]
    assert len(with_app) == 70
    assert not any(one.user_type == "Guest" or not one.enabled for one in with_app)
    assert "courseTomorrow" in tenant.teams.activity_types


def test_nobody_gets_the_app_by_a_wrong_name(talk):
    answer = talk.runner.run(talk.client.post("http://sandbox.example/_sandbox/teams-app", json={"add": ["ingen@kommune.example"]}))
    assert answer.status_code == 400
