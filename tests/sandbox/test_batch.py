"""JSON batching (graph-facts section 5)."""

from __future__ import annotations

import pytest

from tests.builders.graph_talk import EVENTS, ORGANISER, course


def batch(talk, *requests):
    answer = talk.ask("POST", "/$batch", {"requests": list(requests)})
    assert answer.status_code == 200, answer.text
    return {r["id"]: r for r in answer.json()["responses"]}


def get(number, url, **more):
    return {"id": str(number), "method": "GET", "url": url, **more}


def test_each_item_is_answered_on_its_own(talk):
    create = {"id": "2", "method": "POST", "url": EVENTS, "headers": {"Content-Type": "application/json"}, "body": course("anna")}
    got = batch(talk, get(1, "/users/anna@kommune.example?$select=mail"), create, get(3, "/users/ingen"))
    assert {n: r["status"] for n, r in got.items()} == {"1": 200, "2": 201, "3": 404}
    assert got["1"]["body"]["mail"] == "anna@kommune.example"
    assert talk.mails() == {"invitation": ["anna"]}


def test_twenty_items_run_four_at_a_time_and_none_is_throttled(talk, tenant):
    tenant.settings.latency_ms = 2
    got = batch(talk, *(get(n, EVENTS) for n in range(20)))
    assert {r["status"] for r in got.values()} == {200}
    assert tenant.traffic.most_in_flight == {tenant.directory.find_user(ORGANISER).id: 4}


def test_an_item_is_throttled_alone_and_only_its_own_headers_say_when(talk, tenant):
    tenant.faults.add(path="events", nth=2, status=429, retry_after="2.128")
    got = batch(talk, *(get(n, EVENTS) for n in range(3)))
    assert sorted(r["status"] for r in got.values()) == [200, 200, 429]
    assert [r["headers"]["Retry-After"] for r in got.values() if r["status"] == 429] == ["2.128"]


def test_an_item_waits_for_the_one_it_depends_on_and_fails_with_it(talk):
    got = batch(talk, get(1, "/users/ingen"), get(2, EVENTS, dependsOn=["1"]), get(3, EVENTS, dependsOn=["2"]), get(4, EVENTS))
    assert {n: r["status"] for n, r in got.items()} == {"1": 404, "2": 424, "3": 424, "4": 200}


def test_items_stand_in_the_journal_with_their_batch(talk, tenant):
    batch(talk, get(1, EVENTS), get(2, "/users"))
    envelope, *items = tenant.journal.entries
    assert envelope.batch is None
    assert [(i.path, i.batch) for i in items] == [(EVENTS, envelope.number), ("/users", envelope.number)]


@pytest.mark.parametrize(
    "requests",
    [
        [],
        [get(n, "/users") for n in range(21)],
        [get(1, "/users"), get(1, "/groups")],
        [get(1, "/$batch")],
        [get(1, "/users", dependsOn=["2"]), get(2, "/users")],
        [{"id": "1", "url": "/users"}],
    ],
    ids=["empty", "21 items", "the same id twice", "a batch in a batch", "depends on what comes later", "no method"],
)
def test_a_batch_that_is_wrong_is_400_as_a_whole(talk, requests):
    assert talk.ask("POST", "/$batch", {"requests": requests}).status_code == 400
