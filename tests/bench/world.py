"""What the benchmark runs against: a sandbox process, forty people in a group, and a plan of 300 sessions."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SESSIONS, ATTENDEES = 300, 40
INVITED = 20
"""Of the forty, where the whole plan is sent on one day: a mailbox may send to 10,000 recipients, and a fifth is kept for cancellations."""

NOW = "2027-01-04T08:00:00+01:00"
MAILBOX = "lederudvikling@norddjurs.example"
GROUP = "maaling@norddjurs.example"


class Sandbox:
    """A running sandbox: its address and what its control plane tells."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._control = httpx.Client(base_url=base_url.removesuffix("/v1.0") + "/_sandbox", timeout=60)

    def act(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self._control.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json()

    def requests(self) -> list[tuple[str, str]]:
        """Method and path of every request since the last clearing."""
        return [(entry["method"], entry["path"]) for entry in self.act("GET", "/journal")]

    def mails(self) -> int:
        """Mails that people got since the last clearing."""
        return len(self.act("GET", "/mails?people=true"))

    def clear(self) -> None:
        self.act("DELETE", "/journal")
        self.act("DELETE", "/mails")

    def close(self) -> None:
        self._control.close()


@contextlib.contextmanager
def sandbox(latency_ms: float = 0, *, attendees: int = ATTENDEES) -> Iterator[Sandbox]:
    """A sandbox in a process of its own, so that its CPU is not counted as ours."""
    command = [sys.executable, "-m", "bot.sandbox.serve", "--leaders", "60", "--now", NOW, "--latency-ms", str(latency_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            served = Sandbox(process.stdout.readline().strip())
            served.act("POST", "/groups", {"display_name": "Måling", "mail": GROUP})
            for address in people(attendees):
                served.act("POST", "/users", {"display_name": f"Måling {address[:7]}", "mail": address})
            served.act("POST", f"/groups/{GROUP}/members", {"add": people(attendees)})
            served.clear()
            yield served
        finally:
            process.terminate()


def people(count: int = ATTENDEES) -> list[str]:
    """The forty addresses, or the first of them."""
    return [f"maaling{number:02}@norddjurs.example" for number in range(count)]


def plan_document() -> dict[str, Any]:
    """The plan: 100 courses of three sessions each."""
    first = datetime(2027, 2, 1, 9)
    courses = []
    for number in range(SESSIONS // 3):
        day = first + timedelta(days=number)
        sessions = [
            {"id": f"del-{part}", "start": f"{day + timedelta(hours=2 * part):%Y-%m-%dT%H:%M}",
             "end": f"{day + timedelta(hours=2 * part + 1):%Y-%m-%dT%H:%M}"}
            for part in range(3)
        ]  # fmt: skip
        courses.append(
            {
                "id": f"kursus-{number}",
                "title": f"Kursus {number} om god ledelse",
                "description": "Vi arbejder med **praksis**.\n\n- Oplæg\n- Dialog\n",
                "status": "approved",
                "audience": "ledere",
                "venue": {"name": "Rådhuset", "address": "Torvet 1"},
                "sessions": sessions,
            }
        )
    return {
        "version": 1, "id": "maaling", "organisation": "Målingens Kommune", "timezone": "Europe/Copenhagen", "language": "da",
        "organiser": MAILBOX, "contact": "hr@norddjurs.example", "holidays": "DK",
        "audiences": {"ledere": {"name": "Ledere", "groups": [GROUP]}}, "courses": courses,
    }  # fmt: skip


def write_plan(folder: Path, document: dict[str, Any]) -> Path:
    """JSON is YAML too."""
    file = folder / "plan.yaml"
    file.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return file


def peer_sessions(document: dict[str, Any], body: str) -> list[dict[str, Any]]:
    """The same sessions as the peer takes them."""
    return [
        {
            "subject": f"{course['title']}",
            "body": body,
            "start": f"{session['start']}:00",
            "end": f"{session['end']}:00",
            "attendees": people(INVITED),
        }
        for course in document["courses"]
        for session in course["sessions"]
    ]


def run_module(module: str, *arguments: str, folder: Path, served: Sandbox, now: str = NOW) -> dict[str, float]:
    """Run one of the measured programs and read its figures."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environment(folder, served, now=now),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{module}: {done.stderr}")
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def environment(folder: Path, served: Sandbox, *, now: str = NOW) -> dict[str, str]:
    """The settings of a program that works against the sandbox, its database in the folder."""
    return os.environ | {
        "KURSUSBOT_GRAPH__BASE_URL": served.base_url,
        "KURSUSBOT_GRAPH__CREDENTIAL": "static_token",
        "KURSUSBOT_GRAPH__STATIC_TOKEN": "sandbox",
        "KURSUSBOT_DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
        "KURSUSBOT_SAFETY__MAX_MAILS": "100000",
        "KURSUSBOT_NOW": now,
        "KURSUSBOT_LOG__LEVEL": "error",
    }
