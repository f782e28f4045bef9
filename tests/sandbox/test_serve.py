"""Serving over real sockets on loopback, and the control plane's door."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from bot.sandbox.serve import create_app, running_sandbox, serving_sandbox
from tests.builders.graph_talk import EVENTS, course, small_tenant

TOKEN = {"authorization": "Bearer sandbox"}


def test_a_sandbox_in_a_thread_answers_drops_and_goes_away():
    tenant = small_tenant()
    with running_sandbox(tenant) as base_url, httpx.Client(base_url=base_url, headers=TOKEN) as client:
        assert base_url.startswith("http://127.0.0.1:")
        assert client.post(EVENTS, json=course("anna")).status_code == 201
        link = client.get("/users?$top=2").json()["@odata.nextLink"]
        assert link.startswith(base_url)
        assert client.get(link).status_code == 200
        tenant.faults.add(method="POST", path="/events", drop=True, when="after")
        with pytest.raises(httpx.RemoteProtocolError):
            client.post(EVENTS, json=course("bo"))
        assert len(client.get(EVENTS).json()["value"]) == 2
        assert client.get(base_url.replace("/v1.0", "/_sandbox/state")).json()["events"] == 2
    with pytest.raises(httpx.TransportError):
        httpx.get(base_url, timeout=1)


def test_a_sandbox_can_be_served_on_the_running_loop():
    async def talk() -> int:
        async with serving_sandbox(small_tenant()) as base_url, httpx.AsyncClient(headers=TOKEN) as client:
            return (await client.get(f"{base_url}/users")).status_code

    assert asyncio.run(talk()) == 200


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 403)])
def test_the_control_plane_is_for_this_machine_only(host, status):
    async def ask() -> int:
        transport = httpx.ASGITransport(create_app(small_tenant()), client=(host, 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.example") as client:
            return (await client.get("/_sandbox/state")).status_code

    assert asyncio.run(ask()) == status


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {"now": "2025-05-01T08:00:00"}),
        ("answer", {"event": "ingen", "person": "anna@kommune.example", "response": "accept"}),
        ("answer", {"person": "anna@kommune.example"}),
        ("groups/ingen@kommune.example/members", {"add": ["anna@kommune.example"]}),
        ("users", {"display_name": "Anna igen", "mail": "anna@kommune.example"}),
        ("files", {"url": "https://x.example/plan.yaml", "content_base64": "!"}),
    ],
)
def test_a_wrong_control_call_is_400_with_a_reason(path, body):
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(small_tenant()))
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.example") as client:
            return await client.post(f"/_sandbox/{path}", content=json.dumps(body))

    answer = asyncio.run(ask())
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_the_control_plane_shows_events_mails_and_time(talk, tenant):
    event = talk.create("anna", "salen")
    assert [(e["id"], e["attendees"]) for e in talk.control("GET", "events")] == [
        (event["id"], {"anna@kommune.example": "none", "salen@kommune.example": "accepted"})
    ]
    assert [m["to"] for m in talk.control("GET", "mails?people=true")] == ["anna@kommune.example"]
    assert [m["kind"] for m in talk.control("GET", "mails?to=kurser@kommune.example")] == ["response"]
    talk.control("DELETE", "mails")
    assert talk.control("GET", "mails?kind=invitation") == []
    assert talk.control("POST", "clock", {"now": "2025-06-01T10:00:00+02:00"})["now"] == "2025-06-01T08:00:00+00:00"
    assert talk.control("GET", "clock")["simulated"] is True
    assert talk.control("POST", "clock", {"real": True})["simulated"] is False
    talk.control("POST", "groups", {"display_name": "Ny", "mail": "ny@kommune.example", "members": ["anna@kommune.example"]})
    assert tenant.directory.find_group("ny@kommune.example") is not None
