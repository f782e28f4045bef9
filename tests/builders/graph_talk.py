"""Talking to the sandbox in tests: one small tenant, and every exchange held against Microsoft's description.

The description is used where its folder is found (`KURSUSBOT_GRAPH_CONTRACT`, or beside the repository); an accepted
request and every answer have to agree with it.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx

from bot.sandbox.serve import create_app
from bot.sandbox.tenant import Tenant

BASE = "http://sandbox.example/v1.0"
NOW = datetime(2025, 5, 1, 8, 0, tzinfo=UTC)
ORGANISER = "kurser@kommune.example"
STAMP = "String {6d7f3a7e-2c54-4f0a-9c3b-6b1d7e1c9a10} Name kursusbot.session"
EVENTS = f"/users/{ORGANISER}/events"
IMMUTABLE = {"prefer": 'IdType="ImmutableId"'}


PLAYED_BY_THE_PROBE = "body.isDraft: read-only property sent (hand)"
"""Marked by hand in the description, and taken by Graph as one source has it: the probe is there to find out."""

NOT_DESCRIBED = re.compile(r"^/appCatalogs/teamsApps\b|/installedApps/[^/]+/chat$|^/users/[^/]+/manager$", re.IGNORECASE)
"""What Graph has and the description leaves out."""


@lru_cache(maxsize=1)
def contract() -> ModuleType | None:
    beside = Path(__file__).parents[2].parent / "shared" / "contract"
    path = Path(os.environ.get("KURSUSBOT_GRAPH_CONTRACT", beside)) / "check_request.py"
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location("check_request", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def small_tenant() -> Tenant:
    tenant = Tenant("kommune.example", now=NOW)
    directory = tenant.directory
    directory.add_shared_mailbox("Kurser", ORGANISER)
    directory.add_room("Salen", "salen@kommune.example")
    directory.add_group("Ledere", "ledere@kommune.example")
    for name in ("anna", "bo", "carl", "dorte"):
        directory.add_person(f"{name.title()} Prøve", f"{name}@kommune.example", "ledere@kommune.example")
    return tenant


def person(name: str, kind: str = "required") -> dict[str, Any]:
    return {"emailAddress": {"address": f"{name}@kommune.example", "name": name.title()}, "type": kind}


def when(clock: str, zone: str = "Europe/Copenhagen") -> dict[str, str]:
    return {"dateTime": clock, "timeZone": zone}


def course(*names: str, **more: Any) -> dict[str, Any]:
    return {
        "subject": "Lederdag",
        "body": {"contentType": "html", "content": "<P style='color: red'>Velkommen<br/></P>"},
        "start": when("2025-06-18T09:00:00"),
        "end": when("2025-06-18T15:30:00"),
        "attendees": [person(n) for n in names],
        **more,
    }


def stamped(value: str) -> list[dict[str, str]]:
    return [{"id": STAMP, "value": value}]


class Talk:
    """A client of one tenant that waits for each answer."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.runner = asyncio.Runner()
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(tenant)), headers={"authorization": "Bearer sandbox"}, base_url=BASE
        )

    def close(self) -> None:
        self.runner.run(self.client.aclose())
        self.runner.close()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return self.runner.run(self.asking(method, path, body, **headers))

    async def asking(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        path = path.removeprefix(BASE)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await self.client.request(method, path, json=body, headers=headers)
        self.agree(method, path, body, headers, answer)
        return answer

    def agree(self, method: str, path: str, body: Any, headers: dict[str, str], answer: httpx.Response) -> None:
        rules = contract()
        if rules is None or NOT_DESCRIBED.search(path.partition("?")[0]):
            return
        if answer.status_code < 400:
            sent = headers | ({"content-type": "application/json"} if body is not None else {})
            assert rules.check(method, path, sent, body) == []
        is_json = "json" in answer.headers.get("content-type", "")
        assert rules.check_response(method, path, answer.status_code, answer.json() if is_json else None) == []

    def get(self, path: str, **headers: str) -> Any:
        answer = self.ask("GET", path, **headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def create(self, *names: str, **more: Any) -> Any:
        answer = self.ask("POST", EVENTS, course(*names, **more), **IMMUTABLE)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def patch(self, event: dict[str, Any], **changes: Any) -> Any:
        answer = self.ask("PATCH", f"{EVENTS}/{event['id']}", changes, **IMMUTABLE)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def read(self, event: dict[str, Any]) -> Any:
        return self.get(f"{EVENTS}/{event['id']}", **IMMUTABLE)

    def refused(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        answer = self.ask(method, path, body, **headers)
        return answer.status_code, answer.json()["error"]["code"]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.runner.run(self.client.request(method, f"http://sandbox.example/_sandbox/{path}", json=body))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def mails(self) -> dict[str, list[str]]:
        """The mails since the last look: for each kind, the sorted names before the @."""
        out: dict[str, list[str]] = {}
        for mail in self.tenant.mail_log.mails:
            out.setdefault(str(mail.kind), []).append(mail.to.split("@")[0])
        self.tenant.mail_log.clear()
        return {kind: sorted(names) for kind, names in out.items()}


def statuses(event: dict[str, Any]) -> dict[str, str]:
    return {a["emailAddress"]["address"].split("@")[0]: a["status"]["response"] for a in event["attendees"]}


def found(answer: dict[str, Any], key: str = "subject") -> list[Any]:
    return [item[key] for item in answer["value"]]


def pages(talk: Talk, path: str, **headers: str) -> list[dict[str, Any]]:
    """Follow nextLink to the end."""
    out, link = [], path
    while link:
        out.append(talk.get(link, **headers))
        link = out[-1].get("@odata.nextLink", "")
    return out
