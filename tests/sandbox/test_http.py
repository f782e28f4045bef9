"""Tokens, rights, throttling, faults and the journal (graph-facts sections 5, 12 and 13)."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from bot.sandbox.http import GraphApp
from bot.sandbox.wire import ConnectionDroppedError
from tests.builders.graph_talk import EVENTS, IMMUTABLE, ORGANISER, course, found


def at_once(talk, count, path=EVENTS):
    async def all_of_them():
        return await asyncio.gather(*(talk.asking("GET", path) for _ in range(count)))

    return talk.runner.run(all_of_them())


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer nej", "Basic sandbox"])
def test_a_request_without_a_good_token_is_401(talk, authorization):
    assert talk.refused("GET", "/users", authorization=authorization) == (401, "InvalidAuthenticationToken")


def test_a_token_can_expire_in_the_middle_of_a_run(talk):
    talk.control("PATCH", "settings", {"expired_tokens": ["sandbox"], "tokens": ["sandbox", "ny"]})
    assert talk.refused("GET", "/users") == (401, "InvalidAuthenticationToken")
    assert talk.ask("GET", "/users", authorization="Bearer ny").status_code == 200


def test_a_missing_permission_is_403_as_outlook_and_the_directory_word_it(talk, tenant):
    tenant.settings.roles = {"Calendars.Read", "User.Read.All"}
    assert talk.ask("GET", EVENTS).status_code == 200
    assert talk.ask("GET", "/users").status_code == 200
    assert talk.refused("POST", EVENTS, course("anna")) == (403, "ErrorAccessDenied")
    assert talk.refused("GET", "/groups") == (403, "Authorization_RequestDenied")


def test_a_mailbox_out_of_scope_is_403(talk, tenant):
    tenant.settings.mailbox_scope = {ORGANISER}
    assert talk.ask("GET", EVENTS).status_code == 200
    assert talk.refused("GET", "/users/anna@kommune.example/events") == (403, "ErrorAccessDenied")


def test_an_unknown_mailbox_path_or_method_is_refused(talk):
    assert talk.refused("GET", "/users/ingen@kommune.example/events") == (404, "ErrorInvalidUser")
    by_hand = talk.client
    assert talk.runner.run(by_hand.get(f"users/{ORGANISER}/calendar/teams")).status_code == 400
    assert talk.runner.run(by_hand.put(EVENTS, json={})).status_code == 405


def test_a_mailbox_is_named_by_id_upn_or_address_also_in_parentheses(talk, tenant):
    talk.create("anna")
    for who in (tenant.directory.find_user(ORGANISER).id, ORGANISER.upper()):
        assert len(talk.get(f"/users/{who}/events")["value"]) == 1
    assert len(talk.get(f"/users('{ORGANISER}')/events")["value"]) == 1


def test_an_error_carries_the_ids_that_support_asks_for(talk):
    answer = talk.ask("GET", "/users/ingen", client_request_id="7c1")
    inner = answer.json()["error"]["innerError"]
    assert inner["request-id"] == answer.headers["request-id"]
    assert inner["client-request-id"] == answer.headers["client-request-id"] == "7c1"


def test_a_body_that_is_no_json_is_400(talk):
    answer = talk.runner.run(talk.client.post(EVENTS.lstrip("/"), content="{", headers={"content-type": "application/json"}))
    assert answer.status_code == 400
    answer = talk.runner.run(talk.client.post(EVENTS.lstrip("/"), content="{}", headers={"content-type": "text/plain"}))
    assert answer.status_code == 400


def test_four_requests_at_once_are_served_and_the_fifth_is_429(talk, tenant):
    # Long enough for all five to be there at once on a busy machine.
    tenant.settings.latency_ms = 500
    assert sorted(a.status_code for a in at_once(talk, 4)) == [200] * 4
    answers = at_once(talk, 5)
    assert sorted(a.status_code for a in answers) == [200, 200, 200, 200, 429]
    refused = next(a for a in answers if a.status_code == 429)
    assert refused.json()["error"] | {"innerError": None} == {
        "code": "ApplicationThrottled",
        "message": "Application is over its MailboxConcurrency limit.",
        "innerError": None,
    }
    assert talk.control("GET", "state")["most_in_flight"] == {ORGANISER: 5}


def test_each_mailbox_has_its_own_four_and_the_directory_has_none(talk, tenant):
    tenant.settings.latency_ms = 5
    assert {a.status_code for a in at_once(talk, 9, "/users")} == {200}

    async def two_mailboxes():
        paths = [EVENTS] * 4 + ["/users/anna@kommune.example/events"] * 4
        return await asyncio.gather(*(talk.asking("GET", p) for p in paths))

    assert {a.status_code for a in talk.runner.run(two_mailboxes())} == {200}


def test_more_than_the_allowed_requests_in_ten_minutes_are_429(talk, tenant):
    tenant.settings.requests_per_10_minutes = 2
    assert [talk.ask("GET", EVENTS).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("form", ["integer", "fraction", "date", "missing"])
def test_retry_after_comes_in_every_form_that_graph_has_used(talk, tenant, form):
    tenant.settings.change({"retry_after": form, "retry_after_seconds": 2.128, "concurrency_limit": 0})
    value = talk.ask("GET", EVENTS).headers.get("retry-after")
    if form == "date":
        soon = datetime.now(UTC)
        assert soon < parsedate_to_datetime(value) + timedelta(seconds=2) < soon + timedelta(seconds=5)
    else:
        assert value == {"integer": "2", "fraction": "2.128", "missing": None}[form]


def test_latency_is_per_request(talk, tenant):
    tenant.settings.latency_ms = 30
    started = time.monotonic()
    at_once(talk, 4)
    assert 0.03 <= time.monotonic() - started < 0.12


def test_what_a_request_took_to_come_is_a_part_of_its_latency(tenant):
    tenant.settings.latency_ms = 3_600_000
    sent = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        sent.append(message)

    async def one_that_began_to_come_an_hour_ago():
        scope = {
            "type": "http", "method": "GET", "scheme": "http", "path": "/v1.0/users", "raw_path": b"/v1.0/users", "query_string": b"",
            "headers": [(b"authorization", b"Bearer sandbox")], "state": {"arrived": time.monotonic() - 3600},
        }  # fmt: skip
        async with asyncio.timeout(30):
            await GraphApp(tenant)(scope, receive, send)

    asyncio.run(one_that_began_to_come_an_hour_ago())
    assert [message.get("status") for message in sent] == [200, None]


def test_a_fault_before_the_effect_does_nothing(talk, tenant):
    tenant.faults.add(method="POST", path="/events$", status=503, retry_after="2.5")
    answer = talk.ask("POST", EVENTS, course("anna"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2.5")
    assert talk.mails() == {}
    assert talk.create("anna")


def test_a_fault_after_the_effect_loses_only_the_answer(talk, tenant):
    tenant.faults.add(method="POST", path="/events$", status=504, when="after")
    assert talk.refused("POST", EVENTS, course("anna")) == (504, "GatewayTimeout")
    assert talk.mails() == {"invitation": ["anna"]}
    assert found(talk.get(EVENTS)) == ["Lederdag"]


@pytest.mark.parametrize(("when", "events"), [("before", 0), ("after", 1)])
def test_a_connection_can_be_dropped_on_either_side_of_the_effect(talk, tenant, when, events):
    tenant.faults.add(method="POST", path="/events", drop=True, when=when)
    with pytest.raises(ConnectionDroppedError):
        talk.ask("POST", EVENTS, course("anna"))
    assert len(tenant.calendars.events) == events
    assert tenant.journal.entries[-1].status == 0


def test_a_fault_acts_from_its_nth_match_and_so_many_times(talk):
    talk.control("POST", "faults", [{"path": "/events", "nth": 2, "times": 2, "status": 500}])
    assert [talk.ask("GET", EVENTS).status_code for _ in range(4)] == [200, 500, 500, 200]
    assert [(f["seen"], f["acted"]) for f in talk.control("GET", "faults")] == [(4, 2)]
    talk.control("DELETE", "faults")
    assert talk.control("GET", "faults") == []


def test_a_fault_for_ever_lasts_until_it_is_taken_away(talk, tenant):
    tenant.faults.add(path="delta", times=None, status=410)
    path = f"/users/{ORGANISER}/calendarView/delta?startDateTime=2025-01-01&endDateTime=2026-01-01"
    assert [talk.refused("GET", path) for _ in range(3)] == [(410, "SyncStateNotFound")] * 3


def test_a_fault_can_hold_an_answer_back(talk, tenant):
    tenant.faults.add(path="/events", delay_ms=30, when="after")
    started = time.monotonic()
    assert talk.ask("GET", EVENTS).status_code == 200
    assert time.monotonic() - started >= 0.03


def test_a_rule_that_makes_no_sense_is_refused(tenant):
    for wrong in ({"wen": "before"}, {"when": "during"}, {"path": "("}):
        with pytest.raises(ValueError, match=r"."):
            tenant.faults.add(**wrong)


def test_the_journal_has_every_request_in_order_and_no_token(talk, tenant):
    event = talk.create("anna")
    talk.ask("GET", f"{EVENTS}/{event['id']}?$select=subject", **IMMUTABLE)
    first, second = talk.control("GET", "journal")
    assert (first["method"], first["path"], first["status"]) == ("POST", EVENTS, 201)
    assert "Lederdag" in first["body"]
    assert second["query"] == "$select=subject"
    assert {e["headers"]["authorization"] for e in (first, second)} == {"(redacted)"}
    assert tenant.journal.counts() == {"POST": 1, "GET": 1, "total": 2, "writes": 1}
    talk.control("DELETE", "journal")
    assert talk.control("GET", "journal") == []


def test_settings_are_read_and_changed_by_name(talk):
    assert talk.control("GET", "settings")["latency_ms"] == 0
    assert talk.control("PATCH", "settings", {"latency_ms": 5, "roles": ["Mail.Send"], "mailbox_scope": None})["roles"] == ["Mail.Send"]


@pytest.mark.parametrize("wrong", [{"latency": 5}, {"latency_ms": "5"}, {"retry_after": "soon"}, {"teams_available": 1}, {"tokens": None}])
def test_a_setting_that_makes_no_sense_is_refused(tenant, wrong):
    with pytest.raises(ValueError, match=r"."):
        tenant.settings.change(wrong)


def test_a_fault_rule_reads_the_path_as_people_write_it(talk, tenant):
    """Clients encode `@` and `=` in a path; a rule need not know."""
    tenant.faults.add(path=f"users/{ORGANISER}/events\\?\\$top=3", status=500)
    assert talk.ask("GET", EVENTS.replace("@", "%40") + "?%24top=3").status_code == 500
