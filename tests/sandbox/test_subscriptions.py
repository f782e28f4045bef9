"""Subscriptions in the sandbox: the handshake while the creation is open, limits, and what is posted to whom (graph-facts section 4)."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest

from bot.sandbox.files import Files
from bot.sandbox.wire import RefusedError
from tests.builders.graph_talk import EVENTS, IMMUTABLE, NOW, ORGANISER, contract
from tests.builders.sandbox_subscriptions import listening, wanted


@pytest.fixture
def listener(tenant):
    with listening() as one:
        yield one
    tenant.notifier.stop()


def post(talk, body):
    """Without the contract's word on addresses: it knows https only, and here this machine is called."""
    return talk.runner.run(talk.client.post("/subscriptions", json=body, headers=IMMUTABLE))


def subscribed(talk, body):
    answer = post(talk, body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_both_addresses_are_asked_before_the_creation_is_answered(talk, tenant, listener):
    made = subscribed(talk, wanted(tenant, listener))
    assert listener.handshakes == ["/changes", "/fate"]
    rules = contract()
    if rules is not None:
        told = json.loads(json.dumps(made).replace("http://127.0.0.1", "https://127.0.0.1"))
        assert rules.check_response("POST", "/subscriptions", 201, told) == []
    assert made["clientState"] is None
    assert [one["id"] for one in talk.control("GET", "subscriptions")] == [made["id"]]


@pytest.mark.parametrize(
    "answer",
    [
        lambda token: (202, "text/plain", token),
        lambda token: (200, "text/html", token),
        lambda token: (200, "text/plain", token.replace(" ", "+")),
        lambda token: (200, "text/plain", ""),
        lambda _token: (500, "text/plain", ""),
    ],
)
def test_an_address_that_answers_otherwise_is_refused(talk, tenant, listener, answer):
    listener.answer = answer
    refused = post(talk, wanted(tenant, listener))
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "ValidationError")
    assert tenant.subscriptions.living() == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"expirationDateTime": (NOW + timedelta(minutes=4231)).isoformat()}, 400),
        ({"expirationDateTime": NOW.isoformat()}, 400),
        ({"expirationDateTime": "soon"}, 400),
        ({"expirationDateTime": None}, 400),
        ({"clientState": "x" * 129}, 400),
        ({"changeType": "created,moved"}, 400),
        ({"notificationUrl": "http://kurser.kommune.example/x"}, 400),
        ({"notificationUrl": "http://192.0.2.1/x"}, 400),
        ({"lifecycleNotificationUrl": "ftp://127.0.0.1/x"}, 400),
        ({"resource": "/users/o'hr@kommune.example/events"}, 400),
        ({"resource": "/me/events"}, 400),
        ({"resource": "/users/00000000-0000-0000-0000-000000000000/events"}, 404),
        ({"expires": "never"}, 400),
    ],
)
def test_what_graph_would_refuse_is_refused_without_a_call(talk, tenant, listener, changes, status):
    assert post(talk, wanted(tenant, listener, **changes)).status_code == status
    assert listener.handshakes == []


def test_each_resource_needs_its_own_right_and_the_mailbox_its_scope(talk, tenant, listener):
    tenant.settings.roles = {"Calendars.Read"}
    inbox = wanted(tenant, listener, "mailFolders('inbox')/messages")
    assert post(talk, inbox).status_code == 403
    made = subscribed(talk, wanted(tenant, listener))
    assert talk.ask("POST", f"/subscriptions/{made['id']}/reauthorize").status_code == 204
    tenant.settings.roles = {"Mail.Read"}
    assert talk.refused("POST", f"/subscriptions/{made['id']}/reauthorize")[0] == 403
    subscribed(talk, inbox)
    tenant.settings.mailbox_scope = set()
    assert post(talk, inbox).status_code == 403


LINK = "https://kommune.sharepoint.example/:x:/s/hr/plan.xlsx?e=1"
OF_DRIVE = {"resource": f"/drives/{Files.DRIVE_ID}/root", "changeType": "updated"}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"changeType": "created,updated"}, 400),
        ({"resource": f"/drives/{Files.DRIVE_ID}/items/01ABC"}, 400),
        ({"resource": f"/drives/{Files.DRIVE_ID}/list"}, 400),
        ({"resource": "/drives/b!another/root"}, 404),
        ({"expirationDateTime": (NOW + timedelta(minutes=42_301)).isoformat()}, 400),
    ],
)
def test_of_a_drive_its_root_is_watched_for_updates_alone(talk, tenant, listener, changes, status):
    assert post(talk, wanted(tenant, listener, **{**OF_DRIVE, **changes})).status_code == status


@pytest.mark.parametrize("role", ["Files.Read.All", "Sites.Selected", "Files.SelectedOperations.Selected"])
def test_who_may_only_read_files_or_has_one_of_them_may_not_watch_the_drive(talk, tenant, listener, role):
    """The documentation names the right to write; of grants on a file or a site it says nothing."""
    tenant.settings.roles = {role}
    assert post(talk, wanted(tenant, listener, **OF_DRIVE)).status_code == 403


def test_whatever_happens_to_a_file_is_told_as_an_update_of_the_drive(talk, tenant, listener):
    made = subscribed(talk, wanted(tenant, listener, **OF_DRIVE, expirationDateTime=(NOW + timedelta(minutes=42_300)).isoformat()))
    files = tenant.files
    for happens in (
        lambda: files.put(LINK, b"1"),
        lambda: files.put(LINK, b"2"),
        lambda: files.rename(LINK, "b.xlsx"),
        lambda: files.move(LINK, "Arkiv"),
        lambda: files.delete(LINK),
    ):
        happens()
        told = listener.wait()[-1]
        assert (told["subscriptionId"], told["clientState"], told["changeType"]) == (made["id"], "secret", "updated")
        assert "id" not in told["resourceData"]


def test_a_subscription_is_read_renewed_and_removed_until_its_time_is_over(talk, tenant, listener):
    made = subscribed(talk, wanted(tenant, listener))
    path = f"/subscriptions/{made['id']}"
    assert talk.control("GET", "subscriptions")[0]["expirationDateTime"] == made["expirationDateTime"]
    tenant.clock.advance(timedelta(hours=40))
    later = (tenant.clock.now() + timedelta(hours=70)).strftime("%Y-%m-%dT%H:%M:%SZ")
    sent = talk.runner.run(talk.client.patch(path, json={"expirationDateTime": later}))
    assert (sent.status_code, sent.json()["id"]) == (200, made["id"])
    assert talk.runner.run(talk.client.patch(path, json={"clientState": "x"})).status_code == 400
    tenant.clock.advance(timedelta(hours=69))
    assert [one["id"] for one in talk.runner.run(talk.client.get("/subscriptions")).json()["value"]] == [made["id"]]
    assert talk.runner.run(talk.client.get(path)).status_code == 200
    tenant.clock.advance(timedelta(hours=1))
    assert talk.runner.run(talk.client.get("/subscriptions")).json()["value"] == []
    assert {talk.refused(method, path)[0] for method in ("GET", "DELETE")} == {404}
    again = subscribed(talk, wanted(tenant, listener, expirationDateTime=(tenant.clock.now() + timedelta(hours=1)).isoformat()))
    assert talk.ask("DELETE", f"/subscriptions/{again['id']}").status_code == 204
    assert tenant.subscriptions.living() == []


def test_a_change_of_an_event_is_told_with_the_secret(talk, tenant, listener):
    made = subscribed(talk, wanted(tenant, listener))
    event = talk.create("anna")
    (created,) = listener.wait()
    assert (created["subscriptionId"], created["clientState"], created["changeType"]) == (made["id"], "secret", "created")
    assert created["resourceData"]["id"] == event["id"]
    tenant.people.answer(tenant.calendars.find(event["id"]), "anna@kommune.example", "accept")
    assert listener.wait()[-1]["changeType"] == "updated"
    talk.ask("DELETE", f"{EVENTS}/{event['id']}", **IMMUTABLE)
    assert listener.wait()[-1]["changeType"] == "deleted"
    assert {one["path"] for one in listener.got} == {"/changes"}


def test_a_mail_that_comes_is_told_and_only_what_was_asked_for(talk, tenant, listener):
    subscribed(talk, wanted(tenant, listener, "mailFolders/inbox/messages", changeType="created"))
    subscribed(talk, wanted(tenant, listener, changeType="deleted", clientState=None))
    talk.create("anna")
    mail = {"mailbox": ORGANISER, "sender": "x@andre.example", "subject": "Hej", "body": "Hej"}
    talk.control("POST", "inbox", mail)
    (told,) = listener.wait()
    assert told["resourceData"]["@odata.type"] == "#Microsoft.Graph.Message"


def test_what_goes_to_one_address_goes_together_and_may_be_late_double_reversed_or_lost(talk, tenant, listener):
    subscribed(talk, wanted(tenant, listener))
    talk.control("PATCH", "settings", {"notification_copies": 0})
    talk.create("anna")
    talk.control("PATCH", "settings", {"notification_copies": 2, "notifications_reversed": True, "notification_delay_seconds": 0.2})
    event = talk.create("bo")
    talk.ask("DELETE", f"{EVENTS}/{event['id']}", **IMMUTABLE)
    listener.wait()
    while len([item for body in listener.got for item in body["value"]]) < 4:
        listener.wait()
    items = [item["changeType"] for body in listener.got for item in body["value"]]
    assert sorted(items) == ["created", "created", "deleted", "deleted"]
    assert len(listener.got) < 4
    assert talk.control("GET", "notifications")["delivered"][0]["status"] == 202


def test_a_failing_address_is_called_again_and_a_refusing_one_is_not(talk, tenant, listener):
    tenant.settings.change({"notification_retry_seconds": 0.01})
    subscribed(talk, wanted(tenant, listener))
    listener.statuses = [503, 500, 202]
    talk.create("anna")
    listener.wait(3)
    listener.statuses = [400]
    talk.create("bo")
    listener.wait()
    talk.create("carl")
    listener.wait()
    assert [one.status for one in tenant.notifier.deliveries][:4] == [503, 500, 202, 400]


def test_an_address_where_nobody_is_waits(talk, tenant, listener):
    made = subscribed(talk, wanted(tenant, listener))
    tenant.subscriptions.find(made["id"]).sent["notificationUrl"] = "http://127.0.0.1:9/nobody"
    tenant.settings.change({"notification_retry_seconds": 0.01})
    talk.create("anna")
    waiting = threading.Event()
    while not tenant.notifier.deliveries:
        waiting.wait(0.005)
    assert (tenant.notifier.deliveries[0].status, tenant.notifier.waiting) == (0, 1)
    tenant.notifier.stop()
    assert tenant.notifier.waiting == 0


def test_lifecycle_events_go_to_their_own_address(talk, tenant, listener):
    made = subscribed(talk, wanted(tenant, listener))
    silent = subscribed(talk, wanted(tenant, listener, lifecycleNotificationUrl=None, changeType="updated"))
    for event in ("reauthorizationRequired", "missed"):
        talk.control("POST", "lifecycle", {"subscription": made["id"], "event": event})
        listener.wait()
    talk.control("POST", "lifecycle", {"subscription": silent["id"], "event": "missed"})
    talk.control("DELETE", f"subscriptions/{silent['id']}")
    talk.control("DELETE", f"subscriptions/{made['id']}?tell=true")
    told = listener.wait()
    assert [one["lifecycleEvent"] for one in told] == ["reauthorizationRequired", "missed", "subscriptionRemoved"]
    assert {one["path"] for one in listener.got} == {"/fate"}
    assert {one["clientState"] for one in told} == {"secret"}
    assert tenant.subscriptions.living() == []
    with pytest.raises(RefusedError):
        tenant.subscriptions.find(made["id"])
    kept = subscribed(talk, wanted(tenant, listener))
    with pytest.raises(ValueError, match="an event is one of"):
        tenant.subscriptions.tell_lifecycle(tenant.subscriptions.find(kept["id"]), "else")
